"""Contexts of model pages and of the model index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.answers.boards import MAIN_SERIES, EditionInfo
from tracker.answers.common import Bilingual
from tracker.answers.history import Change, HistoryPoint, Why
from tracker.answers.lineage import Lineage, Relative
from tracker.answers.methods import Paper
from tracker.answers.models import Claim, Model, ModelStanding
from tracker.pages.contexts import (
    Absence,
    Descendants,
    EditionHistory,
    Family,
    FormerStanding,
    LastChange,
    ModelEntry,
    ModelGroup,
    ModelPage,
    ModelsPage,
    Page,
    SuspectList,
    TrainedTasks,
)
from tracker.pages.language.filters import plain
from tracker.pages.language.texts import bilingual
from tracker.pages.views.boards import board_path, model_path, page
from tracker.pages.views.citation import bibtex
from tracker.pages.views.facts import fact_groups, metadata_value
from tracker.pages.views.feeds import organisation_stem
from tracker.pages.views.profiles import Profiles
from tracker.pages.views.rank_lines import rank_line
from tracker.pages.views.tasks import of_tasks

Editions = Mapping[str, EditionInfo]
"""Editions by name."""

SHOWN_POINTS = 10
"""History points per edition on a page."""

MOST_LINES = 3
"""Histories that are drawn; the boards that matter most come first."""

KINDS = ("derived", "merged", "adapter", "quantised", "converted", "reupload")
"""Ways in which a model is made of another one, in the order of a page."""

SHOWN_CLAIMS = 12
"""Self-reported scores on a page."""


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _released(model: Model) -> str | None:
    value = metadata_value(model, "release_date")
    return str(value) if value else None


def models_page(
    models: Sequence[Model], editions: Editions, changed: Container[str] = ()
) -> ModelsPage:
    """Build the index of all models, by organisation; those of ``changed`` have a feed."""
    by_organisation: dict[Bilingual, list[ModelEntry]] = defaultdict(list)
    for model in models:
        entry = ModelEntry(
            model=model.name,
            slug=model.slug,
            parameters=_whole(metadata_value(model, "parameters")),
            released=_released(model),
            best=_best(model.standings, editions),
            n_boards=len(model.standings),
        )
        by_organisation[_publisher(model)].append(entry)
    groups = tuple(
        ModelGroup(
            name,
            tuple(sorted({e.model.partition("/")[0] for e in entries} - {name.en})),
            tuple(sorted(entries, key=lambda entry: entry.model.casefold())),
            organisation_stem(name) if any(e.model in changed for e in entries) else "",
        )
        for name, entries in sorted(
            by_organisation.items(), key=lambda item: (item[0].en.casefold(), item[0].en)
        )
    )
    return ModelsPage(page("models/", "models"), groups, len(models))


def publishers(models: Iterable[Model]) -> dict[str, Bilingual]:
    """Return the organisation of each model by the model's name."""
    return {model.name: _publisher(model) for model in models}


def _publisher(model: Model) -> Bilingual:
    """Return the name of the organisation, or the account where it has no entry."""
    return model.publisher or Bilingual(model.organisation, model.organisation)


def _best(standings: Iterable[ModelStanding], editions: Editions) -> ModelStanding | None:
    listed = [
        standing
        for standing in standings
        if standing.rank is not None and not standing.partial and _is_present(standing, editions)
    ]
    leading = [standing for standing in listed if standing.series in MAIN_SERIES]
    return min(leading or listed, key=lambda one: (one.rank or 0, one.edition), default=None)


@dataclass(frozen=True, slots=True)
class ModelAnswers:
    """Catalog answers about all models, looked up for each model page."""

    editions: Editions
    history: Mapping[str, Sequence[HistoryPoint]]
    """History points by model name."""
    claims: Mapping[str, Sequence[Claim]]
    """By model name."""
    profiles: Profiles
    left: Mapping[tuple[str, str], Change]
    """The change that removed a model, by model and edition name."""
    papers: Mapping[str, Paper]
    """By arXiv id."""
    absences: Mapping[str, Sequence[Why]]
    """Leading boards that do not list a model, with reasons, by model name."""
    task_slugs: Mapping[str, str]
    """Slugs of the tasks that have a page, by name."""
    lineages: Mapping[str, Lineage] = field(default_factory=dict)
    """By the name of each model that has relatives."""
    suspects: Mapping[str, SuspectList] = field(default_factory=dict)
    """Findings by model name."""


def model_page(model: Model, answers: ModelAnswers) -> ModelPage:
    """Build the page of one model."""
    path, editions = model_path(model.slug), answers.editions
    standings = sorted(model.standings, key=lambda one: _standing_order(one, editions))
    present = tuple(one for one in standings if _is_present(one, editions))
    history, claims = answers.history.get(model.name, ()), answers.claims.get(model.name, ())
    name = plain(model.name)
    about = bilingual("model.about")
    papers = (answers.papers.get(link.arxiv_id) for link in model.papers)
    trained = tuple(_trained_tasks(model, present, editions))
    named = {claim.task for claim in claims[:SHOWN_CLAIMS]}.union(*(one.tasks for one in trained))
    return ModelPage(
        page=Page(
            path, Bilingual(name, name), Bilingual(f"{name}: {about.en}", f"{name}：{about.zh}")
        ),
        model=model.name,
        slug=model.slug,
        organisation=_publisher(model),
        links=model.links,
        first_seen_at=model.first_seen_at,
        parameters=_whole(metadata_value(model, "parameters")),
        released=_released(model),
        standings=tuple(one for one in present if not one.partial),
        partial=tuple(one for one in present if one.partial),
        absences=tuple(_absences(answers.absences.get(model.name, ()), editions)),
        former=tuple(_former(model, one, answers) for one in standings if one not in present),
        profiles=answers.profiles.get(model.name, ()),
        trained_tasks=trained,
        last_change=_last_change(history, standings),
        histories=tuple(_histories(standings, history)),
        facts=fact_groups(model.facts),
        metadata=model.metadata,
        papers=model.papers,
        no_paper=model.no_paper,
        related=model.related,
        claims=tuple(claims[:SHOWN_CLAIMS]),
        task_slugs=of_tasks(answers.task_slugs, sorted(named)),
        n_claims=len(claims),
        bibtex=tuple(bibtex(paper) for paper in papers if paper),
        suspects=answers.suspects.get(model.name, SuspectList((), 0)),
        json_path=f"{path}{model.slug}.json",
        family=family(answers.lineages.get(model.name)),
    )


