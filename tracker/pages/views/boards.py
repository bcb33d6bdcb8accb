"""From the catalog's answers to page contexts: everything that a template must not compute."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracker.answers.boards import EditionInfo, Leaderboard, LeaderboardRow
from tracker.answers.common import Bilingual
from tracker.answers.health import SourceStatus
from tracker.answers.history import Change, Leader, Overview
from tracker.answers.methods import CitedPage, Term
from tracker.answers.models import Model, RelatedModel
from tracker.pages.charts.chart import Chart
from tracker.pages.contexts import (
    BoardGroup,
    BoardLine,
    BoardLink,
    BoardPage,
    BoardsPage,
    ChangesPage,
    CopyNote,
    GlossaryPage,
    HomePage,
    Page,
    ReplayFile,
    SeriesChanges,
    SeriesLead,
    SourcesPage,
    TaskScores,
    TermGroup,
)
from tracker.pages.language.filters import plain
from tracker.pages.language.texts import bilingual
from tracker.pages.views.board_filters import Choices, board_filters
from tracker.pages.views.catalog_protocol import Reading
from tracker.pages.views.citation import citation
from tracker.pages.views.leads import has_points, lead_stretches

LEADING_SERIES = ("mteb-english", "c-mteb", "mteb-multilingual")
FIRST_NOTES = "2024-10-22"
"""The day of the original notes, which stays beside the month ends."""

FIRST_MONTH = "2024-07"

UPPER_RANKS = 20
HOME_CHANGES = 8
COLUMNS = (
    "rank", "model", "organisation", "parameters", "active_parameters", "embedding_dimensions",
    "max_tokens", "licence", "open_weights", "points", "mean_task", "mean_task_type",
    "mean_common", "task_types",
    "n_tasks", "zero_shot_pct", "since", "release_date", "published_at", "origin",
)  # fmt: skip
"""Columns that the glossary explains."""


def page(path: str, key: str, **values: object) -> Page:
    """A page whose title and description are hand-written words."""
    return Page(path, bilingual(f"{key}.title", **values), bilingual(f"{key}.about", **values))


def board_path(edition: EditionInfo) -> str:
    """Where an edition's page is."""
    return f"boards/{edition.slug}/"


def model_path(slug: str) -> str:
    """Where a model's page is."""
    return f"models/{slug}/"


@dataclass(slots=True)
class Boards:
    """Every edition with its last state, read once."""

    editions: tuple[EditionInfo, ...]
    states: dict[str, Leaderboard] = field(default_factory=dict)
    """By slug: editions of one name differ in their task list."""

    def link(self, edition: EditionInfo) -> BoardLink:
        """An edition with the place of its page."""
        return BoardLink(edition, board_path(edition))

    def by_name(self, name: str) -> EditionInfo | None:
        """The edition of a name."""
        return next((edition for edition in self.editions if edition.name == name), None)

    def of_series(self, series: str) -> EditionInfo | None:
        """The edition that a series means today."""
        its = [edition for edition in self.editions if edition.series == series]
        return next((edition for edition in its if edition.current), its[-1] if its else None)


def read_boards(catalog: Reading) -> Boards:
    """Every edition that has a state to show."""
    editions = tuple(edition for edition in catalog.editions() if edition.first_at)
    boards = Boards(editions)
    for edition in editions:
        state = catalog.board(edition)
        # The present moment would make every page another one at every build.
        as_of = min(state.as_of, edition.last_at or state.as_of)
        boards.states[edition.slug] = replace(state, as_of=as_of)
    return boards


def _leader(state: Leaderboard) -> LeaderboardRow | None:
    return next((row for row in state.rows if row.rank is not None), None)


def boards_page(boards: Boards) -> BoardsPage:
    """The index of all boards."""
    kinds: dict[str, list[BoardLine]] = {"leading": [], "other": [], "archived": []}
    for edition in boards.editions:
        state = boards.states[edition.slug]
        line = BoardLine(
            boards.link(edition),
            _leader(state),
            sum(row.rank is not None for row in state.rows),
        )
        leading = edition.series in LEADING_SERIES and edition.current
        kinds["leading" if leading else "archived" if edition.archived else "other"].append(line)
    kinds["leading"].sort(key=lambda line: LEADING_SERIES.index(line.link.edition.series))
    for kind in ("other", "archived"):
        kinds[kind].sort(key=lambda line: line.link.edition.title.en.casefold())
    groups = tuple(BoardGroup(kind, tuple(lines)) for kind, lines in kinds.items() if lines)
    return BoardsPage(page("boards/", "boards"), groups, len(boards.editions))


def type_columns(state: Leaderboard) -> tuple[str, ...]:
    """The task types for which a board has a mean, in its order."""
    names = [name for name, _ in state.edition.task_types]
    names += sorted({name for row in state.rows for name in row.task_types} - set(names))
    return tuple(name for name in names if any(name in row.task_types for row in state.rows))


