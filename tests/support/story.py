"""A small catalog for tests of answers: a published board over time, and its successors."""

from __future__ import annotations

from tests.support.boards import EN, TYPES, ZH, BoardRepository, overall, task_path, tasks
from tests.support.catalogs import Loaded
from tests.support.leaderboard_payloads import benchmark, board, model, row

FIRST = "2024-07-07T21:11:51Z"
MORNING, EVENING = "2024-07-08T02:52:00Z", "2024-07-08T20:52:00Z"
SEPTEMBER = "2024-09-01T01:01:00Z"
JUNE, AUGUST = "2026-06-01T12:00:00Z", "2026-08-20T12:00:00Z"

HOSTILE = [
    "lab/<script>alert('x')</script>",
    'lab/quote"and\\back',
    "lab/pipe|star*under_line`[x](y)",
    "lab/line\nbreak\rreturn\ttab",
    "lab/right\u202eto\u200fleft\u2066",
    "lab/escape\x1b[31mred\x07",
    "lab/../../etc/passwd",
    "=cmd()/calc",
    "中文/模型",
    "lab/" + "x" * 300,
]
"""Names of models on the board ``MTEB(hostile, v1)``, best first."""


def tell(catalog: Loaded, repository: BoardRepository) -> Loaded:
    """Load the story into a catalog."""
    one, two, three = ("lab/one", 60.0), ("mill/two", 55.0), ("yard/three", 50.0)
    better, blank = ("mill/two", 61.0), ("lab/none", "")
    copy = ("shed/two-Q8_0-GGUF", 62.0)
    for at, entries, index in (
        (FIRST, [one, two, blank], False),
        (MORNING, [better, one, three, blank], True),
        (EVENING, [copy, better, one, blank], True),
        # Still August where it was committed.
        ("2024-08-31T18:01:00-07:00", [better, one, blank], True),
    ):
        repository.commit(at, {EN: overall(entries, index=index)})
    retrieval = [("lab/one", {"A": 50.0, "B": 40.0}), ("mill/two", {"A": "", "B": 30.0})]
    repository.commit(
        "2024-09-02T02:52:00Z",
        {
            ZH: overall([("mill/two", 70.5)], dict(list(TYPES.items())[:3])),
            task_path("en", "Retrieval"): tasks(retrieval),
            task_path("law", "Retrieval"): tasks(retrieval),
        },
    )
    catalog.take(repository.path)

    def scores(first: float | None, second: float | None) -> dict[str, float | None]:
        return {"T1": first, "T2": second}

    def live(name: str, rank: int, first: float | None, second: float | None) -> dict[str, object]:
        kinds = {"STS": first, "Retrieval": second}
        return row(name, rank, scores(first, second), scoresByTaskType=kinds)

    june = [live("lab/one", 1, 0.75, 0.5), live("mill/two", 2, 0.5, 0.25)]
    august = [live("yard/new", 1, 0.875, 0.75), live("lab/one", 2, 0.75, 0.5)]
    august += [live("lab/half", 3, 0.25, None)]
    for at, rows in ((JUNE, june), (AUGUST, august)):
        catalog.put("scores/MTEB(eng, v2)", board("MTEB(eng, v2)", rows), at)
        catalog.put("benchmarks", [benchmark("MTEB(eng, v2)", len(rows))], at)
    catalog.put("models", [model("lab/one", embeddingDim=512, totalParamsB=0.1)], AUGUST)
    hostile = [live(name, rank, 0.5, 0.5) for rank, name in enumerate(HOSTILE, 1)]
    catalog.put("scores/MTEB(hostile, v1)", board("MTEB(hostile, v1)", hostile), AUGUST)
    report = catalog.load()
    assert report.findings == []
    return catalog
