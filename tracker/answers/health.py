"""Health: source status and data findings."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.common import Day, Moment


@dataclass(frozen=True)
class SourceStatus:
    """Status of one source."""

    source: str
    """Id of the source."""
    title: str
    """What it is, in a few words."""
    licence: str
    """Licence of its data."""
    home: str
    """Address of its home page."""
    last_success: Moment | None
    """Moment of the last fetch that succeeded."""
    last_failure: Moment | None
    """Moment of the last fetch that failed."""
    failure: str | None
    """Error of the last fetch, where it failed."""
    data_until: Moment | None
    """The newest moment for which the catalog has data of it."""
    snapshots: int
    """Number of its snapshots in the catalog."""
    rejected: int
    """Number of its archived documents that failed the plausibility checks."""
    rows: int
    """Number of rows in the catalog that come from it."""
    state: str
    """``fresh``, ``late``, ``failing``, ``archived``, ``starter`` (bundled data only) or
    ``never``."""
    failing_since: Moment | None = None
    """Moment of the first failure since the last success, where the last fetch failed."""
    missed_days: int = 0
    """Days without success since its first recorded run; see ``Gap``."""


@dataclass(frozen=True)
class Gap:
    """Days on which a source was not fetched."""

    source: str
    """Id of the source."""
    since: Day
    """First day."""
    until: Day
    """Last day."""
    days: int
    """Number of days."""
    state: str
    """``open`` (not fetched since), ``filled`` (the source keeps its history, which a later fetch
    brought) or ``lost`` (the source publishes only its present state)."""
    reason: str
    """Error of the first failure in these days, ``stopped`` (a run was killed) or ``no run``."""


@dataclass(frozen=True)
class UpdateRun:
    """One run of ``tracker update`` or ``tracker fetch``."""

    started: Moment
    """Moment of its start."""
    finished: Moment | None
    """Moment of its end; missing if it was killed or still runs."""
    command: str
    """``update`` or ``fetch``."""
    outcome: str
    """``good``, ``degraded`` (a source failed or a document could not be read; the rest went on),
    ``failed`` (catalog or site could not be written), ``running``, or ``stopped`` (no end is
    recorded, and its process is gone)."""
    new: int
    """Number of new states."""
    failed: tuple[str, ...]
    """Ids of the sources that failed."""
    reason: str | None
    """The first error."""


@dataclass(frozen=True)
class Finding:
    """Something in the data that a person should look at."""

    check: str
    """Name of the check that found it."""
    severity: str
    """``error``, ``warning`` or ``info``."""
    place: str
    """Where it is: a file, a model, a board and moment."""
    message: str
    """What is wrong."""
    remedy: str
    """What to do about it."""


@dataclass(frozen=True)
class ReceiptLine:
    """One receipt of one fact, compared with its source."""

    model: str
    """Public id of the model."""
    property: str
    """Property of the fact, for example ``pooling``."""
    value: str
    """Value of the fact."""
    kind: str
    """``primary``, ``secondary``, ``inherited`` or ``registry``."""
    source: str
    """Address of the source."""
    locator: str | None
    """Place in it that the receipt names."""
    state: str
    """``verified``, ``unchecked``, ``moved``, ``not-there``, ``source-changed`` or
    ``unreachable``."""
    read_on: Day | None
    """Day on which the source was read that decided."""
    position: str | None
    """Lines or page where the terms are."""
    found_at: str | None
    """Where the terms are, if elsewhere."""
    reason: str | None
    """Why it is not verified."""


@dataclass(frozen=True)
class SuspectScore:
    """A score, or a task, that one should look at: a lead, not a verdict."""

    rule: str
    """``mrr-at-1``, ``main-score``, ``out-of-range``, ``evaluator``, ``equal``, ``siblings`` or
    ``dataset-revision``."""
    task: str
    """Name of the task."""
    model: str
    """Public id that the model had."""
    split: str
    """Split of the task's data; empty if the finding is about the whole file."""
    subset: str
    """Subset of the task's data; empty if the finding is about the whole file."""
    value: float | None
    """The suspect value, in percent; missing where none is meant."""
    expected: float | None
    """The value that it is compared with, in percent; missing for a range."""
    reason: str
    """What stands in the file, in words."""
    reason_zh: str
    """The same in Chinese."""
    path: str
    """The result file."""
    mteb_version: str | None
    """Version of the evaluator that wrote it."""
    since: Moment
    """Moment from which the file has had this content."""
    commit: str | None
    """Commit that brought it."""
    url: str | None
    """Address of that commit."""
    source: str | None
    """Public report of the error, for an evaluator version."""
    content_id: int
    """Id of the file's content in the catalog."""
    model_now: str
    """Public id that the model has today."""
    cells: tuple[tuple[str, str], ...]
    """Splits and subsets that the finding is about; empty: all of the file."""
