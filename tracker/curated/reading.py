"""Read a folder of curated YAML files into checked records."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from tracker.common.text import did_you_mean
from tracker.curated import checks
from tracker.curated.basics import Group, Record
from tracker.curated.document import Document
from tracker.curated.library import ComparisonEntry, DatasetsFile
from tracker.curated.organisations import OrganisationsFile, check_organisations
from tracker.curated.records import (
    BoardsFile,
    CorrectionsFile,
    Curated,
    ModelEntry,
    NotesFile,
    PaperEntry,
    RelationsFile,
    VocabularyFile,
)
from tracker.curated.suspects import FILE, SuspectsFile, read_suspects_file
from tracker.errors import CuratedError
from tracker.receipts.records import read_records

_FILES: dict[str, type[Record]] = {
    "boards.yaml": BoardsFile,
    "corrections.yaml": CorrectionsFile,
    "notes.yaml": NotesFile,
    "organisations.yaml": OrganisationsFile,
    "relations.yaml": RelationsFile,
    FILE: SuspectsFile,
}
_FOLDERS = ("comparisons", "datasets", "models", "papers", "vocabulary")

_R = TypeVar("_R", bound=Record)


def read_curated(folder: Path) -> Curated:
    """Read and check all curated knowledge of a folder.

    Raises:
        CuratedError: The first mistake: its file, its line and what to do about it.
    """
    _check_layout(folder)
    vocabulary = _read_folder(folder, "vocabulary", VocabularyFile)
    checks.check_vocabulary(vocabulary)
    terms = tuple(term for words, _ in vocabulary for term in words.terms)
    papers = _read_folder(folder, "papers", PaperEntry)
    checks.check_papers(papers)

    context: dict[str, Any] = {
        "terms": {term.slug: term.group for term in terms},
        "papers": {paper.arxiv_id for paper, _ in papers},
    }
    models = _read_folder(folder, "models", ModelEntry, context)
    checks.check_models(models)
    datasets = _read_folder(folder, "datasets", DatasetsFile, context)
    checks.check_datasets(datasets)
    comparisons = _read_folder(folder, "comparisons", ComparisonEntry, context)
    checks.check_comparisons(comparisons)

    boards, boards_document = _read_file(folder, "boards.yaml", BoardsFile)
    corrections, corrections_document = _read_file(folder, "corrections.yaml", CorrectionsFile)
    relations, relations_document = _read_file(folder, "relations.yaml", RelationsFile)
    notes, notes_document = _read_file(folder, "notes.yaml", NotesFile)
    organisations, organisations_document = _read_file(
        folder, "organisations.yaml", OrganisationsFile
    )
    checks.check_boards(boards, boards_document)
    checks.check_notes(notes, notes_document, boards)
    checks.check_corrections(corrections, corrections_document)
    check_organisations(organisations, organisations_document)
    checks.check_names(models, relations, relations_document)
    return Curated(
        series=boards.series,
        boards=boards.boards,
        groups=tuple(Group(slug=words.group, title=words.title) for words, _ in vocabulary),
        terms=terms,
        papers=tuple(paper for paper, _ in papers),
        models=tuple(model for model, _ in models),
        corrections=corrections.corrections,
        relations=relations.relations,
        notes=notes.notes,
        broken_spans=notes.broken_spans,
        withdrawals=notes.withdrawals,
        dataset_kinds=tuple(Group(slug=file.kind, title=file.title) for file, _ in datasets),
        datasets=tuple((file.kind, dataset) for file, _ in datasets for dataset in file.datasets),
        comparisons=tuple(comparison for comparison, _ in comparisons),
        organisations=organisations.organisations,
        suspects=read_suspects_file(folder),
        receipts=read_records(folder),
    )


def _check_layout(folder: Path) -> None:
    """Refuse files that the reader would ignore, since their author expects them to count."""
    if not folder.is_dir():
        raise CuratedError(f"{folder}: no such folder", remedy="set TRACKER_CURATED to db/curated")
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".yaml", ".yml"):
            continue
        place = path.relative_to(folder).parts
        top = place[0]
        if len(place) == 1 and top not in _FILES:
            raise CuratedError(
                f"{path}:1: not a file the reader knows", remedy=did_you_mean(top, _FILES)
            )
        if len(place) > 1 and (top not in _FOLDERS or len(place) > 2):
            raise CuratedError(
                f"{path}:1: not in a folder the reader knows", remedy=did_you_mean(top, _FOLDERS)
            )
        if path.suffix == ".yml":
            raise CuratedError(f"{path}:1: ends in .yml", remedy="name it .yaml")


def _read_folder(
    folder: Path, part: str, kind: type[_R], context: dict[str, Any] | None = None
) -> list[tuple[_R, Document]]:
    """Read all files of a subfolder, in order of their names."""
    found = []
    for path in sorted((folder / part).glob("*.yaml")):
        document = Document(path)
        found.append((document.read(kind, (context or {}) | _own_sources(document)), document))
    return found


def _read_file(folder: Path, name: str, kind: type[_R]) -> tuple[_R, Document]:
    document = Document(folder / name)
    return document.read(kind), document


def _own_sources(document: Document) -> dict[str, Any]:
    """Return the ``sources`` of a file (short name to address) as validation context."""
    sources = document.value.get("sources")
    return {"sources": sources if isinstance(sources, dict) else {}}
