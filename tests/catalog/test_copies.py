"""Copies of models: by name, by equal scores, and by curated relations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.boards import EN, TYPES, BoardRepository, overall
from tests.support.catalogs import CURATED, Loaded, relation
from tests.support.leaderboard_payloads import model
from tracker.catalog.dialects import writing_alone
from tracker.catalog.engine import open_engine
from tracker.catalog.identity.copies import (
    Copy,
    PublishedRow,
    base_name,
    find_copies,
    propose_copies,
)
from tracker.catalog.starter import COPIES, shipped_copies

Make = Callable[..., BoardRepository]
New = Callable[..., Loaded]
EARLY, LATE = "2024-07-07T00:00:00Z", "2024-08-07T00:00:00Z"


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("Conan-embedding-v1-Q4_K_M-GGUF", "Conan-embedding-v1"),
        ("gte-Qwen2-7B-instruct-Q4_K_M-GGUF", "gte-Qwen2-7B-instruct"),
        ("jina-embeddings-v3-onnx", "jina-embeddings-v3"),
        ("bge-m3-gguf", "bge-m3"),
        ("GritLM-7B-vllm", "GritLM-7B"),
        ("stella-IQ4_NL-GGUF-imatrix", "stella"),
        ("model.fp16", "model"),
        ("e5_int8", "e5"),
        ("plain-model-v1", "plain-model-v1"),
        ("nomic-embed-text-v1.5-256", "nomic-embed-text-v1.5-256"),
        ("GGUF", "GGUF"),
        ("-GGUF", "-GGUF"),
        ("", ""),
    ],
)
def test_a_base_name_has_no_build_suffix(name: str, base: str) -> None:
    assert base_name(name) == base


@given(st.text())
def test_a_base_name_is_a_prefix_without_further_suffix(name: str) -> None:
    base = base_name(name)
    assert name.startswith(base)
    assert base_name(base) == base


def interval(
    name: str,
    values: Sequence[float] = (),
    since: str = EARLY,
    until: str | None = None,
    edition: str = "published/en",
) -> PublishedRow:
    means = {f"T{i}": value for i, value in enumerate(values)}
    return PublishedRow(edition, name, orjson.dumps(means).decode(), since, until)


SAME = (60.0, 61.0, 62.0, 63.0)
OTHER = (50.0, 51.0, 52.0, 53.0)


def copies(*intervals: PublishedRow, known: Sequence[str] = ()) -> list[tuple[str, str]]:
    return [(c.model, c.original) for c in find_copies(intervals, set(known))]


def test_a_build_of_a_listed_model_is_a_copy_despite_its_scores() -> None:
    found = find_copies([interval("lab/x", SAME), interval("mill/x-Q8_0-GGUF", OTHER)], set())
    assert found == [
        Copy("mill/x-Q8_0-GGUF", "lab/x", "name: a build of lab/x", "名称表明是 lab/x 的一种构建")
    ]


def test_a_build_without_a_listed_original_is_not_a_copy() -> None:
    assert copies(interval("mill/x-Q8_0-GGUF", SAME), interval("lab/y", OTHER)) == []


def test_builds_with_equal_scores_are_copies_of_the_first() -> None:
    found = copies(interval("b/x-GGUF", SAME, LATE), interval("c/x-Q4_K_M-GGUF", SAME, EARLY))
    assert found == [("b/x-GGUF", "c/x-Q4_K_M-GGUF")]


def test_equal_scores_of_two_organisations_are_copies() -> None:
    found = find_copies([interval("lab/x", SAME), interval("mill/y", SAME, LATE)], set())
    assert found == [
        Copy(
            "mill/y",
            "lab/x",
            "equal scores on published/en since 2024-08-07",
            "自 2024-08-07 起在 published/en 上分数完全相同",
        )
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # One house may list several models of its own with scores copied from one.
        (interval("lab/x", SAME), interval("lab/y", SAME)),
        # Never at one time: a move or a takeover, which a person must judge.
        (interval("lab/x", SAME, EARLY, LATE), interval("mill/y", SAME, LATE)),
        # Too few numbers: chance.
        (interval("lab/x", SAME[:3]), interval("mill/y", SAME[:3])),
        # Equal numbers on two boards mean nothing.
        (interval("lab/x", SAME), interval("mill/y", SAME, edition="published/zh")),
        (interval("lab/x", SAME), interval("mill/y", OTHER)),
    ],
)
def test_similar_rows_that_are_not_copies_stay(one: PublishedRow, other: PublishedRow) -> None:
    assert copies(one, other) == []


def test_the_original_is_not_a_build_registered_and_first_seen() -> None:
    plain, first, known = (
        interval("lab/x-GGUF", SAME, EARLY),
        interval("mill/y", SAME, EARLY),
        interval("yard/z", SAME, LATE),
    )
    assert copies(plain, first, known) == [("lab/x-GGUF", "mill/y"), ("yard/z", "mill/y")]
    assert copies(plain, first, known, known=["yard/z"]) == [
        ("lab/x-GGUF", "yard/z"),
        ("mill/y", "yard/z"),
    ]


def test_former_names_are_not_copies() -> None:
    intervals = [interval("old/x", SAME), interval("new/x", SAME)]
    assert find_copies(intervals, set(), {"old/x": "new/x"}) == []


def test_models_curated_as_distinct_are_not_copies() -> None:
    intervals = [interval("lab/x", SAME), interval("mill/y", SAME)]
    assert find_copies(intervals, set(), distinct={frozenset(("lab/x", "mill/y"))}) == []


def test_a_copy_of_a_former_name_counts_for_the_present_one() -> None:
    intervals = [
        interval("old/x", SAME, EARLY, LATE),
        interval("new/x", SAME, LATE),
        interval("mill/y", SAME, EARLY),
    ]
    found = find_copies(intervals, set(), {"old/x": "new/x"})
    assert found == [
        Copy(
            "mill/y",
            "new/x",
            "equal scores on published/en since 2024-07-07",
            "自 2024-07-07 起在 published/en 上分数完全相同",
        )
    ]


@given(st.permutations([
    interval("lab/x", SAME), interval("mill/y", SAME, LATE), interval("yard/x-GGUF", OTHER),
    interval("hall/z", OTHER, LATE), interval("hall/x", SAME, LATE), interval("mill/y", OTHER),
]))  # fmt: skip
def test_the_order_of_rows_does_not_matter(intervals: list[PublishedRow]) -> None:
    found = find_copies(intervals, {"hall/x"})
    assert found == find_copies(sorted(intervals), {"hall/x"})
    # Nobody is a copy twice, or a copy of a copy.
    assert len({c.model for c in found}) == len(found)
    assert not {c.model for c in found} & {c.original for c in found}


# In a catalog


def scores(first: float) -> dict[str, float]:
    return {name: first + i for i, name in enumerate(TYPES)}


def loaded(make: Make, new: New, entries: Sequence[tuple[Any, ...]], **curated: Any) -> Loaded:
    repository = make()
    repository.commit(EARLY, {EN: overall(entries)})
    catalog = new().knowing(replace(CURATED, **curated))
    catalog.take(repository.path)
    catalog.load()
    return catalog


def shown(catalog: Loaded) -> list[tuple[int | None, str, tuple[str, ...]]]:
    with catalog.open() as opened:
        return [(r.rank, r.model, r.copies) for r in opened.board("mteb-english").rows]


COPIED = [
    ("mill/x-GGUF", 70.0, scores(70)),
    ("lab/y", 69.0, scores(69)),
    ("lab/x", 68.0, scores(68)),
    ("yard/y-again", 67.0, scores(69)),
]


def test_a_board_shows_one_row_for_a_model_and_its_copies(
    board_repository: Make, new_catalog: New
) -> None:
    catalog = loaded(board_repository, new_catalog, COPIED)
    assert shown(catalog) == [(1, "lab/y", ("yard/y-again",)), (2, "lab/x", ("mill/x-GGUF",))]
    with catalog.open() as opened:
        printed = opened.board("mteb-english", collapse_copies=False)
        assert [(r.rank, r.model) for r in printed.rows] == [
            (1, "mill/x-GGUF"),
            (2, "lab/y"),
            (3, "lab/x"),
            (4, "yard/y-again"),
        ]
        assert [(f.check, f.place) for f in opened.doctor()] == [
            ("proposed-copy", "mill/x-GGUF"),
            ("proposed-copy", "yard/y-again"),
        ]
        assert [lead.model for lead in opened.leader_list("mteb-english")] == ["lab/y"]


def test_curated_relations_overrule_proposed_ones(board_repository: Make, new_catalog: New) -> None:
    catalog = loaded(
        board_repository,
        new_catalog,
        COPIED,
        relations=(relation("copy", "lab/y", "yard/y-again"),),
    )
    assert shown(catalog) == [(1, "lab/x", ("mill/x-GGUF",)), (2, "yard/y-again", ("lab/y",))]


def test_curated_relations_of_former_names_hold_for_present_ones(
    board_repository: Make, new_catalog: New
) -> None:
    catalog = loaded(
        board_repository,
        new_catalog,
        COPIED,
        relations=(
            relation("renamed", "lab/y", "house/y"),
            relation("distinct", "yard/y-again", "lab/y"),
        ),
    )
    assert shown(catalog) == [
        (1, "lab/y", ()),
        (2, "lab/x", ("mill/x-GGUF",)),
        (3, "yard/y-again", ()),
    ]


def test_a_copy_of_a_copy_counts_for_the_original(board_repository: Make, new_catalog: New) -> None:
    entries = [*COPIED, ("shed/other-name", 66.0, scores(66))]
    catalog = loaded(
        board_repository,
        new_catalog,
        entries,
        relations=(relation("copy", "shed/other-name", "mill/x-GGUF"),),
    )
    assert shown(catalog) == [
        (1, "lab/y", ("yard/y-again",)),
        (2, "lab/x", ("mill/x-GGUF", "shed/other-name")),
    ]


def test_a_former_name_represents_the_model_before_its_copies(
    board_repository: Make, new_catalog: New
) -> None:
    repository = board_repository()
    copy, other = ("mill/x-GGUF", 70.0, scores(68)), ("lab/y", 60.0, scores(60))
    repository.commit(EARLY, {EN: overall([copy, ("old/x", 68.0, scores(68)), other])})
    repository.commit(LATE, {EN: overall([copy, ("new/x", 68.0, scores(68)), other])})
    catalog = new_catalog().knowing(
        replace(CURATED, relations=(relation("moved", "old/x", "new/x"),))
    )
    catalog.take(repository.path)
    catalog.load()
    with catalog.open() as opened:
        for day, name in ((EARLY, "old/x"), (LATE, "new/x")):
            rows = opened.board("mteb-english", day).rows
            assert [(r.rank, r.model, r.copies) for r in rows] == [
                (1, name, ("mill/x-GGUF",)),
                (2, "lab/y", ()),
            ]
        # One lead, under the name that the model had when it took it.
        assert [lead.model for lead in opened.leader_list("mteb-english")] == ["old/x"]
        assert [f.place for f in opened.doctor() if f.check == "proposed-copy"] == ["mill/x-GGUF"]


def test_copies_of_the_starter_hold_where_the_archived_tables_are_not(
    board_repository: Make, new_catalog: New, tmp_path: Path
) -> None:
    """Another model has equal scores on a board without an overall table, which does not ship."""
    entries = [("lab/y", 66.0, scores(66)), ("yard/z", 60.0, scores(60))]
    repository = board_repository()
    repository.commit(EARLY, {EN: overall(entries)})
    catalog = new_catalog()
    catalog.take(repository.path)
    catalog.load()
    copies = [
        Copy("shed/y", "lab/y", "neither is listed", "均未收录"),
        Copy("yard/z", "lab/y", "equal scores on a table", "某表分数相同"),
    ]
    pl.DataFrame(copies, orient="row", schema=list(Copy._fields)).write_parquet(tmp_path / COPIES)
    assert shipped_copies(tmp_path) == copies
    assert shown(catalog) == [(1, "lab/y", ()), (2, "yard/z", ())]
    engine = open_engine(catalog.url, read_only=False)
    with writing_alone(engine) as connection:
        propose_copies(connection, shipped_copies(tmp_path))
    engine.dispose()
    assert shown(catalog) == [(1, "lab/y", ("yard/z",))]


def test_a_model_on_the_live_leaderboard_is_the_original(
    board_repository: Make, new_catalog: New
) -> None:
    catalog = loaded(board_repository, new_catalog, COPIED)
    catalog.put("models", [model("yard/y-again")], "2026-06-01T00:00:00Z")
    catalog.load()
    assert shown(catalog)[1:] == [(2, "yard/y-again", ("lab/y",))]


def test_the_better_of_two_rows_of_a_model_is_shown(
    board_repository: Make, new_catalog: New
) -> None:
    from tests.support.boards import anchor, line

    average = f"Average ({sum(TYPES.values())} datasets)"

    def row(rank: int, link: str, value: object) -> bytes:
        values = {average: value, **{f"{t} Average ({n} datasets)": "" for t, n in TYPES.items()}}
        cell = anchor("voyageai/voyage-9", link=link)
        return line(rank, "voyageai/voyage-9", values, cell=cell)

    body = b"\n".join([row(1, "https://huggingface.co/voyageai/voyage-9", 70.0),
                       row(2, "https://docs.voyageai.com/embeddings", "")]) + b"\n"  # fmt: skip
    repository = board_repository()
    repository.commit(EARLY, {EN: body})
    catalog = new_catalog()
    catalog.take(repository.path)
    assert catalog.load().findings == []
    assert shown(catalog) == [(1, "voyageai/voyage-9", ())]
    with catalog.open() as opened:
        rows = opened.board("mteb-english", collapse_copies=False).rows
        assert [(r.rank, r.model) for r in rows] == [
            (1, "voyageai/voyage-9"),
            (None, "voyageai/voyage-9"),
        ]
        (point,) = opened.history_list("mteb-english", "voyageai/voyage-9")
        assert (point.rank, point.mean_task) == (1, 70.0)
