"""Index of all editions: which boards there are, and what a name means on a date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection

from tracker.answers.boards import EditionInfo
from tracker.answers.common import Bilingual
from tracker.catalog import queries
from tracker.catalog.boards import state_queries
from tracker.common.times import moment_before
from tracker.errors import NoDataError
from tracker.insights.boards.names import BoardNames
from tracker.sources.published_boards import ARCHIVED_SINCE
from tracker.sources.published_boards import HEADER as PUBLISHED


@dataclass(frozen=True, slots=True, eq=False)
class EditionIndex:
    """All editions of a catalog, by what people call them."""

    editions: tuple[EditionInfo, ...]
    """In order of series and succession, the newest last."""
    ids: dict[str, int]
    """Edition id by slug."""
    units: dict[str, str]
    """Unit of the stored values by slug."""
    main_slugs: frozenset[str]
    """Slugs of the editions that represent their board."""
    ended: dict[str, str]
    """Last moment of the editions that have no present state, by slug."""
    names: BoardNames
    """What they are called."""

    def main(self) -> tuple[EditionInfo, ...]:
        """Editions that represent their board: without the task-type tables of a larger one."""
        return tuple(e for e in self.editions if e.slug in self.main_slugs)

    def shown(self) -> tuple[EditionInfo, ...]:
        """Main editions that ever had a state."""
        return tuple(e for e in self.main() if e.first_at)

    def named(self, name: str) -> tuple[EditionInfo, ...]:
        """Editions that a name means, oldest first; see ``BoardNames.named``."""
        return self.names.named(name)

    def holding(
        self,
        name: str,
        at: str,
        covering: set[int],
        editions: tuple[EditionInfo, ...] | None = None,
    ) -> EditionInfo:
        """The edition that a name means at a moment; a series means its newest one with data.

        Args:
            name: As people write it.
            at: The moment.
            covering: Ids of the editions that have a state then.
            editions: The editions of that name, where the caller knows them.

        Raises:
            NotFoundError: No board has that name.
            NoDataError: The board is known, but not for that moment.
        """
        found = self.named(name) if editions is None else editions
        holding = [e for e in found if self.ids[e.slug] in covering]
        if holding:
            return holding[-1]
        began = sorted(e.first_at for e in found if e.first_at)
        if began and began[0] > at:
            raise NoDataError(
                f"{name}: no data before {began[0][:10]}",
                remedy=f"ask for {began[0][:10]} or later, not {at[:10]}",
            )
        ended = max((self.ended[e.slug] for e in found if e.slug in self.ended), default=None)
        raise NoDataError(
            f"{name}: the board lists no model at {at[:10]}",
            remedy=f"its last state is of {ended[:10]}: ask --as-of {ended}" if ended else "",
        )


def read_editions(connection: Connection) -> EditionIndex:
    """Read all editions of the catalog, with their periods and titles."""
    ends = state_queries.stream_ends(connection)
    board_descriptions = queries.board_descriptions(connection)
    infos: list[EditionInfo] = []
    ids: dict[str, int] = {}
    units: dict[str, str] = {}
    main: set[str] = set()
    ended: dict[str, str] = {}
    for row in queries.editions(connection):
        about = board_descriptions.get(row.name)
        successors = orjson.loads(about.successors) if about else []
        archived = row.source == PUBLISHED.id
        still = row.last_end == "9"
        info = EditionInfo(
            series=row.series,
            series_title=Bilingual(row.title_en, row.title_zh),
            name=row.name,
            title=_title(row, about.display_name if about else None),
            slug=row.slug,
            source=row.source,
            task_type=row.task_type,
            n_tasks=row.n_tasks,
            tasks=tuple(orjson.loads(row.tasks)),
            task_types=tuple((t, n) for t, n in orjson.loads(row.task_types)),
            first_at=row.first_at,
            last_at=ends.get(row.id) if still else row.last_end,
            n_rows=0,
            archived=archived or not still,
            current=False,
            successor=successors[0] if successors else None,
        )
        infos.append(info)
        ids[row.slug] = row.id
        units[row.slug] = row.unit
        if row.speaks:
            main.add(row.slug)
        if not still and row.last_end:
            ended[row.slug] = moment_before(row.last_end)
    counts = state_queries.open_row_counts(connection)
    # The last main edition of a series is the newest. One that was replaced for some days and came
    # back is newer than its replacement.
    newest: dict[str, str] = {}
    for gone in (True, False):
        for e in infos:
            if e.slug in main and e.first_at and (e.slug in ended) == gone:
                newest[e.series] = e.slug
    editions = tuple(
        replace(e, n_rows=counts.get(ids[e.slug], 0), current=newest.get(e.series) == e.slug)
        for e in infos
    )
    empty = frozenset(board_descriptions.keys() - {e.name for e in infos})
    names = BoardNames(editions, frozenset(main), empty)
    return EditionIndex(editions, ids, units, frozenset(main), ended, names)


def _title(row: Any, display_name: str | None) -> Bilingual:
    """Readable title: the title with the name, or a description of a published table."""
    name, n = row.name, row.n_tasks
    if not name.startswith("published/"):
        own = display_name or row.title_en
        return Bilingual(
            name if own == name else f"{own} · {name}",
            name if row.title_zh == name else f"{row.title_zh} · {name}",
        )
    kind = f" · {row.task_type}" if row.task_type else ""
    return Bilingual(
        f"{row.title_en}, published board{kind} ({n} datasets)",
        f"{row.title_zh}旧榜{kind}（{n} 个数据集）",
    )


def archived_note(edition: EditionInfo, at: str) -> Bilingual | None:
    """The note on a board that its publisher stopped updating, for a date after its end."""
    if edition.source != PUBLISHED.id or at < ARCHIVED_SINCE:
        return None
    last = edition.last_at or ARCHIVED_SINCE
    return Bilingual(
        f"Archived on {ARCHIVED_SINCE[:10]}: this is its last state, of {last[:10]}.",
        f"该榜单已于 {ARCHIVED_SINCE[:10]} 归档，此处为 {last[:10]} 的最后状态。",
    )
