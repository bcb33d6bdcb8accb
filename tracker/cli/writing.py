"""Verbs that change the home: fetch, load, update, export, copy, verify, and the site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import check_language, say
from tracker.cli.progress import shown_progress
from tracker.errors import TrackerError

if TYPE_CHECKING:
    from tracker.settings import Settings

SourceArgument = Annotated[
    str,
    typer.Argument(help="Id of a source; tracker status lists them."),
]


def _settings() -> Settings:
    from tracker.settings import load_settings

    return load_settings()


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
    from tracker.update.daily import fetch_recorded
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
    with writing(settings.home), shown_progress() as progress:
        good = fetch_recorded(source, settings, options, say, progress)
    raise typer.Exit(0 if good else 1)


def load(
    sources: Annotated[list[str] | None, typer.Argument(help="Sources; all of them.")] = None,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild", help="Make the catalog anew, and compare it row for row with the old one."
        ),
    ] = False,
) -> None:
    """Bring the catalog up to the archive, the clones and the curated files."""
    from tracker.errors import UsageError
    from tracker.io.locks import writing
    from tracker.update.daily import load_reported, rebuild_reported

    if rebuild and sources:
        raise UsageError("--rebuild reads all sources; name none")
    settings = _settings()
    with writing(settings.home), shown_progress() as progress:
        if rebuild:
            good = rebuild_reported(settings, say, progress)
        else:
            good = load_reported(settings, sources or [], say, progress)
    raise typer.Exit(0 if good else 1)


def update(
    offline: Annotated[
        bool, typer.Option("--offline", help="No outside connection: load and build only.")
    ] = False,
    only: Annotated[list[str] | None, typer.Option("--only", help="Only this source.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit status 1 if any source or document failed.")
    ] = False,
) -> None:
    """Fetch, load and build the site: what a schedule runs. A failing source stops no other."""
    from tracker.update import daily

    settings = _settings()
    with shown_progress() as progress:
        report = daily.update(settings, only or (), offline=offline, notify=say, progress=progress)
    if report.failed:
        say(f"failed: {', '.join(report.failed)}; the last good data are shown")
    is_bad = report.outcome == "failed" or (strict and report.outcome != "good")
    raise typer.Exit(1 if is_bad else 0)


def verify() -> None:
    """Prove every archived byte, every object of the clones, and the catalog's integrity."""
    from tracker.update import integrity

    lines = integrity.verify(_settings())
    for line in lines:
        say(f"error: {line}")
    say(f"{len(lines)} damaged" if lines else "all is well")
    raise typer.Exit(1 if lines else 0)


def export(
    format_: Annotated[
        str, typer.Argument(metavar="FORMAT", help="parquet, csv, json, sqlite or duckdb.")
    ],
    folder: Annotated[
        str,
        typer.Argument(metavar="DIR", help="Folder to write to, or s3://BUCKET/FOLDER (extra s3)."),
    ],
    partitioned: Annotated[
        bool, typer.Option("--partitioned", help="Ranks as Parquet by board and year.")
    ] = False,
    excel: Annotated[
        bool, typer.Option("--excel", help="CSV that a spreadsheet opens without computing texts.")
    ] = False,
    target: Annotated[
        str | None,
        typer.Option("--push", help="Then push to a data set on the Hub: hf://OWNER/NAME."),
    ] = None,
    starter: Annotated[
        bool, typer.Option("--starter", help="The small bundle that ships with the tracker.")
    ] = False,
) -> None:
    """Write the whole catalog to a folder, one file a table, with a data dictionary."""
    from tempfile import TemporaryDirectory

    from tracker.exports.tables import ExportOptions, export_catalog
    from tracker.exports.uploads import is_remote

    settings = _settings()
    options = ExportOptions(format_, starter, partitioned, excel, target)
    if is_remote(folder):
        with TemporaryDirectory() as local:
            export_catalog(settings, options, Path(local))
            _upload(Path(local), folder)
        return
    report = export_catalog(settings, options, Path(folder))
    say(f"{report.n_files} files in {folder}")
    if report.pushed_to:
        say(f"pushed: {report.pushed_to}")


def copy(
    target: Annotated[
        str,
        typer.Option("--to", metavar="URL", help="New SQLite file, or postgresql+psycopg://…"),
    ],
) -> None:
    """Copy the catalog row by row into a file or a database that has none."""
    from tracker.exports.copying import copy_to

    count = copy_to(_settings(), target, say)
    say(f"{count} rows copied")


site = typer.Typer(help="Build the site, or serve it on this machine.", no_args_is_help=True)


@site.command("build")
def build(
    language: Annotated[
        str | None, typer.Option("--lang", help="Only en or zh; both by default.")
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--to", help="Then upload what changed: s3://BUCKET/FOLDER (extra s3)."),
    ] = None,
) -> None:
    """Build the static site from the catalog."""
    from tracker.io.locks import writing
    from tracker.update.daily import build_reported

    if language:
        check_language(language)
    settings = _settings()
    languages = (language,) if language else ("en", "zh")
    with writing(settings.home), shown_progress() as progress:
        build_reported(settings, languages, say, progress)
        if target:
            progress(f"uploading to {target}", 0, 0)
            _upload(settings.build / "site", target)


def _upload(folder: Path, target: str) -> None:
    from tracker.exports.uploads import upload

    report = upload(folder, target, _settings())
    say(
        f"{target}: {report.uploaded} files uploaded, {report.unchanged} unchanged,"
        f" {report.removed} removed"
    )


@site.command("serve")
def serve(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port on this machine.")
    ] = 8000,
) -> None:
    """Serve the built site on this machine, for a look.

    With the JSON API, and for other machines: tracker serve.
    """
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