def board_page(
    boards: Boards,
    edition: EditionInfo,
    leads: Sequence[Leader],
    methods: Mapping[str, Choices],
    copies: Mapping[str, RelatedModel],
    charts: tuple[Chart, ...],
    task_scores: TaskScores | None,
    dated: tuple[str, ...],
    replay: ReplayFile | None,
    digest: str,
) -> BoardPage:
    """One board edition.

    Args:
        boards: All of them.
        edition: The one that the page is about.
        leads: Who led it, the oldest first.
        methods: What models can be filtered by, by public id.
        copies: By name, whose copy a model is and why.
        charts: What is drawn of it.
        task_scores: Where the scores of its single tasks are.
        dated: Days of which it has a page that stays.
        replay: Its first rows on every day.
        digest: State of the catalog.
    """
    state = boards.states[edition.slug]
    ranked = [row for row in state.rows if row.rank is not None]
    filters, tokens = board_filters(ranked, methods)
    successor = boards.by_name(edition.successor) if edition.successor else None
    path = board_path(edition)
    siblings = (e for e in boards.editions if e.series == edition.series and e != edition)
    title = Bilingual(plain(edition.title.en), plain(edition.title.zh))
    about = bilingual("board.about")
    return BoardPage(
        page=Page(path, title, Bilingual(f"{title.en}: {about.en}", f"{title.zh}：{about.zh}")),
        leaderboard=state,
        columns=type_columns(state),
        filters=filters,
        tokens=tokens,
        copies=tuple(_copy_notes(state.rows, copies)),
        leads=tuple(reversed(leads)),
        stretches=lead_stretches(leads, edition.last_at),
        replay=replay,
        related=tuple(boards.link(sibling) for sibling in siblings),
        successor=boards.link(successor) if successor else None,
        has_zero_shot=any(row.zero_shot_pct is not None for row in state.rows),
        has_mean_task_type=any(row.mean_task_type is not None for row in state.rows),
        has_points=has_points(state),
        charts=charts,
        task_scores=task_scores,
        dated=dated,
        json_path=f"{path}{edition.slug}.json",
        csv_path=f"{path}{edition.slug}.csv",
        parquet_path=f"{path}{edition.slug}.parquet",
        citation=citation(state, digest),
    )


def _copy_notes(
    rows: Iterable[LeaderboardRow], copies: Mapping[str, RelatedModel]
) -> Iterable[CopyNote]:
    for row in rows:
        for copy in row.copies:
            why = copies.get(copy)
            reason, status = (why.reason, why.status) if why else (None, None)
            yield CopyNote(row.model, row.slug, copy, reason, status)


def copies_by_name(models: Iterable[Model]) -> dict[str, RelatedModel]:
    """For every copy, the relation that says whose it is and why."""
    found: dict[str, RelatedModel] = {}
    for model in models:
        for related in model.related:
            if related.kind in ("copy_of", "moved_to"):
                found.setdefault(model.name, related)
            elif related.kind == "copied_by":
                found.setdefault(related.model, related)
    return found


def changes_by_series(boards: Boards, changes: Iterable[Change]) -> tuple[SeriesChanges, ...]:
    """The changes of each series, leading series first."""
    by_series: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_series[change.series].append(change)
    order = {series: place for place, series in enumerate(LEADING_SERIES)}
    names = sorted(by_series, key=lambda series: (order.get(series, len(order)), series))
    return tuple(_series_changes(boards, series, by_series[series]) for series in names)


def _series_changes(boards: Boards, series: str, changes: list[Change]) -> SeriesChanges:
    edition = boards.by_name(changes[0].edition) or boards.of_series(series)
    last = 1_000_000

    def of(kind: str) -> tuple[Change, ...]:
        its = (change for change in changes if change.kind == kind)
        return tuple(
            sorted(its, key=lambda c: (c.to_rank or c.from_rank or last, c.model.casefold()))
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


def changes_page(changes: Sequence[SeriesChanges], months: tuple[str, ...]) -> ChangesPage:
    """The latest changes of all series; ``months`` have pages of their own."""
    return ChangesPage(
        page("changes/", "changes"),
        tuple(its for its in changes if its.series in LEADING_SERIES),
        tuple(its for its in changes if its.series not in LEADING_SERIES),
        months,
    )


NEWEST_PAPERS = 6
"""Papers that the front page names."""


def home_page(
    catalog: Reading,
    boards: Boards,
    changes: Sequence[SeriesChanges],
    status: tuple[SourceStatus, ...],
    n_models: int,
) -> HomePage:
    """The front page."""
    leads = []
    for overview in catalog.overviews():
        ranked = [row for row in overview.leaderboard.rows if row.rank is not None]
        if ranked:
            leads.append(_series_lead(overview, ranked))
    return HomePage(
        page=page("", "home"),
        leads=tuple(leads),
        changes=tuple(its for its in changes if its.series in LEADING_SERIES),
        papers=tuple(its for its in catalog.paper_list() if its.models)[:NEWEST_PAPERS],
        sources=status,
        data_until=catalog.data_until,
        n_boards=len(boards.editions),
        n_models=n_models,
    )


def _series_lead(overview: Overview, ranked: Sequence[LeaderboardRow]) -> SeriesLead:
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
        lead_stretches(overview.leads, board.known_until or board.as_of),
    )


def month_ends(first: str, last: str) -> Iterator[str]:
    """The last day of every month from one to another; both are texts that begin ``YYYY-MM``."""
    month = first[:7]
    while month <= last[:7]:
        year, number = int(month[:4]), int(month[5:])
        yield f"{month}-{monthrange(year, number)[1]:02}"
        month = f"{year + number // 12}-{number % 12 + 1:02}"


def sources_page(
    sources: tuple[SourceStatus, ...], cited: Iterable[CitedPage], digest: str
) -> SourcesPage:
    """Where the data comes from."""
    gone_first = tuple(sorted(cited, key=lambda its: its.status == 200))
    return SourcesPage(page("sources/", "sources"), sources, gone_first, digest)


def glossary_page(terms: Iterable[Term]) -> GlossaryPage:
    """Columns and methods."""
    by_group: dict[str, list[Term]] = defaultdict(list)
    for term in terms:
        by_group[term.group].append(term)
    groups = tuple(TermGroup(group, tuple(its)) for group, its in by_group.items())
    return GlossaryPage(page("glossary/", "glossary"), COLUMNS, groups)
