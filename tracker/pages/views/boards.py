"""Contexts of boards, changes, home, sources and glossary, computed from catalog answers."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracker.answers.boards import MAIN_SERIES, EditionInfo, Leaderboard, LeaderboardRow, tied_with
from tracker.answers.common import Bilingual
from tracker.answers.health import Gap, SourceStatus
from tracker.answers.history import Change, Leader, Overview
from tracker.answers.methods import CitedPage, Term
from tracker.answers.models import Model, RelatedModel
from tracker.pages.charts.chart import Chart
from tracker.pages.contexts import (
    BoardEntry,
    BoardGroup,
    BoardLink,
    BoardPage,
    BoardsPage,
    ChangesPage,
    CopyNote,
    GlossaryPage,
    HomePage,
    Page,
    ReplayFile,
    RowRemarks,
    SeriesChanges,
    SeriesLead,
    SourcesPage,
    TaskScores,
    TermGroup,
)
from tracker.pages.language.filters import plain
from tracker.pages.language.texts import bilingual
from tracker.pages.views.board_filters import Choices, board_filters
from tracker.pages.views.catalog_protocol import CatalogReader
from tracker.pages.views.citation import citation
from tracker.pages.views.feeds import news
from tracker.pages.views.leads import has_points, lead_spans

FIRST_NOTES = "2024-10-22"
"""Date of the original notes; it keeps a permanent page beside the month ends."""

FIRST_MONTH = "2024-07"

UPPER_RANKS = 20
"""Moves are listed if they start or end at this rank or above."""

GLOSSARY_COLUMNS = (
    "rank", "model", "organisation", "parameters", "active_parameters", "embedding_dimensions",
    "max_tokens", "licence", "open_weights", "points", "mean_task", "mean_task_type",
    "mean_common", "task_types",
    "n_tasks", "zero_shot_pct", "since", "release_date", "published_at", "origin",
)  # fmt: skip
"""Columns that the glossary explains."""


def page(path: str, key: str, **values: object) -> Page:
    """Return a page whose title and description are site words."""
    return Page(path, bilingual(f"{key}.title", **values), bilingual(f"{key}.about", **values))


def board_path(edition: EditionInfo) -> str:
    """Return the path of an edition's page."""
    return f"boards/{edition.slug}/"


def model_path(slug: str) -> str:
    """Return the path of a model's page."""
    return f"models/{slug}/"


@dataclass(slots=True)
class Boards:
    """Every edition with its latest state, read once."""

    editions: tuple[EditionInfo, ...]
    states: dict[str, Leaderboard] = field(default_factory=dict)
    """By slug, because editions with the same name may have different task lists."""

    def link(self, edition: EditionInfo) -> BoardLink:
        """Return an edition with the path of its page."""
        return BoardLink(edition, board_path(edition))

    def by_name(self, name: str) -> EditionInfo | None:
        """Return the edition with a name."""
        return next((edition for edition in self.editions if edition.name == name), None)

    def of_series(self, series: str) -> EditionInfo | None:
        """Return the current edition of a series, or its last one."""
        found = [edition for edition in self.editions if edition.series == series]
        return next((edition for edition in found if edition.current), found[-1] if found else None)


def read_boards(catalog: CatalogReader) -> Boards:
    """Read every edition that has a state to show."""
    editions = tuple(edition for edition in catalog.editions() if edition.first_at)
    boards = Boards(editions)
    for edition in editions:
        state = catalog.board(edition)
        # With the present moment here, every page would change at every build.
        as_of = min(state.as_of, edition.last_at or state.as_of)
        boards.states[edition.slug] = replace(state, as_of=as_of, asked_at=None)
    return boards


def _leader(state: Leaderboard) -> LeaderboardRow | None:
    return next((row for row in state.rows if row.rank is not None), None)


def boards_page(boards: Boards) -> BoardsPage:
    """Build the board index."""
    kinds: dict[str, list[BoardEntry]] = {"leading": [], "other": [], "archived": []}
    for edition in boards.editions:
        state = boards.states[edition.slug]
        entry = BoardEntry(
            boards.link(edition),
            _leader(state),
            sum(row.rank is not None for row in state.rows),
        )
        leading = edition.series in MAIN_SERIES and edition.current
        kinds["leading" if leading else "archived" if edition.archived else "other"].append(entry)
    kinds["leading"].sort(key=lambda entry: MAIN_SERIES.index(entry.link.edition.series))
    for kind in ("other", "archived"):
        kinds[kind].sort(key=lambda entry: entry.link.edition.title.en.casefold())
    groups = tuple(BoardGroup(kind, tuple(entries)) for kind, entries in kinds.items() if entries)
    return BoardsPage(page("boards/", "boards"), groups, len(boards.editions))


