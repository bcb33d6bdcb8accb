"""Models: what is known of one, of several side by side, of the leading ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.answers.boards import MAIN_SERIES, Leaderboard, PairedDifference
from tracker.answers.common import Answer, Bilingual, Day, Moment, ResultCommit, TableAnswer
from tracker.common.addresses import link_to
from tracker.common.licences import licence_id, licence_link
from tracker.common.vocabulary import NOT_DOCUMENTED

if TYPE_CHECKING:
    import polars as pl

WRONG_STATES = ("moved", "not-there", "unreachable", "source-changed")
"""States of a receipt that a person has to look at."""


@dataclass(frozen=True)
class Claim:
    """A self-reported score beside a run of the same model on the same data."""

    model: str
    """Public id of the model."""
    task: str
    """Name of the task."""
    split: str
    """Split of its data, for example ``test``."""
    subset: str
    """Subset of its data, often a language."""
    self_reported: float
    """Self-reported main score, in percent."""
    measured: float
    """Main score of the run, in percent."""
    difference: float
    """The run less the self-report, in percent points."""
    present: bool
    """Whether both still stand."""
    self_reported_until: Moment | None
    """Moment at which the self-report was removed or replaced; missing while it stands."""
    self_reported_mteb_version: str | None
    """Evaluator version that the self-report names."""
    self_reported_commit: ResultCommit
    """The commit that brought it."""
    measured_until: Moment | None
    """Moment at which the run was removed or replaced; missing while it stands."""
    measured_revision: str | None
    """Revision of the model that was run."""
    measured_mteb_version: str | None
    """Evaluator version of the run."""
    measured_commit: ResultCommit


@dataclass(frozen=True)
class Evidence:
    """One receipt of a fact."""

    kind: str
    """``primary``, ``secondary``, ``inherited`` or ``registry``."""
    source: str
    """Address of the source."""
    locator: str | None
    """Place in it, for example a section."""
    confidence: str
    """``high``, ``medium`` or ``low``."""
    date: str | None
    """Day on which somebody looked."""
    note: str | None
    shows: tuple[str, ...] = ()
    """Terms that stand together at the place."""
    state: str = "unchecked"
    """``verified``, ``unchecked``, or one of ``WRONG_STATES``."""
    read_on: Day | None = None
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
    """One statement about a model's method, with its receipt."""

    property: str
    """Property of the method, for example ``pooling``."""
    value: str
    """A vocabulary slug or short text."""
    kind: str
    """``curated``, or where it was read: ``config``, ``card`` or ``paper``."""
    confidence: str
    """``high``, ``medium`` or ``low``."""
    state: str | None
    """What became of a curated statement's receipt; missing for one that was read."""
    conflict: bool
    """Whether statements of more than low confidence disagree about what a model has once."""
    decision: str | None
    """Which value holds, which others are stated, and why; missing where all statements agree."""
    quote: str | None
    """Verbatim, at most 25 words; of a curated statement its note."""
    section: str | None
    """Headings above the quote, key of a configuration file, or locator of a curated statement."""
    source: str
    """Address of the text, or the source that a curated statement names."""
    date: str | None
    """Day on which it was read."""
    rule: str | None
    """Name of the rule that read it; missing for a curated statement."""
    extractor: str | None
    """Name and version of what read it."""


@dataclass(frozen=True, repr=False)
class Fact(Answer):
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
    since: Moment
    url: str | None
    """Where it was read; missing for a recording of a server that nobody else can ask."""
    corrected_from: object = None
    """The source's own value where a declared correction replaced it."""
    correction_reason: Bilingual | None = None


@dataclass(frozen=True)
class PaperLink:
    """A paper and why it is linked to a model."""

    arxiv_id: str
    """arXiv id without version."""
    title: str | None
    role: Bilingual | None
    reason: str
    published: str | None
    """Day of its first version, ``YYYY-MM-DD``, or only its month, ``YYYY-MM``."""
    url: str
    withdrawn_on: str | None = None
    """Day on which its authors withdrew it."""
    withdrawn_because: str | None = None
    """Reason that its authors give."""


@dataclass(frozen=True)
class NoPaper:
    """The result of a search that found no paper of a model."""

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


