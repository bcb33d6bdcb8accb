"""A catalog of invented boards, models and facts, with hostile names among them.

It answers what ``tracker.api.Catalog`` answers, from plain values, so that pages can be tested
without a database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import polars as pl

from tests.support.fake_answers import (
    EDITIONS,
    FACTS,
    FIRST,
    HOSTILE,
    LAST,
    NO_PAPER,
    PAPERS,
    SOURCE,
    edition,
)
from tests.support.fake_frontier import FakeFrontier
from tests.support.fake_methods import FakeMethods
from tests.support.fake_tasks import fake_contamination, fake_suspects, fake_tasks
from tracker.answers.boards import (
    CommonTasks,
    EditionInfo,
    Leaderboard,
    LeaderboardRow,
    Provenance,
)
from tracker.answers.common import Bilingual
from tracker.answers.contamination import Contamination
from tracker.answers.health import Gap, SourceStatus, SuspectScore
from tracker.answers.history import (
    Absence,
    Change,
    HistoryPoint,
    Leader,
    Overview,
    Replay,
    ReplayDay,
    ReplayRow,
    ResultCommit,
    Why,
)
from tracker.answers.lineage import InheritedData, Lineage, Relative
from tracker.answers.models import (
    Claim,
    MetadataValue,
    Model,
    ModelStanding,
    RelatedModel,
    StateOfTheArt,
    StateOfTheArtRow,
)
from tracker.answers.tasks import Task, TaskInfo
from tracker.common.text import model_slug
from tracker.common.times import moment
from tracker.errors import NoDataError
from tracker.insights.boards.conditions import Properties
from tracker.insights.boards.model_choice import ChoiceBoard, ChoiceRow, type_means
from tracker.ranking.confidence_intervals import IntervalJob, TaskTable

__all__ = ["EDITIONS", "FACTS", "HOSTILE", "FakeCatalog"]


def fake_properties(row: LeaderboardRow) -> Properties:
    """Return the properties of a row of the fake boards that conditions compare."""
    known = row.licence if row.licence == "mit" else None
    return Properties(
        row.parameters, None, row.max_tokens, row.open_weights, known, True if known else None,
        (row.organisation.casefold(),), row.zero_shot_pct, None, ("mean",), (), row.release_date,
    )  # fmt: skip


class FakeCatalog(FakeFrontier, FakeMethods):
    """Answers like the real catalog; ``n_models`` makes it as large as a measurement needs."""

    data_until: str | None = LAST
    digest = "0123abcd"

    def __init__(self, n_models: int = 12, extra_boards: int = 0) -> None:
        ordinary = tuple(f"org-{n % 7}/model-{n}" for n in range(n_models))
        self.names = (*ordinary[:2], *HOSTILE, *ordinary[2:])
        more = tuple(
            edition(f"extra-{n}", f"Extra({n})", (f"Extra {n}", f"附加 {n}"))
            for n in range(extra_boards)
        )
        self._editions = (*EDITIONS, *more)

    def editions(self) -> tuple[EditionInfo, ...]:
        return tuple(replace(edition, n_rows=len(self._rows)) for edition in self._editions)

    @cached_property
    def _rows(self) -> tuple[LeaderboardRow, ...]:
        names = self.names[:300]
        half = len(names) - 2
        return tuple(
            LeaderboardRow(
                rank=place if place <= half else None,
                model=name, label=name, slug=model_slug(name), organisation=name.split("/")[0],
                mean_task=80 - place / 7 if place <= half else None, mean_task_type=79.123456,
                task_types={"Classification": 70.5, "Retrieval": -3.25},
                n_tasks=33 if place <= half else 30, n_tasks_total=33,
                zero_shot_pct=(None, None, 95)[place % 3],
                declares_training=(None, False, True)[place % 3],
                model_now=HOSTILE[0] if place == 5 else name, points=1000.5 - place,
                mean_common=75.5 if place <= half else None,
                parameters=(None, 7_851_000_000, 334_900_000, 22_700_000)[place % 4],
                active_parameters=None, embedding_dimensions=4096, max_tokens=32768,
                licence=("mit", None, "https://example.org/<licence>")[place % 3],
                open_weights=(True, False, None)[place % 3], release_date="2024-08-30",
                since=FIRST, copies=("copier/<i>copy</i>",) if place == 1 else (),
            )
            for place, name in enumerate(names, 1)
        )  # fmt: skip

    def _find(self, board: str | EditionInfo) -> EditionInfo:
        if isinstance(board, EditionInfo):
            return board
        return next(e for e in self.editions() if board in (e.name, e.series))

    def board(self, board: str | EditionInfo, as_of: str | None = None) -> Leaderboard:
        edition = self._find(board)
        rows = self._rows
        return Leaderboard(
            edition=edition, as_of=moment(as_of) if as_of else LAST,
            origin="published", rank_by="published",
            published_at=FIRST,
            provenance=Provenance("leaderboard-api", SOURCE, FIRST, LAST, None, "f" * 40),
            rows=rows, n_collapsed=1,
            note=Bilingual("A note.", "一条说明。") if edition.archived else None,
            unit="mean_task" if edition.archived else "points",
            common=CommonTasks(32, 33, ("<Task>",)), n_unattributed=2, unavailable=(("Task0", 3),),
        )  # fmt: skip

    def choice_boards(self) -> Iterator[ChoiceBoard]:
        """Every present board; what is known of its models, and nothing of the others."""
        for current in self.editions():
            if current.current:
                board = self.board(current)
                rows = tuple(ChoiceRow(row, fake_properties(row)) for row in board.rows)
                yield ChoiceBoard(board, rows, {None: type_means(board)})

    def interval_job(self, board: Leaderboard, /, *, top: int) -> IntervalJob:
        """The first three rows are tied, and each of the others is below the one before."""
        if board.edition.name != "MTEB(eng, v2)":
            raise NoDataError("no scores of single tasks")
        rows = [row for row in board.rows if row.rank is not None][:top]
        scores = 1 - np.array([[max(row.rank or 0, 3)] * 2 for row in rows]) / 100
        table = TaskTable(None, scores, ["STS", "STS"])
        return IntervalJob(table, list(range(len(rows))), [row.label for row in rows], True)

    def folded_finetunes(self, board: EditionInfo, /) -> dict[str, str]:
        """The third model is a fine-tune of the second, where there are scores of tasks."""
        return {self.names[2]: self.names[1]} if board.name == "MTEB(eng, v2)" else {}

    def task_list(self) -> tuple[TaskInfo, ...]:
        return tuple(task.info for task in self.all_tasks())

    def all_tasks(self) -> Iterator[Task]:
        """A task with scores and everything else, and one with nothing."""
        return fake_tasks(self._rows)

    def leaderboard(self, board: str | EditionInfo, as_of: str | None = None) -> pl.DataFrame:
        return self.board(board, as_of).to_polars()

    def task_scores(self, board: str | EditionInfo) -> pl.DataFrame:
        """Some scores are missing, one task has none, one name is hostile."""
        tasks = self._find(board).tasks[1:] if self._find(board).name != "MTEB(cmn, v1)" else ()
        scores = [
            (row.label, task, 90 - place - n / 3)
            for place, row in enumerate(self._rows[:300])
            for n, task in enumerate(tasks)
            if (place + n) % 5 or row.rank is None
        ]
        return pl.DataFrame(
            scores,
            schema={"label": pl.String, "task": pl.String, "score": pl.Float64},
            orient="row",
        )

    def all_absences(self, editions: object) -> dict[str, tuple[Why, ...]]:
        removed = Absence(
            "files_removed",
            Bilingual("Its files were removed: “<remove>”.", "文件已被移除：“<remove>”。"),
            Bilingual("submit them again", "重新提交"),
            at=FIRST, commit="1" * 40, url="https://github.com/embeddings-benchmark/results/commit/1",
            message="<remove>",
        )  # fmt: skip
        why = Why(HOSTILE[0], HOSTILE[0], "MTEB(cmn, v1)", LAST, False, None, 9, (removed,))
        return {HOSTILE[0]: (why,)}

    def with_causes(self, changes: Sequence[Change]) -> list[Change]:
        return [replace(change, cause=("new_result",)) for change in changes]

    def leader_list(self, board: str | EditionInfo) -> tuple[Leader, ...]:
        edition, rows = self._find(board), self._rows
        unit = "mean_task" if edition.archived else "points"

        def lead(row: LeaderboardRow, first: str, last: str | None, **told: object) -> Leader:
            values: dict[str, object] = {
                "from_day": first, "until_day": last, "model": row.model, "board": edition.name,
                "unit": unit, "by": 12.5, "reason": None, "model_now": row.model, "slug": row.slug,
                "series": edition.series, "board_slug": edition.slug, "origin": "recomputed",
                "mean_task": row.mean_task, "mean_by": -0.25, "partial": False, "cause": None,
                "next_model": None, "commit": None, "commit_url": None,
            }  # fmt: skip
            return Leader(**(values | told))  # type: ignore[arg-type]

        return (
            lead(
                rows[1], FIRST[:10], "2026-06-30", reason="it was overtaken", cause="overtaken",
                next_model=rows[0].model, commit="0" * 40, partial=True, model_now=HOSTILE[0],
                commit_url="https://github.com/embeddings-benchmark/results/commit/0000",
                note=Bilingual("Withdrawn <later>.", "后被撤下。"),
            ),
            lead(rows[0], "2026-07-01", None, by=None, mean_by=None),
        )  # fmt: skip

    def replay(self, board: str | EditionInfo) -> Replay:
        edition, rows = self._find(board), self._rows

        def shown(*places: int) -> tuple[ReplayRow, ...]:
            return tuple(
                ReplayRow(
                    rank=rank,
                    model=rows[place].model,
                    model_now=HOSTILE[0] if place == 1 else rows[place].model,
                    slug=rows[place].slug,
                    points=100.5 - rank,
                    mean_task=rows[place].mean_task,
                    n_tasks=33,
                )
                for rank, place in enumerate(places, 1)
            )

        unit = "mean_task" if edition.archived else "points"
        days = (
            ReplayDay(FIRST[:10], 30, "recomputed", shown(1, 2, 3)),
            ReplayDay("2026-07-01", 33, "recomputed", shown(*range(min(10, len(rows))))),
        )
        return Replay(edition, unit, days)

    def change_list(self) -> tuple[Change, ...]:
        evil = HOSTILE[0]
        shapes = (
            ("appeared", None, 3, None, 78.5), ("appeared", None, None, None, None),
            ("left", 5, None, 70.0, None), ("left", None, None, None, None),
            ("moved", 4, 6, None, None), ("moved", 94, 96, None, None),
            ("value_changed", 8, 8, 60.0, 61.5),
        )  # fmt: skip
        causes = {"appeared": ("new_model", "mass_edit"), "left": ("unexplained",)}
        commits = tuple(
            ResultCommit(LAST, f"{n}abcdef01234", SOURCE if n else "javascript:alert(3)", evil)
            for n in range(5)
        )
        return tuple(
            Change(
                series, edition, kind, evil, model_slug(evil), *ranks_and_values, LAST,
                causes.get(kind), commits if kind == "appeared" else (),
            )
            for series, edition in (("mteb-english", "MTEB(eng, v2)"), ("odd", EDITIONS[4].name))
            for kind, *ranks_and_values in shapes
        )  # fmt: skip

    def all_claims(self) -> Iterator[tuple[str, tuple[Claim, ...]]]:
        for name in HOSTILE[:2]:
            commit = ResultCommit(FIRST, "0abcdef01234", "javascript:alert(4)", name)
            yield name, tuple(
                Claim(
                    name, name, "test", name, 75.0, 50.0 + n, n - 25.0, n % 2 == 0, None, None,
                    commit, None, "r1", "1.30.0", replace(commit, url=SOURCE),
                )
                for n in range(14)
            )  # fmt: skip

    def _standing(self, name: str, edition: EditionInfo, *, listed: bool) -> ModelStanding:
        return ModelStanding(
            series=edition.series, edition=edition.name, edition_slug=edition.slug,
            title=edition.title, rank=2 if listed else None, n_ranked=20, mean_task=78.126,
            mean_task_type=None, n_tasks=33, n_tasks_total=33, first_at=FIRST, last_at=LAST,
            listed=listed, best_rank=1, best_at=FIRST,
        )  # fmt: skip

    def _model(self, place: int, name: str) -> Model:
        first = place < 5
        return Model(
            name=name, slug=model_slug(name), organisation=name.split("/")[0],
            links=("https://huggingface.co/x", "javascript:alert(2)") if first else (),
            first_seen_at=FIRST,
            standings=(
                self._standing(name, EDITIONS[0], listed=True),
                self._standing(name, EDITIONS[1], listed=False),
            ),
            metadata=(
                MetadataValue("parameters", 7_851_000_000, "leaderboard-api", FIRST, SOURCE),
                MetadataValue("embedding_dimensions", 4096, "leaderboard-api", FIRST, SOURCE, 5120,
                              Bilingual("the file <says> 4096", "文件 <写的是> 4096")),
                MetadataValue("languages", ["en", "<zh>"], "leaderboard-api", FIRST, SOURCE),
                MetadataValue("release_date", "2024-08-30", "leaderboard-api", FIRST, SOURCE),
            ),
            facts=FACTS if first else (), papers=PAPERS if first else (),
            no_paper=None if first else NO_PAPER,
            related=(
                RelatedModel("copied_by", "copier/<i>copy</i>", "copier--copy",
                             Bilingual("equal <scores>", "分数<相同>"), "proposed"),
            ) if place == 0 else (),
        )  # fmt: skip

    def all_models(self) -> Iterator[Model]:
        yield from (self._model(place, name) for place, name in enumerate(self.names))
        copy = self._model(99, "copier/<i>copy</i>")
        yield replace(copy, slug="copier--copy")

    def all_lineages(self) -> dict[str, Lineage]:
        """One model has ancestors, a descendant and inherited data."""
        name = next(name for name in self.names if "<script>" in name)
        base = Relative("ancestor", 1, "<base>", None, "derived", name, "registry", "mteb 2")
        far = Relative("ancestor", 2, self.names[3], model_slug(self.names[3]), "merged", "<base>",
                       "curated", "javascript:alert(9)")  # fmt: skip
        child = self.names[1]
        made = Relative("descendant", 1, child, model_slug(child), "quantised", name, "rule", None)
        data = InheritedData("<d>", self.names[3], model_slug(self.names[3]), 2, "curated", ("T1",))
        return {name: Lineage(name, model_slug(name), (base, far, made), (data,))}

    def all_history(self) -> Iterator[tuple[str, tuple[HistoryPoint, ...]]]:
        for name in self.names:
            yield name, tuple(
                HistoryPoint(EDITIONS[0].name, f"2026-06-{day:02}T00:00:00Z",
                             f"2026-06-{day + 1:02}T00:00:00Z", 30 - day, 70.0 + day // 6, None, 33,
                             EDITIONS[0].slug)
                for day in range(1, 20)
            )  # fmt: skip

    def state_of_the_art(
        self, series: str, as_of: str | None = None, top: int = 20
    ) -> StateOfTheArt:
        board = self.board(series, as_of)
        rows = tuple(
            StateOfTheArtRow(
                row.rank or 0, row.model, row.slug, row.organisation, row.mean_task, row.parameters,
                FACTS[:1] if place < 3 else (), FACTS[1:2] if place < 3 else (),
                FACTS[2:3] if place < 2 else (), PAPERS if place < 2 else (),
                NO_PAPER if place == 2 else None,
            )
            for place, row in enumerate(board.rows[:top])
        )  # fmt: skip
        return StateOfTheArt(board, rows)

    def overviews(self) -> tuple[Overview, ...]:
        found = []
        for series in ("mteb-english", "c-mteb", "mteb-multilingual"):
            board = self.board(series)
            found.append(
                Overview(series, board.edition.series_title, board, self.leader_list(series),
                         board.rows[1])
            )  # fmt: skip
        return tuple(found)

    def lint_list(self) -> tuple[SuspectScore, ...]:
        return fake_suspects()

    def contamination_report(
        self, board: str | EditionInfo, as_of: str | None = None
    ) -> Contamination:
        return fake_contamination(self.board(board))

    def gap_list(self) -> tuple[Gap, ...]:
        return (
            Gap("arxiv-papers", "2024-06-01", "2024-06-02", 2, "filled", "no run"),
            Gap("leaderboard-api", "2024-07-01", "2024-07-01", 1, "lost", "503 <from> host"),
        )

    def status(self) -> tuple[SourceStatus, ...]:
        return (
            SourceStatus("leaderboard-api", "Leaderboard <API>", "Apache-2.0", SOURCE, LAST, None,
                         None, LAST, 2, 1, 11738, "fresh"),
            SourceStatus("arxiv-papers", "arXiv", "CC0", "https://arxiv.org", None, LAST,
                         "503 <from> host", None, 0, 0, 0, "failing"),
        )  # fmt: skip
