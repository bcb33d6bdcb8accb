"""The read-only door to the catalog: pages, command line and notebooks read through it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import wraps
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import polars as pl

from tracker.answers import boards as answers
from tracker.answers import health as health_answers
from tracker.answers import history as time_answers
from tracker.catalog import queries, source_queries
from tracker.catalog.engine import (
    catalog_url,
    explained,
    newest_revision,
    open_engine,
    revision,
    shown,
    sqlite_path,
)
from tracker.catalog.home import ensure_catalog
from tracker.catalog.read_only_sql import ask
from tracker.catalog.results.raw_scores import RawScores
from tracker.common.times import When, moment, now_text
from tracker.errors import CatalogError, UsageError
from tracker.insights import frames
from tracker.insights.boards import board as boards
from tracker.insights.boards import task_scores
from tracker.insights.boards.editions import Shelf, read_shelf
from tracker.insights.boards.query import BoardQuery
from tracker.insights.catalog_history import Chronicle
from tracker.insights.catalog_methods import Atlas
from tracker.insights.health import status as health
from tracker.insights.history import histories as progress
from tracker.insights.methods import top_methods as methods
from tracker.insights.models import claims, compare
from tracker.insights.models import model as models
from tracker.insights.models.names import read_names
from tracker.settings import Settings, load_settings
from tracker.snapshots.heartbeat import Heartbeat
from tracker.snapshots.store import Archive
from tracker.sources import ON_REQUEST, SOURCES, header

if TYPE_CHECKING:
    from sqlalchemy import Connection


_Fields = ParamSpec("_Fields")
_Self = TypeVar("_Self")
_Answer = TypeVar("_Answer")


def _asking(
    query_type: Callable[_Fields, BoardQuery],
) -> Callable[
    [Callable[[_Self, BoardQuery], _Answer]], Callable[Concatenate[_Self, _Fields], _Answer]
]:
    """Let a method that takes a query be called with the query's fields as its arguments."""

    def decorate(
        answer: Callable[[_Self, BoardQuery], _Answer],
    ) -> Callable[Concatenate[_Self, _Fields], _Answer]:
        @wraps(answer)
        def ask(self: _Self, /, *args: _Fields.args, **kwargs: _Fields.kwargs) -> _Answer:
            return answer(self, query_type(*args, **kwargs))

        of_method = inspect.signature(answer)
        (own, *_), of_query = of_method.parameters.values(), inspect.signature(query_type)
        ask.__signature__ = of_method.replace(  # type: ignore[attr-defined]
            parameters=[own, *of_query.parameters.values()]
        )
        return ask

    return decorate


