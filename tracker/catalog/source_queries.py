"""Queries on sources: numbers of rows, newest data, and findings."""

from __future__ import annotations

from sqlalchemy import Connection

from tracker.catalog.queries import Rows, all_rows


def source_counts(connection: Connection) -> dict[str, tuple[int, str, bool]]:
    """Return number of snapshots, last sighting and whether all are bundled, by source."""
    found = all_rows(
        connection,
        """
        select s.source, count(*), max(n.last_seen_at), min(case when n.bundled then 1 else 0 end)
          from snapshot n join stream s on s.id = n.stream_id group by s.source
        """,
    )
    return {row[0]: (row[1], row[2], bool(row[3])) for row in found}


def row_counts(connection: Connection) -> dict[str, int]:
    """Count intervals of board rows and result files and definitions of boards, by source."""
    found = all_rows(
        connection,
        """
        select s.source, count(*) from board_row r join stream s on s.id = r.stream_id
         group by s.source
         union all
        select s.source, count(*) from result_version v join stream s on s.id = v.stream_id
         group by s.source
         union all
        select s.source, count(*) from board_definition b join registry r on r.id = b.registry_id
          join stream s on s.id = r.stream_id group by s.source
        """,
    )
    return {row[0]: row[1] for row in found}


def findings(connection: Connection) -> Rows:
    """Return what loads could not read."""
    return all_rows(
        connection,
        "select source, place, severity, message, remedy from finding order by source, place",
    )


def content(connection: Connection) -> Rows:
    """Return one row per snapshot, which together identify the content of a catalog."""
    return all_rows(
        connection,
        """
        select s.source, s.name, n.published_at, n.digest from snapshot n
          join stream s on s.id = n.stream_id order by 1, 2, 3
        """,
    )
