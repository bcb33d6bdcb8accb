"""A name finds the thing itself before what mentions it; one wrong letter is forgiven."""

from __future__ import annotations

import pytest

from tracker.answers.common import Bilingual
from tracker.answers.search import NamedThing
from tracker.insights.search import find_named


def thing(kind: str, *names: str, also: tuple[str, ...] = ()) -> NamedThing:
    return NamedThing(kind, names[0], Bilingual(names[0], names[-1]), None, names, also)


THINGS = (
    thing("board", "MTEB(eng, v2)", "mteb-english"),
    thing("task", "T2Retrieval"),
    thing("model", "lab/NV-Embed-v2", "NV-Embed-v2"),
    thing("model", "copier/NV-Embed-v2", also=("NV-Embed-v2",)),
    thing("model", "lab/NV-Embed-v1", "NV-Embed-v1"),
    thing("organisation", "Tencent", "腾讯", also=("腾讯公司",)),
    thing("technique", "Hard negatives", "难负例", also=("困难负例",)),
    thing("paper", "2405.17428", "A paper on NV-Embed-v2"),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("NV-Embed-v2", ["lab/NV-Embed-v2", "copier/NV-Embed-v2"]),
        ("nv embed V2", ["lab/NV-Embed-v2", "copier/NV-Embed-v2"]),
        ("copier/nv-embed-v2", ["copier/NV-Embed-v2"]),
        ("NV-Embde-v2", ["lab/NV-Embed-v2", "copier/NV-Embed-v2"]),
        ("NV-Embed-v3", []),
        ("MTEB（eng, v2）", ["MTEB(eng, v2)"]),
        ("T2Retrievel", ["T2Retrieval"]),
        ("腾讯", ["Tencent"]),
        ("腾讯公司", ["Tencent"]),
        ("tencnt", ["Tencent"]),
        ("难负例", ["Hard negatives"]),
        ("困难负力", ["Hard negatives"]),
        ("T2Retrieva", ["T2Retrieval"]),
        ("NV-Embed", ["lab/NV-Embed-v2", "lab/NV-Embed-v1", "copier/NV-Embed-v2"]),
        ("2405.17428", ["2405.17428"]),
        ("2405.17429", []),
        ("a paper", ["2405.17428"]),
        ("?!", []),
    ],
)
def test_names_are_found_in_order_of_meaning(typed: str, found: list[str]) -> None:
    assert [named.key for named in find_named(THINGS, typed)] == found
