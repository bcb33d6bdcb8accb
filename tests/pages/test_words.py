"""Word filters: each language shows its own words, escaped."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from tracker.answers.common import Bilingual
from tracker.pages.build.render import environment
from tracker.pages.language.filters import plain
from tracker.pages.language.texts import load_texts
from tracker.pages.language.words import Words


@given(st.text(), st.text())
def test_bilingual_texts_are_shown_in_the_language_and_escaped(en: str, zh: str) -> None:
    for language, own in (("en", en), ("zh", zh)):
        words = Words(load_texts(language))
        shown = Bilingual(en, zh)
        assert words.said(shown) == f"<bdi>{escape(plain(own))}</bdi>"
        assert words.said_plain(shown) == str(escape(plain(own)))


def test_values_in_words_are_in_the_language_of_the_words() -> None:
    board = Bilingual("<Board>", "榜单")
    shown = {}
    for language in ("en", "zh"):
        words = Words(load_texts(language))
        shown[language] = words.filters["t"]("models.rank_on", rank=3, board=words.said(board))
    assert "<bdi>&lt;Board&gt;</bdi>" in shown["en"]
    assert "<bdi>榜单</bdi>" in shown["zh"]
    assert "榜单" not in shown["en"]


def test_html_and_an_equal_text_are_not_confused() -> None:
    jinja = environment(load_texts("en"))
    show = jinja.from_string('{{ "sources.digest"|t(digest=value) }}')
    text = "<b>x</b>"
    assert "&lt;b&gt;" in show.render(value=text)
    assert "<b>x</b>" in show.render(value=Markup(text))


def test_a_value_without_words_is_shown_itself() -> None:
    assert Words(load_texts("en")).term("no-such-term", "status") == "<bdi>no-such-term</bdi>"
