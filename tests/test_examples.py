"""Every example runs as it is, on a small catalog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.warm_process import WarmProcess

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
PROGRAM = "import runpy, sys; del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')"
Run = Callable[..., str]


@pytest.fixture
def run(warm_process: WarmProcess) -> Callable[..., str]:
    """Runs an example and returns its output: ``run(name, *arguments)``."""

    def output(name: str, *arguments: str) -> str:
        done = warm_process.run(PROGRAM, str(EXAMPLES / name), *arguments)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8")

    return output


def test_a_model_is_chosen(run: Run, story: Path, cli: Callable[..., Any]) -> None:
    shown = run("choose_a_model.py", "MTEB(eng, v2)").splitlines()
    assert shown[0].startswith("MTEB(eng, v2), 2026-08-20: ")
    assert "models dropped out" in shown[-1]


def test_ranks_are_drawn(run: Run, story: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra packages of examples are not installed")
    shown = run("rank_history_figure.py", str(tmp_path / "figure.svg"))
    assert "As of 2026-08-20, published, catalog " in shown
    drawing = (tmp_path / "figure.svg").read_text("utf-8")
    assert drawing.startswith("<?xml")


def test_duckdb_reads_exported_ranks(run: Run, story: Path) -> None:
    pytest.importorskip("duckdb", reason="the extra duckdb is not installed")
    shown = run("duckdb_over_parquet.py").split()
    assert shown[:4] == ["2026", "2026-06-01", "lab/one", "1"]


def test_ranks_are_drawn_with_altair(run: Run, story: Path, tmp_path: Path) -> None:
    run("rank_history_altair.py", str(tmp_path / "figure.svg"))
    assert (tmp_path / "figure.svg").read_text("utf-8").startswith("<svg")


def test_training_on_tasks_is_studied(run: Run, seeded: Path) -> None:
    shown = run("contamination_study.py").splitlines()
    assert shown[-3].endswith(" of 20 models declare nothing of their training")
    assert shown[-1].startswith("As of 2026-08-20, recomputed, catalog ")


def test_the_private_board_is_ranked(own_starter: Path, cli: Callable[..., Any]) -> None:
    board = EXAMPLES / "private_board" / "board.yaml"
    assert cli("board", "add", str(board)).err == "the board has a new state\n"
    rows = cli("leaderboard", "support-tickets", "--format", "json").rows
    assert [(row["model"], row["rank"]) for row in rows] == [
        ("example-team/ticket-embed", 1),
        ("BAAI/bge-m3", 2),
        ("intfloat/multilingual-e5-large-instruct", 2),
    ]


def test_every_example_is_listed_and_tested() -> None:
    listed = (EXAMPLES / "README.md").read_text("utf-8")
    tested = Path(__file__).read_text("utf-8")
    assert "`private_board/`" in listed
    for path in EXAMPLES.glob("*.py"):
        assert f"`{path.name}`" in listed
        assert f'"{path.name}"' in tested
