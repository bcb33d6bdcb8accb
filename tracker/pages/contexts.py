"""One frozen dataclass per page kind: exactly what its template may show.

A context holds no language: both languages are rendered from the same one, so that they cannot
say different things. The template of ``HomePage`` is ``templates/home.html``, and so on; a test
compares the fields with the names that the template uses, both ways.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers import (
    Bilingual,
    Change,
    Claim,
    EditionInfo,
    Evidence,
    HistoryPoint,
    Leaderboard,
    LeaderboardRow,
    LeadSpan,
    MetadataValue,
    Model,
    ModelStanding,
    Overview,
    PaperLink,
    RelatedModel,
    SourceStatus,
    StateOfTheArtRow,
    Term,
)
from tracker.method_answers import Coverage, Dataset, Paper, Technique, WrittenComparison
from tracker.pages.charts import Chart


@dataclass(frozen=True, slots=True)
class Page:
    """What every page has: where it is and what it is called."""

    path: str
    """Place in the site of one language, ``boards/mteb-eng-v2/``; the home page is empty."""
    title: Bilingual
    """Plain text, for the browser's title bar and for search results; names are not markup."""
    description: Bilingual
    """One plain sentence for search engines."""


@dataclass(frozen=True, slots=True)
class BoardLink:
    """A board edition and where its page is."""

    edition: EditionInfo
    path: str


@dataclass(frozen=True, slots=True)
class SeriesLead:
    """Who leads one series now."""

    overview: Overview
    board_path: str
    leader: LeaderboardRow
    top: tuple[LeaderboardRow, ...]
    """The first lines of the board."""
    margin: float | None
    """Mean of the leader less that of the second by rank; a board may rank by another rule."""
    since_first: bool
    """Whether it led already in the first state that is known of the edition."""


@dataclass(frozen=True, slots=True)
class SeriesChanges:
    """What happened on the current edition of one series between its two latest states."""

    series: str
    title: Bilingual
    board_path: str
    at: str
    """When the later state was shown first."""
    appeared: tuple[Change, ...]
    left: tuple[Change, ...]
    value_changed: tuple[Change, ...]
    moved: tuple[Change, ...]
    """Moves that touch the upper ranks; the others follow from newcomers above."""
    n_moved: int
    """All moves, those in ``moved`` included."""
    data_path: str
    """JSON with every change."""


@dataclass(frozen=True, slots=True)
class HomePage:
    """Who leads each series now, by how much and since when; what changed; how sources are."""

    page: Page
    leads: tuple[SeriesLead, ...]
    changes: tuple[SeriesChanges, ...]
    """Only the newcomers and withdrawals that a reader wants to see first."""
    sources: tuple[SourceStatus, ...]
    data_until: str | None
    n_boards: int
    n_models: int


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One board in the index."""

    link: BoardLink
    leader: LeaderboardRow | None
    n_ranked: int


@dataclass(frozen=True, slots=True)
class BoardGroup:
    """Boards that are listed together: ``leading``, ``other`` or ``archived``."""

    kind: str
    lines: tuple[BoardLine, ...]


@dataclass(frozen=True, slots=True)
class BoardsPage:
    """All boards."""

    page: Page
    groups: tuple[BoardGroup, ...]
    n_boards: int


@dataclass(frozen=True, slots=True)
class CopyNote:
    """Why a line of a board is not shown."""

    model: str
    slug: str
    """The model that speaks for both."""
    copy: str
    reason: Bilingual | None
    status: str | None
    """``curated`` or ``proposed``."""


@dataclass(frozen=True, slots=True)
class Citation:
    """How to cite a board as it stands on its page."""

    day: str
    """The day for which the board speaks."""
    digest: str
    """Short hash of the catalog: which state of the data this is."""
    bibtex: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    """One board edition: its last state, who led it, and the same as data."""

    page: Page
    leaderboard: Leaderboard
    columns: tuple[str, ...]
    """Task types, in the board's order."""
    ranked: tuple[LeaderboardRow, ...]
    unranked: tuple[LeaderboardRow, ...]
    copies: tuple[CopyNote, ...]
    leads: tuple[LeadSpan, ...]
    """Newest first."""
    related: tuple[BoardLink, ...]
    """Other editions of the same series."""
    successor: BoardLink | None
    has_zero_shot: bool
    has_mean_task_type: bool
    charts: tuple[Chart, ...]
    dated: tuple[str, ...]
    """Days of which there is a page that stays."""
    json_path: str
    csv_path: str
    parquet_path: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class DatedBoardPage:
    """One board edition as it stood at the end of a day."""

    page: Page
    leaderboard: Leaderboard
    day: str
    days: tuple[str, ...]
    """All days of which this board has such a page."""
    board_path: str
    columns: tuple[str, ...]
    ranked: tuple[LeaderboardRow, ...]
    has_zero_shot: bool
    has_mean_task_type: bool
    json_path: str
    csv_path: str
    parquet_path: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class ModelLine:
    """One model in the index."""

    model: str
    slug: str
    parameters: int | None
    released: str | None
    best: ModelStanding | None
    """The best rank it holds now on one of the leading series, else on any board."""
    n_boards: int


