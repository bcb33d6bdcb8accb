"""What the catalog answers: frozen dataclasses, shared by Python users, pages and the command line.

Scores are percent (0 to 100), unrounded; missing is ``None``. Moments are UTC text
(``YYYY-MM-DDTHH:MM:SSZ``).
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.common.addresses import link_to
from tracker.common.vocabulary import NOT_DOCUMENTED

WRONG_STATES = ("moved", "not-there", "unreachable", "source-changed")
"""States of a receipt that a person has to look at."""


@dataclass(frozen=True)
class Bilingual:
    """One text in both languages of the site."""

    en: str
    zh: str


@dataclass(frozen=True)
class Provenance:
    """Where a number comes from: enough to find it again."""

    source: str
    """Id of the source, for example ``published-boards``."""
    url: str
    """Address of the document, or of the commit for a git source."""
    published_at: str
    """When the source first showed this state."""
    fetched_at: str
    """When the tracker last saw it so; equals ``published_at`` for a single sighting."""
    commit: str | None
    digest: str
    """Git blob id, or SHA-256 of the raw bytes."""
    server: str | None = None
    """Who answered instead of the publisher's own server."""


@dataclass(frozen=True)
class CommonTasks:
    """The tasks that all of the first twenty rows of a board have."""

    n: int
    n_total: int
    missing: tuple[str, ...]
    """Tasks of the board that one of these rows lacks."""


@dataclass(frozen=True)
class EditionInfo:
    """One board with one exact task list, and the period for which it is known."""

    series: str
    series_title: Bilingual
    name: str
    title: Bilingual
    """Readable title: ``English · MTEB(eng, v2)``, ``English, published board (56 datasets)``."""
    slug: str
    source: str
    task_type: str | None
    """Set for a published table that shows one task type only."""
    n_tasks: int
    tasks: tuple[str, ...]
    task_types: tuple[tuple[str, int | None], ...]
    first_at: str | None
    """First and last moment at which a snapshot showed it; ``None`` when nothing is known yet."""
    last_at: str | None
    n_rows: int
    """Lines in its last state."""
    archived: bool
    """Whether its publisher has stopped updating it."""
    current: bool
    """Whether it is the edition that its series means today."""
    successor: str | None


@dataclass(frozen=True)
class LeaderboardRow:
    """One line of a board."""

    rank: int | None
    """Rank among the lines that are shown: copies that are collapsed take no place."""
    model: str
    label: str
    slug: str
    organisation: str
    mean_task: float | None
    mean_task_type: float | None
    task_types: dict[str, float]
    n_tasks: int | None
    n_tasks_total: int
    zero_shot_pct: int | None
    parameters: int | None
    active_parameters: int | None
    embedding_dimensions: int | None
    max_tokens: int | None
    licence: str | None
    open_weights: bool | None
    release_date: str | None
    since: str
    """Since when the line stands with exactly these values."""
    copies: tuple[str, ...]
    """Copies of this model that were collapsed into the line."""
    printed_rank: int | None = None
    """Rank as the source printed it."""
    mean_public: float | None = None
    mean_private: float | None = None
    model_now: str = ""
    """The model's present public id; ``model`` is the name that it had on the day."""
    points: float | None = None
    """Borda points, where the board ranks by them and they are known."""
    mean_common: float | None = None
    """Mean over the tasks that all of the first twenty rows have, see ``Leaderboard.common``."""
    declares_training: bool | None = None
    """Whether the model declares its training data; ``None`` where the board does not say."""

    @property
    def partial(self) -> bool:
        """Whether the row has results for fewer than half of the tasks."""
        return self.n_tasks is not None and 2 * self.n_tasks < self.n_tasks_total