def family(lineage: Lineage | None) -> Family | None:
    """Group the descendants of a model by how they were made."""
    if lineage is None or not lineage.relatives:
        return None
    by_kind: dict[str, list[Relative]] = defaultdict(list)
    for relative in lineage.descendants:
        by_kind[relative.kind].append(relative)
    groups = (Descendants(kind, tuple(by_kind[kind])) for kind in KINDS if by_kind[kind])
    return Family(lineage.ancestors, tuple(groups), lineage.inherited)


def _former(model: Model, standing: ModelStanding, answers: ModelAnswers) -> FormerStanding:
    edition = answers.editions.get(standing.edition_slug)
    left = None if standing.listed else answers.left.get((model.name, standing.edition))
    return FormerStanding(standing, bool(edition and edition.archived), left)


def _trained_tasks(
    model: Model, standings: Iterable[ModelStanding], editions: Editions
) -> Iterator[TrainedTasks]:
    """Yield the tasks of current leading boards that a model declares as training data."""
    declared = metadata_value(model, "training_datasets")
    names = {str(name) for name in declared} if isinstance(declared, list) else set()
    for standing in standings:
        edition = editions.get(standing.edition_slug)
        if edition and edition.series in MAIN_SERIES:
            tasks = tuple(sorted(names.intersection(edition.tasks)))
            if tasks:
                yield TrainedTasks(edition.title, board_path(edition), tasks, edition.n_tasks)


def _last_change(
    history: Sequence[HistoryPoint], standings: Sequence[ModelStanding]
) -> LastChange | None:
    """Return the latest change; of several at one moment, that of the first board."""
    newest = {point.edition_slug: point.from_at for point in history}
    known = [standing for standing in standings if standing.edition_slug in newest]
    if not known:
        return None
    last = max(known, key=lambda standing: newest[standing.edition_slug])
    return LastChange(newest[last.edition_slug], last.title, f"boards/{last.edition_slug}/")


def _is_present(standing: ModelStanding, editions: Editions) -> bool:
    """Whether a model is still listed on a board that is still updated."""
    edition = editions.get(standing.edition_slug)
    return standing.listed and not (edition and edition.archived)


def _standing_order(
    standing: ModelStanding, editions: Editions
) -> tuple[int, bool, bool, float, str]:
    """Sort key: leading series first, then boards with all results, then the best relative rank."""
    series, edition = standing.series, editions.get(standing.edition_slug)
    place = MAIN_SERIES.index(series) if series in MAIN_SERIES else len(MAIN_SERIES)
    current = bool(edition and edition.current)
    share = standing.rank / max(standing.n_ranked, 1) if standing.rank is not None else 2.0
    complete = standing.n_tasks is None or standing.n_tasks >= standing.n_tasks_total
    return place, not current, not complete, share, standing.edition


def _absences(whys: Sequence[Why], editions: Editions) -> Iterator[Absence]:
    """Yield the boards that do not list a model, with reasons."""
    by_name = {edition.name: edition for edition in editions.values() if edition.current}
    for why in whys:
        edition = by_name.get(why.board)
        if edition is not None:
            yield Absence(edition.title, board_path(edition), why)


def _histories(
    standings: Iterable[ModelStanding], history: Sequence[HistoryPoint]
) -> Iterable[EditionHistory]:
    by_edition: dict[str, list[HistoryPoint]] = defaultdict(list)
    for point in history:
        by_edition[point.edition_slug].append(point)
    drawn = 0
    for standing in standings:
        points = by_edition.get(standing.edition_slug, [])
        # A single point adds nothing to the table of ranks.
        if len(points) > 1:
            shown = condensed(points)
            line = rank_line(points, standing.last_at) if drawn < MOST_LINES else None
            drawn += line is not None
            yield EditionHistory(standing, tuple(reversed(shown)), len(points) - len(shown), line)


def condensed(points: Sequence[HistoryPoint], most: int = SHOWN_POINTS) -> list[HistoryPoint]:
    """Select at most ``most`` points: both ends, best rank, changed scores, then the newest."""
    if len(points) <= most:
        return list(points)
    ranked = [(point.rank, i) for i, point in enumerate(points) if point.rank is not None]
    by_priority = [0, len(points) - 1, *(i for _, i in sorted(ranked)[:1])]
    by_priority += [
        i for i in range(len(points) - 1, 0, -1) if points[i].mean_task != points[i - 1].mean_task
    ]
    by_priority += range(len(points) - 1, -1, -1)
    keep = sorted(list(dict.fromkeys(by_priority))[:most])
    return [points[i] for i in keep]


def history_by_model(
    histories: Iterable[tuple[str, tuple[HistoryPoint, ...]]],
) -> Mapping[str, tuple[HistoryPoint, ...]]:
    """Return the history of every model by its name."""
    return dict(histories)
