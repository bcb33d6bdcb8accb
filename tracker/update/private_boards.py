"""Add and remove private boards: archive the change, then load it."""

from __future__ import annotations

from pathlib import Path

from tracker.common.times import now_text
from tracker.io.locks import writing
from tracker.settings import Settings
from tracker.snapshots.heartbeat import Heartbeat
from tracker.sources import private_boards
from tracker.sources.private_boards import HEADER
from tracker.sources.runs import FetchOptions, FetchReport, Notify
from tracker.update.run import load_catalog, open_run


def add_board(
    settings: Settings, description: Path, notify: Notify = lambda _: None
) -> FetchReport:
    """Archive a private board and load it; a board of that name gets a new state.

    Args:
        settings: Of this run.
        description: The YAML file.
        notify: Called with the name of each step.

    Raises:
        SourceError: The board is wrong; nothing is changed.
        LockedError: Another run writes to this home.
    """
    with writing(settings.home):
        options = FetchOptions(location=str(description))
        report = private_boards.refresh(open_run(settings, options, notify))
        Heartbeat(settings.archive).success(HEADER.id, now_text())
        load_catalog(settings, [HEADER.id], notify)
    return report


def remove_board(settings: Settings, name: str, notify: Notify = lambda _: None) -> None:
    """Remove a private board from the catalog; the archive keeps its states.

    Raises:
        NotFoundError: There is no such private board.
        LockedError: Another run writes to this home.
    """
    with writing(settings.home):
        private_boards.remove(name, open_run(settings, FetchOptions(), notify))
        load_catalog(settings, [HEADER.id], notify)
