"""Private boards: computed and shown like public ones, and never mixed with them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Answer
from tests.support.catalogs import dump
from tests.support.clock import Clock
from tracker.api import open_catalog
from tracker.settings import load_settings
from tracker.snapshots.store import Archive
from tracker.update.daily import update

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "private_board"
PUBLIC = {"BAAI/bge-m3": "lab/one", "intfloat/multilingual-e5-large-instruct": "mill/two"}
RANKS = [("example-team/ticket-embed", 1, 5.0), ("lab/one", 2, 2.0), ("mill/two", 2, 2.0)]
Cli = Callable[..., Answer]
pytestmark = pytest.mark.usefixtures("bare_home")


@pytest.fixture
def cli(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line, with a day between two commands."""
    clock = Clock(monkeypatch, "2026-09-01T00:00:00Z")

    def run(*arguments: str) -> Answer:
        clock.now = f"2026-09-{int(clock.now[8:10]) + 1:02}T00:00:00Z"
        return cli(*arguments)

    return run


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """The example's board with models of the small catalog."""
    folder = tmp_path / "board"
    shutil.copytree(EXAMPLE, folder)
    for name, known in PUBLIC.items():
        change(folder / "board.yaml", name, known)
        (folder / "results" / name.replace("/", "__")).rename(
            folder / "results" / known.replace("/", "__")
        )
    return folder / "board.yaml"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def ranks(name: str = "support-tickets") -> list[tuple[str, int | None, float | None]]:
    with open_catalog() as catalog:
        return [(row.model, row.rank, row.points) for row in catalog.board(name).rows]


def state() -> tuple[Any, Any]:
    """The catalog's rows, and the log of the archive."""
    settings = load_settings()
    return dump(settings.catalog_url), Archive(settings.archive).records("private-boards")


def test_a_private_board_is_ranked_and_shown(story: Path, cli: Cli, board: Path) -> None:
    answer = cli("board", "add", str(board))
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == "the board has a new state\n"
    assert ranks() == RANKS
    assert ranks("Support tickets") == ranks("客服工单") == RANKS
    shown = cli("leaderboard", "support-tickets", "--format", "json").rows
    assert [row["mean_task"] for row in shown] == pytest.approx(
        [66.8333, 61.1667, 61.1667], abs=1e-3
    )
    (listed,) = [
        row for row in cli("boards", "--format", "json").rows if "private" in row["series"]
    ]
    assert (listed["edition"], listed["n_tasks"], listed["n_rows"]) == (
        "private/support-tickets", 3, 3,
    )  # fmt: skip
    with open_catalog() as catalog:
        own = catalog.model("example-team/ticket-embed")
    assert {v.property: v.value for v in own.metadata}["parameters"] == 568_000_000


def test_public_boards_stay_as_they_are(story: Path, cli: Cli, board: Path) -> None:
    assert cli("load").code == 0  # with the curated files of this test
    before = dump(load_settings().catalog_url)
    with open_catalog() as catalog:
        digest, until = catalog.digest, catalog.data_until
        series = {e.series: e.name for e in catalog.editions() if e.current}
    cli("board", "add", str(board))
    with open_catalog() as catalog:
        now = {e.series: e.name for e in catalog.editions() if e.current}
        assert catalog.data_until == until
    assert now.pop("private-support-tickets") == "private/support-tickets"
    assert now == series
    assert cli("board", "remove", "support-tickets").code == 0
    assert dump(load_settings().catalog_url) == before
    with open_catalog() as catalog:
        assert catalog.digest == digest
    gone = cli("leaderboard", "support-tickets")
    assert gone.err.startswith("error: no board called 'support-tickets'")


def test_a_load_from_the_archive_gives_it_again(story: Path, cli: Cli, board: Path) -> None:
    cli("board", "add", str(board))
    change(
        board.parent / "results/lab__one/1/TicketSearch.json",
        '"main_score": 0.71', '"main_score": 0.99',
    )  # fmt: skip
    assert cli("board", "add", str(board)).err == "the board has a new state\n"
    shown = ranks()
    points = cli("history", "support-tickets", "lab/one", "--format", "json").rows
    assert [point["mean_task"] for point in points] == pytest.approx([61.1667, 70.5], abs=1e-3)
    (story / "db" / "catalog.db").unlink()
    shutil.rmtree(board.parent)
    assert cli("load").code == 0
    assert ranks() == shown
    assert cli("history", "support-tickets", "lab/one", "--format", "json").rows == points


def test_a_removed_board_comes_back_with_its_history(story: Path, cli: Cli, board: Path) -> None:
    cli("board", "add", str(board))
    cli("board", "remove", "support-tickets")
    assert cli("board", "remove", "support-tickets").err == (
        "error: no private board called 'support-tickets'; there is none\n"
    )
    cli("board", "add", str(board))
    assert ranks() == RANKS
    assert len(Archive(load_settings().archive).records("private-boards")) == 3


