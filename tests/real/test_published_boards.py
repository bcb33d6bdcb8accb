"""Two years of the real published boards, against the raw tables read without our own reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.real.raw_tables import (
    Line,
    Raw,
    content,
    days,
    git,
    last_at,
    lines_of,
    read_versions,
    row_of,
)
from tracker.api import Catalog, open_catalog

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = ROOT / "../shared/data/git/published-boards.bundle"
OVERALL = ("en", "zh", "fr", "pl", "ru")

pytestmark = pytest.mark.skipif(not BUNDLE.is_file(), reason="../shared/data is not there")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone made by git itself."""
    place = tmp_path_factory.mktemp("raw") / "boards.git"
    git("clone", "--quiet", "--bare", str(BUNDLE.resolve()), str(place), cwd=ROOT)
    return place


@pytest.fixture(scope="module")
def raw(clone: Path) -> dict[str, list[Raw]]:
    """All versions of all tables by path, oldest first."""
    return read_versions(clone)


@pytest.fixture(scope="module")
def bodies(clone: Path, raw: dict[str, list[Raw]]) -> dict[str, bytes]:
    """Content of all blobs of the overall tables, which is the smaller part of them."""
    wanted = [v.blob for path in raw for v in raw[path] if "data_overall" in path]
    return dict(content(clone, wanted))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that the command line filled as the README says."""
    folder = tmp_path_factory.mktemp("real") / "home"
    run(folder, "fetch", "published-boards", "--from", str(BUNDLE))
    run(folder, "load")
    return folder


def run(home: Path, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "tracker", *arguments],
        cwd=ROOT,
        env=os.environ | {"TRACKER_HOME": str(home), "TRACKER_STARTER": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout) if done.stdout else None


@pytest.fixture(scope="module")
def catalog(home: Path) -> Iterator[Catalog]:
    with open_catalog(home / "db" / "catalog.db") as opened:
        yield opened


# What the notes say of the data


def test_the_raw_history_is_the_one_that_the_notes_describe(raw: dict[str, list[Raw]]) -> None:
    assert len(days(raw)) == 157
    assert len(raw) == 57
    counts = {b: len(raw[f"boards_data/{b}/data_overall/default.jsonl"]) for b in OVERALL}
    assert counts == {"en": 201, "zh": 192, "fr": 114, "pl": 104, "ru": 66}


def test_ranks_of_2024_10_22_through_the_command_line(home: Path) -> None:
    board = ("leaderboard", "mteb-english", "--as-of", "2024-10-22", "--all-rows")
    ranks = {row["model"]: row["rank"] for row in run(home, *board, "--format", "json")}
    assert ranks["nvidia/NV-Embed-v2"] == 1
    assert ranks["Alibaba-NLP/gte-Qwen2-7B-instruct"] == 5
    assert ranks["Linq-AI-Research/Linq-Embed-Mistral"] == 12
    chinese = run(home, "leaderboard", "c-mteb", "--as-of", "2024-10-22", "--format", "json")
    assert (chinese[0]["rank"], chinese[0]["model"]) == (1, "TencentBAC/Conan-embedding-v1")


def test_every_line_of_every_day_is_the_printed_one(
    raw: dict[str, list[Raw]], bodies: dict[str, bytes], catalog: Catalog
) -> None:
    checked = 0
    parsed: dict[str, list[Line]] = {}
    for board in OVERALL:
        versions = raw[f"boards_data/{board}/data_overall/default.jsonl"]
        for day in days(raw):
            version = last_at(versions, day)
            if version is None:
                continue
            if version.blob not in parsed:
                parsed[version.blob] = lines_of(bodies[version.blob])
            printed = parsed[version.blob]
            shown = catalog.board(f"published/{board}", day, collapse_copies=False)
            assert shown.published_at == version.at
            ranked = [row for row in shown.rows if row.rank is not None]
            # Ranked lines in printed order; among those the printed rank is the line's number.
            assert [(row.rank, row.label, row.mean_task) for row in ranked] == [
                (line.rank, line.label, line.average)
                for line in printed
                if line.average is not None
            ], (board, day)
            assert [row.rank for row in ranked] == list(range(1, len(ranked) + 1))
            values = {
                (line.label, line.link): {
                    name.rpartition(" Average (")[0]: score
                    for name, score in line.scores
                    if score is not None
                }
                for line in printed
            }
            by_label = defaultdict(list)
            for (label, _), means in values.items():
                by_label[label].append(means)
            assert len(shown.rows) == len(values)
            for row in shown.rows:
                assert row.task_types in by_label[row.label], (board, day, row.model)
            checked += len(ranked)
    assert checked > 50_000


def test_every_version_of_every_task_table_is_kept_number_for_number(
    raw: dict[str, list[Raw]], clone: Path, catalog: Catalog
) -> None:
    """All 57 tables: who is listed, the ranking, and every single score."""
    tables = {path: versions for path, versions in raw.items() if "data_tasks" in path}
    numbers = {
        (label, link): number
        for number, label, link in catalog.sql("select id, label, link from listing").rows()
    }
    editions = {
        number: orjson.loads(names)
        for number, names in catalog.sql("select id, tasks from edition").rows()
    }
    checked = 0
    for path, versions in tables.items():
        stream = catalog.sql(f"select id from stream where name = '{path}'").item()
        starts: dict[str, list[Any]] = defaultdict(list)
        ends: dict[str, list[int]] = defaultdict(list)
        rows = catalog.sql(
            "select id, listing_id, edition_id, mean_task, task_scores, valid_from, valid_to"
            f" from board_row where stream_id = {stream}"
        ).rows()
        for number, listing, edition, mean, scores, start, end in rows:
            named = dict(zip(editions[edition], orjson.loads(scores), strict=True))
            starts[start].append((number, listing, mean, named))
            if end:
                ends[end].append(number)
        rankings = {
            start: orjson.loads(ids)
            for ids, start in catalog.sql(
                f"select listing_ids, valid_from from standing where stream_id = {stream}"
            ).rows()
        }
        standing: dict[int, Any] = {}
        ranked: list[int] = []
        found = dict(content(clone, [v.blob for v in versions]))
        known: dict[bytes, tuple[int, float | None, dict[str, float | None]]] = {}
        for version in versions:
            for number in ends.pop(version.at, []):
                del standing[number]
            for number, listing, mean, named in starts.pop(version.at, []):
                standing[number] = (listing, mean, named)
            ranked = rankings.pop(version.at, ranked)
            printed = [row_of(text, known) for text in found[version.blob].splitlines()]
            by_listing = {one[0]: one for one in standing.values()}
            assert len(by_listing) == len(printed), (path, version.at)
            for label, link, mean, scores in printed:
                _, shown_mean, shown = by_listing[numbers[label, link]]
                assert shown_mean == mean, (path, version.at, label)
                assert sorted(shown.values(), key=repr) == scores, (path, version.at, label)
            averaged = [
                numbers[label, link] for label, link, mean, _ in printed if mean is not None
            ]
            assert ranked == averaged, (path, version.at)
            checked += len(printed)
        # Nothing begins or ends at a moment that is no version.
        assert not starts
        assert not ends
        assert not rankings
    assert checked > 800_000


def test_802_links_are_797_models(catalog: Catalog) -> None:
    found = catalog.sql(
        "select count(distinct model_id) as models, count(*) as links from listing where link <> ''"
    )
    assert found.rows() == [(797, 802)]


def test_a_day_is_utc_whatever_the_committer_s_clock_said(catalog: Catalog) -> None:
    for day, at in (
        ("2024-08-31", "2024-08-3"),
        ("2024-09-01", "2024-09-01T01:10:09Z"),
        ("2024-12-31", "2024-12-3"),
        ("2025-01-01", "2025-01-01T04:51:20Z"),
    ):
        assert catalog.board("published/en", day).published_at.startswith(at)


def test_before_the_first_commit_there_is_no_data(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tracker", "leaderboard", "c-mteb", "--as-of", "2024-07-06"],
        cwd=ROOT,
        env=os.environ | {"TRACKER_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "no data before 2024-07-07" in done.stderr


# Copies and broken spans


def leaders(catalog: Catalog, board: str) -> list[tuple[str, str]]:
    with pytest.deprecated_call():
        return [(span.from_at[:10], span.model) for span in catalog.leads(f"published/{board}")]


def test_the_leaders_are_the_real_ones_and_no_copies(catalog: Catalog) -> None:
    assert leaders(catalog, "zh") == [
        ("2024-07-07", "lier007/xiaobu-embedding-v2"),
        ("2024-08-23", "TencentBAC/Conan-embedding-v1"),
        # Withdrawn a week later, under another name.
        ("2024-12-23", "Quark-LLM/Quark-Emb"),
        ("2025-01-01", "TencentBAC/Conan-embedding-v1"),
    ]
    with pytest.deprecated_call():
        disputed = catalog.leads("published/zh")[2].note
    assert disputed is not None
    assert "went on as quark-llm-embedding-8B" in disputed.en
    assert "left the board in a clean-up" in disputed.en
    assert leaders(catalog, "en") == [
        ("2024-07-07", "Salesforce/SFR-Embedding-2_R"),
        ("2024-07-13", "infgrad/stella_en_1.5B_v5"),
        ("2024-07-28", "BAAI/bge-en-icl"),
        ("2024-08-30", "nvidia/NV-Embed-v2"),
        ("2024-12-17", "google/Gemma-Embeddings-v1.0"),
        ("2024-12-17", "nvidia/NV-Embed-v2"),
        ("2025-01-08", "voyageai/voyage-3-m-exp"),
        # With the very scores of the one before, though people say that it is another model.
        ("2025-01-18", "iamgroot42/rover_nexus"),
        ("2025-01-18", "voyageai/voyage-3-m-exp"),
    ]


@pytest.mark.parametrize("board", OVERALL)
def test_the_first_line_of_every_state_is_the_leader_of_that_time(
    catalog: Catalog, raw: dict[str, list[Raw]], board: str
) -> None:
    leads = catalog.leader_list(f"published/{board}")
    moved = dict(
        catalog.sql(
            "select a.name, b.name as other from relation r join model a on a.id = r.model_id"
            " join model b on b.id = r.other_id where r.kind = 'moved'"
        ).rows()
    )
    for day in days(raw):
        holding = [x for x in leads if x.from_day <= day <= (x.until_day or day)]
        if not holding:
            continue
        first = catalog.board(f"published/{board}", day, top=1).rows[0]
        assert first.rank == 1
        # A model that got another name leads on under it.
        leader = holding[0].model
        while leader in moved and leader not in (first.model, *first.copies):
            leader = moved[leader]
        assert leader in (first.model, *first.copies), (board, day)


def test_a_copy_on_top_gives_its_place_to_the_original(catalog: Catalog) -> None:
    for day in ("2024-11-01", "2024-11-18", "2024-11-20", "2024-11-26", "2024-12-06", "2025-02-04"):
        printed = catalog.board("c-mteb", day, collapse_copies=False, top=1).rows[0]
        assert printed.model.endswith("GGUF"), day
        collapsed = catalog.board("c-mteb", day, top=1).rows[0]
        assert (collapsed.rank, collapsed.model) == (1, "TencentBAC/Conan-embedding-v1")
        assert printed.model in collapsed.copies


@pytest.mark.parametrize("board", OVERALL)
def test_collapsed_ranks_are_in_order_on_every_day(
    catalog: Catalog, raw: dict[str, list[Raw]], board: str
) -> None:
    for day in days(raw)[::7]:
        if day < "2024-08-07" and board == "ru":
            continue
        shown = catalog.board(f"published/{board}", day)
        ranks = [row.rank for row in shown.rows if row.rank is not None]
        assert ranks == list(range(1, len(ranks) + 1)), day


@pytest.mark.parametrize(
    ("board", "at", "words"),
    [
        ("en", "2024-07-28T18:00:00Z", "fetched only in part"),
        ("zh", "2024-07-29T12:00:00Z", "fetched only in part"),
        ("en", "2024-09-05", "scored by the maintainers"),
        ("zh", "2024-09-14", "averages are blank"),
        ("fr", "2024-09-25", "Averages go blank again"),
    ],
)
def test_a_board_of_a_broken_span_says_so(
    catalog: Catalog, board: str, at: str, words: str
) -> None:
    note = catalog.board(f"published/{board}", at).note
    assert note is not None
    assert words in note.en
    assert note.zh


def test_doctor_finds_the_spans_in_which_averages_went_missing(catalog: Catalog) -> None:
    found = {f.place: f.message for f in catalog.doctor() if f.check == "lost-averages"}
    overall = {place: text for place, text in found.items() if place.count("/") == 1}
    for place in (
        "published/en 2024-09-13T20:02:10Z",
        "published/zh 2024-09-13T20:02:10Z",
        "published/fr 2024-09-13T20:02:10Z",
        "published/en 2024-09-24T14:57:54Z",
        "published/zh 2024-09-24T14:57:54Z",
        "published/fr 2024-09-24T14:57:54Z",
    ):
        assert place in overall
    # A clean-up that dropped copies is none.
    assert not [place for place in overall if "2024-12-13" in place or "2025-01-01" in place]


def test_the_archived_end_says_that_it_is_the_last_state(catalog: Catalog) -> None:
    board = catalog.board("published/en", datetime(2026, 1, 1, tzinfo=UTC))
    assert board.published_at == "2025-02-04T08:17:52Z"
    assert board.note is not None
    assert "Archived on 2025-02-04: this is its last state, of 2025-02-04." in board.note.en
    assert len(catalog.board("published/en", collapse_copies=False).rows) == 386
