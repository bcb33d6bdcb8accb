"""The reading verbs: which board a name means, what a date means, and what an answer holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

import tracker
from tests.support.story import AUGUST, EVENING, FIRST, HOSTILE, JUNE, MORNING, SEPTEMBER
from tracker.exports.frames import frame_json
from tracker.sources.published_boards import ENDED

Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("story")


def names(answer: Any) -> list[tuple[int | None, str]]:
    return [(row["rank"], row["model"]) for row in answer.rows]


# Which board


@pytest.mark.parametrize(
    ("board", "day", "edition"),
    [
        ("mteb-english", "2024-07-08", "published/en"),
        ("mteb-english", "2026-05-31", "published/en"),
        ("mteb-english", "2026-06-01", "MTEB(eng, v2)"),
        ("mteb-english", "2027-01-01", "MTEB(eng, v2)"),
        ("MTEB-English", "2024-07-08", "published/en"),
        ("MTEB(eng, v2)", "2026-08-20", "MTEB(eng, v2)"),
        ("mteb(ENG, V2)", "2026-08-20", "MTEB(eng, v2)"),
        ("mteb-eng-v2", "2026-08-20", "MTEB(eng, v2)"),
        ("published/en", "2026-08-20", "published/en"),
        ("en", "2026-08-20", "MTEB(eng, v2)"),
        ("published-en", "2026-08-20", "published/en"),
        ("published/en/Retrieval", "2026-08-20", "published/en/Retrieval"),
        ("published-en-retrieval", "2026-08-20", "published/en/Retrieval"),
        ("c-mteb", "2024-09-02", "published/zh"),
        ("law", "2024-09-02", "published/law/Retrieval"),
        ("published/law", "2024-09-02", "published/law/Retrieval"),
    ],
)
def test_a_board_may_be_called_by_series_edition_slug_or_folder(
    cli: Run, board: str, day: str, edition: str
) -> None:
    answer = cli("leaderboard", board, "--as-of", day, "--format", "json")
    assert answer.code == 0
    assert {row["edition"] for row in answer.rows} == {edition}


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("leaderboard", "c-mtap"), "no board called 'c-mtap'; did you mean 'c-mteb"),
        (("leaderboard", "###"), "no board called '###'; see: tracker boards"),
        (("history", "mteb-english", "lab/on"), "no model called 'lab/on'; did you mean 'lab/one"),
        (("history", "c-mteb", "lab/one"), "c-mteb: never listed lab/one"),
        (("model", "zzzzzzz"), "no model called 'zzzzzzz'; see: tracker models"),
        (("models", "--org", "nobody"), "no model of an organisation called 'nobody'"),
        (("changes", "mteb-ennglisch"), "no board called 'mteb-ennglisch'"),
    ],
)  # fmt: skip
def test_an_unknown_name_gets_the_nearest_ones_and_exit_1(
    cli: Run, arguments: tuple[str, ...], line: str
) -> None:
    answer = cli(*arguments)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(f"error: {line}")
    assert answer.err.count("\n") == 1


# What a date means


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-07-07", [(1, "lab/one"), (2, "mill/two"), (None, "lab/none")]),
        # The end of the day: the second commit of 2024-07-08, not the first.
        (
            "2024-07-08",
            [(1, "shed/two-Q8_0-GGUF"), (2, "mill/two"), (3, "lab/one"), (None, "lab/none")],
        ),
        (
            "2024-07-08T02:52:00Z",
            [(1, "mill/two"), (2, "lab/one"), (3, "yard/three"), (None, "lab/none")],
        ),
        (
            "2024-07-08T04:51:59+02:00",
            [(1, "lab/one"), (2, "mill/two"), (None, "lab/none")],
        ),
        # No commit on a day means "as before".
        (
            "2024-08-31",
            [(1, "shed/two-Q8_0-GGUF"), (2, "mill/two"), (3, "lab/one"), (None, "lab/none")],
        ),
        ("2024-09-01", [(1, "mill/two"), (2, "lab/one"), (None, "lab/none")]),
        ("20240901", [(1, "mill/two"), (2, "lab/one"), (None, "lab/none")]),
    ],
)
def test_a_date_is_its_end_in_utc(
    cli: Run, day: str, expected: list[tuple[int | None, str]]
) -> None:
    answer = cli("leaderboard", "en", "--as-of", day, "--all-rows", "--format", "json")
    assert names(answer) == expected


@pytest.mark.parametrize("board", ["mteb-english", "published/en", "en"])
def test_a_date_before_the_first_snapshot_has_no_data(cli: Run, board: str) -> None:
    answer = cli("leaderboard", board, "--as-of", "2024-07-06", "--format", "json")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        f"error: {board}: no data before 2024-07-07; ask for 2024-07-07 or later, not 2024-07-06\n"
    )


@pytest.mark.parametrize(
    "wrong", ["tomorrow", "2024-13-01", "2024-13", "", "08.07.2024", "0001-01-01T00:00:00+23:59"]
)
def test_what_is_no_date_is_wrong_usage(cli: Run, wrong: str) -> None:
    answer = cli("leaderboard", "en", "--as-of", wrong)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        f"error: {wrong!r} is not a date;"
        " write YYYY-MM-DD, YYYY-MM, YYYY, today or YYYY-MM-DDTHH:MM:SSZ\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("leaderboard",),
        ("leaderboard", "en", "--format", "xml"),
        ("leaderboard", "en", "--top", "0"),
        ("leaderboard", "en", "--rank-by", "luck"),
        ("leaderboard", "en", "--origin", "hearsay"),
        ("changes", "en", "--since", "2024-09-02", "--until", "2024-09-01"),
        ("fetch", "published-board"),
        ("load", "nothing"),
        ("update", "--only", "nothing"),
        ("fetch", "leaderboard-api", "--since", "2024-01-01"),
        ("fetch", "published-boards", "--observed-at", "2024-01-01"),
        ("export", "xml", "somewhere"),
        ("model", "lab/one", "--lang", "fr"),
        ("no-such-verb",),
        ("sql", "select no_such_column from model"),
    ],
)  # fmt: skip
def test_wrong_usage_is_exit_2_with_nothing_on_stdout(cli: Run, arguments: tuple[str, ...]) -> None:
    answer = cli(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err


# What an answer holds


def test_json_of_a_published_board_has_the_contract_s_keys_in_percent(cli: Run) -> None:
    answer = cli("leaderboard", "en", "--as-of", "2024-09-02", "--format", "json")
    first = answer.rows[0]
    assert {
        "rank", "model", "mean_task", "mean_task_type", "task_types", "n_tasks", "n_tasks_total",
        "zero_shot_pct", "published_at", "origin",
    } <= first.keys()  # fmt: skip
    assert (first["rank"], first["model"], first["mean_task"]) == (1, "mill/two", 61.0)
    assert list(first["task_types"]) == [
        "Retrieval",
        "STS",
        "Clustering",
        "Classification",
        "Reranking",
    ]
    assert (first["n_tasks"], first["n_tasks_total"], first["origin"]) == (7, 7, "published")
    assert first["published_at"] == SEPTEMBER
    blank = answer.rows[-1]
    assert (blank["rank"], blank["mean_task"], blank["task_types"]) == (None, None, {})


def test_json_of_a_live_board_is_percent_too_and_unrounded(cli: Run) -> None:
    answer = cli("leaderboard", "mteb-english", "--format", "json")
    first, _, half = answer.rows
    assert (first["model"], first["mean_task"]) == ("yard/new", 81.25)
    assert first["task_types"] == {"STS": 87.5, "Retrieval": 75.0}
    assert (half["mean_task"], half["task_types"]) == (25.0, {"STS": 25.0})
    assert (half["n_tasks"], half["n_tasks_total"]) == (1, 3)
    assert first["published_at"] == AUGUST


def test_collapsing_copies_is_the_default_and_is_told_on_stderr(cli: Run) -> None:
    answer = cli("leaderboard", "en", "--as-of", "2024-07-08", "--format", "json")
    assert names(answer) == [(1, "mill/two"), (2, "lab/one"), (None, "lab/none")]
    assert answer.rows[0]["copies"] == ["shed/two-Q8_0-GGUF"]
    assert answer.rows[0]["printed_rank"] == 2
    assert "1 copies are collapsed; --all-rows shows the board as published" in answer.err


def test_top_counts_rows_in_the_order_of_sort(cli: Run) -> None:
    live = ("leaderboard", "mteb-english", "--sort", "parameters", "--format", "json")
    assert names(cli(*live, "--top", "1")) == [(2, "lab/one")]


def test_top_complete_only_and_rank_by(cli: Run) -> None:
    live = ("leaderboard", "mteb-english", "--format", "json")
    assert names(cli(*live, "--top", "2")) == [(1, "yard/new"), (2, "lab/one")]
    assert names(cli(*live, "--complete-only")) == []
    by_mean = cli("leaderboard", "published/en", "--rank-by", "mean_task", "--format", "json")
    assert names(by_mean) == [(1, "mill/two"), (2, "lab/one"), (None, "lab/none")]
    # Two of three tasks are no mean to be ranked by.
    lacking = cli("leaderboard", "MTEB(hostile, v1)", "--rank-by", "mean_task", "--format", "json")
    assert [row["rank"] for row in lacking.rows] == [None] * len(HOSTILE)
    recomputed = cli(*live, "--origin", "recomputed")
    assert recomputed.code == 1
    assert "no registry says how boards are computed" in recomputed.err


def test_history_is_one_line_for_each_stretch(cli: Run) -> None:
    answer = cli("history", "mteb-english", "mill/two", "--format", "json")
    assert [
        (p["edition"], p["from_at"], p["to_at"], p["rank"], p["mean_task"]) for p in answer.rows
    ] == [
        ("published/en", FIRST, MORNING, 2, 55.0),
        ("published/en", MORNING, EVENING, 1, 61.0),
        ("published/en", EVENING, SEPTEMBER, 2, 61.0),
        ("published/en", SEPTEMBER, ENDED, 1, 61.0),
        ("MTEB(eng, v2)", JUNE, AUGUST, 2, 37.5),
    ]


def test_history_of_a_model_that_was_never_ranked(cli: Run) -> None:
    answer = cli("history", "en", "lab/none", "--format", "json")
    assert [(p["from_at"], p["to_at"], p["rank"], p["mean_task"]) for p in answer.rows] == [
        (FIRST, ENDED, None, None)
    ]


def changed(answer: Any) -> list[tuple[str, str, int | None, int | None]]:
    return [(c["kind"], c["model"], c["from_rank"], c["to_rank"]) for c in answer.rows]


def test_changes_between_two_dates_have_four_kinds(cli: Run) -> None:
    between = ("changes", "en", "--since", "2024-07-07", "--until", MORNING)
    answer = cli(*between, "--format", "json")
    # lab/one only made room: that is counted, and listed where all is asked for.
    assert changed(answer) == [
        ("moved", "mill/two", 2, 1),
        ("value_changed", "mill/two", 2, 1),
        ("appeared", "yard/three", None, 3),
    ]
    assert "1 ranks moved only because of other models" in answer.err
    every = cli(*between, "--all", "--format", "json")
    assert changed(every) == [
        ("moved", "mill/two", 2, 1),
        ("value_changed", "mill/two", 2, 1),
        ("moved", "lab/one", 1, 2),
        ("appeared", "yard/three", None, 3),
    ]
    later = cli("changes", "en", "--since", MORNING, "--until", "2024-07-08", "--format", "json")
    assert changed(later) == [("left", "yard/three", 3, None)]
    values = {
        (c["kind"], c["model"]): (c["from_value"], c["to_value"], c["at"]) for c in answer.rows
    }
    assert values["value_changed", "mill/two"] == (55.0, 61.0, MORNING)
    assert values["appeared", "yard/three"] == (None, 50.0, MORNING)


def test_changes_since_a_date_list_the_newcomers(cli: Run) -> None:
    answer = cli("changes", "mteb-english", "--since", "2026-06-01", "--format", "json")
    assert changed(answer) == [
        ("appeared", "yard/new", None, 1),
        ("left", "mill/two", 2, None),
        ("appeared", "lab/half", None, 3),
    ]
    # By default the last 30 days that are known, and all boards.
    assert changed(cli("changes", "mteb-english", "--format", "json")) == changed(answer)
    every = cli("changes", "--format", "json")
    assert {c["series"] for c in every.rows} == {"mteb-english"}


def test_no_change_is_an_empty_answer_and_no_failure(cli: Run) -> None:
    answer = cli("changes", "c-mteb", "--format", "json")
    assert (answer.code, answer.rows, answer.err) == (0, [], "no changes\n")


def test_boards_lists_series_editions_and_what_is_current(cli: Run) -> None:
    answer = cli("boards", "--format", "json")
    columns = ("series", "edition", "n_rows", "archived", "current")
    assert sorted(tuple(b[c] for c in columns) for b in answer.rows) == [
        ("c-mteb", "published/zh", 1, True, True),
        ("mteb-english", "MTEB(eng, v2)", 3, False, True),
        ("mteb-english", "published/en", 3, True, False),
        ("mteb-hostile-v1", "MTEB(hostile, v1)", len(HOSTILE), False, True),
        ("published-law", "published/law/Retrieval", 2, True, True),
    ]
    every = cli("boards", "--all-tables", "--format", "json")
    assert {b["edition"] for b in every.rows} - {b["edition"] for b in answer.rows} == {
        "published/en/Retrieval"
    }


def test_a_model_tells_where_it_stands_and_what_it_is(cli: Run) -> None:
    told = cli("model", "lab/one", "--format", "json").rows
    assert told["name"] == "lab/one"
    places = [(s["edition"], s["rank"], s["n_ranked"], s["listed"]) for s in told["standings"]]
    assert sorted(places) == [
        ("MTEB(eng, v2)", 2, 3, True),
        ("published/en", 2, 2, True),
        ("published/law/Retrieval", 1, 1, True),
    ]
    values = {(m["property"], m["source"]): m["value"] for m in told["metadata"]}
    assert values["parameters", "leaderboard-api"] == 100_000_000
    assert values["embedding_dimensions", "leaderboard-api"] == 512
    by_name = cli("model", "ONE", "--format", "json").rows
    assert by_name["name"] == "lab/one"


def test_models_can_be_asked_by_organisation(cli: Run) -> None:
    answer = cli("models", "--org", "mill", "--format", "json")
    assert [row["model"] for row in answer.rows] == ["mill/two"]


def test_python_gives_the_same_as_the_command_line(cli: Run, story: Path) -> None:
    printed = cli("leaderboard", "mteb-english", "--format", "json").rows
    for target in (None, story / "db" / "catalog.db", f"sqlite:///{story / 'db' / 'catalog.db'}"):
        with tracker.open(target) as catalog:
            frame = catalog.leaderboard("mteb-english")
            board = catalog.board("mteb-english")
        assert frame.columns == list(printed[0])
        assert orjson.loads(frame_json(frame)) == printed
        assert [(r.rank, r.model, r.mean_task) for r in board.rows] == [
            (r["rank"], r["model"], r["mean_task"]) for r in printed
        ]


def test_another_catalog_can_be_asked_with_db(cli: Run, told: Any, home: Path) -> None:
    (home / "db" / "catalog.db").unlink()
    answer = cli("boards", "--db", str(told.path), "--format", "json")
    assert len(answer.rows) == 5
    missing = cli("boards", "--db", str(home / "nothing.db"))
    assert (missing.code, missing.out) == (1, "")
    assert missing.err == f"error: no catalog at {home / 'nothing.db'}; run: tracker load\n"
    wrong = cli("boards", "--db", "nonsense://x")
    assert (wrong.code, wrong.err.count("\n")) == (1, 1)
