"""The MkDocs part of a build: its configuration, its runs, and what its pages may run.

What MkDocs made is kept: it runs again when anything that it reads is another.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

import yaml

from tracker.common.paths import resource
from tracker.common.yaml_loader import SAFE_LOADER
from tracker.errors import TrackerError
from tracker.pages.build.process_priority import give_way

MADE = "site"
"""The folder of what MkDocs makes, beside that of its pages."""

_LIBRARIES = ("mkdocs", "mkdocs-material", "markdown", "pymdown-extensions", "pygments", "jinja2")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_TOGGLE = re.compile(r'<input class="md-toggle"[^>]*>')
_SEARCH_LABEL = re.compile(r'class="md-search__input" name="query" aria-label="([^"]*)"')
_SEARCH_DIALOG = '<div class="md-search" data-md-component="search" role="dialog"'
_FIRST_META = '<meta charset="utf-8">'
_COMPLAINT = re.compile(r"(ERROR|WARNING)\s+-\s+(.*)|.*(Error|No module named).*")


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """One configuration laid over another, group by group."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        result[key] = merged(below, value) if both and below is not None else value
    return result


def _read(file: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(file.read_text("utf-8"), SAFE_LOADER)  # noqa: S506
    return read


def read_config(
    language: str, languages: Sequence[str], footer: str, base_url: str | None
) -> dict[str, Any]:
    """A configuration of one language that stands on its own beside its ``docs`` folder."""
    site = resource("site")
    config = _read(site / "mkdocs.yml")
    if language != "en":
        over = _read(site / f"mkdocs.{language}.yml")
        over.pop("INHERIT", None)
        config = merged(config, over)
    config["docs_dir"], config["site_dir"] = "docs", MADE
    config["theme"]["custom_dir"] = str(site / "overrides")
    config["copyright"] = footer
    alternates = config["extra"]["alternate"]
    config["extra"]["alternate"] = [
        its for its in alternates if len(languages) > 1 and its["lang"] in languages
    ]
    if base_url:
        root = base_url.rstrip("/") + "/"
        config["extra"]["root_url"] = root
        config["site_url"] = root + ("" if language == "en" else f"{language}/")
    return config


def navigation(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The source files that a configuration's navigation names."""

    def files(entry: object) -> Iterator[str]:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, Mapping):
            for its in entry.values():
                yield from files(its)
        elif isinstance(entry, list):
            for its in entry:
                yield from files(its)

    return tuple(files(config["nav"]))


class _Run(NamedTuple):
    folder: Path
    process: subprocess.Popen[bytes]
    log: IO[bytes]
    kept: Path
    """Where its result is kept."""


class MkDocsRuns:
    """MkDocs at work on several folders, while the tracker reads and renders."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self._running: list[_Run] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End what still runs."""
        for run in self._running:
            if run.process.poll() is None:
                run.process.kill()
                run.process.wait()
            run.log.close()

    def start(self, folder: Path, config: Mapping[str, Any]) -> None:
        """Begin to build a folder, or take what was made of the same one."""
        text = yaml.safe_dump(dict(config), allow_unicode=True, sort_keys=False)
        (folder / "mkdocs.yml").write_text(text, "utf-8")
        kept = self._kept / folder.name / _digest(folder)
        if kept.is_dir():
            shutil.copytree(kept, folder / MADE)
            return
        # Not --quiet: that would hide warnings from --strict, too.
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--clean"]
        log: IO[bytes] = (folder / "mkdocs.log").open("wb")
        process = subprocess.Popen(
            [*command, "--config-file", str(folder / "mkdocs.yml")],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"},
        )
        give_way(process)
        self._running.append(_Run(folder, process, log, kept))

    def wait(self) -> None:
        """Until all are done; the first failure is told in one line."""
        for run in self._running:
            if run.process.wait() != 0:
                raise TrackerError(
                    f"site: MkDocs failed for {run.folder.name}: {last_complaint(run.folder)}",
                    remedy=f"its whole output is in {run.folder / 'mkdocs.log'}",
                )
            _keep(run.folder / MADE, run.kept)


def _digest(folder: Path) -> str:
    """A digest of all that MkDocs reads: its configuration, pages, overrides and libraries."""
    told = sha256("".join(f"{its} {version(its)}\n" for its in _LIBRARIES).encode())
    told.update((folder / "mkdocs.yml").read_bytes())
    for root in (folder / "docs", resource("site") / "overrides"):
        for file in sorted(path for path in root.rglob("*") if path.is_file()):
            told.update(f"{file.relative_to(root)}\0".encode() + sha256(file.read_bytes()).digest())
    return told.hexdigest()


def _keep(made: Path, kept: Path) -> None:
    """Keep what was made instead of what was kept before; a copy is whole once it has its name."""
    shutil.rmtree(kept.parent, ignore_errors=True)
    unfinished = kept.with_suffix(".new")
    shutil.copytree(made, unfinished)
    unfinished.rename(kept)


def last_complaint(folder: Path) -> str:
    """The line of MkDocs' output that says best what went wrong."""
    text = (folder / "mkdocs.log").read_text("utf-8", "replace")
    lines = [line.strip() for line in _COLOUR.sub("", text).splitlines() if line.strip()]
    complaints = [line for line in lines if _COMPLAINT.match(line)]
    return (complaints or lines or ["no output"])[-1]


def corrected(page: str) -> str:
    """The theme's page without what validators of HTML and accessibility object to."""
    page = _TOGGLE.sub(lambda its: its[0].replace(' autocomplete="off"', ""), page)
    page = page.replace(' tabindex=""', "")
    if 'id="__toc"' not in page:  # a page without headings has nothing to switch
        page = page.replace(' for="__toc"', "")
    said = _SEARCH_LABEL.search(page)
    name = said[1] if said else "Search"
    return page.replace(_SEARCH_DIALOG, f'{_SEARCH_DIALOG} aria-label="{name}"', 1)


def protected(page: str) -> str:
    """A page that may load only what is its own, and run only the theme's own inline scripts."""
    scripts = sorted({_source_hash(text) for text in _INLINE.findall(page)})
    policy = "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *scripts]),
            # The theme sets styles in attributes; a style cannot ask another host either.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return page.replace(_FIRST_META, f"{_FIRST_META}\n  {meta}", 1)


def _source_hash(script: str) -> str:
    digest = b64encode(sha256(script.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"
