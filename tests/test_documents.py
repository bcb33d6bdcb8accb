"""Documentation: its commands run, both languages agree, and the navigation has all pages.

Commands in ``sh`` and ``python`` blocks run in this process on a home with the bundled data. What
needs a network, a server or minutes is checked against its help text instead.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from tests.conftest import Answer
from tracker.cli import COMMANDS
from tracker.settings import load_settings

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "site" / "docs"
KINDS = ("tutorial", "howto", "method")
PAGES = sorted(
    path
    for kind in KINDS
    for path in (DOCS / kind).glob("*.md")
    if not path.name.endswith(".zh.md")
)
SMALL_HOME = {
    "query-with-sql.md",
    "run-it-daily.md",
    "run-on-github.md",
}
"""Pages that read a small catalog, because they load, export or verify all of it."""
ONLY_READ = {
    name for name, module in COMMANDS.items() if module not in ("writing", "backups", "serving")
} | {"evidence", "watch test"}
"""Commands that do not change a catalog; they read the one that all tests share."""
NOT_RUN = (
    ("update",),
    ("site", "build"),
    ("site", "serve"),
    ("fetch", "leaderboard-api"),
    ("mcp",),
    ("serve",),
    ("schedule", "install"),
    ("schedule", "show"),
    ("load", "--rebuild"),
    ("backup",),
    ("restore",),
    ("export", "parquet", "s3://bucket/data"),
)
"""Commands that need a network, a server or minutes, or write outside of the test's folder."""
NEEDS_RESULTS = ("the catalog has no result files", "no raw scores are in the catalog")
"""What a command says if the result files, which are not bundled, were not fetched."""
REPOSITORY = "https://github.com/embedding-tracker/embedding-tracker"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HERE_DOCUMENT = re.compile(r"cat > (\S+) <<'EOF'")

Cli = Callable[..., Answer]


@dataclass
class Shell:
    """Runs the few kinds of commands that the documentation uses."""

    cli: Cli
    folder: Path
    monkeypatch: pytest.MonkeyPatch

    def run(self, text: str) -> None:
        lines = iter(text.splitlines())
        for line in lines:
            if match := HERE_DOCUMENT.fullmatch(line):
                content = "\n".join(iter(lambda: next(lines), "EOF"))
                (self.folder / match[1]).write_text(content, "utf-8")
            elif words := shlex.split(line, comments=True):
                self.command(words)

    def command(self, words: Sequence[str]) -> None:
        match list(words):
            case ["tracker", *arguments]:
                self.tracker(arguments)
            case ["make", target]:
                subprocess.run(["make", "-n", target], cwd=ROOT, check=True, capture_output=True)
            case ["export", *settings]:
                for setting in settings:
                    self.export(*setting.split("=", 1))
            case ["mkdir", "-p", *folders]:
                for folder in folders:
                    (self.folder / folder).mkdir(parents=True)
            case ["git", "clone", address]:
                assert address == REPOSITORY
            case ["git", "clone", "--branch", "data", address, folder]:
                assert address == REPOSITORY
                # The branch is the archive of a home.
                shutil.copytree(load_settings().archive, self.folder / folder)
            case ["docker" | "podman", *arguments]:
                self.container(arguments)
            case [program] if program.startswith(".ci/"):
                assert os.access(ROOT / program, os.X_OK)
            case ["cd", name]:
                assert name == REPOSITORY.rpartition("/")[2]
            case [".", ".venv/bin/activate" | "~/tracker/bin/activate"]:
                pass
            case ["python3", "-m", "venv", "~/tracker"] | ["man", "tracker"]:
                pass
            case ["man", page]:
                assert (ROOT / page).is_file()
            case ["pip", "install", wheel]:
                project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
                extras = re.findall(r"\w+", wheel.partition(".whl")[2])
                assert set(extras) <= project["optional-dependencies"].keys()
            case _:
                pytest.fail(f"the documentation test does not know: {shlex.join(words)}")

    def container(self, arguments: Sequence[str]) -> None:
        """Check what a container engine is asked for, and run the tracker's own part."""
        compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
        (service,) = compose["services"].values()
        if "--volume" in arguments:
            volume = arguments[list(arguments).index("--volume") + 1]
            assert volume.partition(":")[0] in {its["name"] for its in compose["volumes"].values()}
        match list(arguments):
            case ["exec", name, "tracker", *command]:
                assert name == service["container_name"]
                self.tracker(command)
            case ["logs", "--follow", name] | ["inspect", "--format", _, name]:
                assert name == service["container_name"]
            case ["run", *_, "embedding-tracker"] | ["run", *_, "caddy", "file-server", _, _]:
                pass
            case ["run", *_, "embedding-tracker", "update", option]:
                self.tracker(["update", option])
            case ["compose", "up", "--detach"] | ["build", *_, "--tag", "embedding-tracker", "."]:
                assert (ROOT / "Containerfile").is_file()
            case _:
                pytest.fail(f"the documentation test does not know: {shlex.join(arguments)}")

    def export(self, name: str, value: str) -> None:
        assert name.removeprefix("TRACKER_").lower() in load_settings().model_fields_set | set(
            type(load_settings()).model_fields
        )
        # A home elsewhere on the machine is only an example.
        if name == "TRACKER_HOME" and value.startswith(("/", "~")):
            return
        self.monkeypatch.setenv(name, value)

    def tracker(self, arguments: list[str]) -> None:
        for command in NOT_RUN:
            if tuple(arguments[: len(command)]) == command:
                shown = self.cli(*arguments[: 1 if command[0] == "fetch" else len(command)], "-h")
                options = [word for word in arguments if word.startswith("--")]
                assert shown.code == 0
                assert all(option in shown.out for option in options)
                return
        if not ONLY_READ & {arguments[0], " ".join(arguments[:2])}:
            self.own_catalog()
        answer = self.cli(*arguments)
        if answer.code == 1 and any(need in answer.err for need in NEEDS_RESULTS):
            return
        assert answer.code == 0, f"tracker {shlex.join(arguments)}: {answer.err}"

    def own_catalog(self) -> None:
        """Copy the catalog of the home if it is one that tests share."""
        path = load_settings().catalog_path
        if path.is_symlink():
            shared = path.resolve()
            path.unlink()
            shutil.copyfile(shared, path)


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    for match in BLOCK.finditer(page.read_text("utf-8")):
        yield match[1], match[2]


