"""Explain why a model is not on a board on a day, and what would bring it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from tracker.answers.boards import EditionInfo, Leaderboard, LeaderboardRow
from tracker.answers.common import Bilingual
from tracker.answers.history import Absence, Why
from tracker.catalog import queries
from tracker.catalog.boards import state_queries
from tracker.catalog.identity import absence_queries as why_queries
from tracker.catalog.results.changes import result_models
from tracker.catalog.results.queries import has_results, stored_moves
from tracker.catalog.results.registry_queries import definition_of, newest_models
from tracker.catalog.results.stored_files import has_stored_files, stored_models, stored_spans
from tracker.common.text import model_slug
from tracker.errors import NoDataError, NotFoundError
from tracker.insights.boards.board import read_stored
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.state_lookup import Chosen, choose_state, read_state_known
from tracker.insights.history.histories import read_histories
from tracker.insights.models import absences
from tracker.insights.models.names import (
    by_own_name,
    find_model,
    likely_model,
    read_former,
    read_names,
    read_originals,
)
from tracker.insights.reader import Reader, memoised
from tracker.ranking.metrics import is_possible


class _File(NamedTuple):
    """One version of a result file of a board's task."""

    name: str
    task: str
    since: str
    until: str | None


def read_why(reader: Reader, model: str, query: BoardQuery) -> Why:
    """Explain why a model is not on a board, or what it lacks there.

    Args:
        reader: The open catalog.
        model: Public id, present or former.
        query: The board and the day.

    Raises:
        NotFoundError: There is no such model or board.
        NoDataError: Nothing is known of the board for that moment.
    """
    asked, names = _named(reader, model)
    chosen = choose_state(reader, query)
    known = _Board(reader, query, chosen)
    reasons = list(known.reasons(names, detailed=True))
    if asked != names[0]:
        reasons.insert(0, known.renamed(asked, names[0]))
    row = known.row(names[0])
    return Why(
        model=asked,
        model_now=names[0],
        board=chosen.edition.name,
        as_of=chosen.at,
        listed=row is not None,
        rank=row.rank if row else None,
        n_ranked=known.n_ranked,
        reasons=tuple(reasons),
    )


def _named(reader: Reader, model: str) -> tuple[str, tuple[str, ...]]:
    """The requested name in its own spelling, and all names of the model, the present one first.

    Also finds models that only have result files, and models that the publisher withdrew.
    """
    try:
        found = find_model(reader, model)
    except NotFoundError:
        folded = model.casefold().strip()
        known = {
            *result_models(reader.connection),
            *stored_models(reader.connection),
            *why_queries.withdrawn_models(reader.connection),
        }
        spelled = sorted(name for name in known if name.casefold() == folded)
        if not spelled:
            raise
        return spelled[0], (spelled[0],)
    names = _all_names(reader, found.id)
    folded = model.casefold().strip()
    spelled = [name for name in names if folded in (name.casefold(), model_slug(name))]
    return (spelled or list(names))[0], names


def _all_names(reader: Reader, model: int) -> tuple[str, ...]:
    """All public ids of a model, the present one first."""
    known = read_names(reader)
    former = sorted(read_former(reader).get(model, ()))
    return tuple(str(known[id_].name) for id_ in (model, *former))


def read_absences(reader: Reader, editions: Iterable[EditionInfo]) -> dict[str, tuple[Why, ...]]:
    """Explain why models are not on some boards now, by present public id.

    Models that never had a result on a board are left out of it.
    """
    names = read_names(reader)
    former = read_originals(reader).former
    found: dict[str, list[Why]] = defaultdict(list)
    for edition in editions:
        query = BoardQuery(edition, reader.now)
        try:
            chosen = choose_state(reader, query)
        except NoDataError:
            continue
        known = _Board(reader, query, chosen)
        for id_, row in names.items():
            if id_ in former or known.row(row.name) is not None:
                continue
            reasons = tuple(known.reasons(_all_names(reader, id_), detailed=False))
            if any(reason.kind != "no_results" for reason in reasons):
                found[row.name].append(
                    Why(
                        model=row.name,
                        model_now=row.name,
                        board=edition.name,
                        as_of=chosen.at,
                        listed=False,
                        rank=None,
                        n_ranked=known.n_ranked,
                        reasons=reasons,
                    )
                )
    return {name: tuple(whys) for name, whys in found.items()}


