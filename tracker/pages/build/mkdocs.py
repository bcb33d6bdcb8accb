"""Run MkDocs on the hand-written pages and the layouts of one language."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tracker.common.paths import resource
from tracker.common.yaml_loader import SAFE_LOADER
from tracker.errors import TrackerError

OUTPUT = "site"
"""The folder that MkDocs writes, beside the folder ``docs`` that it reads."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_COMPLAINT = re.compile(r"(ERROR|WARNING)\s+-\s+(.*)|.*(Error|No module named).*")


def read_config(
    language: str, languages: Sequence[str], footer: str, base_url: str | None
) -> dict[str, Any]:
    """Read the MkDocs configuration of one language, complete for a folder beside ``docs``.

    Args:
        language: The language of the pages.
        languages: All languages of the site, for the language switch.
        footer: HTML of the footer.
        base_url: Address of the site, if it is known.
    """
    site = resource("site")
    config = _read(site / "mkdocs.yml")
    if language != "en":
        over = _read(site / f"mkdocs.{language}.yml")
        over.pop("INHERIT", None)
        config = _merged(config, over)
    config["docs_dir"], config["site_dir"] = "docs", OUTPUT
    config["theme"]["custom_dir"] = str(site / "overrides")
    config["copyright"] = footer
    config["extra"]["alternate"] = [
        alternate
        for alternate in config["extra"]["alternate"]
        if len(languages) > 1 and alternate["lang"] in languages
    ]
    if base_url:
        root = base_url.rstrip("/") + "/"
        config["extra"]["root_url"] = root
        config["site_url"] = root + ("" if language == "en" else f"{language}/")
    return config


def _read(file: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(file.read_text("utf-8"), SAFE_LOADER)  # noqa: S506
    return read


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one configuration over another, group by group."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        result[key] = _merged(below, value) if both and below is not None else value
    return result


def navigation(config: Mapping[str, Any]) -> tuple[str, ...]:
    """List the source files that a configuration's navigation names."""

    def files(entry: object) -> Iterator[str]:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, Mapping):
            for below in entry.values():
                yield from files(below)
        elif isinstance(entry, list):
            for below in entry:
                yield from files(below)

    return tuple(files(config["nav"]))


def run_mkdocs(folder: Path, config: Mapping[str, Any]) -> Path:
    """Build the pages under ``folder/docs`` and return the folder with the built ones.

    Raises:
        TrackerError: MkDocs failed or warned; the message has its last complaint.
    """
    text = yaml.safe_dump(dict(config), allow_unicode=True, sort_keys=False)
    (folder / "mkdocs.yml").write_text(text, "utf-8")
    log = folder / "mkdocs.log"
    # Not --quiet: that would hide warnings from --strict, too.
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--clean"]
    with log.open("wb") as output:
        done = subprocess.run(
            [*command, "--config-file", str(folder / "mkdocs.yml")],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"},
            check=False,
        )
    if done.returncode != 0:
        complaint = last_complaint(log.read_text("utf-8", "replace"))
        raise TrackerError(
            f"site: MkDocs failed for {folder.name}: {complaint}",
            remedy=f"its whole output is in {log}",
        )
    return folder / OUTPUT


def last_complaint(log: str) -> str:
    """Find the line of MkDocs' output that says best what went wrong."""
    lines = [line.strip() for line in _COLOUR.sub("", log).splitlines() if line.strip()]
    complaints = [line for line in lines if _COMPLAINT.match(line)]
    return (complaints or lines or ["no output"])[-1]