@dataclass(frozen=True)
class Leaderboard:
    """A board as it stood on a date."""

    edition: EditionInfo
    as_of: str
    origin: str
    """``published``, ``recomputed`` from results, or ``recorded`` from another server than the
    publisher's."""
    rank_by: str
    published_at: str
    """When the source published the version that is shown."""
    provenance: Provenance
    rows: tuple[LeaderboardRow, ...]
    n_collapsed: int
    """Lines hidden as copies."""
    note: Bilingual | None
    """What a reader must know: archived board, broken span, withdrawn leader."""
    registry: str | None = None
    """What a recomputed board was computed with, for example ``mteb 2.26.24``."""
    unit: str = "mean_task"
    """What the board ranks by: ``points`` (Borda count) or the name of a mean."""
    known_until: str = ""
    """Last moment for which the board is known; a later question gets this state."""
    asked_at: str | None = None
    """The moment that was asked for, where it is later than ``known_until``."""
    common: CommonTasks | None = None
    """Set where one of the first twenty rows has no mean over all tasks."""
    n_unattributed: int = 0
    """Models with results on the board that no model of the registry claims."""
    unavailable: tuple[tuple[str, int], ...] = ()
    """Tasks whose result files the recorded copy lacks, with how many."""
    identity: str = "resolved"
    """``resolved``: one model through all its names; ``registry``: by spelling alone."""
    computed_now: bool = False
    """Whether the answer was computed for this question instead of read from stored states."""


@dataclass(frozen=True)
class ResultCommit:
    """A commit of the results repository."""

    at: str
    commit: str
    url: str
    message: str | None
    """``None`` for a folder that was seen without history."""


@dataclass(frozen=True)
class Claim:
    """A self-reported score beside a run of the same model on the same data."""

    model: str
    task: str
    split: str
    subset: str
    self_reported: float
    measured: float
    difference: float
    """The run less the self-report, in percent points."""
    present: bool
    """Whether both still stand."""
    self_reported_until: str | None
    self_reported_mteb_version: str | None
    self_reported_commit: ResultCommit
    """The commit that brought it."""
    measured_until: str | None
    measured_revision: str | None
    measured_mteb_version: str | None
    measured_commit: ResultCommit


@dataclass(frozen=True)
class Evidence:
    """One receipt of a fact."""

    kind: str
    """``primary``, ``secondary``, ``inherited`` or ``registry``."""
    source: str
    locator: str | None
    confidence: str
    date: str | None
    note: str | None
    shows: tuple[str, ...] = ()
    """Terms that stand together at the place."""
    state: str = "unchecked"
    """``verified``, ``unchecked``, or one of ``WRONG_STATES``."""
    read_on: str | None = None
    """Day on which the source was read that decided."""
    position: str | None = None
    """Lines or page where the terms were found."""
    of_model: str | None = None
    """The model that an inherited receipt speaks of."""
    copied_at: str | None = None
    """Address of the copy that was read instead of the source itself."""

    @property
    def mark(self) -> str:
        """How well it holds, in one word: the state where there is one, else what the source is."""
        if self.state in WRONG_STATES or (self.kind == "primary" and self.state == "verified"):
            return self.state
        return "unchecked" if self.kind == "primary" else self.kind

    @property
    def link(self) -> str:
        """The source, opened at the place."""
        return link_to(self.source, self.position, self.shows)


@dataclass(frozen=True)
class EvidenceLine:
    """One thing that somebody or something says of a model's method, with its receipt."""

    property: str
    value: str
    kind: str
    """curated, or where it was read: config, card or paper."""
    confidence: str
    state: str | None
    """What became of a curated line's receipt; ``None`` for a line that was read."""
    conflict: bool
    """Whether sure lines contradict each other about what a model has once."""
    quote: str | None
    """Verbatim, at most 25 words; of a curated line its note."""
    section: str | None
    """Headings above the quote, key of a configuration file, or locator of a curated line."""
    source: str
    date: str | None
    rule: str | None
    """Name of the rule that read it; ``None`` for a curated line."""
    extractor: str | None
    """Name and version of what read it."""


@dataclass(frozen=True)
class Fact:
    """One statement about a model, with its receipts."""

    property: str
    value: str
    """A vocabulary slug or short text; ``NOT_DOCUMENTED`` where a search found nothing."""
    label: Bilingual
    """The value in words."""
    statement: Bilingual | None
    qualifier: str | None
    evidence: tuple[Evidence, ...]
    conflict: bool = False
    """Whether another fact of the same single-valued property disagrees."""


