"""Commands with their usage, arguments and options, for the reference page and the man page."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Command:
    """One command of the command line."""

    path: str
    """Such as ``tracker board add``."""
    about: str
    """Its help text."""
    usage: str
    """Path, arguments and options in one line."""
    parameters: tuple[tuple[str, str], ...]
    """Names of each argument or option, such as ``--port`` or ``--all/--latest``, with its help."""


def command_tree() -> Iterator[Command]:
    """Walk through all commands in the order in which the help shows them."""
    import typer.main

    from tracker.cli import application

    yield from _commands("tracker", typer.main.get_command(application()))


def _commands(path: str, command: Any) -> Iterator[Command]:
    import click

    children = getattr(command, "commands", {})
    default = getattr(command, "default", None)  # its name may be left out
    for name, child in children.items():
        yield from _commands(path if name == default else f"{path} {name}", child)
    if children:
        return
    context = click.Context(command, info_name=path)
    parameters = tuple(
        (
            "/".join([*parameter.opts, *parameter.secondary_opts]),
            getattr(parameter, "help", None) or "",
        )
        for parameter in command.params
        if parameter.name != "help"
    )
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    yield Command(path, inspect.cleandoc(command.help or ""), usage, parameters)
