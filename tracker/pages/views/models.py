"""The contexts of the model pages and of their index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.answers.boards import EditionInfo
from tracker.answers.common import Bilingual
from tracker.answers.history import Change, HistoryPoint, Why
from tracker.answers.methods import Paper
from tracker.answers.models import Claim, Model, ModelStanding
from tracker.pages.contexts import (
    AbsenceBox,
    EditionHistory,
    FormerStanding,
    LastChange,
    ModelGroup,
    ModelLine,
    ModelPage,
    ModelsPage,
    Page,
    TouchedTasks,
)
from tracker.pages.language.filters import plain
from tracker.pages.language.texts import bilingual
from tracker.pages.views.boards import LEADING_SERIES, board_path, model_path, page
from tracker.pages.views.citation import bibtex
from tracker.pages.views.facts import fact_groups, metadata_value
from tracker.pages.views.profiles import Profiles

Editions = Mapping[str, EditionInfo]
"""Editions by name."""

SHOWN_POINTS = 10
SHOWN_CLAIMS = 12


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _released(model: Model) -> str | None:
    value = metadata_value(model, "release_date")
    return str(value) if value else None


def models_page(models: Sequence[Model], editions: Editions) -> ModelsPage:
    """The index of all models, by organisation."""
    by_organisation: dict[str, list[ModelLine]] = defaultdict(list)
    for model in models:
        line = ModelLine(
            model=model.name,
            slug=model.slug,
            parameters=_whole(metadata_value(model, "parameters")),
            released=_released(model),
            best=_best(model.standings, editions),
            n_boards=len(model.standings),
        )
        by_organisation[model.organisation].append(line)
    groups = tuple(
        ModelGroup(name, tuple(sorted(by_organisation[name], key=lambda its: its.model.casefold())))
        for name in sorted(by_organisation, key=lambda name: (name.casefold(), name))
    )
    return ModelsPage(page("models/", "models"), groups, len(models))


def _best(standings: Iterable[ModelStanding], editions: Editions) -> ModelStanding | None:
    listed = [
        its
        for its in standings
        if its.rank is not None and not its.partial and _is_present(its, editions)
    ]
    leading = [its for its in listed if its.series in LEADING_SERIES]
    return min(leading or listed, key=lambda its: (its.rank or 0, its.edition), default=None)


@dataclass(frozen=True, slots=True)
class ModelAnswers:
    """What the catalog tells of all models, for the pages of single ones."""

    editions: Editions
    history: Mapping[str, Sequence[HistoryPoint]]
    """By public id, as all that follows."""
    claims: Mapping[str, Sequence[Claim]]
    profiles: Profiles
    left: Mapping[tuple[str, str], Change]
    """Who left which edition, by its name, as far as that is told."""
    papers: Mapping[str, Paper]
    """By arXiv id."""
    absences: Mapping[str, Sequence[Why]]
    """Leading boards that do not list a model, and why."""


def model_page(model: Model, answers: ModelAnswers) -> ModelPage:
    """One model."""
    path, editions = model_path(model.slug), answers.editions
    standings = sorted(model.standings, key=lambda its: _standing_order(its, editions))
    present = tuple(its for its in standings if _is_present(its, editions))
    history, claims = answers.history.get(model.name, ()), answers.claims.get(model.name, ())
    name = plain(model.name)
    about = bilingual("model.about")
    papers = (answers.papers.get(its.arxiv_id) for its in model.papers)
    return ModelPage(
        page=Page(
            path, Bilingual(name, name), Bilingual(f"{name}: {about.en}", f"{name}：{about.zh}")
        ),
        model=model.name,
        slug=model.slug,
        organisation=model.organisation,
        links=model.links,
        first_seen_at=model.first_seen_at,
        parameters=_whole(metadata_value(model, "parameters")),
        released=_released(model),
        standings=tuple(its for its in present if not its.partial),
        partial=tuple(its for its in present if its.partial),
        absences=tuple(_absences(answers.absences.get(model.name, ()), editions)),
        former=tuple(_former(model, its, answers) for its in standings if its not in present),
        profiles=answers.profiles.get(model.name, ()),
        touched=tuple(_touched(model, present, editions)),
        last_change=_last_change(history, standings),
        histories=tuple(_histories(standings, history)),
        facts=fact_groups(model.facts),
        metadata=model.metadata,
        papers=model.papers,
        no_paper=model.no_paper,
        related=model.related,
        claims=tuple(claims[:SHOWN_CLAIMS]),
        n_claims=len(claims),
        bibtex=tuple(bibtex(paper) for paper in papers if paper),
        json_path=f"{path}{model.slug}.json",
    )


def _former(model: Model, standing: ModelStanding, answers: ModelAnswers) -> FormerStanding:
    edition = answers.editions.get(standing.edition_slug)
    left = None if standing.listed else answers.left.get((model.name, standing.edition))
    return FormerStanding(standing, bool(edition and edition.archived), left)


def _touched(
    model: Model, standings: Iterable[ModelStanding], editions: Editions
) -> Iterator[TouchedTasks]:
    """The tasks of present boards of the leading series that a model declares as training data."""
    declared = metadata_value(model, "training_datasets")
    names = {str(its) for its in declared} if isinstance(declared, list) else set()
    for standing in standings:
        edition = editions.get(standing.edition_slug)
        if edition and edition.series in LEADING_SERIES:
            tasks = tuple(sorted(names.intersection(edition.tasks)))
            if tasks:
                yield TouchedTasks(edition.title, board_path(edition), tasks, edition.n_tasks)


def _last_change(
    history: Sequence[HistoryPoint], standings: Sequence[ModelStanding]
) -> LastChange | None:
    """The newest change; of several at one moment that of the foremost board."""
    newest = {point.edition_slug: point.from_at for point in history}
    known = [its for its in standings if its.edition_slug in newest]
    if not known:
        return None
    its = max(known, key=lambda its: newest[its.edition_slug])
    return LastChange(newest[its.edition_slug], its.title, f"boards/{its.edition_slug}/")


def _is_present(standing: ModelStanding, editions: Editions) -> bool:
    """Whether a standing is of today: still listed, on a board that is still updated."""
    edition = editions.get(standing.edition_slug)
    return standing.listed and not (edition and edition.archived)


def _standing_order(standing: ModelStanding, editions: Editions) -> tuple[int, bool, float, str]:
    """The leading series first, then where it stands best among all that are ranked."""
    series, edition = standing.series, editions.get(standing.edition_slug)
    place = LEADING_SERIES.index(series) if series in LEADING_SERIES else len(LEADING_SERIES)
    current = bool(edition and edition.current)
    share = standing.rank / max(standing.n_ranked, 1) if standing.rank is not None else 2.0
    return place, not current, share, standing.edition


def _absences(whys: Sequence[Why], editions: Editions) -> Iterator[AbsenceBox]:
    """Boxes for the boards that do not list a model."""
    by_name = {edition.name: edition for edition in editions.values() if edition.current}
    for why in whys:
        edition = by_name.get(why.board)
        if edition is not None:
            yield AbsenceBox(edition.title, board_path(edition), why)


def _histories(
    standings: Iterable[ModelStanding], history: Sequence[HistoryPoint]
) -> Iterable[EditionHistory]:
    by_edition: dict[str, list[HistoryPoint]] = defaultdict(list)
    for point in history:
        by_edition[point.edition_slug].append(point)
    for standing in standings:
        points = by_edition.get(standing.edition_slug, [])
        # A single point says no more than the standing itself.
        if len(points) > 1:
            shown = condensed(points)
            yield EditionHistory(standing, tuple(reversed(shown)), len(points) - len(shown))


def condensed(points: Sequence[HistoryPoint], most: int = SHOWN_POINTS) -> list[HistoryPoint]:
    """The telling points of a history: its ends, best rank, changed scores, then the newest."""
    if len(points) <= most:
        return list(points)
    ranked = [(point.rank, place) for place, point in enumerate(points) if point.rank is not None]
    telling = [0, len(points) - 1, *(place for _, place in sorted(ranked)[:1])]
    telling += [
        place
        for place in range(len(points) - 1, 0, -1)
        if points[place].mean_task != points[place - 1].mean_task
    ]
    telling += range(len(points) - 1, -1, -1)
    keep = sorted(list(dict.fromkeys(telling))[:most])
    return [points[place] for place in keep]


def history_by_model(
    histories: Iterable[tuple[str, tuple[HistoryPoint, ...]]],
) -> Mapping[str, tuple[HistoryPoint, ...]]:
    """The history of every model, ready to be looked up."""
    return dict(histories)
