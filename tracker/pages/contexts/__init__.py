"""One frozen dataclass per page kind: exactly the values its template may use.

A context is independent of language: every language is rendered from the same context, so the
languages cannot disagree. The template of ``HomePage`` is ``templates/home.html``, and so on. A
test compares the fields of each context with the names its template uses, in both directions.
"""

from __future__ import annotations

from tracker.pages.contexts.boards import (
    BoardEntry,
    BoardFilter,
    BoardGroup,
    BoardPage,
    BoardsPage,
    Citation,
    CopyNote,
    DatedBoardPage,
    FilterChoice,
    LeadSpan,
    ReplayFile,
    ReplayMonth,
    RowRemark,
    RowRemarks,
    TaskScores,
)
from tracker.pages.contexts.choices import ChoosePage, NamedValue
from tracker.pages.contexts.common import BoardLink, FactGroup, FactItem, Page
from tracker.pages.contexts.compared import (
    ComparedCell,
    ComparedModel,
    ComparedRow,
    ComparedTask,
    ComparedTasks,
    ComparePage,
    PairGroup,
    PairLink,
    PairPage,
)
from tracker.pages.contexts.contamination import ContaminationPage, Receipts
from tracker.pages.contexts.frontier import FrontierPage, SeriesFrontier
from tracker.pages.contexts.methods import (
    Arrivals,
    ComparisonPage,
    CoveragePage,
    DatasetsPage,
    GlossaryPage,
    MethodsPage,
    PapersPage,
    TermGroup,
)
from tracker.pages.contexts.models import (
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
    Profile,
    ProfileRow,
    RankLine,
    TrainedTasks,
)
from tracker.pages.contexts.news import (
    ChangeMonthPage,
    ChangesPage,
    HomePage,
    LoggedChange,
    SeriesChanges,
    SeriesLead,
    SourcesPage,
)
from tracker.pages.contexts.notes import (
    CountedSection,
    Leader,
    NoteEdition,
    StateOfTheArtEntry,
    StateOfTheArtPage,
    StateOfTheArtSection,
    TrainingNotePage,
    TrainingTopic,
    TrainingUse,
)
from tracker.pages.contexts.subjects import DatasetPage, PaperPage, TechniquePage
from tracker.pages.contexts.suspects import (
    SuspectGroup,
    SuspectLine,
    SuspectList,
    SuspectsPage,
    SuspectTask,
)
from tracker.pages.contexts.tasks import TaskEntry, TaskGroup, TaskPage, TasksPage

AnyPage = (
    HomePage
    | BoardsPage
    | BoardPage
    | DatedBoardPage
    | ModelsPage
    | ModelPage
    | ChangesPage
    | ChangeMonthPage
    | StateOfTheArtPage
    | TrainingNotePage
    | SourcesPage
    | GlossaryPage
    | ComparisonPage
    | MethodsPage
    | DatasetsPage
    | CoveragePage
    | PapersPage
    | ChoosePage
    | FrontierPage
    | ComparePage
    | PairPage
    | TechniquePage
    | DatasetPage
    | PaperPage
    | TasksPage
    | TaskPage
    | SuspectsPage
    | ContaminationPage
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
    ChangeMonthPage: "change_month.html",
    StateOfTheArtPage: "state_of_the_art.html",
    TrainingNotePage: "training_note.html",
    SourcesPage: "sources.html",
    GlossaryPage: "glossary.html",
    ComparisonPage: "comparison.html",
    MethodsPage: "methods.html",
    DatasetsPage: "datasets.html",
    CoveragePage: "coverage.html",
    PapersPage: "papers.html",
    ChoosePage: "choose.html",
    FrontierPage: "frontier.html",
    ComparePage: "compare.html",
    PairPage: "pair.html",
    TechniquePage: "technique.html",
    DatasetPage: "dataset.html",
    PaperPage: "paper.html",
    TasksPage: "tasks.html",
    TaskPage: "task.html",
    SuspectsPage: "suspects.html",
    ContaminationPage: "contamination.html",
}
"""The template of each page kind."""

__all__ = [
    "TEMPLATES",
    "Absence",
    "AnyPage",
    "Arrivals",
    "BoardEntry",
    "BoardFilter",
    "BoardGroup",
    "BoardLink",
    "BoardPage",
    "BoardsPage",
    "ChangeMonthPage",
    "ChangesPage",
    "ChoosePage",
    "Citation",
    "ComparePage",
    "ComparedCell",
    "ComparedModel",
    "ComparedRow",
    "ComparedTask",
    "ComparedTasks",
    "ComparisonPage",
    "ContaminationPage",
    "CopyNote",
    "CountedSection",
    "CoveragePage",
    "DatasetPage",
    "DatasetsPage",
    "DatedBoardPage",
    "Descendants",
    "EditionHistory",
    "FactGroup",
    "FactItem",
    "Family",
    "FilterChoice",
    "FormerStanding",
    "FrontierPage",
    "GlossaryPage",
    "HomePage",
    "LastChange",
    "LeadSpan",
    "Leader",
    "LoggedChange",
    "MethodsPage",
    "ModelEntry",
    "ModelGroup",
    "ModelPage",
    "ModelsPage",
    "NamedValue",
    "NoteEdition",
    "Page",
    "PairGroup",
    "PairLink",
    "PairPage",
    "PaperPage",
    "PapersPage",
    "Profile",
    "ProfileRow",
    "RankLine",
    "Receipts",
    "ReplayFile",
    "ReplayMonth",
    "RowRemark",
    "RowRemarks",
    "SeriesChanges",
    "SeriesFrontier",
    "SeriesLead",
    "SourcesPage",
    "StateOfTheArtEntry",
    "StateOfTheArtPage",
    "StateOfTheArtSection",
    "SuspectGroup",
    "SuspectLine",
    "SuspectList",
    "SuspectTask",
    "SuspectsPage",
    "TaskEntry",
    "TaskGroup",
    "TaskPage",
    "TaskScores",
    "TasksPage",
    "TechniquePage",
    "TermGroup",
    "TrainedTasks",
    "TrainingNotePage",
    "TrainingTopic",
    "TrainingUse",
]