@dataclass(frozen=True)
class MetadataValue:
    """One property of a model as one source gives it."""

    property: str
    value: object
    source: str
    since: str
    url: str
    corrected_from: object = None
    """The source's own value where a declared correction replaced it."""
    correction_reason: Bilingual | None = None


@dataclass(frozen=True)
class PaperLink:
    """A paper and why it is linked to a model."""

    arxiv_id: str
    title: str | None
    role: Bilingual | None
    reason: str
    published: str | None
    url: str


@dataclass(frozen=True)
class NoPaper:
    """That a search found no paper of a model."""

    text: Bilingual
    checked: str
    """The day of the search, ``YYYY-MM-DD``."""
    source: str | None
    """Where it was searched."""


@dataclass(frozen=True)
class RelatedModel:
    """Another model that is a copy, an earlier name, a base or a successor."""

    kind: str
    """``copy_of``, ``copied_by``, ``moved_to``, ``moved_from``, ``base`` or ``successor``."""
    model: str
    slug: str
    reason: Bilingual
    status: str
    """``curated`` (a person confirmed it) or ``proposed`` (a rule says so)."""


@dataclass(frozen=True)
class ModelStanding:
    """Where a model stands on one edition, or stood when it was last listed."""

    series: str
    edition: str
    edition_slug: str
    title: Bilingual
    rank: int | None
    n_ranked: int
    mean_task: float | None
    mean_task_type: float | None
    n_tasks: int | None
    n_tasks_total: int
    first_at: str | None
    """Since when it has had results for half of the tasks or more; ``None`` where it never had."""
    last_at: str
    """Until when it was listed; the edition's last known moment while it still is."""
    listed: bool
    best_rank: int | None
    """The best rank with results for at least half of the tasks."""
    best_at: str | None
    partial: bool = False
    """Whether it has results for fewer than half of the tasks."""
    model: str = ""
    """The name under which it was listed last."""


@dataclass(frozen=True)
class Model:
    """All that the catalog knows of one model."""

    name: str
    slug: str
    organisation: str
    links: tuple[str, ...]
    first_seen_at: str | None
    standings: tuple[ModelStanding, ...]
    metadata: tuple[MetadataValue, ...]
    facts: tuple[Fact, ...]
    papers: tuple[PaperLink, ...]
    no_paper: NoPaper | None
    related: tuple[RelatedModel, ...]


@dataclass(frozen=True)
class StateOfTheArtRow:
    """A leading model with what is documented of its method."""

    rank: int
    """Rank as the source printed it, copies counted."""
    model: str
    slug: str
    organisation: str
    mean_task: float | None
    parameters: int | None
    innovations: tuple[Fact, ...]
    pooling: tuple[Fact, ...]
    training_data: tuple[Fact, ...]
    papers: tuple[PaperLink, ...]
    no_paper: NoPaper | None
    licences: tuple[Fact, ...] = ()
    copies: tuple[str, ...] = ()
    """Re-uploads and builds of it that the board lists in places of their own."""

    @property
    def documented(self) -> bool:
        """Whether there is anything to tell of its method; what was sought in vain is not."""
        facts = (*self.innovations, *self.pooling, *self.training_data)
        return bool(self.papers) or any(fact.value != NOT_DOCUMENTED for fact in facts)


@dataclass(frozen=True)
class StateOfTheArt:
    """The leading models of one series on a date and what made them lead."""

    leaderboard: Leaderboard
    rows: tuple[StateOfTheArtRow, ...]


@dataclass(frozen=True)
class ComparisonRow:
    """One property of several models."""

    property: str
    values: tuple[str | None, ...]
    """In the order of ``Comparison.models``; ``None`` where nothing is known."""
    differs: bool


@dataclass(frozen=True)
class Comparison:
    """Models side by side: what differs first, then what they share."""

    models: tuple[str, ...]
    rows: tuple[ComparisonRow, ...]


@dataclass(frozen=True)
class Term:
    """One entry of the bilingual vocabulary."""

    group: str
    slug: str
    label: Bilingual
    definition: Bilingual
    paper: str | None
