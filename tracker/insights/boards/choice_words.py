"""The words of a choice: why a model dropped out, and what the others were ranked by."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from typing import Any

from tracker.answers.choices import DropReason
from tracker.answers.common import Bilingual
from tracker.common.languages import language_name

UNMET: Mapping[str, Bilingual] = {
    "max_parameters": Bilingual("{value} parameters", "参数量 {value}"),
    "max_memory": Bilingual("needs {value} of memory", "需要 {value} 内存"),
    "min_context": Bilingual("inputs of at most {value} tokens", "输入最多 {value} 个 token"),
    "open_weights": Bilingual("weights are not open", "权重不开放"),
    "licence": Bilingual("licence {value}", "许可证为 {value}"),
    "commercial": Bilingual(
        "licence {value} is not on the list of those for commercial use",
        "许可证 {value} 不在允许商用的清单中",
    ),
    "organisation": Bilingual("of {value}", "属于 {value}"),
    "untrained_only": Bilingual(
        "declared training data cover some of the tasks", "声明的训练数据包含部分任务"
    ),
    "no_instructions": Bilingual("needs instructions", "需要指令"),
    "pooling": Bilingual("pooling {value}", "池化方式为 {value}"),
    "base": Bilingual("base model {value}", "基座模型为 {value}"),
    "released_since": Bilingual("released {value}", "发布于 {value}"),
}
"""Why a model with a known value does not meet a condition."""

UNKNOWN: Mapping[str, Bilingual] = {
    "max_parameters": Bilingual("number of parameters unknown", "参数量未知"),
    "max_memory": Bilingual("memory unknown", "内存占用未知"),
    "min_context": Bilingual("longest input unknown", "最长输入未知"),
    "open_weights": Bilingual("unknown whether weights are open", "权重是否开放未知"),
    "licence": Bilingual("licence unknown", "许可证未知"),
    "commercial": Bilingual("licence unknown", "许可证未知"),
    "organisation": Bilingual("organisation unknown", "所属机构未知"),
    "untrained_only": Bilingual("training data not declared", "未声明训练数据"),
    "no_instructions": Bilingual("unknown whether it needs instructions", "是否需要指令未知"),
    "pooling": Bilingual("pooling not documented", "池化方式无记载"),
    "base": Bilingual("base model not documented", "基座模型无记载"),
    "released_since": Bilingual("date of release unknown", "发布日期未知"),
}
"""Why a model without a known value does not meet a condition."""

PARTIAL = Bilingual(
    "{n} of {total} tasks; incomplete: {types}", "{total} 项任务中有 {n} 项；不完整：{types}"
)
PARTIAL_IN = Bilingual(
    "{n} of {total} tasks in {language}; incomplete: {types}",
    "{language}：{total} 项任务中有 {n} 项；不完整：{types}",
)
UNCOUNTED = Bilingual("lacks tasks of: {types}", "缺少任务：{types}")

_SENTENCES = {
    "equal": Bilingual(
        "Ranked by the mean of {types}{languages} on {board}, {day}: {each} counts with the mean"
        " over its tasks, and only models with all of these tasks are ranked.{left_out}",
        "在 {board}（{day}）上按{types}{languages}的平均分排名：{each}取其各项任务的平均分；"
        "只有这些任务全部有成绩的模型才参与排名。{left_out}",
    ),
    "weighted": Bilingual(
        "Ranked by the weighted mean of {types}{languages} on {board}, {day}: {each} counts with"
        " the mean over its tasks, and only models with all of these tasks are ranked.{left_out}",
        "在 {board}（{day}）上按{types}{languages}的加权平均分排名：{each}取其各项任务的平均分；"
        "只有这些任务全部有成绩的模型才参与排名。{left_out}",
    ),
}
_LEFT_OUT = Bilingual(
    " Left out, because no model has all its tasks: {types}.",
    "未计入（没有模型完成其全部任务）：{types}。",
)

_IN_LANGUAGES = Bilingual("in {languages}", "（{languages}）")
_TIMES = Bilingual("{name} × {weight}", "{name}×{weight}")


def page_words() -> dict[str, Bilingual]:
    """All templates by name, for the page of choices."""
    return (
        {f"unmet.{name}": text for name, text in UNMET.items()}
        | {f"unknown.{name}": text for name, text in UNKNOWN.items()}
        | {f"sentence.{name}": text for name, text in _SENTENCES.items()}
        | {"partial": PARTIAL, "partial_in": PARTIAL_IN, "uncounted": UNCOUNTED}
        | {"left_out": _LEFT_OUT, "in_languages": _IN_LANGUAGES, "times": _TIMES}
    )


def count_text(count: float) -> str:
    """A number of parameters: ``7.57B``, ``335M``.

    Halves are rounded up, as the page does.
    """
    if count >= 1e9:
        return f"{floor(count / 1e7 + 0.5) / 100:g}B"
    return f"{floor(count / 1e6 + 0.5)}M"


def memory_text(megabytes: float) -> str:
    """An amount of memory in gigabytes of 2^30 bytes: ``1.25 GB``."""
    return f"{floor(megabytes / 1024 * 100 + 0.5) / 100:g} GB"


def value_text(condition: str, value: Any) -> str:
    """The value of a model that a condition compares, as a text for both languages."""
    if condition == "max_parameters":
        return count_text(value)
    if condition == "max_memory":
        return memory_text(value)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def condition_reason(condition: str, value: Any, *, met: bool | None) -> DropReason:
    """Why a model does not meet a condition.

    Args:
        condition: Its name.
        value: The value of the model that a reader should see.
        met: ``False``, or ``None`` where the value is unknown.
    """
    if met is None:
        return DropReason(condition, "unknown", UNKNOWN[condition])
    text = UNMET[condition]
    shown = value_text(condition, value)
    return DropReason(condition, "unmet", _filled(text, value=(shown, shown)))


def partial_reason(
    types: list[str], language: str | None, n_tasks: int | None, total: int
) -> DropReason:
    """Why a model without all tasks is not ranked.

    Args:
        types: The types that lack a score.
        language: The language in which they do.
        n_tasks: Number of tasks with a score, of all types; ``None`` where it is not known.
        total: Number of tasks.
    """
    template = PARTIAL if language is None else PARTIAL_IN
    template = UNCOUNTED if n_tasks is None else template
    names = ("", "") if language is None else _names(language)
    text = _filled(
        template,
        types=(", ".join(types), "、".join(types)),
        n=(str(n_tasks), str(n_tasks)),
        total=(str(total), str(total)),
        language=names,
    )
    return DropReason("tasks", "partial", text)


def explanation(
    board: Bilingual,
    day: str,
    types: Mapping[str, float],
    languages: Mapping[str, float],
    left_out: tuple[str, ...],
) -> Bilingual:
    """What models were ranked by, in one sentence (a second one names types that are left out)."""
    weights = [*types.values(), *languages.values()]
    rule = _SENTENCES["weighted" if len(set(weights)) > 1 else "equal"]
    several = len(types) > 1
    spoken = {name: _names(name) for name in languages}
    no_text = Bilingual("", "")
    left = _filled(_LEFT_OUT, types=(", ".join(left_out), "、".join(left_out)))
    left = left if left_out else no_text
    names_en = _weighted({spoken[name][0]: w for name, w in languages.items()}, ", ", " × ")
    names_zh = _weighted({spoken[name][1]: w for name, w in languages.items()}, "、", "×")
    return _filled(
        rule,
        types=(_weighted(types, ", ", " × "), _weighted(types, "、", "×")),
        languages=(f" in {names_en}" if languages else "", f"（{names_zh}）" if languages else ""),
        board=(board.en, board.zh),
        day=(day, day),
        each=("each type", "每类") if several else ("the type", "该类"),
        left_out=(left.en, left.zh),
    )


def _weighted(weights: Mapping[str, float], comma: str, times: str) -> str:
    equal = len(set(weights.values())) < 2
    return comma.join(
        name if equal else f"{name}{times}{weight:g}" for name, weight in weights.items()
    )


def _names(language: str) -> tuple[str, str]:
    return language_name(language, "en"), language_name(language, "zh")


def _filled(text: Bilingual, **values: tuple[str, str]) -> Bilingual:
    return Bilingual(
        text.en.format(**{name: text for name, (text, _) in values.items()}),
        text.zh.format(**{name: text for name, (_, text) in values.items()}),
    )
