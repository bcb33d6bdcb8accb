"""The wheel in an environment that holds nothing but what its core requires."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterable, Sequence
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tracker.cli.manual import manual

ROOT = Path(__file__).resolve().parents[2]
DATA = "data/share/man/man1/tracker.1"
ANSWERED = {
    ("leaderboard", "c-mteb", "--top", "1", "--format", "json"): {"rank", "model", "points"},
    ("history", "c-mteb", "bge-m3", "--format", "json"): {"model", "rank", "from_at"},
    ("tasks", "--language", "德语", "--format", "json"): {"name", "languages"},
}
"""Commands that the core answers, with columns of their answers."""
DESCRIBED = ("model", "BAAI/bge-m3")
NEEDING = {
    ("update", "--offline"): "site",
    ("site", "build"): "site",
    ("schedule", "install", "--kind", "cron"): "site",
    ("serve",): "serve",
    ("mcp",): "mcp",
}
"""Commands that need more, with the extra."""
RUN = """
import json, os, sys, tempfile
import tracker.api, tracker.cli.options
ended = []
for arguments in json.loads(sys.argv[1]):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        if (child := os.fork()) == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            sys.argv = ["tracker", *arguments]
            from tracker.cli import main
            code = 1
            try:
                main()
            except SystemExit as end:
                code = end.code or 0
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode())
        ended.append((code, *texts))
print(json.dumps(ended))
"""
"""Runs commands, each in a fork of a process that has imported what all of them need."""
SITE = {"altair", "babel", "jinja2", "mkdocs", "mkdocs-material", "vl-convert-python"}


def required(requirements: list[str], extras: tuple[str, ...] = ("",)) -> dict[str, Requirement]:
    """The requirements that apply here, by name."""
    read = [Requirement(text) for text in requirements]
    applying = [
        r for r in read if not r.marker or any(r.marker.evaluate({"extra": e}) for e in extras)
    ]
    return {canonicalize_name(r.name): r for r in applying}


def closure(requirements: list[str]) -> set[str]:
    """Names of all distributions that requirements bring along."""
    waiting, found = required(requirements), set[str]()
    while waiting:
        name, requirement = waiting.popitem()
        if name not in found:
            found.add(name)
            brought = distribution(name).requires or []
            waiting |= required(brought, ("", *requirement.extras))
    return found


class Ended(NamedTuple):
    """Exit code and output of a command."""

    code: int
    out: str
    err: str


class Core:
    """A virtual environment with the wheel and links to what its core requires."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        self.wheel = ZipFile(next(folder.glob("*.whl")))
        venv.create(folder / "environment", symlinks=True)
        self.python = folder / "environment/bin/python"
        packages = next((folder / "environment").glob("lib/python*/site-packages"))
        self.wheel.extractall(packages)
        metadata = next(n for n in self.wheel.namelist() if n.endswith(".dist-info/METADATA"))
        lines = self.wheel.read(metadata).decode().split("\n\n")[0].splitlines()
        prefix = "Requires-Dist: "
        self.distributions = closure([x.removeprefix(prefix) for x in lines if prefix in x])
        for name in self.distributions:
            for file in distribution(name).files or ():
                top = packages / file.parts[0]
                if file.parts[0] not in ("..", "__pycache__") and not top.exists():
                    top.symlink_to(distribution(name).locate_file(file.parts[0]))

    def run(self, home: Path, commands: Iterable[Sequence[str]]) -> list[Ended]:
        """Run commands one after another."""
        kept = ("PATH", "NO_PROXY")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        done = subprocess.run(
            [self.python, "-c", RUN, json.dumps([*commands])],
            cwd=home.parent,
            env=environment | {"TRACKER_HOME": str(home)},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return [Ended(*ended) for ended in json.loads(done.stdout)]


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    return Core(tmp_path_factory.mktemp("core"))


@pytest.fixture(scope="module")
def ended(core: Core, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], Ended]:
    """Return exit code and output by command, run in one home that the first command fills."""
    commands = [*ANSWERED, DESCRIBED, *NEEDING]
    home = tmp_path_factory.mktemp("core_home") / "home"
    return dict(zip(commands, core.run(home, commands), strict=True))


def test_the_core_requires_nothing_of_the_site(core: Core) -> None:
    assert core.distributions & SITE == set()
    assert {"polars", "sqlalchemy", "typer"} <= core.distributions


@pytest.mark.parametrize("arguments", ANSWERED)
def test_the_core_answers_from_the_starter(
    ended: dict[tuple[str, ...], Ended], arguments: tuple[str, ...]
) -> None:
    done = ended[arguments]
    assert done.code == 0, done.err
    rows = json.loads(done.out)
    assert rows and ANSWERED[arguments] <= rows[0].keys()


def test_the_core_describes_a_model(ended: dict[tuple[str, ...], Ended]) -> None:
    done = ended[DESCRIBED]
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("BAAI/bge-m3\n")


@pytest.mark.parametrize("arguments", NEEDING)
def test_a_command_names_the_extra_that_it_needs(
    ended: dict[tuple[str, ...], Ended], arguments: tuple[str, ...]
) -> None:
    done, extra = ended[arguments], NEEDING[arguments]
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith("error: the package ")
    assert line.endswith(f"install the extra {extra}: pip install 'embedding-tracker[{extra}]'")


def test_the_wheel_installs_the_man_page(core: Core) -> None:
    (page,) = [name for name in core.wheel.namelist() if name.endswith(DATA)]
    assert core.wheel.read(page).decode() == manual()