def test_an_update_reads_known_boards_again(
    story: Path, cli: Cli, board: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []

    def fetch_nothing(source: str, *_: object) -> bool:
        fetched.append(source)
        return True

    monkeypatch.setattr("tracker.update.daily._fetch_any", fetch_nothing)
    monkeypatch.setattr("tracker.update.daily._build_any", lambda *_: None)
    monkeypatch.setattr("tracker.update.daily._load_any", lambda *_: (True, None))
    update(load_settings())
    assert "private-boards" not in fetched
    cli("board", "add", str(board))
    update(load_settings())
    assert fetched[-1] == "private-boards"
    assert cli("fetch", "private-boards").err == "private-boards: 0 new, 1 unchanged\n"
    board.unlink()
    assert cli("fetch", "private-boards").err == (
        f"error: private-boards: {board}: No such file or directory\n"
    )
    assert ranks() == RANKS


SEARCH = "results/lab__one/1/TicketSearch.json"
BAD = [
    (
        "board.yaml",
        "TicketSearch, type",
        "T1, type",
        "public tasks are called T1; name private tasks differently",
    ),
    (
        "board.yaml",
        "lab/one ",
        "lab/oen ",
        "unknown model lab/oen; did you mean 'lab/one' or 'lab/none'?",
    ),
    (
        "board.yaml",
        "example-team/ticket-embed",
        "lab/none",
        "lab/none is a public model; leave out own: true",
    ),
    (
        "board.yaml",
        "Support tickets",
        '"MTEB(eng, v2)"',
        "a public board is called 'MTEB(eng, v2)'; name the private board differently",
    ),
    (
        "board.yaml",
        "metric: v_measure",
        "metrics: v_measure",
        "Object contains unknown field `metrics` - at `tasks[1]`",
    ),
    (
        "board.yaml",
        "name: TicketPairs",
        "name: TicketTopics",
        "the task 'TicketTopics' is listed twice",
    ),
    (
        "board.yaml",
        "results: results",
        "rank_by: mean_tusk",
        "unknown rank_by 'mean_tusk'; did you mean 'mean_task' or 'mean_task_type'?",
    ),
    (
        "board.yaml",
        "results: results ",
        "results: elsewhere ",
        "the folder 'elsewhere' of results is missing",
    ),
    (
        "board.yaml",
        "tasks:",
        "tasks: [",
        "line 6: not YAML: did not find expected node content; check indentation and quotes",
    ),
    (
        SEARCH,
        '"main_score": 0.71',
        '"main_score": 71.0',
        "ndcg_at_10 of test/default is 71, not from 0 to 1; result files have fractions, "
        "not percent",
    ),
    (
        SEARCH,
        '"task_name": "TicketSearch"',
        '"task_name": "Other"',
        "the file is of the task 'Other', not 'TicketSearch'",
    ),
    (
        SEARCH,
        '"hf_subset": "default"',
        '"hf_subset": "en"',
        "no score for split test and subset default",
    ),
    (
        SEARCH,
        "{",
        "[",
        "not JSON: Expecting ',' delimiter: line 2 column 13 (char 14)",
    ),
]


def test_a_wrong_board_is_one_line_and_changes_nothing(
    story: Path, cli: Cli, board: Path, tmp_path: Path
) -> None:
    before = state()
    said, wanted = [], []
    for number, (file, old, new, cause) in enumerate(BAD):
        folder = tmp_path / str(number)
        shutil.copytree(board.parent, folder)
        change(folder / file, old, new)
        answer = cli("board", "add", str(folder / "board.yaml"))
        assert (answer.code, answer.out) == (1, "")
        said.append(answer.err)
        place = folder / "board.yaml" if file == "board.yaml" else file.removeprefix("results/")
        wanted.append(f"error: private-boards: {place}: {cause}\n")
    assert said == wanted
    missing = board.parent / SEARCH
    missing.unlink()
    assert cli("board", "add", str(board)).err == (
        f"error: private-boards: {missing.parents[1]}/<revision>/TicketSearch.json: no result of"
        " lab/one on TicketSearch; add the file, or write allow_missing: true\n"
    )
    assert state() == before


def test_missing_results_may_be_allowed(story: Path, cli: Cli, board: Path) -> None:
    (board.parent / SEARCH).unlink()
    change(board, "results: results ", "allow_missing: true ")
    assert cli("board", "add", str(board)).code == 0
    with open_catalog() as catalog:
        rows = {
            row.model: (row.n_tasks, row.mean_task) for row in catalog.board("support-tickets").rows
        }
    assert rows["lab/one"] == (2, None)


def test_a_board_may_rank_by_means_and_choose_a_revision(
    story: Path, cli: Cli, board: Path
) -> None:
    newer = board.parent / "results/lab__one/2"
    shutil.copytree(newer.with_name("1"), newer)
    for path in newer.glob("*.json"):
        path.write_text(json.dumps(better(json.loads(path.read_text("utf-8")))), "utf-8")
    change(board, "- lab/one ", "- {name: lab/one, revision: '2'} ")
    change(board, "results: results ", "rank_by: mean_task ")
    cli("board", "add", str(board))
    assert [row[:2] for row in ranks()] == [
        ("lab/one", 1), ("example-team/ticket-embed", 2), ("mill/two", 3),
    ]  # fmt: skip


def better(result: dict[str, Any]) -> dict[str, Any]:
    for cell in result["scores"]["test"]:
        cell["main_score"] = 0.9
    return result


def test_two_states_within_a_second_are_two(
    story: Path, cli: Cli, board: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("board", "add", str(board)).code == 0
    before = ranks()
    change(board, "  - mill/two\n", "")
    clock = Clock(monkeypatch, "2026-09-02T00:00:00Z")
    answer = cli("board", "add", str(board))
    assert answer.err.splitlines()[-1] == "the board has a new state"
    clock.now = "2026-09-03T00:00:00Z"
    assert len(ranks()) == len(before) - 1
    seen = [
        seen.seen_at for seen in Archive(load_settings().archive).observations("private-boards")
    ]
    assert seen == sorted(set(seen)) and len(seen) == 2
