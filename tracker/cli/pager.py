"""Long output goes through a pager, as that of git does."""

from __future__ import annotations

import os
import shutil
import sys

import click


def page(text: str, *, paged: bool) -> None:
    """Print a text; in a terminal through a pager if it is longer than the screen.

    The pager is ``TRACKER_PAGER``, else ``PAGER``, else ``less``; ``cat`` or nothing means none.

    Args:
        text: Whole lines.
        paged: Whether a pager may be used at all.
    """
    command = _pager() if paged and sys.stdout.isatty() else ""
    if not command or text.count("\n") < shutil.get_terminal_size().lines:
        sys.stdout.write(text)
        return
    # As git: quit if it fits one screen, show colours, keep what was shown.
    os.environ.setdefault("LESS", "FRX")
    os.environ.setdefault("LESSCHARSET", "utf-8")
    os.environ["PAGER"] = command
    click.echo_via_pager(text.removesuffix("\n"))


def _pager() -> str:
    """The command of the pager; empty for none."""
    for name in ("TRACKER_PAGER", "PAGER"):
        if name in os.environ:
            command = os.environ[name].strip()
            return "" if command in ("", "cat") else command
    return "less" if shutil.which("less") else ""