@dataclass(frozen=True, slots=True)
class ModelGroup:
    """The models of one organisation."""

    organisation: str
    lines: tuple[ModelLine, ...]


@dataclass(frozen=True, slots=True)
class ModelsPage:
    """All models, by organisation."""

    page: Page
    groups: tuple[ModelGroup, ...]
    n_models: int


@dataclass(frozen=True, slots=True)
class EditionHistory:
    """A model's path on one edition, newest first."""

    standing: ModelStanding
    points: tuple[HistoryPoint, ...]
    n_hidden: int
    """Points that are only in the data file."""


@dataclass(frozen=True, slots=True)
class FactLine:
    """One or more facts of a property that share all but their value."""

    values: tuple[Bilingual, ...]
    """Empty where a search found nothing published."""
    qualifier: str | None
    statement: Bilingual | None
    conflict: bool
    receipts: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class FactGroup:
    """All facts of one property of a model."""

    property: str
    lines: tuple[FactLine, ...]


@dataclass(frozen=True, slots=True)
class ModelPage:
    """One model: where it stands, how it got there, what it is and who says so."""

    page: Page
    model: Model
    parameters: int | None
    released: str | None
    standings: tuple[ModelStanding, ...]
    """Boards that list it now."""
    former: tuple[ModelStanding, ...]
    """Boards that listed it once, or are archived."""
    histories: tuple[EditionHistory, ...]
    facts: tuple[FactGroup, ...]
    metadata: tuple[MetadataValue, ...]
    papers: tuple[PaperLink, ...]
    related: tuple[RelatedModel, ...]
    claims: tuple[Claim, ...]
    """The first of its self-reported scores beside runs, the largest difference first."""
    n_claims: int
    json_path: str


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What changed between the two latest states of each series."""

    page: Page
    leading: tuple[SeriesChanges, ...]
    others: tuple[SeriesChanges, ...]


@dataclass(frozen=True, slots=True)
class StateOfTheArtEntry:
    """One leading model; its facts as lines to read."""

    row: StateOfTheArtRow
    innovations: tuple[FactLine, ...]
    pooling: tuple[FactLine, ...]
    training_data: tuple[FactLine, ...]


@dataclass(frozen=True, slots=True)
class StateOfTheArtSection:
    """The leading models of one series."""

    leaderboard: Leaderboard
    board_path: str
    entries: tuple[StateOfTheArtEntry, ...]
    n_documented: int


@dataclass(frozen=True, slots=True)
class StateOfTheArtPage:
    """What leads, what it brought, how it pools, what it was trained on."""

    page: Page
    day: str | None
    """The date of a permanent edition; ``None`` for the present one."""
    sections: tuple[StateOfTheArtSection, ...]
    editions: tuple[str, ...]
    """Dates of the permanent editions."""


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """Every source, its licence, its dates and its state."""

    page: Page
    sources: tuple[SourceStatus, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class TermGroup:
    """A group of the vocabulary."""

    group: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class GlossaryPage:
    """What every column means, and the vocabulary of methods."""

    page: Page
    columns: tuple[str, ...]
    """Names of the columns, as in JSON; their explanations are hand-written text."""
    groups: tuple[TermGroup, ...]


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """One comparison that people wrote."""

    page: Page
    comparison: WrittenComparison
    slugs: dict[str, str]
    """Addresses of its models, by name."""
    kinds: tuple[str, ...]
    """Kinds of remarks that it has, in their order."""


@dataclass(frozen=True, slots=True)
class MethodsPage:
    """The way to comparisons, datasets and coverage, and who uses which technique."""

    page: Page
    comparisons: tuple[WrittenComparison, ...]
    techniques: tuple[Technique, ...]
    years: tuple[int, ...]
    """Years whose leaders are counted."""


@dataclass(frozen=True, slots=True)
class DatasetsPage:
    """All datasets, by kind."""

    page: Page
    groups: tuple[tuple[Dataset, ...], ...]
    n_datasets: int


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """How much is documented of the models that matter."""

    page: Page
    coverage: Coverage
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PapersPage:
    """All papers with the models, datasets and terms that refer to them."""

    page: Page
    papers: tuple[Paper, ...]


AnyPage = (
    HomePage
    | BoardsPage
    | BoardPage
    | DatedBoardPage
    | ModelsPage
    | ModelPage
    | ChangesPage
    | StateOfTheArtPage
    | SourcesPage
    | GlossaryPage
    | ComparisonPage
    | MethodsPage
    | DatasetsPage
    | CoveragePage
    | PapersPage
)
"""Every page kind."""

TEMPLATES: dict[type, str] = {
    HomePage: "home.html",
    BoardsPage: "boards.html",
    BoardPage: "board.html",
    DatedBoardPage: "dated_board.html",
    ModelsPage: "models.html",
    ModelPage: "model.html",
    ChangesPage: "changes.html",
    StateOfTheArtPage: "state_of_the_art.html",
    SourcesPage: "sources.html",
    GlossaryPage: "glossary.html",
    ComparisonPage: "comparison.html",
    MethodsPage: "methods.html",
    DatasetsPage: "datasets.html",
    CoveragePage: "coverage.html",
    PapersPage: "papers.html",
}
"""The template of each page kind."""
