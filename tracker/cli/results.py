"""How changes and claims are shown: what the history of the result files tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.cli.output import Format, say, show

if TYPE_CHECKING:
    import polars as pl

_COMMIT_DIGITS = 12
"""Enough of a commit's id to name it."""


def show_changes(frame: pl.DataFrame, format_: Format, *, all_shifts: bool) -> None:
    """Print changes of boards; a table shortens the ids of commits.

    Args:
        frame: All changes.
        format_: How to print them.
        all_shifts: Also ranks that moved only because of other models, which are counted
            otherwise.
    """
    from tracker.insights.history.changes import without_shifts

    shown = frame if all_shifts else without_shifts(frame)
    if shown.height < frame.height:
        say(f"{frame.height - shown.height} ranks moved only because of other models; see --all")
    frame = shown
    if frame.is_empty():
        say("no changes")
    elif frame["cause"].null_count():
        say("some causes are not known: no result files of that time; see: tracker fetch --help")
    columns = ["edition", "kind", "model", "from_rank", "to_rank", "from_value", "to_value", "at"]
    show(_shortened(frame, format_), format_, columns=[*columns, "cause", "commit"])


def show_claims(frame: pl.DataFrame, format_: Format) -> None:
    """Print self-reported scores beside runs; a table shortens the ids of commits."""
    if frame.is_empty():
        say("no task with a self-reported score and a run")
    columns = ["task", "split", "subset", "self_reported", "measured", "difference", "present"]
    columns += ["self_reported_at", "self_reported_commit", "measured_at", "measured_commit"]
    columns += ["measured_revision", "measured_mteb_version"]
    show(_shortened(frame, format_), format_, columns=columns)


def _shortened(frame: pl.DataFrame, format_: Format) -> pl.DataFrame:
    if format_ not in (Format.table, Format.markdown):
        return frame
    import polars as pl

    return frame.with_columns(
        pl.col(name).list.eval(pl.element().str.slice(0, _COMMIT_DIGITS))
        if frame.schema[name] == pl.List
        else pl.col(name).str.slice(0, _COMMIT_DIGITS)
        for name in frame.columns
        if name.endswith("commit")
    )
