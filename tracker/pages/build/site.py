"""Build the whole site: pages of both languages, data files, MkDocs, and the swap at the end.

MkDocs builds the pages that people wrote and the shells of all others, and meanwhile the tracker
reads the catalog and renders what changed since the last build.

Everything happens in a fresh folder under ``work``; only a finished site is renamed into its
place. A build that is killed leaves the old site as it was, and its rubbish to the next build.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tracker.answers.boards import EditionInfo, Leaderboard, Model, RelatedModel
from tracker.answers.history import Change, Leader
from tracker.common.garbage_collection import collection_paused
from tracker.common.paths import resource
from tracker.common.times import now_text
from tracker.errors import TrackerError
from tracker.exports import frames
from tracker.pages.build.assemble import WHOLE, SitePages
from tracker.pages.build.files import safe_path, write_file
from tracker.pages.build.layouts import shell_paths, write_shells
from tracker.pages.build.mkdocs import MkDocsRuns, navigation, read_config
from tracker.pages.build.page_cache import context_digest
from tracker.pages.build.page_files import Site
from tracker.pages.build.pool import Rendering
from tracker.pages.build.render import BUILT_AT, DATA_UNTIL, DIGEST
from tracker.pages.charts.board_charts import (
    Drawings,
    Histories,
    board_drawings,
    drawn_charts,
    read_stories,
)
from tracker.pages.charts.cache import Studio
from tracker.pages.charts.program import PROGRAM, Program
from tracker.pages.contexts import (
    AnyPage,
    ChangeMonthPage,
    ReplayFile,
    SeriesChanges,
    TaskScores,
)
from tracker.pages.language.filters import day, minute
from tracker.pages.language.handwritten import copy_handwritten
from tracker.pages.language.texts import LANGUAGES, load_texts
from tracker.pages.sitemap import llms_text
from tracker.pages.social_cards import Cards, board_card, home_card
from tracker.pages.views import boards as views
from tracker.pages.views import feeds as feed_views
from tracker.pages.views import model_data as data
from tracker.pages.views.board_filters import Choices, method_choices
from tracker.pages.views.catalog_protocol import CatalogReader
from tracker.pages.views.change_log import change_months
from tracker.pages.views.compare import MODELS_FILE, compare_pages, models_file, type_scores
from tracker.pages.views.dated import dated_days, dated_page
from tracker.pages.views.methods import method_pages
from tracker.pages.views.models import ModelAnswers, history_by_model, model_page, models_page
from tracker.pages.views.notes import note_pages
from tracker.pages.views.profiles import read_profiles
from tracker.pages.views.replay import replay_file
from tracker.pages.views.subjects import subject_pages
from tracker.pages.views.task_matrix import task_matrix

DRAWINGS = "drawings.json"
"""What the last build drew, beside the folders of builds."""

CARDS = "cards"
"""The pictures of the last build, beside the folders of builds."""

KEPT_PROGRAM = "vega.js"
"""The program of interactive charts, beside the folders of builds."""

KEPT = "pages"
"""What the last build rendered, beside the folders of builds."""

MKDOCS = "mkdocs"
"""In it: what MkDocs made."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made and how long each step took."""

    out: Path
    pages: int
    """Pages of all languages that were made from the catalog."""
    rendered: int
    """Those of them that were not the same in the last build."""
    data_files: int
    seconds: dict[str, float]
    """By step: ``pages``, ``mkdocs`` (what of it is not done by then), ``finish``."""


def build_site(
    catalog: CatalogReader,
    out: Path,
    *,
    work: Path,
    languages: Sequence[str] = LANGUAGES,
    base_url: str | None = None,
) -> BuildReport:
    """Make the site of a catalog and put it at ``out``; ``work`` is on the same file system."""
    if not languages or set(languages) - set(LANGUAGES):
        raise TrackerError(f"site: languages are {', '.join(LANGUAGES)}, not {list(languages)}")
    try:
        run = _fresh_folder(work, out)
        return _Build(catalog, run, tuple(languages), base_url).make(out)
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        raise TrackerError(
            f"site: cannot write: {error.strerror or error}{place}",
            remedy=f"the site at {out} is as it was",
        ) from error


