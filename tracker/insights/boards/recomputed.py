"""Boards computed from raw scores when a question asks for them, at any moment since July 2024."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from tracker.answers.boards import CommonTasks, EditionInfo, Leaderboard, LeaderboardRow
from tracker.catalog.results.queries import result_stream
from tracker.catalog.results.raw_scores import RawBoard, as_identity
from tracker.common.text import did_you_mean, model_slug
from tracker.errors import NoDataError, NotFoundError
from tracker.insights.boards.common_tasks import common_tasks
from tracker.insights.boards.provenance import read_provenance
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.state_lookup import Chosen, ranking_unit, read_state_known
from tracker.insights.boards.without_suspects import left_out, without_suspects
from tracker.insights.models.metadata import (
    corrected,
    read_board_metadata,
    read_fixes,
    registered_metadata,
    with_exact_sizes,
)
from tracker.insights.models.names import read_names
from tracker.insights.reader import Reader, memoised
from tracker.insights.units import FRACTION, percent
from tracker.ranking.benchmark import BenchmarkDefinition
from tracker.ranking.ranks import rank_by as rank_frame
from tracker.ranking.recompute import ComputedBoard
from tracker.ranking.zero_shot import UNDECLARED
from tracker.sources.published_boards import HEADER as PUBLISHED

_PRIMARY = ("mean_task", "mean_subset", "mean_task_type")


def read_recomputed(reader: Reader, query: BoardQuery, chosen: Chosen) -> Leaderboard:
    """Compute a board at a moment from raw scores.

    Args:
        reader: The open catalog.
        query: Which rows are asked for, in which order.
        chosen: The edition and the moment.

    Raises:
        NoDataError: No registry defines the board, or no model has a score on it then.
    """
    edition, at, rank_by = chosen.edition, chosen.at, query.rank_by
    edition_id = reader.editions.ids[edition.slug]
    board, found = computed_part(reader, edition, at, query)
    ranked = found.rows
    if rank_by == "borda":
        ranked = rank_frame(ranked, "points")
    elif rank_by != "published":
        ranked = rank_frame(ranked, rank_by)
    if query.complete_only:
        ranked = ranked.filter(pl.col("n_tasks") == pl.col("n_tasks_total"))
    if not query.with_partial:
        ranked = ranked.filter(2 * pl.col("n_tasks") >= pl.col("n_tasks_total"))
    provenance = read_provenance(reader, result_stream(reader.connection), at)
    if query.top:
        ranked = ranked.head(query.top)
    definition = board.definition
    common: CommonTasks | None = None
    common_means: Mapping[tuple[str, str], float | None] = {}
    if "mean_task" in definition.aggregations:
        counted = (
            t.task for t in definition.tasks if t.is_public or not definition.public_tasks_only
        )
        common, common_means = common_tasks(found, frozenset(counted))
    by_borda = rank_by == "borda" or not definition.rank_by
    ranked = ranked.with_columns(points=pl.col("points") if by_borda else None)
    rows = _rows(reader, board, found, ranked, edition, at, common_means)
    known = read_state_known(reader, edition_id)
    return Leaderboard(
        edition=edition,
        as_of=at,
        origin="recomputed",
        rank_by=rank_by,
        published_at=provenance.published_at,
        provenance=provenance,
        rows=tuple(rows),
        n_collapsed=0,
        note=None,
        registry=f"mteb {board.registry.mteb_version}",
        unit=ranking_unit(reader, edition),
        known_until=known.until if known else at,
        asked_at=chosen.asked_at,
        common=common,
        identity=query.identity,
        part=_described(query),
        computed_now=True,
        left_out=left_out(reader, board, at) if query.without_suspect else (),
    )


def _described(query: BoardQuery) -> str | None:
    """The part of a board that a question asks for, in words."""
    parts = (("type", query.type), ("tasks", query.tasks), ("language", query.language))
    return ", ".join(f"{name} {value}" for name, value in parts if value) or None


def computed_part(
    reader: Reader, edition: EditionInfo, at: str, query: BoardQuery
) -> tuple[RawBoard, ComputedBoard]:
    """The part of a board that a question asks for, ranked among all rows of the board."""
    if query.part.is_whole and not query.without_suspect:
        return _computed(reader, edition, at, query.identity)
    if query.without_suspect:
        whole = without_suspects(
            reader, _raw_board(reader, edition, query.identity), at, query.identity
        )
        n_rows = whole.count_rows(at)
        if not n_rows:
            raise NoDataError(f"{edition.name}: all scores are suspect at {at[:10]}")
        if query.part.is_whole:
            return whole, whole.at(at)
    else:
        whole, n_rows = _counted(reader, edition, at, query.identity)
    _check_part(whole.definition, query)
    identity = as_identity(query.identity)
    part = reader.raw_scores.part(reader.editions.ids[edition.slug], query.part, identity)
    assert part is not None
    if query.without_suspect:
        part = without_suspects(reader, part, at, identity)
    narrowed = part.at(at, n_rows)
    if narrowed.rows.is_empty():
        raise NoDataError(
            f"{edition.name}: no model has a score on {_described(query)} at {at[:10]}",
            remedy=f"the board has the types {', '.join(_types(whole.definition))}",
        )
    return part, narrowed


def _check_part(definition: BenchmarkDefinition, query: BoardQuery) -> None:
    """Refuse a type or task that the board does not have."""
    part = query.part
    for asked, known, what in (
        (part.types, _types(definition), "task type"),
        (part.tasks, [task.task for task in definition.tasks], "task"),
    ):
        for name in sorted(asked - set(known)):
            raise NotFoundError(
                f"{definition.name} has no {what} {name!r}", remedy=did_you_mean(name, known)
            )


def _types(definition: BenchmarkDefinition) -> list[str]:
    return list(dict.fromkeys(task.type for task in definition.tasks))


@memoised
def _computed(
    reader: Reader, edition: EditionInfo, at: str, identity: str
) -> tuple[RawBoard, ComputedBoard]:
    board = _raw_board(reader, edition, identity)
    found = board.at(at)
    if found.rows.is_empty():
        raise _without_rows(board, edition, at)
    return board, found


@memoised
def _counted(reader: Reader, edition: EditionInfo, at: str, identity: str) -> tuple[RawBoard, int]:
    """A whole board and its number of rows: a part of it needs no more of the whole."""
    board = _raw_board(reader, edition, identity)
    n_rows = board.count_rows(at)
    if not n_rows:
        raise _without_rows(board, edition, at)
    return board, n_rows


def _without_rows(board: RawBoard, edition: EditionInfo, at: str) -> NoDataError:
    """Why a board has no row at a moment."""
    first = board.files["valid_from"].sort().to_list()[:1]
    if not first:
        return NoDataError(
            f"{edition.name}: no raw scores are in the catalog",
            remedy="run: tracker fetch result-files, then tracker load",
        )
    return NoDataError(
        f"{edition.name}: no model has a score on it at {at[:10]}",
        remedy=f"ask for {first[0][:10]} or later",
    )


def _raw_board(reader: Reader, edition: EditionInfo, identity: str) -> RawBoard:
    board = reader.raw_scores.board(reader.editions.ids[edition.slug], as_identity(identity))
    if board is None:
        raise NoDataError(
            f"{edition.name}: no registry says how it is computed",
            remedy="it has the scores that were published: ask without --type, --task or --language"
            if edition.source == PUBLISHED.id
            else "run: tracker fetch benchmark-registry, then tracker load",
        )
    return board


def _rows(
    reader: Reader,
    board: RawBoard,
    found: ComputedBoard,
    ranked: pl.DataFrame,
    edition: EditionInfo,
    at: str,
    common_means: Mapping[tuple[str, str], float | None],
) -> list[LeaderboardRow]:
    known = {row.name: row for row in read_names(reader).values()}
    ids = {known[name].id: name for name in ranked["model"] if name in known}
    metadata, fixes = read_board_metadata(reader, "", at, ids), read_fixes(reader)
    files = board.files_at(at)
    since, names = _since(files), names_of_the_day(files)
    primary = _primary(board)
    rows = []
    for values in ranked.iter_rows(named=True):
        present = values["model"]
        listed = known.get(present)
        own = metadata.get(listed.id) if listed else None
        registered = corrected(
            registered_metadata(board.models.properties[present]), fixes.get(present, {})
        )
        own = with_exact_sizes(own or registered, registered)
        name, share = names[present], values["zero_shot_pct"]
        rows.append(
            LeaderboardRow(
                rank=values["rank"],
                model=name,
                model_now=present,
                label=row_label(name, values["experiment"]),
                slug=listed.slug if listed else model_slug(present),
                organisation=name.partition("/")[0],
                n_tasks=values["n_tasks"],
                n_tasks_total=values["n_tasks_total"],
                zero_shot_pct=None if share == UNDECLARED else share,
                declares_training=share != UNDECLARED,
                since=since[present],
                copies=(),
                points=values["points"],
                mean_common=percent(common_means.get((present, values["experiment"])), FRACTION),
                **_means(board, found, values, primary),
                **own._asdict(),
            )
        )
    return rows


def _means(
    board: RawBoard, found: ComputedBoard, values: dict[str, Any], primary: str
) -> dict[str, Any]:
    """The means of a row that the board shows, in percent, by field."""
    shown = board.definition.aggregations
    means: dict[str, Any] = {"mean_task_type": None, "task_types": {}}
    if "mean_task_type" in shown:
        means["mean_task_type"] = percent(values["mean_task_type"], FRACTION)
    if "task_types" in shown:
        by_type = zip(found.task_types, values["task_types"], strict=True)
        means["task_types"] = {
            kind: percent(value, FRACTION) for kind, value in by_type if value is not None
        }
    if "public_private" in shown:
        means["mean_public"] = percent(values["mean_public"], FRACTION)
        means["mean_private"] = percent(values["mean_private"], FRACTION)
    return means | {"mean_task": percent(values[primary], FRACTION)}


def names_of_the_day(files: pl.DataFrame) -> dict[str, str]:
    """The public id that the results gave each model at a moment.

    Args:
        files: The files of that moment, with ``model`` and ``name``. Where two names of a model
            are in use, the present one is given.
    """
    names: dict[str, set[str]] = defaultdict(set)
    for model, name in files.select("model", "name").unique().iter_rows():
        names[model].add(name)
    return {model: model if model in given else max(given) for model, given in names.items()}


def row_label(model: str, experiment: str) -> str:
    """Label of a row: that of an experiment says what it varies."""
    return f"{model} {experiment}" if experiment else model


def _primary(board: RawBoard) -> str:
    """The mean that is the first on the board."""
    shown = board.definition.aggregations
    return next((name for name in _PRIMARY if name in shown), "mean_task")


def _since(files: pl.DataFrame) -> dict[str, str]:
    """The moment since which all files of a model are as they are, by model."""
    return dict(files.group_by("model").agg(pl.col("valid_from").max()).iter_rows())


def recomputed_task_scores(
    reader: Reader, edition: EditionInfo, at: str
) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each row's label with its whole scores by task, in percent."""
    board, found = _computed(reader, edition, at, "resolved")
    names = names_of_the_day(board.files_at(at))
    ranked = found.rows.select("model", "experiment", "task_scores")
    for model, experiment, scores in ranked.iter_rows():
        by_task = zip(found.tasks, scores, strict=True)
        yield (
            row_label(names[model], experiment),
            {task: score * 100 for task, score in by_task if score is not None},
        )