def without_comments(text: str) -> list[str]:
    return [line.partition("  # ")[0].rstrip() for line in text.splitlines()]


def query_frames(query: str, folder: Path) -> pl.DataFrame:
    """The result of a query over Parquet files, as DuckDB reads them."""
    names = sorted(set(re.findall(r"'([\w/]+\.parquet)'", query)))
    frames = {f"file_{number}": pl.read_parquet(folder / name) for number, name in enumerate(names)}
    for number, name in enumerate(names):
        query = query.replace(f"'{name}'", f"file_{number}")
    return pl.SQLContext(frames).execute(query.strip().rstrip(";"), eager=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_every_command_of_a_page_runs(
    page: Path,
    cli: Cli,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    if page.name in SMALL_HOME:
        request.getfixturevalue("story")
        request.getfixturevalue("own_data_only")
    else:
        request.getfixturevalue("seeded")
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    shell = Shell(cli, folder, monkeypatch)
    for language, text in blocks(page):
        load_settings.cache_clear()
        if language == "sh":
            shell.run(text)
        elif language == "python":
            exec(compile(text, page.name, "exec"), {})
        elif language == "sql":
            assert query_frames(text, folder).height > 0
        else:
            assert language == "text", f"{page.name}: a block without a language"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_both_languages_have_the_same_commands(page: Path) -> None:
    chinese = page.with_name(f"{page.stem}.zh.md")
    english_blocks, chinese_blocks = (
        [(language, without_comments(text)) for language, text in blocks(path)]
        for path in (page, chinese)
    )
    assert english_blocks == chinese_blocks


def entries(nav: Sequence[Any]) -> Iterator[str]:
    for entry in nav:
        for value in entry.values():
            yield from entries(value) if isinstance(value, list) else [value]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_navigation_has_every_written_page(language: str) -> None:
    name = "mkdocs.yml" if language == "en" else f"mkdocs.{language}.yml"
    navigation = set(entries(yaml.safe_load((ROOT / "site" / name).read_text("utf-8"))["nav"]))
    written = {path.relative_to(DOCS).as_posix() for path in PAGES}
    assert written - navigation == set()


def test_both_navigations_have_the_same_pages_in_the_same_order() -> None:
    english, chinese = (
        list(entries(yaml.safe_load((ROOT / "site" / name).read_text("utf-8"))["nav"]))
        for name in ("mkdocs.yml", "mkdocs.zh.yml")
    )
    assert english == chinese
