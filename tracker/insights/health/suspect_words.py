"""Reasons of suspect scores in both languages; neutral, and with the numbers they rest on."""

from __future__ import annotations

from tracker.answers.common import Bilingual
from tracker.ranking.suspect_rules import EvaluatorError
from tracker.ranking.suspects import Suspect

_NAMED = 3
"""Siblings that are named; the others are counted."""
_COMMIT = 12
"""Digits that name a commit, unless two commits begin alike."""


def file_reason(found: Suspect) -> Bilingual:
    """Why a value in a file is suspect."""
    value = f"{found.value * 100:.2f}"
    expected = "" if found.expected is None else f"{found.expected * 100:.2f}"
    if found.rule == "out-of-range":
        return Bilingual(
            f"main score {value} is outside of the range of {found.metric}",
            f"主分数 {value} 超出 {found.metric} 的取值范围",
        )
    if found.rule == "mrr-at-1":
        return Bilingual(
            f"MRR@1 is {value} and precision@1 is {expected}",
            f"MRR@1 为 {value}，precision@1 为 {expected}",
        )
    if found.equals:
        other = f"; it equals {found.equals}", f"；与 {found.equals} 相等"
    else:
        other = "; it equals no metric of the file", "；不等于文件中的任何指标"
    if found.expected is None:
        return Bilingual(
            f"main score {value}, but the file has no {found.metric}{other[0]}",
            f"主分数 {value}，但文件中没有 {found.metric}{other[1]}",
        )
    return Bilingual(
        f"main score {value}, but {found.metric} is {expected}{other[0]}",
        f"主分数 {value}，而 {found.metric} 为 {expected}{other[1]}",
    )


def evaluator_reason(version: str | None, error: EvaluatorError) -> Bilingual:
    """Why a result of an evaluator version is suspect."""
    if version is None:
        named = "a version of mteb that the file does not name", "文件未注明的 mteb 版本"
    else:
        named = f"mteb {version}", f" mteb {version} "
    return Bilingual(
        f"computed by {named[0]}: {error.what.en}", f"由{named[1]}计算：{error.what.zh}"
    )


def equal_reason(scores: list[float], other: str) -> Bilingual:
    """Why scores that another model has, too, are suspect; as they are written in the files."""
    if len(scores) == 1:
        return Bilingual(
            f"main score {scores[0]!r} is that of {other} to the last digit",
            f"主分数 {scores[0]!r} 与 {other} 逐位相同",
        )
    return Bilingual(
        f"main scores of {len(scores)} subsets are those of {other} to the last digit, the first"
        f" {scores[0]!r}",
        f"{len(scores)} 个子集的主分数与 {other} 逐位相同，第一个为 {scores[0]!r}",
    )


def sibling_reason(
    score: float, gap: float, limit: float, type_: str, siblings: list[str]
) -> Bilingual:
    """Why a score that jumps is suspect; all values in percent."""
    names = ", ".join(siblings[:_NAMED])
    rest = len(siblings) - _NAMED
    more = (f" and {rest} more", f" 等 {len(siblings)} 个") if rest > 0 else ("", "")
    side = ("above", "高") if gap > 0 else ("below", "低")
    return Bilingual(
        f"{score:.2f} is {abs(gap):.1f} points {side[0]} what the nearest of {names}{more[0]} and"
        f" their usual distance suggest; 99 % of siblings are within {limit:.1f} on {type_}",
        f"{score:.2f} 比同源模型 {names}{more[1]} 中最接近者（计入平时差距后）{side[1]}"
        f" {abs(gap):.1f} 分；{type_} 任务上 99% 的同源模型相差不超过 {limit:.1f} 分",
    )


def revision_reason(revision: str, n_files: int, most: str, n_most: int, n_total: int) -> Bilingual:
    """Why a task with several dataset revisions is suspect."""
    own, other = revision[:_COMMIT], most[:_COMMIT]
    if own == other:
        own, other = revision, most
    return Bilingual(
        f"of {n_total} results that name a commit of their dataset, {n_files} name {own} and"
        f" {n_most} name {other}; this file is the first with {own}",
        f"{n_total} 份结果注明了数据集的提交，其中 {n_files} 份为 {own}，{n_most} 份为 {other}；"
        f"本文件是最早使用 {own} 的一份",
    )
