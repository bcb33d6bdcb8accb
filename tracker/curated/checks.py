"""Check curated records against each other: unique names, references, file names.

Each check raises one :class:`~tracker.errors.CuratedError` at the first mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from tracker.common.text import did_you_mean
from tracker.curated.document import Document
from tracker.curated.library import ComparisonEntry, DatasetsFile
from tracker.curated.records import (
    BoardsFile,
    CorrectionsFile,
    ModelEntry,
    NotesFile,
    PaperEntry,
    RelationsFile,
    VocabularyFile,
)

PUBLISHED = "published/"
"""Prefix of the edition of a published board; its folder follows."""

NEEDS_PRIMARY = ("innovation", "pooling", "training_data")
"""Properties of which a secondary source alone is no receipt."""

Place: TypeAlias = tuple[int | str, ...]
"""Keys and positions that lead to a part of a document."""
NamedPlace: TypeAlias = tuple[str, Document, Place]
"""A name, and where it is written."""


def check_vocabulary(files: Sequence[tuple[VocabularyFile, Document]]) -> None:
    """Check file names, and that each slug is one term of the group of its file."""
    for words, document in files:
        _check_file_name(document, words.group, ("group",))
    _check_unique("term", _terms(files))


def _terms(files: Iterable[tuple[VocabularyFile, Document]]) -> Iterator[NamedPlace]:
    for words, document in files:
        for number, term in enumerate(words.terms):
            if term.group != words.group:
                document.fail(
                    ("terms", number, "group"),
                    f"term {term.slug!r} says group {term.group!r} in the file of {words.group!r}",
                    f"write group: {words.group}",
                )
            yield term.slug, document, ("terms", number, "slug")


def check_papers(papers: Iterable[tuple[PaperEntry, Document]]) -> None:
    """Check file names."""
    for paper, document in papers:
        _check_file_name(document, paper.arxiv_id, ("arxiv_id",))


def check_models(models: Sequence[tuple[ModelEntry, Document]]) -> None:
    """Check file names, unique models, and unique facts within each model."""
    for model, document in models:
        _check_file_name(document, model.name.replace("/", "__"), ("name",))
    _check_unique("model", ((model.name, document, ("name",)) for model, document in models))
    for model, document in models:
        _check_unique("fact", _facts(model, document))
        _check_receipts(model, document)


def _facts(model: ModelEntry, document: Document) -> Iterator[NamedPlace]:
    for number, fact in enumerate(model.facts):
        name = " ".join((fact.property, fact.value, fact.qualifier or "")).strip()
        yield name, document, ("facts", number)


def _check_receipts(model: ModelEntry, document: Document) -> None:
    """Check that what a method is said to be rests on more than what others say of it."""
    for number, fact in enumerate(model.facts):
        if fact.property in NEEDS_PRIMARY and all(e.kind == "secondary" for e in fact.evidence):
            document.fail(
                ("facts", number),
                f"{fact.property} {fact.value!r} rests on secondary sources alone",
                "cite the makers' own source beside it, or remove the statement",
            )


def check_datasets(files: Sequence[tuple[DatasetsFile, Document]]) -> None:
    """Check that each name means one dataset, and that ``part_of`` names datasets."""
    slugs: list[NamedPlace] = []
    owners: dict[str, str] = {}
    for file, document in files:
        _check_file_name(document, file.kind, ("kind",))
        for number, dataset in enumerate(file.datasets):
            slugs.append((dataset.slug, document, ("datasets", number, "slug")))
            for name in (dataset.name, *dataset.aliases):
                owner = owners.setdefault(name.casefold(), dataset.slug)
                if owner != dataset.slug:
                    document.fail(
                        ("datasets", number, "slug"),
                        f"{name!r} would mean both {owner!r} and {dataset.slug!r}",
                        "decide which dataset this name means",
                    )
    _check_unique("dataset", slugs)
    known = {slug for slug, _, _ in slugs}
    for file, document in files:
        for number, dataset in enumerate(file.datasets):
            for place, whole in enumerate(dataset.part_of):
                if whole not in known - {dataset.slug}:
                    document.fail(
                        ("datasets", number, "part_of", place),
                        f"no other dataset {whole!r}",
                        did_you_mean(whole, known - {dataset.slug}),
                    )


def check_comparisons(comparisons: Iterable[tuple[ComparisonEntry, Document]]) -> None:
    """Check file names, and that each row of a comparison has one cell per subject."""
    for comparison, document in comparisons:
        _check_file_name(document, comparison.slug, ("slug",))
        _check_cells(comparison, document)


def _check_cells(comparison: ComparisonEntry, document: Document) -> None:
    keys = [subject.slug for subject in comparison.subjects]
    _check_unique(
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
                document.fail(place, f"no cell for {key!r}", f"add {key}:")


def check_boards(boards: BoardsFile, document: Document) -> None:
    """Check that each edition is in one series, and that boards and editions match."""
    _check_unique(
        "series", ((series.slug, document, ("series", n)) for n, series in enumerate(boards.series))
    )
    _check_unique(
        "board", ((board.folder, document, ("boards", n)) for n, board in enumerate(boards.boards))
    )
    _check_unique(
        "edition",
        (
            (edition, document, ("series", n, "editions", place))
            for n, series in enumerate(boards.series)
            for place, edition in enumerate(series.editions)
        ),
    )
    _check_series_of_boards(boards, document)
    _check_folders_of_editions(boards, document)


def _check_series_of_boards(boards: BoardsFile, document: Document) -> None:
    editions = {series.slug: series.editions for series in boards.series}
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


def _check_folders_of_editions(boards: BoardsFile, document: Document) -> None:
    folders = {board.folder for board in boards.boards}
    for number, series in enumerate(boards.series):
        for place, edition in enumerate(series.editions):
            folder = edition.removeprefix(PUBLISHED)
            if folder != edition and folder not in folders:
                document.fail(
                    ("series", number, "editions", place),
                    f"no published board {folder!r}",
                    did_you_mean(folder, folders),
                )


def check_notes(notes: NotesFile, document: Document, boards: BoardsFile) -> None:
    """Check that notes and broken spans name boards that exist."""
    folders = {board.folder for board in boards.boards}
    known = {series.slug for series in boards.series}
    known.update(edition for series in boards.series for edition in series.editions)
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


def check_corrections(corrections: CorrectionsFile, document: Document) -> None:
    """Check that each property of a model is corrected once."""
    _check_unique(
        "correction",
        (
            (f"{correction.model} {correction.property}", document, ("corrections", n))
            for n, correction in enumerate(corrections.corrections)
        ),
    )


def check_names(
    models: Iterable[tuple[ModelEntry, Document]], relations: RelationsFile, document: Document
) -> None:
    """Check that each public id means one model, and that chains of relations end at one."""
    same = [(n, it) for n, it in enumerate(relations.relations) if it.kind != "distinct"]
    claims: list[tuple[str, str, Document, Place]] = []
    for model, of_model in models:
        claims.append((model.name, model.name, of_model, ("name",)))
        for number, name in enumerate(model.listed_as):
            claims.append((name, model.name, of_model, ("listed_as", number)))
    for number, relation in same:
        claims.append((relation.model, relation.of, document, ("relations", number, "model")))
    owners: dict[str, str] = {}
    for name, owner, claimed_in, place in claims:
        known = owners.setdefault(name.casefold(), owner)
        if known.casefold() != owner.casefold():
            claimed_in.fail(
                place,
                f"{name!r} would mean both {known!r} and {owner!r}",
                "decide which model this name means",
            )
    for number, relation in same:
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


def _check_file_name(document: Document, expected: str, place: Place) -> None:
    if document.path.stem != expected:
        document.fail(
            place,
            f"the file is named {document.path.name!r}, its content {expected!r}",
            f"name the file {expected}.yaml",
        )


def _check_unique(what: str, names: Iterable[NamedPlace]) -> None:
    """Fail at the second of two equal names; names are compared case-insensitively."""
    first: dict[str, Document] = {}
    for name, document, place in names:
        before = first.get(name.casefold())
        if before is not None:
            elsewhere = "" if before is document else f", also in {before.path.name}"
            document.fail(place, f"duplicate {what} {name!r}{elsewhere}", "keep one of the two")
        first[name.casefold()] = document
