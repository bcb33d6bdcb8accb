"""The wheel in an environment that holds nothing but what its core requires."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tracker.cli.manual import manual

ROOT = Path(__file__).resolve().parents[2]
DATA = "data/share/man/man1/tracker.1"
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

    def run(self, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        kept = ("PATH", "NO_PROXY")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        return subprocess.run(
            [self.python, "-m", "tracker", *arguments],
            cwd=home.parent,
            env=environment | {"TRACKER_HOME": str(home)},
            capture_output=True,
            text=True,
        )


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    return Core(tmp_path_factory.mktemp("core"))


@pytest.fixture(scope="module")
def core_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("core_home") / "home"


def test_the_core_requires_nothing_of_the_site(core: Core) -> None:
    assert core.distributions & SITE == set()
    assert {"polars", "sqlalchemy", "typer"} <= core.distributions


@pytest.mark.parametrize(
    ("arguments", "columns"),
    [
        (["leaderboard", "c-mteb", "--top", "1"], {"rank", "model", "points"}),
        (["history", "c-mteb", "bge-m3"], {"model", "rank", "from_at"}),
        (["tasks", "--language", "德语"], {"name", "languages"}),
    ],
)
def test_the_core_answers_from_the_starter(
    core: Core, core_home: Path, arguments: list[str], columns: set[str]
) -> None:
    done = core.run(core_home, *arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert rows and columns <= rows[0].keys()


def test_the_core_describes_a_model(core: Core, core_home: Path) -> None:
    done = core.run(core_home, "model", "BAAI/bge-m3")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("BAAI/bge-m3\n")


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (["update", "--offline"], "site"),
        (["site", "build"], "site"),
        (["schedule", "install", "--kind", "cron"], "site"),
        (["serve"], "serve"),
        (["mcp"], "mcp"),
    ],
)
def test_a_command_names_the_extra_that_it_needs(
    core: Core, core_home: Path, arguments: list[str], extra: str
) -> None:
    done = core.run(core_home, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: the package ")
    assert line.endswith(f"install the extra {extra}: pip install 'embedding-tracker[{extra}]'")


def test_the_wheel_installs_the_man_page(core: Core) -> None:
    (page,) = [name for name in core.wheel.namelist() if name.endswith(DATA)]
    assert core.wheel.read(page).decode() == manual()
