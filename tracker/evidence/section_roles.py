"""Classify sections by the words of their headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.evidence.records import Role

_WORDS: tuple[tuple[Role, str], ...] = (
    ("related", r"\brelated\b|\bbackground\b|\bprior\b|previous|preliminar|相关工作|背景"),
    ("ablation", r"\bablat|\banalys[ie]s\b|\bcompar|\bdiscussion|\blimitation|\bfuture\b|消融"),
    (
        "results",
        r"\bresults?\b|\bevaluat|\bbenchmark|\bperformance\b|\bleaderboard|\bmteb\b|\bbaseline"
        r"|\bexperiments?\b(?!al set)|评测|性能|榜",
    ),
    (
        "usage",
        r"\busage\b|\bhow to\b|quick ?start|\bexamples?\b|\binference\b|\bcitation|\bciting\b"
        r"|\blicen[cs]e\b|\bcontact\b|\bnews\b|\bupdates?\b|\bfaq\b|acknowledge|\breference"
        r"|\bmodel list\b|\broadmap\b|\bto-?do\b|\bplans?\b|计划"
        r"|\bmodels?\s+(?:zoo|family)\b|使用|用法|引用|更新|\bappendi",
    ),
    ("contribution", r"\bcontribution|\bkey features?\b|\bhighlights?\b|创新|特点"),
    (
        "method",
        r"\bmethod|\btrain|\bapproach\b|\barchitecture\b|\bmodel\b|\bpool|\bloss\b|\bobjective"
        r"|\bimplementation\b|\bset-?up\b|训练|方法|模型",
    ),
)
_ROLES = tuple((role, re.compile(words, re.IGNORECASE)) for role, words in _WORDS)


def role_of_section(titles: Sequence[str]) -> Role:
    """The role of a section with these headings, outermost first.

    The innermost heading with a known word decides, except that nothing below related work or an
    ablation describes the model itself. ``method`` where no heading has a known word.
    """
    found = [role for title in titles if (role := _role(title)) is not None]
    for role in found:
        if role in ("related", "ablation"):
            return role
    return found[-1] if found else "method"


def _role(title: str) -> Role | None:
    return next((role for role, pattern in _ROLES if pattern.search(title)), None)
