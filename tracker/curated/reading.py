"""Reads a whole folder of curated knowledge and checks what no single file can know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from tracker.common.text import did_you_mean
from tracker.curated.basics import Group, Record
from tracker.curated.document import Document
from tracker.curated.library import Comparison, DatasetsFile
from tracker.curated.records import (
    BoardsFile,
    CorrectionsFile,
    Curated,
    Model,
    NotesFile,
    Paper,
    Relation,
    RelationsFile,
    VocabularyFile,
)
from tracker.errors import CuratedError
from tracker.receipts.records import read_records

_FILES: dict[str, type[Record]] = {
    "boards.yaml": BoardsFile,
    "corrections.yaml": CorrectionsFile,
    "notes.yaml": NotesFile,
    "relations.yaml": RelationsFile,
}
_FOLDERS = ("comparisons", "datasets", "models", "papers", "vocabulary")
PUBLISHED = "published/"
"""What the name of a published board's edition begins with; the folder follows."""

Place: TypeAlias = tuple[int | str, ...]
Entry: TypeAlias = tuple[str, Document, Place]
"""A name, and where it is written."""

_R = TypeVar("_R", bound=Record)


def read_curated(folder: Path) -> Curated:
    """All knowledge of a folder; the first mistake, if there is one, as one clear line."""
    _check_layout(folder)
    vocabulary = [
        (document.read(VocabularyFile), document) for document in _documents(folder, "vocabulary")
    ]
    for words, document in vocabulary:
        _check_file_name(document, words.group, ("group",))
    _unique("term", _terms(vocabulary))
    terms = tuple(term for words, _ in vocabulary for term in words.terms)

    papers = [(document.read(Paper), document) for document in _documents(folder, "papers")]
    for paper, document in papers:
        _check_file_name(document, paper.arxiv_id, ("arxiv_id",))

    context: dict[str, Any] = {
        "terms": {term.slug: term.group for term in terms},
        "papers": {paper.arxiv_id for paper, _ in papers},
    }
    models = [
        (document.read(Model, context | _own_sources(document)), document)
        for document in _documents(folder, "models")
    ]
    for model, document in models:
        _check_file_name(document, model.name.replace("/", "__"), ("name",))
    _unique("model", ((model.name, document, ("name",)) for model, document in models))
    for model, document in models:
        _unique("fact", _facts(model, document))

    datasets = [
        (document.read(DatasetsFile, context), document)
        for document in _documents(folder, "datasets")
    ]
    _check_datasets(datasets)
    comparisons = [
        (document.read(Comparison, context | _own_sources(document)), document)
        for document in _documents(folder, "comparisons")
    ]
    for comparison, document in comparisons:
        _check_file_name(document, comparison.slug, ("slug",))
        _check_cells(comparison, document)

    boards, boards_document = _one(folder, "boards.yaml", BoardsFile)
    corrections, corrections_document = _one(folder, "corrections.yaml", CorrectionsFile)
    relations, relations_document = _one(folder, "relations.yaml", RelationsFile)
    notes, notes_document = _one(folder, "notes.yaml", NotesFile)
    _check_boards(boards, boards_document)
    _check_notes(notes, notes_document, boards)
    _unique(
        "correction",
        (
            (f"{correction.model} {correction.property}", corrections_document, ("corrections", n))
            for n, correction in enumerate(corrections.corrections)
        ),
    )
    same = tuple(one for one in relations.relations if one.kind != "distinct")
    _check_names(models, same, relations_document)
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
        dataset_kinds=tuple(Group(slug=its.kind, title=its.title) for its, _ in datasets),
        datasets=tuple((its.kind, dataset) for its, _ in datasets for dataset in its.datasets),
        comparisons=tuple(comparison for comparison, _ in comparisons),
        receipts=read_records(folder),
    )


def _own_sources(document: Document) -> dict[str, Any]:
    """The short names that a file gives to its sources, as validation context."""
    sources = document.value.get("sources")
    return {"sources": sources if isinstance(sources, dict) else {}}


def _check_layout(folder: Path) -> None:
    """Refuse a file that nothing would read: its author believes that it counts."""
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
            raise CuratedError(f"{path}:1: not in a folder the reader knows",
                               remedy=did_you_mean(top, _FOLDERS))  # fmt: skip
        if path.suffix == ".yml":
            raise CuratedError(f"{path}:1: ends in .yml", remedy="name it .yaml")


def _documents(folder: Path, part: str) -> list[Document]:
    return [Document(path) for path in sorted((folder / part).glob("*.yaml"))]


def _one(folder: Path, name: str, kind: type[_R]) -> tuple[_R, Document]:
    document = Document(folder / name)
    return document.read(kind), document


def _check_file_name(document: Document, expected: str, place: Place) -> None:
    if document.path.stem != expected:
        document.fail(
            place,
            f"the file is named {document.path.name!r}, its content {expected!r}",
            f"name the file {expected}.yaml",
        )


def _terms(vocabulary: Iterable[tuple[VocabularyFile, Document]]) -> Iterator[Entry]:
    for words, document in vocabulary:
        for number, term in enumerate(words.terms):
            if term.group != words.group:
                document.fail(
                    ("terms", number, "group"),
                    f"term {term.slug!r} says group {term.group!r} in the file of {words.group!r}",
                    f"write group: {words.group}",
                )
            yield term.slug, document, ("terms", number, "slug")


def _facts(model: Model, document: Document) -> Iterator[Entry]:
    for number, fact in enumerate(model.facts):
        name = " ".join((fact.property, fact.value, fact.qualifier or "")).strip()
        yield name, document, ("facts", number)


