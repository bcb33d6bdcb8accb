"""Suspect scores that only a comparison of files shows: equal ones, jumps, dataset revisions."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

import polars as pl

MOST_EQUAL = 3
"""A score that more models share is one that a task gives to many."""
_DIGITS, _PRECISE = 4, 9
_DENOMINATOR = 50_000
_CELLS, _TASKS, _SHARE = 3, 3, 0.05
SIBLINGS, _SHARED_TASKS, _PAIRS = 2, 5, 100
"""A jump is judged against at least two siblings, each with five tasks in common; a limit comes
from at least a hundred pairs."""
QUANTILE = 0.99
_COMMIT, _WHOLE = "^[0-9a-f]{7,40}$", 40
"""A commit as Git prints it, whole or abbreviated, and the length of a whole one."""


def equal_scores(cells: pl.DataFrame) -> pl.DataFrame:
    """Find files with scores that equal those of another model to the last digit.

    Chance makes equal scores, too. They count where a score has nine digits and is no simple
    fraction, where at least three cells of two files and no fewer are all equal, or where the two
    models have equal scores in at least three tasks and 5 % of those that both have.

    Args:
        cells: ``path``, ``model`` (copies under the name of their original), ``task``, ``split``,
            ``subset``, ``score`` and ``since``.

    Returns:
        One row a file: ``path``, ``task``, ``other_path`` (a file of the model that had the scores
        first, or in the same commit), and the lists ``split``, ``subset`` and ``score`` of the
        equal cells.
    """
    key = ["task", "split", "subset", "score"]
    own = cells.filter(pl.col("score").abs().is_between(1e-5, 1 - 1e-5))
    n_models = own.group_by(key).agg(n=pl.col("model").n_unique())
    few = own.join(n_models.filter(pl.col("n").is_between(2, MOST_EQUAL)), on=key)
    digits = few.select(pl.col("score").unique()).with_columns(
        digits=pl.col("score").map_elements(_digits, pl.Int64)
    )
    few = few.join(digits.filter(pl.col("digits") >= _DIGITS), on="score")
    earlier = few.select(*key, other="model", other_path="path", other_since="since")
    pairs = few.join(earlier, on=key).filter(
        (pl.col("model") != pl.col("other")) & (pl.col("since") >= pl.col("other_since"))
    )
    files = pairs.group_by("path", "other_path").agg(
        pl.col("model", "other", "task", "other_since").first(),
        pl.col("split", "subset", "score"),
        n_equal=pl.len(),
        n_values=pl.col("score").n_unique(),
        is_precise=(pl.col("digits") >= _PRECISE).any(),
    )
    return (
        pl.concat([files.filter("is_precise"), _whole_files(files, own), _many_tasks(files, own)])
        .unique(["path", "other_path"])
        .sort("task", "path", "n_equal", "other_since", "other_path",
              descending=[False, False, True, False, False])
        .unique("path", keep="first", maintain_order=True)
        .select("path", "task", "other_path", "split", "subset", "score")
    )  # fmt: skip


def _whole_files(files: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Pairs of files of which all common cells are equal, and at least three."""
    several = _with_shared(files.filter(pl.col("n_values") >= _CELLS), cells)
    return several.filter(pl.col("n_equal") == pl.col("n_shared")).drop("n_shared")


