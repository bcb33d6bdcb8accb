"""Charts: what they show is what the history says, and nothing in them is a stranger's markup."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from tests.support.fake_catalog import EDITIONS, HOSTILE, FakeCatalog
from tracker.answers.boards import EditionInfo
from tracker.answers.common import Bilingual
from tracker.answers.history import HistoryPoint
from tracker.answers.models import RelatedModel
from tracker.pages.charts import chart as charts
from tracker.pages.charts import svg as pictures
from tracker.pages.charts.bump_chart import bump_chart, monthly
from tracker.pages.charts.cache import DrawnChart, request_chart
from tracker.pages.charts.chart import FAINT, LEADING, SERIES_SWITCH, Drawing, Mark
from tracker.pages.charts.frontier_chart import frontier_chart
from tracker.pages.charts.lead_marks import lead_marks
from tracker.pages.charts.record_chart import record_chart
from tracker.pages.charts.record_steps import RecordStep
from tracker.pages.charts.svg import draw, labels
from tracker.pages.charts.timelines import Timeline, ranked_models, read_timelines

NEW, OLD = EDITIONS[0], EDITIONS[1]


def moment(day: int, month: int = 7) -> str:
    return f"2024-{month:02}-{day:02}T00:00:00Z"


def point(
    start: str, end: str | None, rank: int | None, mean: float | None, edition: EditionInfo = OLD
) -> HistoryPoint:
    return HistoryPoint(edition.name, start, end, rank, mean, None, edition.n_tasks, edition.slug)


HISTORY = {
    "a/first": [point(moment(1), None, 1, 70.0), point(moment(5, 9), None, 1, 60.0, NEW)],
    "b/second": [point(moment(1), moment(20), 2, 65.0), point(moment(20), None, 3, 65.0)],
    "c/short": [point(moment(10), moment(20), 2, 71.5)],
    "d/copy": [point(moment(20), None, 2, 70.0)],
    "e/unranked": [point(moment(1), None, None, 99.0)],
}
COPIES = {
    "d/copy": RelatedModel("copy_of", "a/first", "a--first", Bilingual("equal", "相同"), "curated")
}


def timelines(*collapsed: EditionInfo) -> dict[str, Timeline]:
    slugs = frozenset(edition.slug for edition in collapsed)
    return read_timelines((OLD, NEW), HISTORY, COPIES, slugs)


def test_a_copy_that_the_board_hides_takes_no_place() -> None:
    assert ranked_models(timelines()[OLD.slug], moment(25)) == ["a/first", "d/copy", "b/second"]
    assert ranked_models(timelines(OLD)[OLD.slug], moment(25)) == ["a/first", "b/second"]


def test_the_best_mean_falls_when_its_model_leaves_and_unranked_models_never_hold_it() -> None:
    assert list(timelines(OLD)[OLD.slug].record_steps) == [
        RecordStep(OLD, moment(1), "a/first", 70.0, 1, OLD.n_tasks),
        RecordStep(OLD, moment(10), "c/short", 71.5, 2, OLD.n_tasks),
        RecordStep(OLD, moment(20), "a/first", 70.0, 1, OLD.n_tasks),
    ]


def test_a_model_without_all_tasks_holds_no_record() -> None:
    partial = {"x/x": [replace(point(moment(1), None, 1, 90.0), n_tasks=3)]}
    (timeline,) = read_timelines((OLD,), HISTORY | partial, {}, frozenset()).values()
    assert "x/x" not in {step.model for step in timeline.record_steps}


def test_a_record_counts_with_the_tasks_that_the_board_had_then() -> None:
    early = replace(point(moment(1), moment(9), 1, 90.0), n_tasks=3, n_tasks_total=3)
    later = replace(point(moment(9), None, 1, 80.0), n_tasks=5, n_tasks_total=5)
    (timeline,) = read_timelines((OLD,), {"x/x": [early, later]}, {}, frozenset()).values()
    assert list(timeline.record_steps) == [
        RecordStep(OLD, moment(1), "x/x", 90.0, 1, 3),
        RecordStep(OLD, moment(9), "x/x", 80.0, 1, 5),
    ]


def test_editions_are_never_one_line_and_a_break_stands_between_them() -> None:
    found = timelines(OLD)
    drawn = record_chart(found[NEW.slug], list(found.values()))
    assert drawn is not None
    drawing, table = drawn
    assert {mark.path: mark.colour for mark in drawing.marks} == {
        NEW.slug: LEADING[0],
        OLD.slug: "#5d5a53",
    }
    assert drawing.breaks == (SERIES_SWITCH,)
    assert table.rows[0] == ("2024-09-05", "a/first", "60.00", "33")
    assert len(table.rows) == 4


def test_a_bump_chart_ends_with_the_places_of_the_last_state() -> None:
    drawn = bump_chart(timelines(OLD)[OLD.slug])
    assert drawn is not None
    drawing, table = drawn
    ends = [(mark.up, mark.name, mark.colour) for mark in drawing.marks if mark.name]
    assert ends == [(2, "2  second", LEADING[1]), (1, "1  first", LEADING[0])]
    assert table.columns == ("model", "2024-07-01", "2024-07-20")
    assert table.rows == (("a/first", "1", "1"), ("b/second", "2", "2"))


def test_a_board_that_was_seen_once_has_no_chart_of_time() -> None:
    once = {"a/first": [point(moment(1), None, 1, 70.0)]}
    (timeline,) = read_timelines((OLD,), once, {}, frozenset()).values()
    assert bump_chart(timeline) is None
    assert record_chart(timeline, [timeline]) is None


def test_a_state_in_which_a_model_only_left_is_shown_but_not_the_end_of_the_board() -> None:
    history = {
        "a/stays": [point(moment(1), moment(30), 1, 70.0)],
        "b/leaves": [point(moment(1), moment(20), 2, 69.0)],
    }
    (timeline,) = read_timelines((OLD,), history, {}, frozenset()).values()
    assert timeline.moments == (moment(1), moment(20))
    assert ranked_models(timeline, timeline.moments[-1]) == ["a/stays"]


def test_a_line_is_cut_where_its_model_is_missing() -> None:
    history = {
        "a/always": [point(moment(1, 1), None, 1, 70.0)],
        "b/gone": [
            point(moment(1, 1), moment(2, 3), 2, 69.0),
            point(moment(2, 4), None, 2, 69.0),
        ],
    }
    (timeline,) = read_timelines((OLD,), history, {}, frozenset()).values()
    drawn = bump_chart(timeline)
    assert drawn is not None
    gone = [
        (mark.path, str(mark.across)[:7])
        for mark in drawn[0].marks
        if mark.path.startswith("b/gone")
    ]
    assert gone == [
        ("b/gone 0", "2024-01"),
        ("b/gone 0", "2024-01"),
        ("b/gone 0", "2024-02"),
        ("b/gone 1", "2024-04"),
    ]


def test_a_bump_chart_marks_its_edition_and_names_its_leaders() -> None:
    history = {
        "a/first": [point("2024-12-01T00:00:00Z", None, 1, 70.0)],
        "b/second": [point("2024-12-01T00:00:00Z", "2026-03-02T00:00:00Z", 2, 60.0)],
    }
    (timeline,) = read_timelines((OLD,), history, {}, frozenset()).values()
    leads = FakeCatalog().leader_list(OLD)
    early = replace(leads[0], from_day="2024-11-20", until_day="2025-02-28", model="x/early-one")
    late = replace(leads[1], from_day="2025-03-01", model="x/late")
    drawn = bump_chart(timeline, (early, late), marks_edition=True)
    assert drawn is not None
    drawing, _ = drawn
    assert drawing.breaks == (SERIES_SWITCH,)
    named = [(mark.across, mark.up, mark.name) for mark in drawing.marks if "lead" in mark.path]
    assert named == [
        ("2025-03-01T00:00:00Z", 1, ""),
        ("2025-03-01T00:00:00Z", 0, "late"),
        ("2024-12-01T00:00:00Z", 1, ""),
        ("2024-12-01T00:00:00Z", 0, "early-one"),
    ]
    assert drawing.up == (-0.5, 15.5)
    assert "stroke-dasharray" in draw(drawing)


names = st.text("abcdefgh-", min_size=1, max_size=40)
starts = st.dates(date(2024, 1, 1), date(2026, 12, 31)).map(date.isoformat)


@given(st.lists(st.tuples(starts, names), max_size=30, unique_by=lambda lead: lead[0]).map(sorted))
def test_names_of_leaders_never_overlap_in_a_row(values: list[tuple[str, str]]) -> None:
    lead = FakeCatalog().leader_list(OLD)[1]
    leads = [replace(lead, from_day=start, model=f"x/{name}") for start, name in values]
    marks = lead_marks(leads, moment(1), "2026-08-20T00:00:00Z")
    assert all(mark.across <= "2026-08-20T00:00:00Z" for mark in marks)
    drawing = Drawing("bump", marks, (moment(1), "2026-08-20T00:00:00Z"), (-2.5, 15.5))
    boxes = []
    for label in labels(drawing):
        x, _ = pictures._pixels(drawing, Mark(label["across"], label["up"], "", "", ""))
        boxes.append((label["up"], x, x + pictures._LETTER * len(label["name"])))
    assert not any(
        one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
        for place, one in enumerate(boxes)
        for other in boxes[:place]
    )


days = st.dates(date(2000, 1, 1), date(2100, 12, 31)).map(
    lambda day: f"{day.isoformat()}T00:00:00Z"
)


@given(st.lists(days, min_size=1, max_size=5, unique=True).map(sorted))
def test_every_month_end_between_first_and_last_is_shown(moments: list[str]) -> None:
    first, last = moments[0], moments[-1]
    shown = monthly(moments)
    assert (shown[0], shown[-1]) == (first, last)
    assert list(shown) == sorted(set(shown))
    months = (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7])
    ends = [moment for moment in shown if moment.endswith("T23:59:59Z")]
    assert len(ends) == months
    for moment in ends:
        following = date.fromisoformat(moment[:10]) + timedelta(days=1)
        assert following.day == 1


sizes = st.one_of(st.none(), st.integers(10**6, 10**11))
means = st.one_of(st.none(), st.floats(-10, 100))


@given(st.lists(st.tuples(sizes, means), max_size=40))
def test_the_frontier_is_what_nothing_smaller_surpasses(
    values: list[tuple[int | None, float | None]],
) -> None:
    board = FakeCatalog().board("MTEB(eng, v2)")
    rows = tuple(
        replace(board.rows[0], rank=n, model=f"m/{n}", parameters=size, mean_task=mean)
        for n, (size, mean) in enumerate(values, 1)
    )
    drawn = frontier_chart(replace(board, rows=rows))
    known = [(size, mean) for size, mean in values if size and mean is not None]
    if len(known) < 3:
        assert drawn is None
        return
    assert drawn is not None
    best = [(mark.across, mark.up) for mark in drawn[0].marks if mark.path]
    assert len(drawn[0].marks) == len(known)
    assert all(a < b and c < d for (a, c), (b, d) in pairwise(best))
    for size, mean in known:
        assert any(at <= size and up >= mean for at, up in best)


@given(
    st.lists(
        st.tuples(st.floats(1e6, 1e11), st.floats(0, 100), st.text("abc-", max_size=30)),
        min_size=1,
        max_size=30,
    )
)
def test_no_two_names_in_a_chart_overlap(values: list[tuple[float, float, str]]) -> None:
    marks = tuple(Mark(x, y, name, "p", FAINT) for x, y, name in sorted(values))
    drawing = Drawing("frontier", marks, (9e5, 2e11), (-1, 101))
    boxes = []
    for its in labels(drawing):
        x, y = pictures._pixels(drawing, Mark(its["across"], its["up"], "", "", ""))
        wide = pictures._LETTER * len(its["name"])
        left = x + its["dx"] - (wide if its["align"] == "right" else 0)
        boxes.append((left, y + its["dy"] - 6.5, left + wide, y + its["dy"] + 6.5))
    assert not any(
        pictures._overlap(one, other) for n, one in enumerate(boxes) for other in boxes[:n]
    )


def test_hostile_names_are_text_in_a_drawing() -> None:
    marks = tuple(
        Mark(moment(n + 1), n, name, "", LEADING[0]) for n, name in enumerate(HOSTILE[:5])
    )
    drawing = Drawing("bump", marks, (moment(1), moment(9)), (0, 9))
    root = etree.fromstring(draw(drawing).encode())
    tags = {etree.QName(its).localname for its in root.iter()}
    assert tags <= {"svg", "g", "path", "line", "text", "rect", "defs", "clipPath"}
    texts = {"".join(its.itertext()) for its in root.iter("{*}text")}
    assert {" ".join(name.split()) for name in HOSTILE[:2]} <= texts
    assert "href" not in etree.tostring(root).decode()


def test_a_drawing_does_not_depend_on_the_fonts_of_the_machine() -> None:
    short, long = (
        draw(Drawing("record", (Mark(moment(1), 1.0, name, "p", FAINT),), (moment(1), moment(9)),
                     (0, 2)))
        for name in ("a", "abcdefghijklmnop")
    )  # fmt: skip
    assert short.replace(">a<", ">abcdefghijklmnop<") == long


def test_every_colour_of_a_drawing_has_one_in_the_dark_theme() -> None:
    sheet = Path("site/docs/assets/tracker.css").read_text("utf-8")
    for colour in (*LEADING, charts.QUIET, FAINT):
        for kind in ("fill", "stroke"):
            assert f'[{kind}="{colour}"]' in sheet
    assert f'[stroke="{charts.RULE}"]' in sheet


class InlinePool:
    """Calls functions at once, without a cache."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def cached(self, key: str, function: Callable[..., bytes], *arguments: object) -> Future[bytes]:
        self.keys.append(key)
        result: Future[bytes] = Future()
        result.set_result(function(*arguments))
        return result