def _check_datasets(files: list[tuple[DatasetsFile, Document]]) -> None:
    """Let every name stand for one dataset, and mixtures be datasets."""
    slugs: list[Entry] = []
    owners: dict[str, str] = {}
    for its, document in files:
        _check_file_name(document, its.kind, ("kind",))
        for number, dataset in enumerate(its.datasets):
            slugs.append((dataset.slug, document, ("datasets", number, "slug")))
            for name in (dataset.name, *dataset.aliases):
                owner = owners.setdefault(name.casefold(), dataset.slug)
                if owner != dataset.slug:
                    document.fail(
                        ("datasets", number, "slug"),
                        f"{name!r} would stand for both {owner!r} and {dataset.slug!r}",
                        "decide which dataset this name is",
                    )
    _unique("dataset", slugs)
    known = {slug for slug, _, _ in slugs}
    for its, document in files:
        for number, dataset in enumerate(its.datasets):
            for place, whole in enumerate(dataset.part_of):
                if whole not in known - {dataset.slug}:
                    document.fail(
                        ("datasets", number, "part_of", place),
                        f"no other dataset {whole!r}",
                        did_you_mean(whole, known - {dataset.slug}),
                    )


def _check_cells(comparison: Comparison, document: Document) -> None:
    """Let every row of a comparison speak of its subjects, of each of them once."""
    keys = [subject.slug for subject in comparison.subjects]
    _unique(
        "subject",
        ((key, document, ("subjects", number, "slug")) for number, key in enumerate(keys)),
    )
    for number, row in enumerate(comparison.dimensions):
        place = ("dimensions", number, "cells")
        for key in row.cells:
            if key not in keys:
                document.fail((*place, key), f"no subject {key!r}", did_you_mean(key, keys))
        for key in keys:
            if key not in row.cells:
                document.fail(place, f"nothing about {key!r}", f"add {key}:")


def _unique(what: str, entries: Iterable[Entry]) -> None:
    """Fail at the second of two entries with one name; case makes no other name."""
    first: dict[str, Document] = {}
    for name, document, place in entries:
        before = first.get(name.casefold())
        if before is not None:
            elsewhere = "" if before is document else f", also in {before.path.name}"
            document.fail(place, f"duplicate {what} {name!r}{elsewhere}", "keep one of the two")
        first[name.casefold()] = document


def _check_boards(boards: BoardsFile, document: Document) -> None:
    """Every edition is in one series; every published edition has its folder, and back."""
    _unique("series", ((its.slug, document, ("series", n)) for n, its in enumerate(boards.series)))
    _unique("board", ((its.folder, document, ("boards", n)) for n, its in enumerate(boards.boards)))
    _unique(
        "edition",
        (
            (edition, document, ("series", n, "editions", place))
            for n, its in enumerate(boards.series)
            for place, edition in enumerate(its.editions)
        ),
    )
    editions = {its.slug: its.editions for its in boards.series}
    folders = {board.folder for board in boards.boards}
    for number, board in enumerate(boards.boards):
        if board.series not in editions:
            document.fail(
                ("boards", number, "series"),
                f"unknown series {board.series!r}",
                did_you_mean(board.series, editions),
            )
        if PUBLISHED + board.folder not in editions[board.series]:
            document.fail(
                ("boards", number),
                f"series {board.series!r} has no edition {PUBLISHED + board.folder!r}",
                "add it to the editions",
            )
    for number, its in enumerate(boards.series):
        for place, edition in enumerate(its.editions):
            folder = edition.removeprefix(PUBLISHED)
            if folder != edition and folder not in folders:
                document.fail(
                    ("series", number, "editions", place),
                    f"no published board {folder!r}",
                    did_you_mean(folder, folders),
                )


def _check_notes(notes: NotesFile, document: Document, boards: BoardsFile) -> None:
    """Let notes and broken spans speak only of boards that exist."""
    folders = {board.folder for board in boards.boards}
    known = {its.slug for its in boards.series}
    known.update(edition for its in boards.series for edition in its.editions)
    for number, note in enumerate(notes.notes):
        if note.board not in known:
            document.fail(
                ("notes", number, "board"),
                f"unknown board {note.board!r}",
                did_you_mean(note.board, known),
            )
    for number, span in enumerate(notes.broken_spans):
        for place, folder in enumerate(span.folders):
            if folder not in folders:
                document.fail(
                    ("broken_spans", number, "folders", place),
                    f"unknown folder {folder!r}",
                    did_you_mean(folder, folders),
                )


def _check_names(
    models: list[tuple[Model, Document]], relations: tuple[Relation, ...], document: Document
) -> None:
    """Let a public id stand for one model, and the way from any id end at one."""
    claims: list[tuple[str, str, Document, Place]] = []
    for model, its in models:
        claims.append((model.name, model.name, its, ("name",)))
        for number, name in enumerate(model.listed_as):
            claims.append((name, model.name, its, ("listed_as", number)))
    for number, relation in enumerate(relations):
        claims.append((relation.model, relation.of, document, ("relations", number, "model")))
    owners: dict[str, str] = {}
    for name, owner, its, place in claims:
        known = owners.setdefault(name.casefold(), owner)
        if known.casefold() != owner.casefold():
            its.fail(
                place,
                f"{name!r} would stand for both {known!r} and {owner!r}",
                "decide which model this name is",
            )
    for number, relation in enumerate(relations):
        seen = {relation.model.casefold()}
        name = relation.of.casefold()
        while name not in seen and owners.get(name, name).casefold() != name:
            seen.add(name)
            name = owners[name].casefold()
        if name in seen:
            document.fail(
                ("relations", number, "model"),
                f"{relation.model!r} leads back to itself",
                "remove one of these relations",
            )
