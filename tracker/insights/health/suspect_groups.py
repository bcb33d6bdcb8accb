"""Suspect scores that a comparison of the files of a moment shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import polars as pl

from tracker.answers.health import SuspectScore
from tracker.catalog.identity.originals import present_names
from tracker.catalog.results.queries import ScoreFile
from tracker.errors import NoDataError
from tracker.insights.health.suspect_files import files_at, read_rule_book, suspect
from tracker.insights.health.suspect_words import equal_reason, revision_reason, sibling_reason
from tracker.insights.models.bases import read_bases
from tracker.insights.models.lineage_edges import CONVERTED, QUANTISED, REUPLOAD, read_edges
from tracker.insights.models.names import read_original_names
from tracker.insights.reader import Reader, memoised
from tracker.insights.tasks.infos import read_infos
from tracker.ranking.suspect_groups import changed_revisions, equal_scores, sibling_jumps

_COPIES = (QUANTISED, CONVERTED, REUPLOAD)


@memoised
def compared_suspects(reader: Reader, at: str) -> tuple[SuspectScore, ...]:
    """Read what comparisons of the files of a moment show.

    Raises:
        NoDataError: The catalog has no result files.
    """
    files = files_at(reader, at)
    by_path = {file.path: file for file in files}
    frame = _frame(reader, files)
    cells = _cells(reader, frame)
    book = read_rule_book(reader)
    found = (
        *_equal(cells, by_path, _originals(reader)),
        *_jumps(reader, cells, by_path),
        *_revisions(frame, by_path),
    )
    return tuple(one for one in found if book.applies(one.rule, one.task))


def _frame(reader: Reader, files: tuple[ScoreFile, ...]) -> pl.DataFrame:
    """One row a file; ``model`` is the present name."""
    present = present_names(reader.connection)
    return pl.DataFrame(
        {
            "path": [file.path for file in files],
            "task": [file.task for file in files],
            "content_id": [file.content_id for file in files],
            "model": [present.get(file.model, file.model) for file in files],
            "is_plain": [not file.experiment for file in files],
            "since": [file.valid_from for file in files],
            "dataset_revision": [file.dataset_revision for file in files],
        },
        schema_overrides={"dataset_revision": pl.String},
    )


def _cells(reader: Reader, files: pl.DataFrame) -> pl.DataFrame:
    """Scores of the newest file of each model and task, without experiments: one row a cell."""
    newest = (
        files.filter("is_plain")
        .sort("since", "path")
        .unique(["model", "task"], keep="last", maintain_order=True)
    )
    tasks = newest["task"].unique().to_list()
    tables = reader.raw_scores.tables
    contents = tables.contents(tasks).join(newest, on="content_id", how="semi").drop("task")
    layouts = (
        tables.layouts_of(contents)
        .group_by("layout_id", maintain_order=True)
        .agg("split", "subset")
    )
    return (
        newest.select("path", "task", "content_id", "model", "since")
        .join(contents, on="content_id")
        .join(layouts, on="layout_id")
        .filter(pl.col("scores").list.len() == pl.col("split").list.len())
        .explode("scores", "split", "subset")
        .select("path", "task", "model", "since", "split", "subset", score="scores")
        .drop_nulls("score")
    )


def _originals(reader: Reader) -> dict[str, str]:
    """The original's public id by that of a copy, a build or a re-upload."""
    edges = {
        edge.child.name: edge.parent.name for edge in read_edges(reader) if edge.kind in _COPIES
    }
    return edges | read_original_names(reader)


def _equal(
    cells: pl.DataFrame, files: Mapping[str, ScoreFile], originals: Mapping[str, str]
) -> Iterator[SuspectScore]:
    named = cells.with_columns(
        model=pl.col("model").replace(list(originals), list(originals.values()))
    )
    for row in equal_scores(named).iter_rows(named=True):
        own, other = files[row["path"]], files[row["other_path"]]
        places = list(zip(row["split"], row["subset"], strict=True))
        split, subset = places[0] if len(places) == 1 else ("", "")
        yield suspect(
            "equal",
            own,
            equal_reason(row["score"], other.model),
            split,
            subset,
            value=row["score"][0] * 100,
            expected=row["score"][0] * 100,
            cells=tuple(places),
        )


def _jumps(
    reader: Reader, cells: pl.DataFrame, files: Mapping[str, ScoreFile]
) -> Iterator[SuspectScore]:
    try:
        kinds = {info.name: info.type for info in read_infos(reader).values()}
    except NoDataError:
        return
    types = pl.DataFrame(
        list(kinds.items()), schema={"task": pl.String, "type": pl.String}, orient="row"
    )
    for row in sibling_jumps(cells, read_siblings(reader), types).iter_rows(named=True):
        yield suspect(
            "siblings",
            files[row["path"]],
            sibling_reason(
                row["score"] * 100, row["gap"] * 100, row["limit"] * 100, row["type"],
                row["siblings"],
            ),
            value=row["score"] * 100,
            expected=(row["score"] - row["gap"]) * 100,
        )  # fmt: skip


@memoised
def read_siblings(reader: Reader) -> frozenset[tuple[str, str]]:
    """Pairs of models that were made of one another, or of the same model; both ways."""
    families: dict[str, set[str]] = defaultdict(set)
    for model, bases in read_bases(reader).items():
        for base in bases:
            families[base] |= {base, model}
    return frozenset(
        (one, other) for family in families.values() for one in family for other in family - {one}
    )


def _revisions(files: pl.DataFrame, by_path: Mapping[str, ScoreFile]) -> Iterator[SuspectScore]:
    for row in changed_revisions(files).iter_rows(named=True):
        yield suspect(
            "dataset-revision",
            by_path[row["path"]],
            revision_reason(
                row["dataset_revision"], row["n_files"], row["most"], row["n_most"], row["n_total"]
            ),
        )
