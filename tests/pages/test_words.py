"""A page is rendered once, and each language finds its own words in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_catalog import FakeCatalog
from tracker.answers.common import Bilingual
from tracker.pages.build import pool as rendering
from tracker.pages.build.render import Renderer
from tracker.pages.build.site import build_site
from tracker.pages.contexts import TEMPLATES, AnyPage
from tracker.pages.language.marks import Words

BOTH = ("en", "zh")


def contexts_of(fake: FakeCatalog, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[AnyPage]:
    """Every page of a site, before it is rendered."""
    found: list[AnyPage] = []

    class StoppedError(Exception):
        pass

    def wait(_: object) -> None:
        raise StoppedError

    with monkeypatch.context() as patch:
        patch.setattr(
            rendering.Rendering, "render", lambda _, __, context, ___: found.append(context)
        )
        patch.setattr(rendering.Rendering, "wait", wait)
        with pytest.raises(StoppedError):
            build_site(fake, folder / "site", work=folder / "work")
    return found


def test_a_page_rendered_for_all_languages_is_that_of_each_alone(
    fake: FakeCatalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = contexts_of(fake, tmp_path, monkeypatch)
    assert {type(its) for its in pages} == set(TEMPLATES)
    together = Renderer(BOTH)
    alone = [Renderer((language,)) for language in BOTH]
    for page in pages:
        feed = f"{page.page.path}feed"
        (english,), (chinese,) = (its.render(page, feed) for its in alone)
        assert together.render(page, feed) == (english, chinese), page.page.path


@given(st.text(), st.text())
def test_what_was_written_in_both_languages_is_escaped_in_both(en: str, zh: str) -> None:
    words, alone = Words(BOTH), [Words((language,)) for language in BOTH]
    for show in ("said", "said_plain"):
        text = str(words.filters[show](Bilingual(en, zh)))
        shown = [words.put_in(text, number) for number in range(2)]
        assert shown == [str(its.filters[show](Bilingual(en, zh))) for its in alone]
        assert not any("<script" in its or "\x02" in its for its in shown)


def test_values_in_words_may_differ_by_language_too() -> None:
    words = Words(BOTH)
    board = words.said(Bilingual("<Board>", "榜单"))
    text = words.words("models.rank_on", rank=3, board=board)
    english, chinese = (words.put_in(f"a {text} b", number) for number in range(2))
    assert "<bdi>&lt;Board&gt;</bdi>" in english
    assert "<bdi>榜单</bdi>" in chinese
    assert "榜单" not in english


def test_the_same_word_in_both_languages_needs_no_mark() -> None:
    words = Words(BOTH)
    assert words.said(Bilingual("MTEB", "MTEB")) == "<bdi>MTEB</bdi>"
    assert words.put_in("a plain text", 1) == "a plain text"


@pytest.mark.parametrize("text", ["\x027\x03", "\x02" + "9" * 5000 + "\x03", "\x02x\x03", "\x02"])
def test_what_only_looks_like_a_mark_stays(text: str) -> None:
    assert Words(BOTH).put_in(text, 1) == text
