"""Ranges of metrics, to recognise impossible scores."""

from __future__ import annotations

_SIGNED = ("spearman", "pearson", "kendall", "p-mrr")
"""Name parts of metrics that may be negative: correlations, and p-MRR of FollowIR."""


def lowest_score(metric: str | None) -> float:
    """Return the lowest possible value of a metric on the scale of result files: 0 or -1.

    Args:
        metric: Name in the registry, for example ``cosine_spearman``; ``None`` if no registry
            names one, which allows negative values.
    """
    folded = (metric or _SIGNED[0]).casefold()
    return -1.0 if any(part in folded for part in _SIGNED) else 0.0


def is_possible(score: float, metric: str | None) -> bool:
    """Return whether a score is within its metric's range, whose upper end is always 1."""
    return lowest_score(metric) <= score <= 1.0
