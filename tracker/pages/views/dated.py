"""Permanent pages of boards on past days."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.answers.boards import MAIN_SERIES, EditionInfo, Leaderboard
from tracker.answers.common import Bilingual
from tracker.answers.history import Leader
from tracker.pages.contexts import DatedBoardPage, Page
from tracker.pages.language.filters import plain
from tracker.pages.language.texts import bilingual
from tracker.pages.views.boards import (
    FIRST_NOTES,
    board_path,
    month_ends,
    type_columns,
)
from tracker.pages.views.citation import citation
from tracker.pages.views.leads import has_points, lead_days


def dated_days(edition: EditionInfo, leads: Iterable[Leader]) -> tuple[str, ...]:
    """Return the days that have a permanent page: month ends, changes of leader, first notes.

    Only boards of the leading series have such pages, and only for days with known states.
    """
    if edition.series not in MAIN_SERIES or not edition.first_at or not edition.last_at:
        return ()
    first, last = edition.first_at[:10], edition.last_at[:10]
    days = {FIRST_NOTES, *month_ends(first, last), *lead_days(leads)}
    return tuple(sorted(day for day in days if first <= day <= last))


def dated_path(edition: EditionInfo, day: str) -> str:
    """Return the path of a board's page for a day."""
    return f"{board_path(edition)}as-of/{day}/"


def dated_page(board: Leaderboard, day: str, days: tuple[str, ...], digest: str) -> DatedBoardPage:
    """Build the page of a board at the end of a day; ``days`` are all days with such a page."""
    edition = board.edition
    title, about = edition.title, bilingual("dated_board.about", day=day)
    en, zh = plain(title.en), plain(title.zh)
    path = dated_path(edition, day)
    file = f"{path}{edition.slug}-{day}"
    return DatedBoardPage(
        page=Page(
            path,
            Bilingual(f"{en}, {day}", f"{zh}，{day}"),
            Bilingual(f"{en}: {about.en}", f"{zh}：{about.zh}"),
        ),
        leaderboard=board,
        day=day,
        days=days,
        board_path=board_path(edition),
        task_types=type_columns(board),
        has_zero_shot=any(row.zero_shot_pct is not None for row in board.rows),
        has_mean_task_type=any(row.mean_task_type is not None for row in board.rows),
        has_points=has_points(board),
        json_path=f"{file}.json",
        csv_path=f"{file}.csv",
        parquet_path=f"{file}.parquet",
        citation=citation(board, digest),
    )