@dataclass(frozen=True, repr=False)
class ModelStanding(Answer):
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
    first_at: Moment | None
    """Since when it has had results for half of the tasks or more; ``None`` where it never had."""
    last_at: Moment
    """Until when it was listed; the edition's last known moment while it still is."""
    listed: bool
    best_rank: int | None
    """The best rank with results for at least half of the tasks."""
    best_at: Moment | None
    partial: bool = False
    """Whether it has results for fewer than half of the tasks."""
    model: str = ""
    """The name under which it was listed last."""

    @property
    def weight(self) -> tuple[bool, int, bool, bool, int]:
        """Sort key: main series first, then boards with all its results, then partial ones."""
        main = MAIN_SERIES.index(self.series) if self.series in MAIN_SERIES else len(MAIN_SERIES)
        archived = self.edition.startswith("published/")
        is_complete = self.n_tasks is None or self.n_tasks >= self.n_tasks_total
        return not self.listed or archived, main, self.partial, not is_complete, self.rank or 10**6


@dataclass(frozen=True, repr=False)
class Model(Answer):
    """All that the catalog knows of one model."""

    name: str
    """Public id, ``organisation/name``."""
    slug: str
    organisation: str
    """Part of the public id before the slash."""
    links: tuple[str, ...]
    first_seen_at: Moment | None
    """First moment at which a board listed it with scores for half of the tasks or more."""
    standings: tuple[ModelStanding, ...]
    metadata: tuple[MetadataValue, ...]
    """Every property as each source gives it, the source that counts first."""
    facts: tuple[Fact, ...]
    papers: tuple[PaperLink, ...]
    no_paper: NoPaper | None
    related: tuple[RelatedModel, ...]
    publisher: Bilingual | None = None
    """Name of the organisation, with that above it: ``Qwen (Alibaba)``; ``None`` without entry."""

    def value_of(self, name: str) -> Any:
        """A property of ``metadata`` by the source that counts; ``None`` where no source has it."""
        return next((known.value for known in self.metadata if known.property == name), None)

    def _details(self) -> list[tuple[str, str]]:
        ranks = [
            (row.edition, f"rank {row.rank} of {row.n_ranked}")
            for row in self.standings
            if row.listed and row.rank is not None
        ]
        return [
            *self._summary(),
            *((known.property, str(known.value)) for known in self.metadata),
            *((fact.property, fact.label.en) for fact in self.facts),
            *((paper.arxiv_id, paper.title or "") for paper in self.papers),
            *ranks,
        ]

    @property
    def parameters(self) -> int | None:
        """Number of parameters."""
        return self.value_of("parameters")  # type: ignore[no-any-return]

    @property
    def embedding_dimensions(self) -> int | None:
        """Largest number of dimensions of an embedding."""
        return self.value_of("embedding_dimensions")  # type: ignore[no-any-return]

    @property
    def max_tokens(self) -> int | None:
        """Longest input in tokens."""
        return self.value_of("max_tokens")  # type: ignore[no-any-return]

    @property
    def licence(self) -> str | None:
        """Identifier of the licence in small letters; missing where it is unknown."""
        return licence_id(self.value_of("licence"))

    @property
    def licence_link(self) -> str | None:
        """Address of the licence, where a source gives that instead of a name."""
        return licence_link(self.value_of("licence"))

    @property
    def release_date(self) -> str | None:
        """Day of the release."""
        return self.value_of("release_date")  # type: ignore[no-any-return]

    @property
    def n_boards(self) -> int:
        """Number of editions that list it or did."""
        return len(self.standings)

    @property
    def n_facts(self) -> int:
        """Number of curated facts about its method."""
        return len(self.facts)


@dataclass(frozen=True, repr=False)
class StateOfTheArtRow(Answer):
    """A leading model with what is documented of its method."""

    rank: int
    """Rank as the source published it, copies counted."""
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
        """Whether anything about its method is documented; a search without a result is not."""
        facts = (*self.innovations, *self.pooling, *self.training_data)
        return bool(self.papers) or any(fact.value != NOT_DOCUMENTED for fact in facts)


@dataclass(frozen=True, repr=False)
class StateOfTheArt(Answer):
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


@dataclass(frozen=True, repr=False)
class Comparison(TableAnswer):
    """Models side by side: what differs first, then what they share."""

    models: tuple[str, ...]
    rows: tuple[ComparisonRow, ...]
    differences: tuple[PairedDifference, ...] = ()
    """Of each model to the first one on the board, where both have scores of single tasks."""

    def to_polars(self) -> pl.DataFrame:
        """One row a property: ``property``, ``differs``, and a column of texts for each model."""
        import polars as pl

        columns: dict[str, list[Any]] = {
            "property": [row.property for row in self.rows],
            "differs": [row.differs for row in self.rows],
        }
        for place, model in enumerate(self.models):
            columns[model] = [row.values[place] for row in self.rows]
        types: dict[str, Any] = dict.fromkeys(columns, pl.String) | {"differs": pl.Boolean}
        return pl.DataFrame(columns, schema=types)
