"""How far long work has come: bars on a terminal, silence elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tracker.common.progress import Progress, silent


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Something to tell of long work; one bar for each kind of it, gone when all is done."""
    if not sys.stderr.isatty():
        yield silent
        return
    # Only here: importing it takes longer than most commands.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        shown: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in shown:
                for bar in shown.values():
                    bars.remove_task(bar)
                shown.clear()
                shown[what] = bars.add_task(what, total=total or None)
            bars.update(shown[what], completed=done, total=total or None)

        yield tell
