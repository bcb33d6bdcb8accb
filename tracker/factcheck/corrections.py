"""Write the right value in the form in which a text gives the wrong one."""

from __future__ import annotations

import re

from tracker.factcheck.claims import Claim
from tracker.factcheck.judgement import Judgement
from tracker.factcheck.vocabulary import ORDINALS

_LICENCES = {"mit": "MIT", "apache-2.0": "Apache 2.0", "gemma": "Gemma"}
_CORRECTED = ("false", "near", "true_on_other_days")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def corrected(claim: Claim, judgement: Judgement, written: str) -> str | None:
    """What should stand instead of a value; ``None`` where no single value is right.

    Args:
        claim: The claim.
        judgement: Its verdict.
        written: The value as the text gives it.
    """
    if judgement.verdict not in _CORRECTED or judgement.actual is None or claim.at_most:
        return None
    actual = judgement.actual
    if claim.kind in ("rank", "lead"):
        return _rank(written, int(actual)) if isinstance(actual, int | float) else None
    if claim.kind == "score" and isinstance(actual, int | float):
        return f"{actual:.{max(claim.digits, 1)}f}"
    if claim.kind in ("n_tasks", "dimensions") and isinstance(actual, int | float):
        return str(int(actual))
    if claim.kind == "context" and isinstance(actual, int | float):
        return str(int(actual)) if not re.search(r"[kK]", written) else None
    if claim.kind == "size" and isinstance(actual, int | float):
        return _size(float(claim.value), written, float(actual))
    if claim.kind == "difference" and isinstance(actual, int | float) and _NUMBER.match(written):
        return f"{abs(actual):.{max(claim.digits, 1)}f}" if claim.value * actual > 0 else None  # type: ignore[operator]
    if claim.kind == "licence":
        return _LICENCES.get(str(actual), str(actual).upper())
    if claim.kind in ("release_date", "base_model"):
        return str(actual)
    return judgement.replacement if claim.kind in ("paper", "organisation") else None


def _rank(written: str, rank: int) -> str | None:
    folded = written.casefold().strip()
    if folded in ORDINALS:
        return ORDINALS[rank - 1] if rank <= len(ORDINALS) else f"{rank}{_ending(rank)}"
    if re.fullmatch(r"\d+(?:st|nd|rd|th)", folded):
        return f"{rank}{_ending(rank)}"
    if folded.isdigit():
        return str(rank)
    return f"第 {rank}" if folded.startswith("第") else None


def _ending(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _size(claimed: float, written: str, actual: float) -> str | None:
    """A number of parameters in the unit of the text."""
    number = _NUMBER.search(written)
    if number is None or not float(number[0].replace(",", "")):
        return None
    unit = claimed / float(number[0].replace(",", ""))
    right = actual / unit
    return f"{right:.0f}" if right >= 100 else f"{right:.3g}"
