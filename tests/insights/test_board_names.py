"""Which board a typed name means, over all boards of the curated list."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.shared import curated_once
from tracker.answers.boards import EditionInfo
from tracker.answers.common import Bilingual
from tracker.common.paths import resource
from tracker.common.text import slugify
from tracker.errors import NoDataError, NotFoundError
from tracker.insights.boards.names import BoardNames


def edition(series: Any, name: str) -> EditionInfo:
    """An edition with the titles that a load gives it."""
    source = "published-boards" if name.startswith("published/") else "leaderboard-api"
    title = Bilingual(f"{series.title.en} · {name}", f"{series.title.zh} · {name}")
    if name.startswith("published/"):
        title = Bilingual(
            f"{series.title.en}, published board (9 datasets)",
            f"{series.title.zh}旧榜（9 个数据集）",
        )
    return EditionInfo(
        series=series.slug,
        series_title=Bilingual(series.title.en, series.title.zh),
        name=name,
        title=title,
        slug=slugify(name),
        source=source,
        task_type=None,
        n_tasks=9,
        tasks=(),
        task_types=(),
        first_at=None,
        last_at=None,
        n_rows=0,
        archived=False,
        current=name == series.editions[-1] and source == "leaderboard-api",
        successor=None,
    )


SERIES = curated_once(resource("db/curated")).series
EDITIONS = tuple(edition(series, name) for series in SERIES for name in series.editions)
NAMES = BoardNames(
    EDITIONS, frozenset(edition.slug for edition in EDITIONS), frozenset({"Empty(v1)"})
)


def meant(name: str) -> list[str]:
    return [edition.name for edition in NAMES.named(name)]


def of_series(slug: str) -> list[str]:
    return [edition.name for edition in EDITIONS if edition.series == slug]


def changed(name: str) -> st.SearchStrategy[str]:
    """A name in other case, with other blanks and punctuation."""
    return st.sampled_from(
        [
            name.upper(),
            name.casefold(),
            f"  {name} ",
            name.replace(",", "").replace("(", " ").replace(")", ""),
            name.replace("(", "（").replace(")", "）"),
            name.replace("-", "_"),
            name.replace("-", " "),
        ]
    )


@given(st.data())
def test_every_name_of_an_edition_means_that_edition(data: st.DataObject) -> None:
    own = data.draw(st.sampled_from(EDITIONS))
    name = data.draw(st.sampled_from([own.name, own.slug, own.title.en, own.title.zh]))
    assert own in NAMES.named(name)
    assert own in NAMES.named(data.draw(changed(name)))


@given(st.data())
def test_every_name_of_a_series_means_that_series(data: st.DataObject) -> None:
    series = data.draw(st.sampled_from(SERIES))
    name = data.draw(st.sampled_from([series.slug, series.title.en, series.title.zh]))
    assert meant(name) == of_series(series.slug)
    assert meant(data.draw(changed(name))) == of_series(series.slug)


@pytest.mark.parametrize(
    ("typed", "series"),
    [
        ("mteb", "mteb-english"),
        ("MTEB english", "mteb-english"),
        ("English MTEB", "mteb-english"),
        ("英文榜单", "mteb-english"),
        ("c mteb", "c-mteb"),
        ("CMTEB", "c-mteb"),
        ("chinese leaderboard", "c-mteb"),
        ("zho", "c-mteb"),
        ("en", "mteb-english"),
        ("ZH", "c-mteb"),
        ("fr", "mteb-french"),
        ("中文MTEB", "c-mteb"),
        ("汉语", None),
        ("MMTEB", "mteb-multilingual"),
        ("多语", "mteb-multilingual"),
        ("MTEB(fra", "mteb-french"),
        ("法文", "mteb-french"),
        ("rteb french", "rteb-french"),
        ("RTEB 法语", "rteb-french"),
        ("deu", "mteb-german"),
        ("jmteb", "mteb-japanese"),
        ("rteb fin", "rteb-finance"),
        ("finnish", None),
        ("芬兰语", None),
        ("frnech", "mteb-french"),
        ("mteb-englisch", "mteb-english"),
        ("c-mtep", "c-mteb"),
        ("###", None),
        ("", None),
    ],
)
def test_words_mean_the_series_that_they_describe(typed: str, series: str | None) -> None:
    if series is not None:
        assert meant(typed) == of_series(series)
        return
    with pytest.raises(NotFoundError, match="no board called"):
        meant(typed)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("MTEB(eng,v2)", "MTEB(eng, v2)"),
        ("mteb eng v1", "MTEB(eng, v1)"),
        ("english v2", "MTEB(eng, v2)"),
        ("MTEB v2", "MTEB(eng, v2)"),
        ("俄语 v1.1", "MTEB(rus, v1.1)"),
        ("vidore 3.1", "ViDoRe(v3.1)"),
        ("published english", "published/en"),
        ("法语旧榜", "published/fr"),
    ],
)
def test_a_version_means_one_edition(typed: str, name: str) -> None:
    assert meant(typed) == [name]


@pytest.mark.parametrize("typed", ["MTEB(eng, v3)", "french v2", "c-mteb 2025"])
def test_an_unknown_version_is_no_typo(typed: str) -> None:
    with pytest.raises(NotFoundError, match="no board called"):
        meant(typed)


def test_a_name_of_several_boards_lists_them() -> None:
    with pytest.raises(NotFoundError) as caught:
        meant("mieb")
    assert str(caught.value) == (
        "'mieb' may mean 4 boards; name one: mieb-english, mieb-multilingual, mieb-lite, mieb-image"
    )


def test_a_board_without_rows_is_known_in_any_spelling() -> None:
    with pytest.raises(NoDataError, match="the board lists no model yet"):
        meant("empty V1")


def test_what_was_understood_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    names = BoardNames(EDITIONS, NAMES.main_slugs, NAMES.empty)
    for _ in range(2):
        names.named("englsih")
        names.named("多语")
    assert caplog.messages == [
        "no board is called 'englsih'; this is mteb-english",
        "'多语' is read as mteb-multilingual;"
        " it may also mean nanobeir-multilingual, rteb, mieb-multilingual",
    ]
