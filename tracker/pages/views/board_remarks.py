"""Remarks beside the means of a board page: training, suspect scores, the base model."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.answers.boards import MAIN_SERIES, EditionInfo, Leaderboard
from tracker.answers.contamination import Contamination
from tracker.errors import NoDataError
from tracker.pages.contexts import RowRemark, RowRemarks, TaskScores
from tracker.pages.views.catalog_protocol import CatalogReader


def read_folds(catalog: CatalogReader, edition: EditionInfo) -> Mapping[str, str]:
    """Fine-tunes that fold into another row of a main board, by present name.

    Each fold draws a paired interval, so other boards have no switch.
    """
    if edition.series not in MAIN_SERIES or not edition.current:
        return {}
    try:
        return catalog.folded_finetunes(edition)
    except NoDataError:
        return {}


def row_remarks(
    state: Leaderboard,
    contamination: Contamination | None,
    task_scores: TaskScores | None,
    folds: Mapping[str, str],
) -> RowRemarks:
    """Return the remarks of the rows of a board.

    Args:
        state: The board.
        contamination: Declared training on its tasks, if known.
        task_scores: Scores of its single tasks, with the suspect ones.
        folds: What ``read_folds`` returned.
    """
    exposed = {row.label: row for row in contamination.rows} if contamination else {}
    marked = task_scores.suspects if task_scores else ()
    slugs = {row.model_now or row.model: row.slug for row in state.rows}
    found = {}
    for place, row in enumerate(state.rows):
        training = exposed.get(row.label)
        declares = training is not None and training.declares_training
        remark = RowRemark(
            training.mean_untrained if training and declares else None,
            training.n_untrained if training and declares else None,
            len(marked[place]) if marked else 0,
            slugs.get(folds.get(row.model_now or row.model, "")),
        )
        if remark != RowRemark():
            found[row.label] = remark
    return RowRemarks(
        by_label=found,
        has_untrained=any(its.n_untrained is not None for its in found.values()),
        rank_span=max((row.interval.rank_high for row in state.rows if row.interval), default=1),
        n_foldable=sum(its.base_slug is not None for its in found.values()),
        has_contamination=contamination is not None and bool(contamination.tasks),
    )