def type_columns(state: Leaderboard) -> tuple[str, ...]:
    """Return the task types for which a board has a mean, in board order."""
    names = [name for name, _ in state.edition.task_types]
    names += sorted({name for row in state.rows for name in row.task_types} - set(names))
    return tuple(name for name in names if any(name in row.task_types for row in state.rows))


def board_page(
    boards: Boards,
    state: Leaderboard,
    leads: Sequence[Leader],
    methods: Mapping[str, Choices],
    copies: Mapping[str, RelatedModel],
    charts: tuple[Chart, ...],
    task_scores: TaskScores | None,
    slugs: Mapping[str, str],
    dated: tuple[str, ...],
    replay: ReplayFile | None,
    digest: str,
    remarks: RowRemarks,
) -> BoardPage:
    """Build the page of one board edition.

    Args:
        boards: All boards.
        state: The latest state of the edition of the page.
        leads: Its leaders, oldest first.
        methods: What ``method_choices`` returned.
        copies: What ``copies_by_name`` returned.
        charts: Its charts.
        task_scores: Scores of its single tasks, if published.
        slugs: Slugs of the tasks that have a page, by name.
        dated: Days that have a permanent page.
        replay: Its top rows on every day, if there is more than one day.
        digest: Short hash of the catalog.
        remarks: What ``row_remarks`` returned.
    """
    edition = state.edition
    filters, tokens = board_filters([row for row in state.rows if row.rank is not None], methods)
    successor = boards.by_name(edition.successor) if edition.successor else None
    path = board_path(edition)
    siblings = (e for e in boards.editions if e.series == edition.series and e != edition)
    return BoardPage(
        page=_head(edition),
        leaderboard=state,
        task_types=type_columns(state),
        filters=filters,
        tokens=tokens,
        remarks=remarks,
        copies=tuple(_copy_notes(state.rows, copies)),
        leads=tuple(reversed(leads)),
        spans=lead_spans(leads, edition.last_at),
        replay=replay,
        related=tuple(boards.link(sibling) for sibling in siblings),
        successor=boards.link(successor) if successor else None,
        has_zero_shot=any(row.zero_shot_pct is not None for row in state.rows),
        has_mean_task_type=any(row.mean_task_type is not None for row in state.rows),
        has_points=has_points(state),
        charts=charts,
        task_scores=task_scores,
        task_slugs={task: slugs[task] for task in edition.tasks if task in slugs},
        dated=dated,
        json_path=f"{path}{edition.slug}.json",
        csv_path=f"{path}{edition.slug}.csv",
        parquet_path=f"{path}{edition.slug}.parquet",
        citation=citation(state, digest),
    )


def _head(edition: EditionInfo) -> Page:
    title = Bilingual(plain(edition.title.en), plain(edition.title.zh))
    about = bilingual("board.about")
    described = Bilingual(f"{title.en}: {about.en}", f"{title.zh}：{about.zh}")
    return Page(board_path(edition), title, described)


def _copy_notes(
    rows: Iterable[LeaderboardRow], copies: Mapping[str, RelatedModel]
) -> Iterable[CopyNote]:
    for row in rows:
        for copy in row.copies:
            relation = copies.get(copy)
            reason, status = (relation.reason, relation.status) if relation else (None, None)
            yield CopyNote(row.model, row.slug, copy, reason, status)


def copies_by_name(models: Iterable[Model]) -> dict[str, RelatedModel]:
    """Return the relation that makes a model a copy of another, by name of the copy."""
    found: dict[str, RelatedModel] = {}
    for model in models:
        for related in model.related:
            if related.kind in ("copy_of", "moved_to"):
                found.setdefault(model.name, related)
            elif related.kind == "copied_by":
                found.setdefault(related.model, related)
    return found


def changes_by_series(boards: Boards, changes: Iterable[Change]) -> tuple[SeriesChanges, ...]:
    """Group changes by series, leading series first."""
    by_series: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_series[change.series].append(change)
    order = {series: number for number, series in enumerate(MAIN_SERIES)}
    names = sorted(by_series, key=lambda series: (order.get(series, len(order)), series))
    return tuple(_series_changes(boards, series, by_series[series]) for series in names)


