"""Every page and data file of a site, in the order in which they are built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace

import polars as pl

from tracker.answers.boards import MAIN_SERIES, EditionInfo, Leaderboard
from tracker.answers.contamination import Contamination
from tracker.answers.frontier import FrontierSpan
from tracker.answers.history import Change
from tracker.answers.models import Model
from tracker.answers.tasks import TaskInfo
from tracker.errors import NoDataError
from tracker.exports import frames
from tracker.pages import social_cards
from tracker.pages.build.cache import cache_key
from tracker.pages.build.intervals import TOP, PastLeads, request_intervals, with_intervals
from tracker.pages.build.pool import WorkerPool, result_of
from tracker.pages.build.stamps import DIGEST
from tracker.pages.charts import program
from tracker.pages.charts.board_charts import board_drawings
from tracker.pages.charts.cache import DrawnChart, request_chart
from tracker.pages.charts.chart import Chart
from tracker.pages.charts.timelines import read_timelines
from tracker.pages.contexts import AnyPage, ReplayFile, SuspectList, TaskScores
from tracker.pages.markdown_twins import board_twin, llms_full
from tracker.pages.sitemap import llms_text
from tracker.pages.views import boards as views
from tracker.pages.views import contamination as contamination_views
from tracker.pages.views import feeds as feed_views
from tracker.pages.views import model_data
from tracker.pages.views import models as model_views
from tracker.pages.views.board_filters import method_choices
from tracker.pages.views.board_remarks import read_folds, row_remarks
from tracker.pages.views.catalog_protocol import CatalogReader
from tracker.pages.views.change_log import change_months
from tracker.pages.views.choose import CHOICES_FILE, choices_file, choose_page, in_page_order
from tracker.pages.views.compare import (
    MODELS_FILE,
    PairReader,
    compare_pages,
    models_file,
    type_scores,
)
from tracker.pages.views.dated import dated_days, dated_page
from tracker.pages.views.frontier import frontier_drawing, frontier_page, series_frontier
from tracker.pages.views.methods import method_pages
from tracker.pages.views.notes import note_pages
from tracker.pages.views.profiles import read_profiles
from tracker.pages.views.replay import replay_file
from tracker.pages.views.search_names import SearchName, search_names
from tracker.pages.views.subjects import subject_pages
from tracker.pages.views.suspects import read_site_suspects, suspects_csv, suspects_page
from tracker.pages.views.task_matrix import task_matrix
from tracker.pages.views.tasks import task_entry, task_page, task_slugs, tasks_page
from tracker.ranking.confidence_intervals import IntervalJob


@dataclass(frozen=True)
class DataFile:
    """A file that the pages of all languages share."""

    path: str
    """Its place in the site."""
    content: bytes | Future[bytes]


Item = AnyPage | DataFile
FrontierOfSeries = tuple[EditionInfo, tuple[FrontierSpan, ...], Future[bytes] | None]


class SiteContent:
    """The content of a site, read from an open catalog.

    What several pages need is read when this is made. Charts that no earlier build has drawn are
    drawn by worker processes meanwhile, so the pages of boards, which show them, come last.
    """

    def __init__(
        self,
        catalog: CatalogReader,
        pool: WorkerPool,
        languages: Sequence[str],
        base_url: str | None,
    ) -> None:
        self._catalog = catalog
        self._pool = pool
        self._languages = languages
        self._base_url = base_url
        self._models = tuple(catalog.all_models())
        self._digest = catalog.digest
        self._history = model_views.history_by_model(catalog.all_history())
        self._boards = views.read_boards(catalog)
        self._task_slugs = task_slugs(self._task_infos())
        slugs = {model.name: model.slug for model in self._models}
        self._scores: dict[str, pl.DataFrame] = {}
        self._suspects = read_site_suspects(catalog, slugs)
        self._copies = views.copies_by_name(self._models)
        self._leads = {e.slug: catalog.leader_list(e) for e in self._boards.editions}
        self._charts = self._request_charts()
        self._intervals = self._request_intervals()
        self._past_leads = PastLeads(self._pool, catalog, self._boards)
        self._frontiers = self._request_frontiers()
        self._all_changes = catalog.change_list()
        self._changes = views.changes_by_series(self._boards, self._all_changes)
        places = ((views.board_path(e), e.series) for e in self._boards.editions)
        self.feeds = feed_views.announcements(places, self._changes, catalog.technique_list())
        """The feed that a page announces, by the page's path."""

    def _request_charts(self) -> dict[str, list[tuple[Chart, Future[bytes]]]]:
        """Have the charts of all boards drawn, by the slug of the board."""
        states = self._boards.states
        collapsed = frozenset(slug for slug, state in states.items() if state.n_collapsed)
        timelines = read_timelines(self._boards.editions, self._history, self._copies, collapsed)
        return {
            slug: [
                (chart, request_chart(self._pool, drawing))
                for drawing, chart in board_drawings(state, timelines, self._leads[slug])
            ]
            for slug, state in states.items()
        }

    def _request_frontiers(self) -> list[FrontierOfSeries]:
        """Have the frontiers of the leading series drawn."""
        found = []
        for series in MAIN_SERIES:
            edition = self._boards.of_series(series)
            if edition is not None and edition.current:
                spans = self._catalog.frontier_list(series)
                drawing = frontier_drawing(edition, spans)
                drawn = request_chart(self._pool, drawing) if drawing else None
                found.append((edition, spans, drawn))
        return found

    def _task_infos(self) -> tuple[TaskInfo, ...]:
        """The tasks of the present boards; none without a registry."""
        try:
            return self._catalog.task_list()
        except NoDataError:
            return ()

    def _request_intervals(self) -> dict[str, tuple[IntervalJob, Future[bytes]]]:
        """Have the intervals of present boards drawn, by the slug of the board."""
        found = {}
        for edition in self._boards.editions:
            if edition.current:
                # The bundled data have no scores of single tasks.
                with suppress(NoDataError):
                    state = self._boards.states[edition.slug]
                    job = self._catalog.interval_job(state, top=TOP)
                    found[edition.slug] = job, request_intervals(self._pool, job)
        return found

    def items(self) -> Iterator[Item]:
        """All pages and data files."""
        key = cache_key("vega", program.versions())
        yield DataFile(program.PROGRAM, self._pool.cached(key, program.bundle))
        yield from self._news()
        yield from self._methods()
        yield from self._choices()
        yield from self._models_and_pairs()
        yield from self._task_pages()
        yield from self._board_pages()
        yield frontier_page(
            [
                series_frontier(
                    edition,
                    spans,
                    self._catalog.catch_up_list(edition),
                    DrawnChart.read(result_of(drawn)).svg if drawn else None,
                )
                for edition, spans, drawn in self._frontiers
            ]
        )
        # Leaders are compared by the intervals of the boards, which are drawn by now.
        past = self._past_leads.states()
        yield from note_pages(self._catalog, self._boards, self._models, past)
        status, n_models = self._catalog.status(), len(self._models)
        yield views.home_page(self._catalog, self._boards, self._changes, status, n_models)

    def search_names(self) -> list[SearchName]:
        """What pages are called, for the search of the site."""
        slugs = {model.name: model.slug for model in self._models}
        return list(search_names(self._catalog.search_names(), slugs, self._task_slugs))

    def _news(self) -> Iterator[Item]:
        """Changes, sources, and what is written for machines."""
        catalog = self._catalog
        for series in self._changes:
            rows = frames.json_rows(_of_series(self._all_changes, series.series))
            yield DataFile(series.data_path, rows)
        yield from self._card("", social_cards.home_card())
        current = [edition for edition in self._boards.editions if edition.current]
        text = llms_text(current, self._languages, self._base_url)
        yield DataFile("llms.txt", text.encode("utf-8"))
        yield from self._for_language_models(current)
        months = change_months(
            self._models, self._boards.editions, self._history, catalog.with_causes
        )
        with_page = tuple(month.month for month in months)
        yield views.changes_page(self._changes, with_page, model_views.publishers(self._models))
        yield from months
        yield views.sources_page(
            catalog.status(), catalog.gap_list(), catalog.cited_pages(), DIGEST
        )

    def _for_language_models(self, current: Sequence[EditionInfo]) -> Iterator[DataFile]:
        """Lists in one language, and the leaders of all boards."""
        states = [self._boards.states[edition.slug] for edition in self._boards.editions]
        for language in self._languages:
            root = "" if language == "en" else f"{language}/"
            if root:
                text = llms_text(current, [language], self._base_url)
                yield DataFile(f"{root}llms.txt", text.encode("utf-8"))
            full = llms_full(states, self._digest, language)
            yield DataFile(f"{root}llms-full.txt", full.encode("utf-8"))

    def _methods(self) -> Iterator[AnyPage]:
        """Pages of methods, datasets, papers, techniques and terms."""
        yield from method_pages(self._catalog, self._models)
        yield from subject_pages(self._catalog, self._task_slugs)
        yield views.glossary_page(self._catalog.terms())

    def _choices(self) -> Iterator[Item]:
        """The page that helps to choose a model, with its data."""
        boards = in_page_order(tuple(self._catalog.choice_boards()))
        yield DataFile(CHOICES_FILE, choices_file(boards))
        yield choose_page(boards, self._catalog.terms())

    def _models_and_pairs(self) -> Iterator[Item]:
        """The list of models, each of them, and pairs side by side."""
        editions = {edition.slug: edition for edition in self._boards.editions}
        changed = {c.model for group in self._changes for c in feed_views.news(group)}
        yield model_views.models_page(self._models, editions, changed)
        scores = type_scores(self._boards)
        yield DataFile(MODELS_FILE, models_file(self._models))
        pairs = PairReader(self._catalog, self._boards, self._task_scores_of)
        known = self._catalog.coverage_report(), scores, pairs.read, self._task_infos()
        yield from compare_pages(self._models, self._boards, *known)
        answers = self._model_answers(editions)
        for model in self._models:
            yield from _model(model, answers, scores.get(model.name, {}))

    def _model_answers(self, editions: Mapping[str, EditionInfo]) -> model_views.ModelAnswers:
        catalog = self._catalog
        leading = [
            edition
            for edition in self._boards.editions
            if edition.series in MAIN_SERIES and edition.current
        ]
        return model_views.ModelAnswers(
            editions,
            self._history,
            dict(catalog.all_claims()),
            read_profiles(self._boards),
            {(c.model, c.edition): c for c in self._all_changes if c.kind == "left"},
            {paper.arxiv_id: paper for paper in catalog.paper_list()},
            catalog.all_absences(leading),
            self._task_slugs,
            catalog.all_lineages(),
            self._suspects.by_model,
        )

    def _task_pages(self) -> Iterator[Item]:
        """Each task of the present boards, and the list of them."""
        entries = []
        if self._task_slugs:
            datasets = self._catalog.dataset_list()
            for task in self._catalog.all_tasks():
                entries.append(task_entry(task))
                suspects = self._suspects.by_task.get(task.info.name, SuspectList((), 0))
                yield task_page(task, self._task_slugs, datasets, suspects)
        yield tasks_page(entries)
        page = suspects_page(self._suspects, self._task_slugs)
        if page.n:
            yield DataFile(page.csv_path, suspects_csv(self._suspects))
        yield page

    def _board_pages(self) -> Iterator[Item]:
        """The list of boards, each of them, and its past days."""
        yield views.boards_page(self._boards)
        methods = method_choices(self._models)
        for edition in self._boards.editions:
            path = views.board_path(edition)
            state = self._with_intervals(self._boards.states[edition.slug])
            leads = self._leads[edition.slug]
            charts = []
            for chart, drawn in self._charts.pop(edition.slug):
                live_path = f"{path}{chart.kind}.vl.json"
                svg, specification = DrawnChart.read(result_of(drawn))
                charts.append(replace(chart, svg=svg, live_path=live_path))
                yield DataFile(live_path, specification.encode("utf-8"))
            days = dated_days(edition, leads)
            scores = self._task_scores(state, path)
            replay, files = self._replay(edition, path, days)
            yield from files
            yield from self._card(path, social_cards.board_card(state))
            known = leads, methods, self._copies, tuple(charts), scores, self._task_slugs
            contamination = self._contamination(state)
            yield from _contamination_pages(contamination, self._task_slugs)
            folds = read_folds(self._catalog, edition)
            remarks = row_remarks(state, contamination, scores, folds)
            yield views.board_page(self._boards, state, *known, days, replay, DIGEST, remarks)
            yield from self._board_twins(state, has_contamination=remarks.has_contamination)
            for day in days:
                yield dated_page(self._catalog.board(edition, day), day, days, DIGEST)

    def _board_twins(self, state: Leaderboard, *, has_contamination: bool) -> Iterator[DataFile]:
        """The Markdown twin of a board's page in each language."""
        trained = contamination_views.TRAINED if has_contamination else None
        for language in self._languages:
            twin = board_twin(state, self._digest, language, trained)
            root = "" if language == "en" else f"{language}/"
            yield DataFile(f"{root}{views.board_path(state.edition)}index.md", twin.encode("utf-8"))

    def _contamination(self, state: Leaderboard) -> Contamination | None:
        """Declared training on a present board; none without a registry."""
        if not state.edition.current:
            return None
        try:
            return self._catalog.contamination_report(state.edition, state.as_of)
        except NoDataError:
            return None

    def _with_intervals(self, state: Leaderboard) -> Leaderboard:
        if state.edition.slug not in self._intervals:
            return state
        job, drawn = self._intervals.pop(state.edition.slug)
        found = with_intervals(state, job, result_of(drawn))
        self._boards.states[state.edition.slug] = found
        return found

    def _task_scores(self, board: Leaderboard, path: str) -> TaskScores | None:
        """The scores of single tasks; past editions would be many files that nobody opens."""
        if not board.edition.current:
            return None
        return task_matrix(
            board,
            self._task_scores_of(board.edition),
            path,
            self._task_slugs,
            {task: frozenset(found.models) for task, found in self._suspects.by_task.items()},
        )

    def _task_scores_of(self, edition: EditionInfo) -> pl.DataFrame:
        """The scores of single tasks; those of the main boards serve their pairs, too."""
        if edition.series not in MAIN_SERIES:
            return self._catalog.task_scores(edition)
        if edition.slug not in self._scores:
            self._scores[edition.slug] = self._catalog.task_scores(edition)
        return self._scores[edition.slug]

    def _replay(
        self, edition: EditionInfo, path: str, days: tuple[str, ...]
    ) -> tuple[ReplayFile | None, list[DataFile]]:
        """The board on any day, as a file beside its page."""
        until = (edition.last_at or "")[:10]
        found = replay_file(self._catalog.replay(edition), path, until, days)
        if found is None:
            return None, []
        file, content = found
        return file, [DataFile(file.path, content)]

    def _card(self, path: str, svg: str) -> Iterator[DataFile]:
        """The preview image of a page, which only a site that knows its address can offer."""
        if self._base_url:
            key = cache_key("card", social_cards.drawn_by(), svg.encode("utf-8"))
            yield DataFile(f"{path}card.png", self._pool.cached(key, social_cards.png, svg))


def _contamination_pages(
    found: Contamination | None, task_slugs: Mapping[str, str]
) -> Iterator[Item]:
    """The contamination page of a board and its files."""
    if found is not None and found.tasks:
        page = contamination_views.contamination_page(found, task_slugs)
        yield DataFile(page.csv_path, contamination_views.exposures_csv(found))
        yield DataFile(page.receipts_path, contamination_views.receipts_csv(found))
        yield page


def _model(
    model: Model, answers: model_views.ModelAnswers, scores: Mapping[str, Mapping[str, float]]
) -> Iterator[Item]:
    """The page of a model and its data file."""
    page = model_views.model_page(model, answers)
    yield page
    history = answers.history.get(model.name, ())
    claims = answers.claims.get(model.name, ())
    lineage = answers.lineages.get(model.name)
    yield DataFile(page.json_path, model_data.model_json(model, history, claims, scores, lineage))


def _of_series(changes: Iterable[Change], series: str) -> Iterator[Change]:
    return (change for change in changes if change.series == series)