@memoised
def _withdrawals(reader: Reader) -> Mapping[str, Sequence[Any]]:
    """Notes that a model was withdrawn, by the model's name."""
    found: dict[str, list[Any]] = defaultdict(list)
    for note in why_queries.withdrawals(reader.connection):
        found[note.model].append(note)
    return found


class _Board:
    """A board on a day, with what explains who is on it."""

    def __init__(
        self,
        reader: Reader,
        query: BoardQuery,
        chosen: Chosen,
    ) -> None:
        self._reader = reader
        self._chosen = chosen
        self._edition = chosen.edition
        self._edition_id = reader.editions.ids[chosen.edition.slug]
        self._at = chosen.at
        self._names = read_names(reader)
        self._ids = {str(row.name): id_ for id_, row in self._names.items()}
        self.board: Leaderboard = read_stored(reader, query, chosen)
        self.n_ranked = sum(row.rank is not None for row in self.board.rows)
        self._rows: dict[str, LeaderboardRow] = {}
        for row in self.board.rows:
            self._rows.setdefault(row.model_now, row)

    def row(self, name: str) -> LeaderboardRow | None:
        """The model's first row."""
        return self._rows.get(name)

    @cached_property
    def _knows_files(self) -> bool:
        """Whether the catalog knows which result files there were, by themselves or by spans."""
        connection = self._reader.connection
        return has_results(connection) or has_stored_files(connection)

    @cached_property
    def _tasks(self) -> tuple[str, ...]:
        found = definition_of(self._reader.connection, self._edition_id)
        return tuple(task.task for task in found[1].tasks) if found else ()

    @cached_property
    def _registered(self) -> frozenset[str]:
        return frozenset(newest_models(self._reader.connection))

    @cached_property
    def _registered_names(self) -> Mapping[str, str]:
        return by_own_name(self._registered)

    @cached_property
    def _files(self) -> Mapping[str, Sequence[_File]]:
        """All versions of files of the board's tasks, by the model's name in the results then."""
        found: dict[str, list[_File]] = defaultdict(list)
        connection = self._reader.connection
        if self._tasks:
            rows = (
                why_queries.board_files(connection, self._tasks)
                if has_results(connection)
                else stored_spans(connection, self._tasks)
            )
            for row in rows:
                found[row[0]].append(_File(*row))
        return found

    def reasons(self, names: Sequence[str], *, detailed: bool) -> Iterator[Absence]:
        """Yield reasons why a model is not listed, or lacks tasks.

        Args:
            names: All names of the model, the present one first.
            detailed: Also read raw scores, which takes long for many models.
        """
        row = self.row(names[0])
        if row is not None:
            yield absences.listed(row, self.n_ranked)
            if detailed and (row.n_tasks or 0) < row.n_tasks_total:
                yield from self._missing_tasks(names)
            return
        withdrawn = tuple(self._withdrawn(names))
        yield from withdrawn
        files = [file for own in names for file in self._files.get(own, ())]
        model = self._ids.get(names[0])
        if files:
            yield from self._from_files(names, files, detailed=detailed)
        elif self._knows_files and self._tasks:
            yield absences.no_results(names[0])
        elif model is not None:
            yield from self._from_states(model, names[0])
        elif not withdrawn:
            yield absences.no_results(names[0])
        if model is not None:
            yield from self._copy(model)
            yield from self._elsewhere(model)

    def renamed(self, former: str, present: str) -> Absence:
        """The reason that a model has another name now, with the commit or receipt."""
        for move in stored_moves(self._reader.connection):
            if move.old == former:
                return absences.renamed_by_commit(move, present)
        relations = queries.relations(self._reader.connection)
        relation = next((r for r in relations if r.model == former and r.kind == "moved"), None)
        return absences.renamed_by_relation(former, present, relation)

    def _missing_tasks(self, names: Sequence[str]) -> Iterator[Absence]:
        """Yield which tasks of the board a listed model lacks, and which scores are impossible."""
        if not has_results(self._reader.connection):
            return
        raw = self._reader.raw_scores.board(self._edition_id)
        if raw is None:
            return
        computed = raw.at(self._at)
        found = next(
            (row for row in computed.rows.iter_rows(named=True) if row["model"] == names[0]),
            None,
        )
        if found is None:
            return
        scores = dict(zip(computed.tasks, found["task_scores"], strict=True))
        missing = tuple(task for task, score in scores.items() if score is None)
        impossible = tuple(self._impossible(names, missing))
        if impossible:
            yield absences.impossible_scores(impossible)
        lacking = tuple(task for task in missing if task not in dict(impossible))
        if lacking:
            unavailable = set(dict(self.board.unavailable)) & set(lacking)
            if unavailable:
                yield absences.tasks_unavailable(tuple(sorted(unavailable)))
            own = tuple(task for task in lacking if task not in unavailable)
            if own:
                yield absences.tasks_missing(own)

    def _impossible(
        self, names: Iterable[str], tasks: Iterable[str]
    ) -> Iterator[tuple[str, float]]:
        """Yield tasks with a score outside of its metric's range, with that score."""
        wanted = set(tasks)
        for own in names:
            for task, metric, score in why_queries.extreme_scores(
                self._reader.connection, own, self._at, wanted
            ):
                if not is_possible(score, metric):
                    yield task, score

    def _withdrawn(self, names: Iterable[str]) -> Iterator[Absence]:
        for own in names:
            for note in _withdrawals(self._reader).get(own, ()):
                yield Absence(
                    "withdrawn",
                    Bilingual(note.text_en, note.text_zh),
                    None,
                    note.valid_from,
                    None,
                    note.source,
                )

    def _from_files(
        self, names: Sequence[str], files: Sequence[_File], *, detailed: bool
    ) -> Iterator[Absence]:
        """Yield reasons that the history of a model's result files shows."""
        holding = [f for f in files if f.since <= self._at and (not f.until or f.until > self._at)]
        if not holding:
            ended = [f.until for f in files if f.until and f.until <= self._at]
            if ended:
                yield self._removed(max(ended), len({f.task for f in files}))
            else:
                yield absences.not_yet(min(f.since for f in files))
            return
        if names[0] not in self._registered:
            yield self._not_registered(names[0], len({f.task for f in holding}))
            return
        tasks = tuple(sorted({f.task for f in holding}))
        if detailed:
            impossible = tuple(self._impossible(names, tasks))
            if impossible:
                yield absences.impossible_scores(impossible)
        yield absences.no_whole_score(tasks)

    def _removed(self, at: str, n_tasks: int) -> Absence:
        commit = state_queries.commit_at(self._reader.connection, at, computed=True)
        return absences.files_removed(at, n_tasks, commit)

    def _not_registered(self, name: str, n_tasks: int) -> Absence:
        known = read_state_known(self._reader, self._edition_id)
        version = known.mteb_version if known else ""
        return absences.not_registered(n_tasks, version, likely_model(name, self._registered_names))

    def _from_states(self, model: int, name: str) -> Iterator[Absence]:
        """Yield reasons that the stored states of the board show, without result files."""
        # Those of all models, which one reading gives to every model that is asked about.
        points = read_histories(self._reader, self._edition, None).get(model, ())
        past = [point for point in points if point.from_at <= self._at]
        if not points:
            yield absences.never_listed(name)
        elif not past:
            yield absences.not_yet(points[0].from_at)
        elif past[-1].to_at:
            yield self._removed(past[-1].to_at, past[-1].n_tasks or 0)

    def _copy(self, model: int) -> Iterator[Absence]:
        originals = read_originals(self._reader)
        if model in originals.of and model not in originals.former:
            original = self._names[originals.of[model]].name
            yield absences.copy_of(str(original))

    def _elsewhere(self, model: int) -> Iterator[Absence]:
        """Yield other editions of the series that list the model on the day."""
        for edition in self._reader.editions.main():
            if edition.series != self._edition.series or edition.slug == self._edition.slug:
                continue
            history = read_histories(self._reader, edition, None).get(model, ())
            here = [
                p for p in history if p.from_at <= self._at and (not p.to_at or p.to_at > self._at)
            ]
            if here:
                yield absences.on_another_edition(edition.name, here[0].rank)