def _series_changes(boards: Boards, series: str, changes: list[Change]) -> SeriesChanges:
    edition = boards.by_name(changes[0].edition) or boards.of_series(series)
    last = 1_000_000

    def of(kind: str) -> tuple[Change, ...]:
        found = (change for change in changes if change.kind == kind)
        return tuple(
            sorted(found, key=lambda c: (c.to_rank or c.from_rank or last, c.model.casefold()))
        )

    moved = of("moved")
    upper = [c for c in moved if min(c.from_rank or last, c.to_rank or last) <= UPPER_RANKS]
    return SeriesChanges(
        series=series,
        title=edition.series_title if edition else Bilingual(series, series),
        board_path=board_path(edition) if edition else "boards/",
        at=max(change.at for change in changes),
        appeared=of("appeared"),
        left=of("left"),
        value_changed=of("value_changed"),
        moved=tuple(upper),
        n_moved=len(moved),
        data_path=f"changes/{series}.json",
    )


def changes_page(
    changes: Sequence[SeriesChanges],
    months: tuple[str, ...],
    publishers: Mapping[str, Bilingual],
) -> ChangesPage:
    """Build the page of latest changes.

    Args:
        changes: Changes of every series.
        months: Months that have a page of their own.
        publishers: Name of the organisation by model.
    """
    models = {change.model for found in changes for change in news(found)}
    return ChangesPage(
        page("changes/", "changes"),
        tuple(found for found in changes if found.series in MAIN_SERIES),
        tuple(found for found in changes if found.series not in MAIN_SERIES),
        months,
        {model: publishers[model] for model in sorted(models & publishers.keys())},
    )


NEWEST_PAPERS = 6
"""Number of papers on the home page."""


def home_page(
    catalog: CatalogReader,
    boards: Boards,
    changes: Sequence[SeriesChanges],
    status: tuple[SourceStatus, ...],
    n_models: int,
) -> HomePage:
    """Build the home page."""
    leads = []
    for asked in catalog.overviews():
        overview = replace(asked, leaderboard=replace(asked.leaderboard, asked_at=None))
        ranked = [row for row in overview.leaderboard.rows if row.rank is not None]
        if ranked:
            state = boards.states.get(overview.leaderboard.edition.slug)
            leads.append(_series_lead(overview, ranked, state.rows if state else ()))
    return HomePage(
        page=page("", "home"),
        leads=tuple(leads),
        changes=tuple(found for found in changes if found.series in MAIN_SERIES),
        papers=tuple(paper for paper in catalog.paper_list() if paper.models)[:NEWEST_PAPERS],
        sources=status,
        data_until=catalog.data_until,
        n_boards=len(boards.editions),
        n_models=n_models,
    )


def _series_lead(
    overview: Overview, ranked: Sequence[LeaderboardRow], shown: Sequence[LeaderboardRow]
) -> SeriesLead:
    """Build the lead of one series; ``shown`` are the rows of its board page."""
    board = overview.leaderboard
    leader, second = ranked[0], overview.second
    others = [row.mean_task for row in ranked[1:] if row.mean_task is not None]
    mean_by = None if leader.mean_task is None or not others else leader.mean_task - max(others)
    by = None
    if second is not None and board.unit == "points":
        if leader.points is not None and second.points is not None:
            by = leader.points - second.points
    elif second is not None and leader.mean_task is not None and second.mean_task is not None:
        by = leader.mean_task - second.mean_task
    return SeriesLead(
        overview,
        board_path(board.edition),
        leader,
        tuple(ranked[:5]),
        by,
        mean_by,
        lead_spans(overview.leads, board.known_until or board.as_of),
        tied_with(shown, leader.model),
    )


def month_ends(first: str, last: str) -> Iterator[str]:
    """Yield the last day of every month from ``first`` to ``last``, dates as ``YYYY-MM…``."""
    month = first[:7]
    while month <= last[:7]:
        year, number = int(month[:4]), int(month[5:])
        yield f"{month}-{monthrange(year, number)[1]:02}"
        month = f"{year + number // 12}-{number % 12 + 1:02}"


def sources_page(
    sources: tuple[SourceStatus, ...],
    gaps: Iterable[Gap],
    cited: Iterable[CitedPage],
    digest: str,
) -> SourcesPage:
    """Build the page of sources; dead links and the newest gaps come first."""
    dead_first = tuple(sorted(cited, key=lambda link: link.status == 200))
    newest_first = tuple(sorted(gaps, key=lambda gap: gap.since, reverse=True))
    return SourcesPage(page("sources/", "sources"), sources, newest_first, dead_first, digest)


def glossary_page(terms: Iterable[Term]) -> GlossaryPage:
    """Build the glossary: columns, then terms by group."""
    by_group: dict[str, list[Term]] = defaultdict(list)
    for term in terms:
        by_group[term.group].append(term)
    groups = tuple(TermGroup(group, tuple(found)) for group, found in by_group.items())
    return GlossaryPage(page("glossary/", "glossary"), GLOSSARY_COLUMNS, groups)
