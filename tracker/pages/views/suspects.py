"""Contexts of suspect scores, from the findings of the catalog."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.answers.common import Bilingual
from tracker.answers.frames import frame_of
from tracker.answers.health import SuspectScore
from tracker.errors import NoDataError, SourceError
from tracker.exports.frames import frame_csv
from tracker.pages.contexts import (
    SuspectGroup,
    SuspectLine,
    SuspectList,
    SuspectsPage,
    SuspectTask,
)
from tracker.pages.views.boards import page
from tracker.pages.views.catalog_protocol import CatalogReader
from tracker.ranking.suspect_rules import OF_SCORES, RULES

SUSPECTS = "suspects/"
CSV = f"{SUSPECTS}suspects.csv"
_SHOWN = 25
"""Findings on the page of a task or model."""
_EXAMPLES = 25
"""Tasks of a rule that have an example."""


@dataclass(frozen=True)
class Suspects:
    """The findings of a site, looked up for each of its pages."""

    found: tuple[SuspectScore, ...] = ()
    is_known: bool = False
    slugs: Mapping[str, str] = field(default_factory=dict)
    """Slugs of the models that have a page, by present public id."""
    by_task: Mapping[str, SuspectList] = field(default_factory=dict)
    by_model: Mapping[str, SuspectList] = field(default_factory=dict)
    """By present public id."""


def read_site_suspects(catalog: CatalogReader, slugs: Mapping[str, str]) -> Suspects:
    """Read the findings of today; none where the catalog or the clone has no result files."""
    try:
        found = catalog.lint_list()
    except (NoDataError, SourceError):
        return Suspects()
    return Suspects(
        found,
        True,
        slugs,
        _lists(found, [one.task for one in found], slugs),
        _lists(found, [one.model_now for one in found], slugs),
    )


def _lists(
    found: Sequence[SuspectScore], keys: Sequence[str], slugs: Mapping[str, str]
) -> dict[str, SuspectList]:
    grouped: dict[str, list[SuspectScore]] = defaultdict(list)
    for key, one in zip(keys, found, strict=True):
        grouped[key].append(one)
    return {key: _list(some, slugs) for key, some in grouped.items()}


def _list(found: Sequence[SuspectScore], slugs: Mapping[str, str]) -> SuspectList:
    """The findings of a task or model, those of rare rules first."""
    order: dict[str, int] = {rule: number for number, rule in enumerate(RULES)}
    sizes: dict[str, int] = defaultdict(int)
    for one in found:
        sizes[one.rule] += 1
    ordered = sorted(found, key=lambda one: (sizes[one.rule], order[one.rule]))
    models = sorted({one.model_now for one in found if one.rule in OF_SCORES})
    lines = tuple(_line(one, slugs) for one in ordered[:_SHOWN])
    return SuspectList(lines, len(found), tuple(models))


def _line(one: SuspectScore, slugs: Mapping[str, str]) -> SuspectLine:
    return SuspectLine(
        one.rule,
        one.task,
        one.model_now,
        slugs.get(one.model_now),
        " · ".join(part for part in (one.split, one.subset) if part and part != "default"),
        Bilingual(one.reason, one.reason_zh),
        one.path,
        one.commit,
        one.url,
        one.source,
    )


def suspects_page(suspects: Suspects, task_slugs: Mapping[str, str]) -> SuspectsPage:
    """Build the page of all findings."""
    found = suspects.found
    return SuspectsPage(
        page("suspects/", "suspects"),
        tuple(_groups(suspects, task_slugs)),
        len(found),
        len({one.path for one in found}),
        len({one.model_now for one in found}),
        suspects.is_known,
        CSV,
    )


def suspects_csv(suspects: Suspects) -> bytes:
    """All findings as CSV, with the columns of ``tracker lint``."""
    return frame_csv(frame_of("lint", suspects.found))


def _groups(suspects: Suspects, task_slugs: Mapping[str, str]) -> Iterable[SuspectGroup]:
    by_rule: dict[str, dict[str, list[SuspectScore]]] = {rule: defaultdict(list) for rule in RULES}
    for one in suspects.found:
        by_rule[one.rule][one.task].append(one)
    for rule, by_task in by_rule.items():
        ordered = sorted(by_task.items(), key=lambda of: (-len(of[1]), of[0]))
        tasks = tuple(
            SuspectTask(
                task,
                task_slugs.get(task),
                len(some),
                len({one.model_now for one in some}),
                _line(some[0], suspects.slugs) if place < _EXAMPLES else None,
            )
            for place, (task, some) in enumerate(ordered)
        )
        if tasks:
            yield SuspectGroup(rule, sum(task.n for task in tasks), tasks)