class _Build:
    """One build in one folder."""

    def __init__(
        self, catalog: CatalogReader, run: Path, languages: tuple[str, ...], base_url: str | None
    ) -> None:
        self.catalog = catalog
        self.run = run
        self.languages = languages
        self.base_url = base_url
        self.built_at = now_text()
        self.cards = Cards(run.parent / CARDS)
        self.site = Site(run / WHOLE, languages, base_url)
        self.rendering = Rendering(self.site, run.parent / KEPT)
        self.pages = SitePages(run, languages, base_url)
        self.announced: dict[str, str] = {}
        """The feed that a page announces, by the page's path."""
        self.data_files = 0

    def make(self, out: Path) -> BuildReport:
        started = time.perf_counter()
        with (
            collection_paused(),
            MkDocsRuns(self.run.parent / KEPT / MKDOCS) as mkdocs,
            self.rendering,
            Program(self.run.parent / KEPT_PROGRAM) as vega,
        ):
            for language in self.languages:
                self.start_mkdocs(mkdocs, language)
            self.write_pages()
            self.write_data(PROGRAM, vega.content())
            self.rendering.wait()
            written = time.perf_counter()
            mkdocs.wait()
            built = time.perf_counter()
            self.put_together()
            # While the processes end.
            swap(self.run / WHOLE, out)
        self.cards.forget_others()
        _remove(self.run)
        done = time.perf_counter()
        seconds = {"pages": written - started, "mkdocs": built - written, "finish": done - built}
        pages = len(self.pages.keys) * len(self.languages)
        return BuildReport(out, pages, self.rendering.rendered, self.data_files, seconds)

    def put_together(self) -> None:
        """The finished site in one folder."""
        self.pages.marks = {
            BUILT_AT: self.built_at,
            minute(BUILT_AT): minute(self.built_at),
            DIGEST: self.catalog.digest,
            DATA_UNTIL: day(self.catalog.data_until),
        }
        self.data_files += self.rendering.put_together(self.pages)
        self.pages.write_sitemap()

    def write_pages(self) -> None:
        """Every generated page and data file; boards last, for their drawings may be new."""
        catalog = self.catalog
        models = tuple(catalog.all_models())
        history = history_by_model(catalog.all_history())
        boards = views.read_boards(catalog)
        copies = views.copies_by_name(models)
        collapsed = frozenset(slug for slug, its in boards.states.items() if its.n_collapsed)
        stories = read_stories(boards.editions, history, copies, collapsed)
        with Studio(self.run.parent / DRAWINGS) as studio:
            leads = {its.slug: catalog.leader_list(its) for its in boards.editions}
            drawings = {
                slug: board_drawings(state, stories, leads[slug])
                for slug, state in boards.states.items()
            }
            studio.order(drawing for its in drawings.values() for drawing, _ in its)
            all_changes = catalog.change_list()
            changes = views.changes_by_series(boards, all_changes)
            places = ((views.board_path(its), its.series) for its in boards.editions)
            self.announced = feed_views.announcements(places, changes)
            for its in changes:
                rows = frames.json_rows(_of_series(all_changes, its.series))
                self.write_data(its.data_path, rows)
            months = change_months(models, boards.editions, history, catalog.with_causes)
            self.write_news(boards, changes, months, len(models))
            self.write_methods(boards, models)
            self.write_models(boards, models, history, all_changes)
            self.write_boards(studio, boards, drawings, leads, copies, method_choices(models))

    def write_news(
        self,
        boards: views.Boards,
        changes: Sequence[SeriesChanges],
        months: Sequence[ChangeMonthPage],
        n_models: int,
    ) -> None:
        """The front page, the changes, and where all of it comes from."""
        catalog = self.catalog
        self.write_card("", home_card())
        told = [its for its in boards.editions if its.current]
        text = llms_text(told, self.languages, self.base_url)
        self.write_data("llms.txt", text.encode("utf-8"))
        status = catalog.status()
        self.write_page(views.home_page(catalog, boards, changes, status, n_models))
        self.write_page(views.changes_page(changes, tuple(its.month for its in months)))
        for month in months:
            self.write_page(month)
        self.write_page(views.sources_page(status, catalog.cited_pages(), DIGEST))

    def write_methods(self, boards: views.Boards, models: Sequence[Model]) -> None:
        """The notes, and pages of methods, datasets, papers, techniques and terms."""
        catalog = self.catalog
        for pages in (
            note_pages(catalog, boards, models),
            method_pages(catalog, models),
            subject_pages(catalog),
        ):
            for page in pages:
                self.write_page(page)
        self.write_page(views.glossary_page(catalog.terms()))

    def write_models(
        self,
        boards: views.Boards,
        models: Sequence[Model],
        history: Histories,
        changes: Iterable[Change],
    ) -> None:
        """All models, each of them, and pairs side by side."""
        catalog = self.catalog
        editions = {edition.slug: edition for edition in boards.editions}
        self.write_page(models_page(models, editions))
        scores = type_scores(boards)
        self.write_data(MODELS_FILE, models_file(models))
        for compared in compare_pages(models, boards, catalog.coverage_report(), scores):
            self.write_page(compared)
        leading = [
            edition
            for edition in boards.editions
            if edition.series in views.LEADING_SERIES and edition.current
        ]
        answers = ModelAnswers(
            editions,
            history,
            dict(catalog.all_claims()),
            read_profiles(boards),
            {(its.model, its.edition): its for its in changes if its.kind == "left"},
            {its.arxiv_id: its for its in catalog.paper_list()},
            catalog.all_absences(leading),
        )
        for model in models:
            self.write_model(model, answers, scores.get(model.name, {}))

    def write_boards(
        self,
        studio: Studio,
        boards: views.Boards,
        drawings: Mapping[str, Drawings],
        leads: Mapping[str, Sequence[Leader]],
        copies: Mapping[str, RelatedModel],
        methods: Mapping[str, Choices],
    ) -> None:
        """The page of every edition, with its charts and its table as data."""
        self.write_page(views.boards_page(boards))
        for edition in boards.editions:
            path = views.board_path(edition)
            state = boards.states[edition.slug]
            charts, files = drawn_charts(studio, drawings[edition.slug], path)
            scores = self.task_scores(state, path)
            for its, content in files.items():
                self.write_data(its, content)
            days = dated_days(edition, leads[edition.slug])
            replay = self.replay(edition, path, days)
            self.write_card(path, board_card(state))
            known = leads[edition.slug], methods, copies, charts, scores, days, replay
            page = views.board_page(boards, edition, *known, DIGEST)
            self.write_page(page)
            for its_day in days:
                then = self.catalog.board(edition, its_day)
                self.write_page(dated_page(then, its_day, days, DIGEST))
        studio.keep()

    def replay(self, edition: EditionInfo, path: str, days: tuple[str, ...]) -> ReplayFile | None:
        """The board on any day, written beside its page."""
        until = (edition.last_at or "")[:10]
        found = replay_file(self.catalog.replay(edition), path, until, days)
        if found is None:
            return None
        file, content = found
        self.write_data(file.path, content)
        return file

    def task_scores(self, board: Leaderboard, path: str) -> TaskScores | None:
        """The scores of single tasks: past editions would be many files that nobody opens."""
        if not board.edition.current:
            return None
        return task_matrix(board, self.catalog.task_scores(board.edition), path)

    def write_card(self, path: str, svg: str) -> None:
        """The picture of a page, which only a site that knows its address can offer."""
        if self.base_url:
            self.pages.cards.add(path)
            self.write_data(f"{path}card.png", self.cards.png(svg))

    def write_model(
        self, model: Model, answers: ModelAnswers, scores: Mapping[str, Mapping[str, float]]
    ) -> None:
        page = model_page(model, answers)
        self.write_page(page)
        history = answers.history.get(model.name, ())
        claims = answers.claims.get(model.name, ())
        self.write_data(page.json_path, data.model_json(model, history, claims, scores))

    def write_page(self, context: AnyPage) -> None:
        """One page in every language, rendered unless the last build did."""
        safe_path(context.page.path)
        feed = self.announced.get(context.page.path)
        digest = context_digest(context, feed, self.site)
        self.pages.add(context.page.path, digest)
        self.rendering.render(digest, context, feed)

    def write_data(self, path: str, content: bytes) -> None:
        """One data file, which the pages of all languages share."""
        write_file(self.run / WHOLE / safe_path(path), content)
        self.data_files += 1

    def start_mkdocs(self, mkdocs: MkDocsRuns, language: str) -> None:
        """MkDocs on the hand-written pages and the shells of one language."""
        docs = self.run / language / "docs"
        copy_handwritten(resource("site") / "docs", docs, language)
        written = {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")}
        told = {"data_until": DATA_UNTIL, "built": minute(BUILT_AT), "digest": DIGEST}
        footer = load_texts(language)("word.footer", **told)
        config = read_config(language, self.languages, str(footer), self.base_url)
        self.pages.written = written
        self.pages.shells = shell_paths(navigation(config), written)
        write_shells(docs, self.pages.shells)
        mkdocs.start(docs.parent, config)


def _of_series(changes: Iterable[Change], series: str) -> Iterator[Change]:
    return (change for change in changes if change.series == series)


def _fresh_folder(work: Path, out: Path) -> Path:
    """A folder that no other run writes to, after repairing what a killed build left.

    A MkDocs process can outlive a killed build and go on writing; so every build has a folder of
    its own, and what cannot be removed now is removed by the next build.
    """
    old = _beside(out)
    if old.exists():
        if out.exists():
            _remove(old)
        else:
            old.rename(out)
    work.mkdir(parents=True, exist_ok=True)
    for rubbish in work.iterdir():
        if rubbish.is_dir() and rubbish.name.startswith("build-"):
            _remove(rubbish)
    return Path(tempfile.mkdtemp(prefix="build-", dir=work))


def _remove(folder: Path) -> None:
    """Remove a folder, two of those in it at a time: a site has thousands of folders and files."""
    with ThreadPoolExecutor(2) as at_once:
        for inside in folder.iterdir() if folder.is_dir() else ():
            at_once.submit(shutil.rmtree, inside, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _beside(out: Path) -> Path:
    return out.with_name(f"{out.name}.old")


def swap(finished: Path, out: Path) -> None:
    """Put a finished site in the place of the old one, by renames only."""
    old = _beside(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    # A temporary folder is private; a site is there to be served.
    finished.chmod(0o755)
    if out.exists():
        out.rename(old)
    finished.rename(out)
    _remove(old)
