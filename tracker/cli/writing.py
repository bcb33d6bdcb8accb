"""Verbs that change the home: fetch, load, update, export, verify, and the site."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import check_language, say
from tracker.cli.progress import shown_progress
from tracker.errors import TrackerError, UsageError

if TYPE_CHECKING:
    from tracker.settings import Settings
    from tracker.update.run import FetchOptions, FetchReport

SourceArgument = Annotated[
    str,
    typer.Argument(help="Id of a source; tracker status lists them."),
]


def _settings() -> Settings:
    from tracker.settings import load_settings

    return load_settings()


def _fetch_one(source: str, settings: Settings, options: FetchOptions) -> bool:
    """Fetch a source and tell what came; whether all of it was good."""
    from tracker.update import run as refresh

    try:
        with shown_progress() as progress:
            progress(f"fetching {source}", 0, 0)
            report: FetchReport = refresh.fetch(source, settings, options)
    except UsageError:
        raise
    except TrackerError as error:
        say(f"error: {error}")
        return False
    say(f"{source}: {report.new} new, {report.unchanged} unchanged")
    for line in report.withheld:
        say(f"note: {line}")
    for line in report.rejected:
        say(f"error: {line}")
    for failure in report.failures:
        say(f"error: {failure}")
    return not (report.rejected or report.failures)


def _load(settings: Settings, sources: list[str]) -> bool:
    from tracker.update import run as refresh

    with shown_progress() as progress:
        report = refresh.load_catalog(settings, sources, say, progress)
    files = f" and {report.contents} result files" if report.contents else ""
    say(f"{report.snapshots} states{files} read, {report.rows} rows new")
    for finding in report.findings[:_SHOWN]:
        say(f"error: {finding}")
    if len(report.findings) > _SHOWN:
        say(f"error: and {len(report.findings) - _SHOWN} more; see: tracker doctor")
    return not report.findings


_SHOWN = 20


def fetch(
    source: SourceArgument,
    location: Annotated[
        str | None, typer.Option("--from", help="URL or path instead of the configured one.")
    ] = None,
    since: Annotated[str | None, typer.Option("--since", help="Only from this day on.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Only to this day.")] = None,
    observed_at: Annotated[
        str | None,
        typer.Option("--observed-at", help="When an archived copy that is imported was published."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every board of the live leaderboard.")
    ] = False,
    accepted: Annotated[
        list[str] | None,
        typer.Option("--accept", help="Board whose state you vouch for though the gate doubts it."),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(
            "--server",
            help="Who answered, if it was not the publisher's own server, e.g. 'mteb 2.26.24'.",
        ),
    ] = None,
) -> None:
    """Fetch one source into the archive."""
    from tracker.common.times import moment
    from tracker.io.locks import writing
    from tracker.update.run import FetchOptions

    settings = _settings()
    options = FetchOptions(
        location,
        moment(since, begins=True)[:10] + "T00:00:00Z" if since else None,
        moment(until) if until else None,
        moment(observed_at) if observed_at else None,
        everything,
        tuple(accepted or ()),
        server,
    )
    with writing(settings.home):
        good = _fetch_one(source, settings, options)
    raise typer.Exit(0 if good else 1)


def load(
    sources: Annotated[list[str] | None, typer.Argument(help="Sources; all of them.")] = None,
) -> None:
    """Bring the catalog up to the archive, the clones and the curated files."""
    from tracker.io.locks import writing

    settings = _settings()
    with writing(settings.home):
        good = _load(settings, sources or [])
    raise typer.Exit(0 if good else 1)


def update(
    offline: Annotated[
        bool, typer.Option("--offline", help="No outside connection: load and build only.")
    ] = False,
    only: Annotated[list[str] | None, typer.Option("--only", help="Only this source.")] = None,
) -> None:
    """Fetch, load and build the site: what a schedule runs."""
    from tracker.io.locks import writing
    from tracker.sources import ON_REQUEST, SOURCES, header
    from tracker.update.run import FetchOptions

    settings = _settings()
    chosen = only or [source for source in SOURCES if source not in ON_REQUEST]
    for source in chosen:
        header(source)
    good = True
    with writing(settings.home):
        if not (offline or settings.offline):
            for source in chosen:
                good &= _fetch_one(source, settings, FetchOptions())
        good &= _load(settings, [])
        _build(settings, None)
    raise typer.Exit(0 if good else 1)


def verify() -> None:
    """Prove every archived byte, every object of the clones, and the catalog's integrity."""
    from tracker.update import integrity

    lines = integrity.verify(_settings())
    for line in lines:
        say(f"error: {line}")
    say(f"{len(lines)} damaged" if lines else "all is well")
    raise typer.Exit(1 if lines else 0)


def export(
    format_: Annotated[str, typer.Argument(metavar="FORMAT", help="parquet, csv, json or sqlite.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write to.")],
    starter: Annotated[
        bool, typer.Option("--starter", help="The small bundle that ships with the tracker.")
    ] = False,
) -> None:
    """Write the whole catalog to a folder, one file a table."""
    from tracker.exports.tables import export_catalog

    settings = _settings()
    count = export_catalog(settings, format_, folder, starter=starter)
    say(f"{count} files in {folder}")


site = typer.Typer(help="Build the site, or serve it on this machine.", no_args_is_help=True)


def _build(settings: Settings, language: str | None) -> None:
    from tracker.api import open_catalog
    from tracker.pages.build.site import build_site

    languages = (language,) if language else ("en", "zh")
    with open_catalog() as catalog, shown_progress() as progress:
        progress("building the site", 0, 0)
        report = build_site(
            catalog,
            settings.build / "site",
            work=settings.build / "work",
            languages=languages,
            base_url=settings.site_url,
        )
    say(f"{report.pages} pages and {report.data_files} data files in {report.out}")


@site.command("build")
def build(
    language: Annotated[
        str | None, typer.Option("--lang", help="Only en or zh; both by default.")
    ] = None,
) -> None:
    """Build the static site from the catalog."""
    from tracker.io.locks import writing

    if language:
        check_language(language)
    settings = _settings()
    with writing(settings.home):
        _build(settings, language)


@site.command("serve")
def serve(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port on this machine.")
    ] = 8000,
) -> None:
    """Serve the built site on this machine, for a look."""
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    from tracker.errors import NotFoundError

    folder = _settings().build / "site"
    if not (folder / "index.html").is_file():
        raise NotFoundError(f"no site at {folder}", remedy="run: tracker site build")
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise TrackerError(
            f"port {port}: {error.strerror or error}", remedy="name another one with --port"
        ) from None
    with server:
        say(f"http://127.0.0.1:{server.server_port}/  (Ctrl-C stops)")
        server.serve_forever()


VERBS: tuple[Callable[..., None], ...] = (update, fetch, load, verify, export)
