"""A receipt holds where all its terms stand in one passage at the place that it names."""

from __future__ import annotations

import pytest

from tracker.receipts import Check, Passage, Verdict, check
from tracker.receipts.passages import LONGEST

SOURCE = (
    Passage("We train with InfoNCE and in\u2011batch negatives.", "L3-L4", ("Report", "3.1 Loss")),
    Passage("Dimension: 14096; pooled by the *last* token", "L9", ("Report", "Usage")),
    Passage("`pooling_mode_cls_token`: true", "L20", ("Config",)),
    Passage("Two pages on \\[EOS\\]", "p. 7", ()),
    Passage("采用CoSENT的末位词元池化", "L30", ("方法",)),
)


@pytest.mark.parametrize(
    ("locator", "shows", "expected"),
    [
        ("3.1", ["infonce", "in-batch"], Check(Verdict.VERIFIED, "3.1", "L3-L4")),
        ("\u00a73.1", ["InfoNCE"], Check(Verdict.VERIFIED, "\u00a73.1", "L3-L4")),
        ("Report > Usage", ["last"], Check(Verdict.VERIFIED, "Report > Usage", "L9")),
        ("L8-L12", ["last"], Check(Verdict.VERIFIED, "L8-L12", "L9")),
        ("p. 7", ["pages", "[EOS]"], Check(Verdict.VERIFIED, "p. 7", "p. 7")),
        ("方法", ["末位词元", "cosent"], Check(Verdict.VERIFIED, "方法", "L30")),
        ("Usage", ["infonce"], Check(Verdict.MOVED, "3.1 Loss", "L3-L4")),
        ("L1-L2", ["infonce"], Check(Verdict.MOVED, "3.1 Loss", "L3-L4")),
        ("3", ["infonce"], Check(Verdict.VERIFIED, "3", "L3-L4")),
        ("4", ["infonce"], Check(Verdict.MOVED, "3.1 Loss", "L3-L4")),
        ("Usage", ["slerp", "last"], Check(Verdict.NOT_THERE, missing=("slerp",))),
        # Each term is somewhere, but not both in one passage.
        ("Usage", ["infonce", "last"], Check(Verdict.NOT_THERE)),
        # A number is not a part of a longer one, nor a word of another word.
        ("Usage", ["4096"], Check(Verdict.NOT_THERE, missing=("4096",))),
        ("3.1", ["nce"], Check(Verdict.NOT_THERE, missing=("nce",))),
        ("Config", ["pooling_mode_cls_token: true"], Check(Verdict.VERIFIED, "Config", "L20")),
    ],
)
def test_terms_are_found_at_their_place_elsewhere_or_not(
    locator: str, shows: list[str], expected: Check
) -> None:
    assert check(SOURCE, locator, shows) == expected


def test_the_shortest_passage_with_the_terms_is_proposed() -> None:
    source = (
        Passage("class A: def f(): mean", "L1-L9", ("A",)),
        Passage("def f(): mean", "L2", ("A", "f")),
    )
    assert check(source, "g", ["mean"]) == Check(Verdict.MOVED, "f", "L2")


def test_terms_far_apart_in_a_long_passage_do_not_stand_together() -> None:
    source = [Passage(f"cls {'x ' * LONGEST} mean", "L1-L900", ("Table",))]
    assert check(source, "Table", ["cls", "mean"]) == Check(Verdict.NOT_THERE)
    assert check(source, "Table", ["mean"]) == Check(Verdict.VERIFIED, "Table", "L1-L900")
