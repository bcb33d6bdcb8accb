"""Embedding Tracker: which text-embedding model leads, since when, why, and how do we know?

``tracker.open()`` opens a catalog; the other public names are the questions about a board, the
types of the answers and the errors.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracker.answers.adoption import BoardShare, FirstOnBoard, TechniqueShare
    from tracker.answers.bases import BaseModel, BaseRow, BoardRank
    from tracker.answers.boards import (
        CommonTasks,
        EditionInfo,
        Leaderboard,
        LeaderboardRow,
        PairedDifference,
        Provenance,
        RowInterval,
    )
    from tracker.answers.checking import CheckedStatement, CheckedText, Correction
    from tracker.answers.choices import Choice, ChosenModel, DropReason
    from tracker.answers.common import Bilingual, ResultCommit
    from tracker.answers.contamination import Contamination, ExposedCell, ExposedRow
    from tracker.answers.coverage import (
        Coverage,
        CoverageCell,
        CoverageCount,
        CoverageRow,
        Proposal,
        ReceiptCount,
    )
    from tracker.answers.frontier import CatchUp, FrontierSpan
    from tracker.answers.health import (
        Finding,
        Gap,
        ReceiptLine,
        SourceStatus,
        SuspectScore,
        UpdateRun,
    )
    from tracker.answers.history import (
        Absence,
        Change,
        HistoryPoint,
        Leader,
        LeadSpan,
        Overview,
        Replay,
        ReplayDay,
        ReplayRow,
        Why,
    )
    from tracker.answers.lineage import InheritedData, Lineage, Relative
    from tracker.answers.methods import (
        CitedPage,
        Dataset,
        DatasetUse,
        Hit,
        Paper,
        PaperModel,
        Subject,
        Technique,
        TechniqueUse,
        Term,
        WrittenComparison,
        WrittenLine,
    )
    from tracker.answers.models import (
        Claim,
        Comparison,
        ComparisonRow,
        Evidence,
        EvidenceLine,
        Fact,
        MetadataValue,
        Model,
        ModelStanding,
        NoPaper,
        PaperLink,
        RelatedModel,
        StateOfTheArt,
        StateOfTheArtRow,
    )
    from tracker.answers.organisations import Organisation
    from tracker.answers.references import Reference, ReferenceKind
    from tracker.answers.search import NamedThing
    from tracker.answers.summaries import ModelSummary
    from tracker.answers.tasks import Task, TaskBoard, TaskInfo, TaskLead, TaskRow, TaskTraining
    from tracker.api import BoardQuery, Catalog, ChoiceQuery
    from tracker.api import open_catalog as open  # noqa: A004
    from tracker.errors import (
        ArchiveError,
        CatalogError,
        CuratedError,
        LockedError,
        NoDataError,
        NotFoundError,
        SourceError,
        TrackerError,
        UsageError,
    )

__version__ = "0.1.0"
__all__ = [
    "Absence", "ArchiveError", "BaseModel", "BaseRow", "Bilingual", "BoardQuery", "BoardRank",
    "BoardShare", "Catalog", "CatalogError", "CatchUp", "Change", "CheckedStatement", "CheckedText",
    "Choice", "ChoiceQuery", "ChosenModel", "CitedPage", "Claim", "CommonTasks", "Comparison",
    "ComparisonRow", "Contamination", "Correction", "Coverage", "CoverageCell", "CoverageCount",
    "CoverageRow", "CuratedError", "Dataset", "DatasetUse", "DropReason", "EditionInfo", "Evidence",
    "EvidenceLine", "ExposedCell", "ExposedRow", "Fact", "Finding", "FirstOnBoard", "FrontierSpan",
    "Gap", "HistoryPoint", "Hit", "InheritedData", "LeadSpan", "Leader", "Leaderboard",
    "LeaderboardRow", "Lineage", "LockedError", "MetadataValue", "Model", "ModelStanding",
    "ModelSummary", "NamedThing", "NoDataError", "NoPaper", "NotFoundError", "Organisation",
    "Overview", "PairedDifference", "Paper", "PaperLink", "PaperModel", "Proposal", "Provenance",
    "ReceiptCount", "ReceiptLine",
    "Reference", "ReferenceKind", "RelatedModel", "Relative", "Replay", "ReplayDay", "ReplayRow",
    "ResultCommit", "RowInterval", "SourceError", "SourceStatus", "StateOfTheArt",
    "StateOfTheArtRow", "Subject", "SuspectScore", "Task", "TaskBoard", "TaskInfo", "TaskLead",
    "TaskRow", "TaskTraining", "Technique", "TechniqueShare", "TechniqueUse", "Term",
    "TrackerError", "UpdateRun", "UsageError", "Why", "WrittenComparison", "WrittenLine",
    "__version__", "open",
]  # fmt: skip
_OF_API = ("BoardQuery", "Catalog", "ChoiceQuery", "open")
# Searched in this order, without SQLAlchemy, which takes a quarter of a second to import.
_MODULES = (
    "tracker.errors",
    "tracker.answers.common",
    "tracker.answers.boards",
    "tracker.answers.bases",
    "tracker.answers.choices",
    "tracker.answers.checking",
    "tracker.answers.models",
    "tracker.answers.summaries",
    "tracker.answers.search",
    "tracker.answers.lineage",
    "tracker.answers.adoption",
    "tracker.answers.methods",
    "tracker.answers.coverage",
    "tracker.answers.organisations",
    "tracker.answers.references",
    "tracker.answers.history",
    "tracker.answers.frontier",
    "tracker.answers.health",
    "tracker.answers.tasks",
    "tracker.answers.contamination",
)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name in __all__:
        attribute = "open_catalog" if name == "open" else name
        for module in map(import_module, ("tracker.api",) if name in _OF_API else _MODULES):
            if hasattr(module, attribute):
                return getattr(module, attribute)
    raise AttributeError(f"module 'tracker' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
