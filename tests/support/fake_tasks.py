"""Invented tasks for the fake catalog, with hostile values among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tests.support.fake_answers import FIRST, HOSTILE, LAST
from tracker.answers.boards import Leaderboard, LeaderboardRow
from tracker.answers.common import Bilingual
from tracker.answers.contamination import Contamination, ExposedCell, ExposedRow
from tracker.answers.health import SuspectScore
from tracker.answers.tasks import Task, TaskBoard, TaskInfo, TaskLead, TaskRow, TaskTraining
from tracker.common.text import model_slug
from tracker.ranking.contamination import EXPOSURES


def fake_tasks(board_rows: Sequence[LeaderboardRow]) -> Iterator[Task]:
    """Yield a task with scores and everything else, and one with nothing."""
    evil, both = HOSTILE[0], Bilingual("<Board>", "<榜单>")
    board = TaskBoard("MTEB(eng, v2)", "mteb-eng-v2", both, True, ("test",), ("de", "<en>"))
    info = TaskInfo(
        "<Task>", "task-1", "A<b>&'\"type", "<metric>", False,
        ("deu-Latn", "<xx>", *(f"q{letter}a-Latn" for letter in "abcdefghijkl")),
        ("News", "<Domain>"), ("text", "<mode>"), "lab/<data>", "0123456789abcdef",
        "javascript:alert(7)", ("test",), ("de", "<en>"), ("Task1", "<gone>"), "Task1",
        (board, replace(board, current=False)), "mteb <2>",
    )  # fmt: skip
    rows = tuple(
        TaskRow(
            row.rank or 0, row.model, row.model_now, row.label, row.slug, 90.5 - n / 3,
            EXPOSURES[n % 5], row.parameters, row.licence, row.open_weights, FIRST,
        )
        for n, row in enumerate(board_rows)
    )  # fmt: skip
    slug = model_slug(evil)
    leads = (
        TaskLead("org-1/model-1", evil, slug, "2026-06-01", "2026-06-30", 80.5, None),
        TaskLead(evil, evil, slug, "2026-07-01", None, 90.5, 1.25),
    )
    trained = tuple(
        TaskTraining(evil, slug, kind, evil if kind == "base" else None)
        for kind in ("itself", "base", "sibling")
    )
    yield Task(info, LAST, ("test",), ("de", "<en>"), rows, leads, trained, 2, True)
    bare = TaskInfo(
        "Task1", "task1", "STS", "accuracy", True, ("zho-Hant",), (), ("text",), None, None,
        None, ("test",), ("default",), (), None, (board,), "mteb <2>",
    )  # fmt: skip
    yield Task(bare, LAST, ("test",), ("default",), (), (), (), 1, False)


def fake_suspects() -> tuple[SuspectScore, ...]:
    """Some findings on a task, more of one rule than its page shows, and one on an unknown task."""
    evil = HOSTILE[0]

    def finding(rule: str, task: str, model: str, subset: str) -> SuspectScore:
        return SuspectScore(
            rule=rule, task=task, model=model, split="<test>" if subset else "", subset=subset,
            value=51.5, expected=50.0, reason="MRR@1 is <b>", reason_zh="MRR@1 为 <b>",
            path=f"results/<{model}>/{task}.json", mteb_version="<2>", since=FIRST,
            commit="0123456789abcdef", url="javascript:alert(9)",
            source="https://example.org/<1>" if rule == "evaluator" else None, content_id=1,
            model_now=model, cells=(),
        )  # fmt: skip

    many = (finding("mrr-at-1", "<Task>", evil, f"<{number}>") for number in range(30))
    return (
        finding("evaluator", "<Task>", "org-1/model-1", ""),
        *many,
        finding("dataset-revision", "<gone>", "<lost>/model", ""),
    )


def fake_contamination(board: Leaderboard) -> Contamination:
    """Every kind of exposure; the last task is one on which nobody declares training."""
    tasks = ("<Task>", "Task1", "Clean")
    kinds = [
        (EXPOSURES[n % 5], EXPOSURES[(n + 1) % 3] if n % 5 != 4 else "undeclared",
         "undeclared" if n % 5 == 4 else "none")
        for n in range(len(board.rows))
    ]  # fmt: skip
    rows = tuple(
        ExposedRow(
            rank=row.rank, model=row.model, model_now=row.model_now or row.model, label=row.label,
            slug=row.slug, declares_training=own[0] != "undeclared", n_itself=own.count("itself"),
            n_base=own.count("base"), n_sibling=own.count("sibling"), n_none=own.count("none"),
            n_undeclared=own.count("undeclared"), mean_task=row.mean_task,
            mean_untrained=None if own[2] == "undeclared" else 55.5, n_untrained=own.count("none"),
            untrained_share=50.0, rank_untrained=None if own[2] == "undeclared" else 1,
            exposures=own,
        )
        for row, own in zip(board.rows, kinds, strict=True)
    )  # fmt: skip
    cells = tuple(
        ExposedCell(
            row.model_now, task, kind, "<base>/model" if kind == "base" else None,
            None if kind == "undeclared" else "https://example.org/<card>"
            if kind == "sibling" else f"mteb <2>: training_datasets of {row.model_now}",
        )
        for row in rows
        for task, kind in zip(tasks, row.exposures, strict=True)
    )  # fmt: skip
    return Contamination(board.edition, LAST, "mteb <2>", tasks, rows, cells, True)
