"""Ranges of metrics: which scores are possible at all."""

from __future__ import annotations

_SIGNED = ("spearman", "pearson", "kendall", "p-mrr")
"""Parts of the names of metrics that may be negative: correlations, and p-MRR of FollowIR."""


def lowest_score(metric: str | None) -> float:
    """The lowest possible value of a metric on the scale of result files, 0 to 1.

    Args:
        metric: Name as the registry has it, for example ``cosine_spearman``; ``None`` where no
            registry names one, which allows negative values.
    """
    folded = (metric or _SIGNED[0]).casefold()
    return -1.0 if any(part in folded for part in _SIGNED) else 0.0


def is_possible(score: float, metric: str | None) -> bool:
    """Whether a score lies in its metric's range; the highest value of every metric is 1."""
    return lowest_score(metric) <= score <= 1.0
