"""Compare a model with models of its size: task-type means beside the medians of its class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from statistics import median

from tracker.answers.boards import MAIN_SERIES, LeaderboardRow
from tracker.pages.contexts import Profile, ProfileRow
from tracker.pages.views.board_filters import size_class
from tracker.pages.views.boards import Boards, board_path, type_columns

Profiles = Mapping[str, tuple[Profile, ...]]
"""Profiles by model name."""


def read_profiles(boards: Boards) -> Profiles:
    """Return the profiles of every model on the current boards of the leading series.

    Models without a known size form their own class; most of them are behind an API.
    """
    found: dict[str, list[Profile]] = defaultdict(list)
    for series in MAIN_SERIES:
        edition = boards.of_series(series)
        state = boards.states.get(edition.slug) if edition and not edition.archived else None
        if edition is None or state is None:
            continue
        ranked = [row for row in state.rows if row.rank is not None]
        means: dict[tuple[str, str], list[float]] = defaultdict(list)
        sizes: dict[str, int] = defaultdict(int)
        for row in ranked:
            size = size_class(row.parameters)
            sizes[size] += 1
            for kind, mean in _known(row):
                means[size, kind].append(mean)
        medians = {key: median(values) for key, values in means.items()}
        columns = type_columns(state)
        for row in ranked:
            size = size_class(row.parameters)
            own = dict(_known(row))
            rows = tuple(
                ProfileRow(kind, own[kind], medians[size, kind], len(means[size, kind]))
                for kind in columns
                if kind in own
            )
            if rows and sizes[size] > 1:
                found[row.model].append(
                    Profile(edition.title, board_path(edition), size, sizes[size], rows)
                )
    return {model: tuple(profiles) for model, profiles in found.items()}


def _known(row: LeaderboardRow) -> Iterator[tuple[str, float]]:
    return ((kind, mean) for kind, mean in row.task_types.items() if mean is not None)
