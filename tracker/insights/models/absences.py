"""Sentences for the reasons why a model is not on a board, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.answers.boards import LeaderboardRow
from tracker.answers.common import Bilingual
from tracker.answers.history import Absence

_SHOWN = 5
"""Most tasks that a sentence names."""


def renamed_by_commit(move: Any, present: str) -> Absence:
    """All result files moved to another name; ``move`` is a row of ``stored_moves``."""
    return Absence(
        "renamed",
        Bilingual(
            f"{move.old} is {move.new} since {move.at[:10]}.",
            f"{move.old} 自 {move.at[:10]} 起改名为 {move.new}。",
        ),
        _ask_for(present),
        move.at,
        move.commit,
        move.url,
        move.message,
    )


def renamed_by_relation(former: str, present: str, relation: Any | None) -> Absence:
    """A curated relation says that the name changed; a row of ``queries.relations``."""
    en, zh = (relation.reason_en, relation.reason_zh) if relation else ("", "")
    return Absence(
        "renamed",
        Bilingual(f"{former} is {present} now. {en}".strip(), f"{former} 现名 {present}。{zh}"),
        _ask_for(present),
        relation.since if relation else None,
        None,
        relation.source if relation else None,
    )


def _ask_for(present: str) -> Bilingual:
    return Bilingual(f"ask for {present}", f"改查 {present}")


def listed(row: LeaderboardRow, n_ranked: int) -> Absence:
    """The model is on the board."""
    n, total = row.n_tasks, row.n_tasks_total
    rank = f"rank {row.rank} of {n_ranked}" if row.rank else "without a rank"
    rank_zh = f"第 {row.rank} 名（共 {n_ranked} 个）" if row.rank else "未参与排名"
    results = f", with results for {n} of {total} tasks" if n is not None else ""
    results_zh = f"，{total} 个任务中有 {n} 个有成绩" if n is not None else ""
    return Absence(
        "listed",
        Bilingual(f"It is listed: {rank}{results}.", f"它在榜上：{rank_zh}{results_zh}。"),
        None,
        row.since,
    )


def tasks_unavailable(tasks: tuple[str, ...]) -> Absence:
    """The recorded copy of the results lacks the files of some tasks."""
    names = ", ".join(tasks)
    return Absence(
        "tasks_missing",
        Bilingual(
            f"The recorded copy of the results lacks the files of {names};"
            " every model lacks this score here.",
            f"本地的结果副本缺少 {names} 的文件，所有模型都没有该项成绩。",
        ),
        Bilingual("run: tracker fetch result-files", "运行：tracker fetch result-files"),
        tasks=tasks,
    )


def tasks_missing(tasks: tuple[str, ...]) -> Absence:
    """A listed model lacks whole scores."""
    shown = ", ".join(tasks[:_SHOWN]) + (" …" if len(tasks) > _SHOWN else "")
    return Absence(
        "tasks_missing",
        Bilingual(
            f"It lacks a whole score on {len(tasks)} tasks: {shown}",
            f"它在 {len(tasks)} 个任务上缺少完整成绩：{shown}",
        ),
        Bilingual("these tasks have to be run", "需补跑这些任务"),
        tasks=tasks,
    )


def no_whole_score(tasks: tuple[str, ...]) -> Absence:
    """A model has files for tasks of the board, and no whole score."""
    return Absence(
        "tasks_missing",
        Bilingual(
            f"It has files for {len(tasks)} tasks of the board, and none of them has a score"
            " for each language and split that counts.",
            f"榜单任务中有 {len(tasks)} 个有结果文件，但都未覆盖计分所需的全部语言与数据划分。",
        ),
        Bilingual("the tasks have to be run in full", "需完整运行这些任务"),
        tasks=tasks,
    )


def impossible_scores(found: Sequence[tuple[str, float]]) -> Absence:
    """Scores outside of their metric's range, by task."""
    values = ", ".join(f"{task} {score:g}" for task, score in found)
    return Absence(
        "impossible_score",
        Bilingual(
            f"The score is outside of its metric's range, so that it does not count: {values}.",
            f"得分超出该指标的取值范围，不予计入：{values}。",
        ),
        Bilingual(
            "the file in the results repository has to be corrected", "需在结果仓库中更正相应文件"
        ),
        tasks=tuple(dict.fromkeys(task for task, _ in found)),
    )


