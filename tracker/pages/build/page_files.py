"""Data files that are made from the context of a page: tables of boards, feeds of changes."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.exports import frames
from tracker.exports.feeds import atom, json_feed
from tracker.pages.build.files import Site
from tracker.pages.contexts import (
    AnyPage,
    BoardPage,
    ChangesPage,
    DatedBoardPage,
    TaskPage,
    TechniquePage,
)
from tracker.pages.markdown_twins import TWIN, page_twin
from tracker.pages.views import feeds as feed_views
from tracker.pages.views.task_matrix import matrix_csv


def page_files(context: AnyPage, language: str, site: Site) -> Iterator[tuple[str, bytes]]:
    """Make the data files of a page, as addresses and contents.

    A table is the same in all languages, so it is made with the first one.
    """
    root = "" if language == "en" else f"{language}/"
    if twin := page_twin(context, language):
        yield f"{root}{context.page.path}{TWIN}", twin.encode("utf-8")
    if isinstance(context, BoardPage | DatedBoardPage) and language == site.languages[0]:
        frame = context.leaderboard.to_polars()
        yield context.json_path, frames.frame_json(frame)
        yield context.csv_path, frames.frame_csv(frame)
        yield context.parquet_path, frames.frame_parquet(frame)
        if isinstance(context, BoardPage) and context.task_scores:
            yield context.task_scores.json_path, context.task_scores.content
            yield context.task_scores.csv_path, matrix_csv(context.task_scores)
    elif isinstance(context, TaskPage) and context.task.rows and language == site.languages[0]:
        frame = context.task.to_polars()
        yield context.json_path, frames.frame_json(frame)
        yield context.csv_path, frames.frame_csv(frame)
    elif isinstance(context, ChangesPage):
        changes = (*context.leading, *context.others)
        found = feed_views.feeds(language, changes, site.base_url, context.publishers)
        for stem, feed in found:
            yield f"{stem}.{language}.xml", atom(feed)
            yield f"{stem}.{language}.json", json_feed(feed)
    elif isinstance(context, TechniquePage):
        for stem, feed in feed_views.technique_feeds(language, context.technique, site.base_url):
            yield f"{stem}.{language}.xml", atom(feed)
            yield f"{stem}.{language}.json", json_feed(feed)