def test_a_chart_is_cached_by_what_it_shows() -> None:
    shown = Drawing("record", (Mark(moment(1), 1.0, "a", "p", FAINT),), (moment(1), moment(9)),
                    (0, 2))  # fmt: skip
    pool = InlinePool()
    drawn = DrawnChart.read(request_chart(pool, shown).result())
    assert drawn.svg == draw(shown)
    assert json.loads(drawn.specification) == pictures.specification(shown, live=True)
    request_chart(pool, shown)
    request_chart(pool, replace(shown, up=(0, 3)))
    first, same, other = pool.keys
    assert first == same != other


def test_a_page_shows_its_charts_with_words_and_tables_in_both_languages(built: Path) -> None:
    for root, words in ((built, "Mean over tasks"), (built / "zh", "任务平均分")):
        page = root / "boards/mteb-eng-v2/index.html"
        document = html.document_fromstring(page.read_text("utf-8"))
        figures = document.xpath("//figure[@class='et-drawing']")
        assert [its.get("id") for its in figures] == [
            "chart-bump", "chart-record", "chart-frontier",
        ]  # fmt: skip
        assert words in figures[1].xpath("string(.//svg)")
        for figure in figures:
            told = figure.xpath("string(.//svg/@aria-label)")
            assert "MTEB(eng, v2)" in told
            assert not re.search(r"\(et-\w+\)", html.tostring(figure).decode())
            assert figure.xpath(".//details//tbody/tr")