class Catalog(Atlas, Chronicle, AbstractContextManager["Catalog"]):
    """An open catalog. Every method is a read; dates mean their end in UTC."""

    def __init__(self, url: str, settings: Settings) -> None:
        self._url = url
        self._settings = settings
        # An open catalog is one state, asked at one moment.
        self._now = now_text()
        self._engine = open_engine(url, read_only=True)
        with explained(url):
            self._connection: Connection = self._engine.connect()
            self._raw = RawScores(self._connection)
            found = revision(self._connection)
        if found != newest_revision():
            self.close()
            have = f"has schema {found}" if found else "has no schema"
            newer = found is not None and found > newest_revision()
            raise CatalogError(
                f"catalog {shown(url)}: {have}, this tracker reads {newest_revision()}",
                remedy="update the tracker" if newer else "run: tracker load",
            )

    def close(self) -> None:
        """Let go of the file or server."""
        if hasattr(self, "_connection"):
            self._connection.close()
        self._engine.dispose()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def shelf(self) -> Shelf:
        """All editions."""
        return read_shelf(self._connection)

    @property
    def data_until(self) -> str | None:
        """The newest moment for which any source has data; a registry only defines what data is."""
        counts = source_queries.source_counts(self._connection)
        told = (newest for source, (_, newest, _) in counts.items() if source not in ON_REQUEST)
        return max(told, default=None)

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits over all snapshots: which state of the data this is."""
        content = "\n".join("\t".join(row) for row in source_queries.content(self._connection))
        return sha256(content.encode()).hexdigest()[:12]

    def editions(self, *, all_tables: bool = False) -> tuple[answers.EditionInfo, ...]:
        """Every board with its period; ``all_tables`` adds the tables of single task types."""
        return self.shelf.editions if all_tables else self.shelf.main()

    def boards(self, *, all_tables: bool = False) -> pl.DataFrame:
        """Every board with its series, period and size, one line an edition."""
        return frames.editions_frame(self.editions(all_tables=all_tables))

    @_asking(BoardQuery)
    def board(self, query: BoardQuery) -> answers.Leaderboard:
        """A board as it stood on a date, as a typed object.

        The arguments are the fields of ``BoardQuery``; all but the first two are keywords.

        Raises:
            NotFoundError: There is no such board; the nearest names are suggested.
            NoDataError: Nothing is known for that date.
            UsageError: An argument has a wrong type or an unknown value.
        """
        at = self._moment(query.board, query.as_of)
        return boards.read_board(self._connection, self.shelf, self._raw, query, at)

    @_asking(BoardQuery)
    def leaderboard(self, query: BoardQuery) -> pl.DataFrame:
        """The same as ``board`` as a frame: one row a model, scores in percent."""
        at = self._moment(query.board, query.as_of)
        found = boards.read_board(self._connection, self.shelf, self._raw, query, at)
        return frames.board_frame(found)

    def task_scores(
        self, board: str | answers.EditionInfo, as_of: When = None, *, origin: str | None = None
    ) -> pl.DataFrame:
        """Scores of single tasks on a board: ``label``, ``task`` and ``score`` in percent."""
        query = BoardQuery(board, as_of, origin=origin)
        at = self._moment(board, as_of)
        return task_scores.read_task_scores(self._connection, self.shelf, self._raw, query, at)

    def _moment(self, board: str | answers.EditionInfo, as_of: When) -> str:
        if as_of is None and not isinstance(board, str) and board.slug in self.shelf.ended:
            return self.shelf.ended[board.slug]
        return self._now if as_of is None else moment(as_of)

    def model_names(self) -> tuple[str, ...]:
        """Public ids of all models."""
        return tuple(row.name for row in read_names(self._connection).values())

    def model(self, name: str) -> answers.Model:
        """All that is known of one model.

        Raises:
            NotFoundError: There is no such model; the nearest names are suggested.
        """
        found = progress.find_model(self._connection, name)
        return next(models.read_models(self._connection, self.shelf, found.id))

    def evidence(self, model: str) -> pl.DataFrame:
        """All that is said of a model's method, curated or read in its texts, with receipts."""
        # What reads texts brings a parser of HTML along, which no other answer needs.
        from tracker.insights.methods import evidence

        return evidence.evidence_frame(evidence.read_evidence(self._connection, model))

    def claim_list(self, model: str) -> tuple[answers.Claim, ...]:
        """Where a model has a self-reported score and a run of the same data, now or ever.

        Raises:
            NoDataError: The catalog has no result files.
            NotFoundError: There is no such model; the nearest names are suggested.
        """
        return claims.read_claims(self._connection, model)

    def claims(self, model: str) -> pl.DataFrame:
        """The same as a frame, the largest difference first."""
        return claims.claims_frame(self.claim_list(model))

    def all_claims(self) -> Iterator[tuple[str, tuple[answers.Claim, ...]]]:
        """The claims of every model that has any, by its public id."""
        return claims.read_all_claims(self._connection)

    def comparison(
        self, *names: str, board: str | None = None, as_of: When = None, language: str = "en"
    ) -> answers.Comparison:
        """Two or more models side by side: what differs first, then what they share.

        Args:
            names: Public ids.
            board: Adds rank and means on this board; by default no board is shown.
            as_of: The date for the board.
            language: ``en`` or ``zh``, for the words of facts.

        Raises:
            UsageError: Fewer than two different models.
            NotFoundError: There is no such model or board.
        """
        found = [self.model(name) for name in names]
        if len({model.name for model in found}) < 2:
            raise UsageError("compare needs two different models", remedy="name another one")
        shown = self.board(board, as_of) if board else None
        return compare.compare_models(found, shown, language)

    def compare(
        self, *names: str, board: str | None = None, as_of: When = None, language: str = "en"
    ) -> pl.DataFrame:
        """The same as a frame: one line a property, one column a model."""
        found = self.comparison(*names, board=board, as_of=as_of, language=language)
        return frames.comparison_frame(found)

    def all_models(self) -> Iterator[answers.Model]:
        """All models by name."""
        return models.read_models(self._connection, self.shelf)

    def state_of_the_art(
        self, board: str, as_of: When = None, *, top: int = 20
    ) -> answers.StateOfTheArt:
        """The leading models of a board on a date, with what is documented of their methods."""
        shown = self.board(board, as_of, top=top)
        return methods.read_state_of_the_art(shown, methods.read_knowledge(self._connection))

    def overviews(
        self, series: tuple[str, ...] = ("mteb-english", "c-mteb", "mteb-multilingual")
    ) -> tuple[time_answers.Overview, ...]:
        """Who leads the main series now, since when and by how much."""
        found = []
        for name in series:
            editions = [e for e in self.shelf.main() if e.series == name and e.current]
            if not editions:
                continue
            board = self.board(name)
            ranked = [row for row in board.rows if row.rank is not None]
            found.append(
                time_answers.Overview(
                    name,
                    board.edition.series_title,
                    board,
                    self.leader_list(name),
                    ranked[1] if len(ranked) > 1 else None,
                )
            )
        return tuple(found)

    def papers(self, query: str | None = None) -> pl.DataFrame:
        """Papers, newest first; ``query`` looks for words in title and authors.

        Hyphens and plurals make no difference.
        """
        return frames.papers_frame(queries.papers(self._connection), query or "")

    def terms(self) -> tuple[answers.Term, ...]:
        """The bilingual vocabulary of methods."""
        return models.read_terms(self._connection)

    def status(self) -> tuple[health_answers.SourceStatus, ...]:
        """How every source is doing."""
        archive = Archive(self._settings.archive)
        return tuple(
            health.read_status(
                self._connection,
                [header(source) for source in SOURCES],
                Heartbeat(self._settings.archive).read(),
                {source: len(archive.rejected(source)) for source in SOURCES},
            )
        )

    def doctor(self) -> tuple[health_answers.Finding, ...]:
        """What in the data a person should look at."""
        return tuple(health.read_findings(self._connection))

    def sql(self, query: str) -> pl.DataFrame:
        """The answer to one SQL query; the connection rejects every write.

        Raises:
            UsageError: The database rejects the query, or it takes longer than
                ``TRACKER_SQL_SECONDS``, returns more than a million rows or 500 MB.
        """
        names, rows = ask(self._engine, query, seconds=self._settings.sql_seconds)
        return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def open_catalog(target: str | Path | None = None) -> Catalog:
    """Open a catalog for reading.

    Args:
        target: SQLAlchemy URL or path of an SQLite file; the home's own catalog by default, which
            is seeded from the bundled starter where it does not exist yet.

    Raises:
        CatalogError: It does not exist or cannot be read.
    """
    settings = load_settings()
    if target is None:
        ensure_catalog(settings, for_writing=False)
    url = settings.catalog_url if target is None else catalog_url(target)
    path = sqlite_path(url)
    if path is not None and not path.is_file():
        raise CatalogError(f"no catalog at {path}", remedy="run: tracker load")
    return Catalog(url, settings)