def files_removed(at: str, n_tasks: int, commit: Any | None) -> Absence:
    """All result files were removed; ``commit`` is a row with ``commit, url, message``."""
    message = commit.message if commit else None
    reason = f": “{message}”" if message else ""
    reason_zh = f"（提交说明：{message}）" if message else ""
    return Absence(
        "files_removed",
        Bilingual(
            f"Its result files of {n_tasks} tasks were removed on {at[:10]}{reason}.",
            f"它在 {n_tasks} 个任务上的结果文件已于 {at[:10]} 被移除{reason_zh}。",
        ),
        Bilingual(
            "the results have to be submitted again, with an implementation of the model",
            "需重新提交结果，并在 mteb 中提供模型实现",
        ),
        at,
        commit.commit if commit else None,
        commit.url if commit else None,
        message,
    )


def not_yet(first: str) -> Absence:
    """The first result came later."""
    return Absence(
        "not_yet",
        Bilingual(
            f"Its first result on this board came on {first[:10]}.",
            f"它在该榜的首个成绩于 {first[:10]} 提交。",
        ),
        Bilingual(f"ask for {first[:10]} or later", f"请查询 {first[:10]} 及以后的日期"),
        first,
    )


def not_registered(n_tasks: int, version: str, near: str | None) -> Absence:
    """No model of the registry has the name of the results."""
    hint = f"; {near} may be the same" if near else ""
    hint_zh = f"，可能对应 {near}" if near else ""
    return Absence(
        "not_registered",
        Bilingual(
            f"The results repository has files of it for {n_tasks} tasks of the board, but the"
            f" registry of mteb {version} has no model of this name{hint}.",
            f"结果仓库中有它在 {n_tasks} 个任务上的文件，但 mteb {version} 的登记表里没有这个名称"
            f"{hint_zh}。",
        ),
        Bilingual(
            "the model has to be added to mteb, or its new name to db/curated/relations.yaml",
            "需在 mteb 中登记该模型，或在 db/curated/relations.yaml 中写明新名称",
        ),
    )


def no_results(name: str) -> Absence:
    """The model never had a result for the board."""
    return Absence(
        "no_results",
        Bilingual(
            f"The results repository never had a file of {name} for a task of this board.",
            f"结果仓库中从未有过 {name} 在该榜任务上的文件。",
        ),
        Bilingual("its results have to be submitted", "需提交它的结果"),
    )


def never_listed(name: str) -> Absence:
    """No known state of the board has the model."""
    return Absence(
        "no_results",
        Bilingual(f"{name} was never on this board.", f"{name} 从未出现在该榜。"),
        None,
    )


def copy_of(original: str) -> Absence:
    """The model counts as a copy of another one."""
    return Absence(
        "copy",
        Bilingual(
            f"It counts as a copy of {original}, which stands for both.",
            f"它被视为 {original} 的副本，由后者代表。",
        ),
        Bilingual("ask with --all-rows on the archived boards", "在旧榜上可用 --all-rows 查看"),
    )


def on_another_edition(edition: str, rank: int | None) -> Absence:
    """Another edition of the series lists the model."""
    return Absence(
        "another_edition",
        Bilingual(
            f"It is on {edition}, another edition of the series"
            + (f", at rank {rank}." if rank else "."),
            f"它在同一系列的另一版榜单 {edition} 上" + (f"，第 {rank} 名。" if rank else "。"),
        ),
        Bilingual(f'ask for "{edition}"', f"改查 “{edition}”"),
    )