def _many_tasks(files: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Pairs of files of models that have equal scores in several tasks.

    In each of them at least half of the common cells are equal.
    """
    both = ["model", "other"]
    known = _often(files, both).select(both)
    equal = _with_shared(files.join(known, on=both), cells).filter(
        2 * pl.col("n_equal") >= pl.col("n_shared")
    )
    tasks = cells.select("model", "task").unique()
    models = _often(equal, both)
    shared = (
        models.join(tasks, on="model")
        .join(tasks.select("task", other="model"), on=["other", "task"])
        .group_by(*both, "n_tasks")
        .agg(n_both=pl.len())
    )
    often = shared.filter(pl.col("n_tasks") >= _SHARE * pl.col("n_both"))
    return equal.drop("n_shared").join(often.select(both), on=both)


def _often(files: pl.DataFrame, models: list[str]) -> pl.DataFrame:
    """Pairs of models with equal scores in at least three tasks, with ``n_tasks``."""
    counted = files.group_by(models).agg(n_tasks=pl.col("task").n_unique())
    return counted.filter(pl.col("n_tasks") >= _TASKS)


def _with_shared(files: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Add ``n_shared``, the number of cells that both files of a pair have."""
    both, place = ["path", "other_path"], ["split", "subset"]
    shared = (
        files.select(both)
        .join(cells.select("path", *place), on="path")
        .join(cells.select(*place, other_path="path"), on=["other_path", *place])
        .group_by(both)
        .agg(n_shared=pl.len())
    )
    return files.join(shared, on=both)


def _digits(score: float) -> int:
    """Significant digits of a score as it is written; none if it is a simple fraction.

    Shares of a test set repeat by chance.
    """
    written = repr(abs(score)).partition("e")[0].replace(".", "").lstrip("0")
    if len(written) >= _PRECISE:
        simple = Fraction(score).limit_denominator(_DENOMINATOR)
        if abs(float(simple) - score) < 1e-12:
            return 0
    return len(written)


def sibling_jumps(
    cells: pl.DataFrame, siblings: Collection[tuple[str, str]], types: pl.DataFrame
) -> pl.DataFrame:
    """Find scores that are farther from those of all siblings than 99 % of siblings are.

    The difference of two siblings on a task is the mean over the cells that both have, less the
    median of their differences over all tasks: a larger model is better everywhere.

    Args:
        cells: ``path``, ``model``, ``task``, ``split``, ``subset`` and ``score``; one file a model
            and task.
        siblings: Pairs of models that are made of one another or of the same model, both ways.
        types: ``task`` and ``type``.

    Returns:
        ``path``, ``score`` (mean of the cells), ``gap`` (signed, to the nearest sibling), ``limit``
        (for its type of task), ``type``, ``n_siblings`` and ``siblings`` (names), by path.
    """
    pairs = pl.DataFrame(
        sorted(siblings), schema={"model": pl.String, "other": pl.String}, orient="row"
    )
    of_siblings = cells.drop_nulls("score").join(pairs.select("model").unique(), on="model")
    place = ["task", "split", "subset"]
    other = of_siblings.select(*place, other="model", theirs="score")
    differences = (
        pairs.join(of_siblings, on="model")
        .join(other, on=["other", *place])
        .group_by("model", "other", "task")
        .agg(
            pl.col("path").first(),
            pl.col("score").mean(),
            gap=(pl.col("score") - pl.col("theirs")).mean(),
        )
        .with_columns(
            n=pl.len().over("model", "other"), usual=pl.col("gap").median().over("model", "other")
        )
        .filter(pl.col("n") >= _SHARED_TASKS)
        .with_columns(gap=pl.col("gap") - pl.col("usual"))
        .join(types, on="task")
    )
    limits = differences.group_by("type").agg(
        limit=pl.col("gap").abs().quantile(QUANTILE), n_pairs=pl.len() // 2
    )
    return (
        differences.join(limits.filter(pl.col("n_pairs") >= _PAIRS), on="type")
        .sort("other")
        .group_by("path")
        .agg(
            pl.col("score", "limit", "type").first(),
            n_siblings=pl.len(),
            siblings=pl.col("other"),
            all_above=(pl.col("gap") > pl.col("limit")).all(),
            all_below=(pl.col("gap") < -pl.col("limit")).all(),
            gap=pl.col("gap").get(pl.col("gap").abs().arg_min()),
        )
        .filter((pl.col("n_siblings") >= SIBLINGS) & (pl.col("all_above") | pl.col("all_below")))
        .select("path", "score", "gap", "limit", "type", "n_siblings", "siblings")
        .sort("path")
    )


def changed_revisions(files: pl.DataFrame) -> pl.DataFrame:
    """Find tasks whose results come from several revisions of their dataset.

    A revision is a commit. A branch such as ``main`` or a label such as ``1`` names no fixed data,
    so files with one are not counted; an abbreviated commit counts as the whole one.

    Args:
        files: ``path``, ``task``, ``dataset_revision`` and ``since``.

    Returns:
        One row a task and revision other than the one that most of its files have: ``path`` (the
        first file with it), ``task``, ``dataset_revision``, ``n_files``, ``most`` (the revision of
        most files), ``n_most`` and ``n_total``.
    """
    named = files.filter(pl.col("dataset_revision").str.contains(_COMMIT))
    counted = (
        named.join(_whole_commits(named), on=["task", "dataset_revision"])
        .with_columns(dataset_revision="whole")
        .sort("since", "path")
        .group_by("task", "dataset_revision")
        .agg(pl.col("path").first(), n_files=pl.len())
        .sort("task", "n_files", "dataset_revision", descending=[False, True, False])
        .with_columns(
            most=pl.col("dataset_revision").first().over("task"),
            n_most=pl.col("n_files").first().over("task"),
            n_total=pl.col("n_files").sum().over("task"),
        )
    )
    return counted.filter(pl.col("dataset_revision") != pl.col("most"))


def _whole_commits(files: pl.DataFrame) -> pl.DataFrame:
    """``whole`` by task and revision: the one commit of the task that an abbreviation begins."""
    commits = files.select("task", "dataset_revision").unique()
    whole = commits.filter(pl.col("dataset_revision").str.len_chars() == _WHOLE)
    begun = (
        commits.join(whole.select("task", whole="dataset_revision"), on="task")
        .filter(pl.col("whole").str.starts_with(pl.col("dataset_revision")))
        .filter(pl.len().over("task", "dataset_revision") == 1)
    )
    return commits.join(begun, on=["task", "dataset_revision"], how="left").with_columns(
        pl.col("whole").fill_null(pl.col("dataset_revision"))
    )
