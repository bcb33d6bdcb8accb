"""Suspect scores in the result files of a moment, each with file, commit and reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache

from tracker.answers.health import SuspectScore
from tracker.catalog.identity.originals import present_names
from tracker.catalog.results.queries import ScoreFile, main_scores
from tracker.catalog.results.scans import scan_files
from tracker.common.text import did_you_mean
from tracker.errors import UsageError
from tracker.insights.health.suspect_files import (
    files_at,
    folders_of,
    read_rule_book,
    suspect,
)
from tracker.insights.health.suspect_groups import compared_suspects
from tracker.insights.health.suspect_words import evaluator_reason, file_reason
from tracker.insights.models.names import find_model
from tracker.insights.reader import Reader
from tracker.insights.tasks.infos import find_info
from tracker.ranking.suspect_rules import RULES, Rule

_ORDER: dict[str, int] = {rule: number for number, rule in enumerate(RULES)}


def read_suspects(
    reader: Reader,
    at: str,
    *,
    tasks: Collection[str] | None = None,
    model: str | None = None,
    rule: str | None = None,
) -> tuple[SuspectScore, ...]:
    """Read the suspect scores of the files that stood at a moment, by task and file.

    Args:
        reader: The open catalog.
        at: The moment.
        tasks: Only these tasks, by name or slug.
        model: Only this model, under any of its names.
        rule: Only findings of these rules, separated by commas.

    Raises:
        NotFoundError: There is no such task or model.
        UsageError: There is no such rule.
        NoDataError: The catalog has no result files.
        SourceError: The clone cannot be read.
    """
    rules = _rules(rule)
    wanted = None if model is None else find_model(reader, model).name
    names = None if tasks is None else {find_info(reader, task).name for task in tasks}
    present = present_names(reader.connection)
    files = [
        file
        for file in files_at(reader, at)
        if (names is None or file.task in names)
        and (wanted is None or present.get(file.model, file.model) == wanted)
    ]
    found = [*_of_files(reader, files, rules)]
    if rules & {"equal", "siblings", "dataset-revision"}:
        paths = {file.path for file in files}
        found += (
            one for one in compared_suspects(reader, at) if one.rule in rules and one.path in paths
        )
    found.sort(key=lambda one: (one.task, one.path, _ORDER[one.rule], one.split, one.subset))
    return tuple(
        replace(one, model_now=present[one.model]) if one.model in present else one for one in found
    )


def _rules(text: str | None) -> set[Rule]:
    if text is None:
        return set(RULES)
    asked = {name.strip() for name in text.split(",")} - {""}
    for name in sorted(asked - set(RULES)):
        raise UsageError(f"no rule {name!r}", remedy=did_you_mean(name, RULES))
    return {rule for rule in RULES if rule in asked}


def _of_files(
    reader: Reader, files: Collection[ScoreFile], rules: Collection[Rule]
) -> Iterator[SuspectScore]:
    """Yield what single files show."""
    book = read_rule_book(reader)
    error_of, holds = cache(book.evaluator_error), cache(book.applies)
    if "evaluator" in rules:
        for file in files:
            if (error := error_of(file.task, file.mteb_version)) is not None:
                reason = evaluator_reason(file.mteb_version, error)
                yield suspect("evaluator", file, reason, source=error.source)
    asked = {"mrr-at-1", "main-score", "out-of-range"} & set(rules)
    if asked:
        metrics = main_scores(reader.connection)
        folders = folders_of(reader)
        scanned = scan_files(files, metrics, folders.results, folders.scans)
        for file, found in zip(files, scanned, strict=True):
            for one in found:
                if one.rule in asked and holds(one.rule, file.task):
                    yield suspect(
                        one.rule, file, file_reason(one), one.split, one.subset,
                        value=one.value * 100,
                        expected=None if one.expected is None else one.expected * 100,
                    )  # fmt: skip
