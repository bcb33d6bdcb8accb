"""Replay of a board: its data file, month ends and the bar of leaders."""

from __future__ import annotations

from pathlib import Path

import orjson
from lxml import html

from tests.support.fake_catalog import HOSTILE, FakeCatalog
from tracker.answers.history import Replay
from tracker.pages.views.leads import lead_spans
from tracker.pages.views.replay import replay_file

FAKE = FakeCatalog()
PATH = "boards/mteb-eng-v2/"


def told(replay: Replay) -> tuple[object, dict[str, object]]:
    found = replay_file(replay, PATH, "2026-08-20", {"2026-07-31"})
    assert found is not None
    file, content = found
    assert file.size == len(content)
    return file, orjson.loads(content)


def test_the_file_has_every_day_and_each_name_once() -> None:
    replay = FAKE.replay("MTEB(eng, v2)")
    _, document = told(replay)
    models = document["models"]
    shown = [
        (day, n_tasks, [(models[row[0]][0], row[1], row[2], row[3], row[4]) for row in rows])
        for day, n_tasks, rows in document["days"]
    ]
    assert shown == [
        (
            day.day,
            day.n_tasks,
            [
                (row.model, row.rank, row.points, row.mean_task and round(row.mean_task, 2), 33)
                for row in day.rows
            ],
        )
        for day in replay.days
    ]
    assert len(models) == len({tuple(its) for its in models})
    assert document["until"] == "2026-08-20"
    assert document["unit"] == "points"


def test_a_former_name_comes_with_the_current_one() -> None:
    _, document = told(FAKE.replay("MTEB(eng, v2)"))
    renamed = [its for its in document["models"] if len(its) == 3]
    assert [its[2] for its in renamed] == [HOSTILE[0]]


def test_month_ends_name_the_leader_and_link_to_pages() -> None:
    file, _ = told(FAKE.replay("MTEB(eng, v2)"))
    rows = FAKE.board("MTEB(eng, v2)").rows
    assert [(its.day, its.model, its.path) for its in file.months] == [
        ("2026-07-31", rows[0].model, f"{PATH}as-of/2026-07-31/"),
        ("2026-06-30", rows[1].model, None),
    ]


def test_a_board_with_one_day_has_no_replay() -> None:
    replay = FAKE.replay("MTEB(eng, v2)")
    single = Replay(replay.edition, replay.unit, replay.days[:1])
    assert replay_file(single, PATH, "2026-08-20", ()) is None


def test_the_replay_loads_on_request_and_lists_months(
    built: Path,
) -> None:
    page = html.document_fromstring((built / PATH / "index.html").read_text("utf-8"))
    (tools,) = page.xpath("//p[@id='replay-tools']")
    assert (built / PATH / tools.get("data-file")).resolve().is_file()
    assert "hidden" in tools.attrib
    days = page.xpath("//ul[@class='et-months']/li")
    assert [its.text_content().split()[0] for its in days] == ["2026-07-31", "2026-06-30"]


def test_lead_segments_fill_the_bar_without_gaps() -> None:
    spans = lead_spans(FAKE.leader_list("MTEB(eng, v2)"), "2026-08-20T12:30:00Z")
    first, second = spans
    assert (first.from_day, first.until_day, second.from_day, second.until_day) == (
        "2026-06-01",
        "2026-06-30",
        "2026-07-01",
        None,
    )
    assert abs(first.start + first.width - second.start) < 0.01
    assert abs(second.start + second.width - 100) < 0.01
    assert first.colour != second.colour


def test_a_board_without_leads_has_no_bar() -> None:
    assert lead_spans((), "2026-08-20") == ()
