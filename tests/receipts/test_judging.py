"""Receipts are judged by archived bytes, else by records; what is lost is said, never dropped."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

from tracker.errors import CuratedError
from tracker.receipts import Check, Verdict
from tracker.receipts.judging import UNCHECKED, Judge, Judgement
from tracker.receipts.records import (
    FILE,
    Located,
    Receipt,
    SourceRecord,
    read_records,
    record_lines,
)
from tracker.snapshots.store import Archive
from tracker.sources.records import Fetched

COMMIT = "a905523d0111f999360b312bd4a601a0a97a0e1c"
SOURCE = f"https://github.com/o/r/blob/{COMMIT}/README.md"
PAGE = "https://example.org/post"
DAY, LATER = "2026-01-02", "2026-02-03"
GOOD = Receipt(SOURCE, "Use", ("last token",))
RECORD = SourceRecord(SOURCE, DAY, "ab", 9, None, (Located("Use", ("last token",), "L3"),))


COPY = "mirror.example"


def archive(
    folder: Path, body: bytes, source: str = SOURCE, day: str = LATER, server: str | None = None
) -> Archive:
    stream = source if source == SOURCE else f"page/{source}"
    made = Archive(folder)
    made.add(
        "cited-sources" if source == SOURCE else "web-pages",
        "own",
        Fetched(stream, source, body, f"{day}T00:00:00Z", server=server),
    )
    return made


@pytest.mark.parametrize(
    ("receipt", "record", "expected"),
    [
        (Receipt(SOURCE, "Use", ()), RECORD, UNCHECKED),
        (GOOD, None, UNCHECKED),
        (GOOD, RECORD, Judgement(Check(Verdict.VERIFIED, "Use", "L3"), DAY)),
        (Receipt(SOURCE, "Top", GOOD.shows), RECORD,
         Judgement(Check(Verdict.MOVED, "Use", "L3"), DAY)),
        (Receipt(SOURCE, "Use", ("slerp",)), RECORD, Judgement(Check(Verdict.NOT_THERE), DAY)),
        (GOOD, SourceRecord(SOURCE, DAY, failure="404"),
         Judgement(Check(Verdict.UNREACHABLE), DAY, "404")),
        (GOOD, SourceRecord(SOURCE, DAY, located=(Located("Use", GOOD.shows, gone=LATER),)),
         Judgement(Check(Verdict.CHANGED, missing=GOOD.shows), LATER)),
    ],
)  # fmt: skip
def test_without_bytes_the_record_decides(
    receipt: Receipt, record: SourceRecord | None, expected: Judgement
) -> None:
    records = {SOURCE: record} if record else {}
    assert Judge(None, records).judge(receipt) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"# Use\nthe last token", Judgement(Check(Verdict.VERIFIED, "Use", "L2"), LATER)),
        (b"# New\nthe last token", Judgement(Check(Verdict.MOVED, "New", "L2"), LATER)),
        (b"# Use\nmean", Judgement(Check(Verdict.CHANGED, missing=("last token",)), LATER)),
        (b"\n", Judgement(Check(Verdict.CHANGED), LATER, "the source is empty")),
        (b"<html><h1>Sign in</h1>", Judgement(Check(Verdict.CHANGED, missing=GOOD.shows), LATER)),
    ],
)
def test_a_newer_state_of_a_verified_source_decides(
    tmp_path: Path, body: bytes, expected: Judgement
) -> None:
    judge = Judge(archive(tmp_path, body), {SOURCE: RECORD})
    assert judge.judge(GOOD) == expected


def test_what_was_never_verified_is_not_there_or_unreachable(tmp_path: Path) -> None:
    first = Judge(archive(tmp_path / "a", b"# Use\nmean"), {})
    assert first.judge(GOOD).check == Check(Verdict.NOT_THERE, missing=("last token",))
    second = Judge(archive(tmp_path / "b", b" "), {})
    assert second.judge(GOOD).check.verdict is Verdict.UNREACHABLE
    gone = Archive(tmp_path / "c")
    gone.add("cited-sources", "own", Fetched(f"gone/{SOURCE}", SOURCE, b"{}", f"{DAY}T00:00:00Z"))
    assert Judge(gone, {}).judge(GOOD) == Judgement(
        Check(Verdict.UNREACHABLE), DAY, "its host does not have it"
    )
    assert Judge(gone, {}).record_of(SOURCE, [GOOD]) == SourceRecord(
        SOURCE, DAY, failure="its host does not have it"
    )


def test_a_missing_reader_says_nothing_of_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    judge = Judge(archive(tmp_path, b"%PDF-1.7"), {SOURCE: RECORD})
    assert judge.judge(GOOD).check.verdict is Verdict.VERIFIED
    assert judge.record_of(SOURCE, [GOOD]) == RECORD
    assert Judge(archive(tmp_path, b"%PDF-1.7"), {}).judge(GOOD) == UNCHECKED


def test_cited_pages_are_judged_from_their_own_source(tmp_path: Path) -> None:
    receipt = Receipt(PAGE, "Post", ("v3",))
    judge = Judge(archive(tmp_path, b"<html><h1>Post</h1><p>v3 is out", PAGE), {})
    assert judge.judge(receipt) == Judgement(Check(Verdict.VERIFIED, "Post", None), LATER)


def test_a_judgement_names_the_server_of_a_copy(tmp_path: Path) -> None:
    read = Judge(archive(tmp_path / "a", b"# Use\nthe last token", server=COPY), {})
    assert read.judge(GOOD) == Judgement(Check(Verdict.VERIFIED, "Use", "L2"), LATER, copy=COPY)
    empty = Judge(archive(tmp_path / "b", b"\n", server=COPY), {})
    assert empty.judge(GOOD) == Judgement(
        Check(Verdict.UNREACHABLE), LATER, "the source is empty", COPY
    )
    recorded = Judge(None, {SOURCE: replace(RECORD, copy=COPY)})
    assert recorded.judge(GOOD) == Judgement(Check(Verdict.VERIFIED, "Use", "L3"), DAY, copy=COPY)


@pytest.mark.parametrize(
    ("body", "failure", "located"),
    [
        (b"# Use\nthe last token", None, (Located("Use", GOOD.shows, "L2"),)),
        (b"\n", "the source is empty", ()),
    ],
)
def test_a_record_says_what_was_read(
    tmp_path: Path, body: bytes, failure: str | None, located: tuple[Located, ...]
) -> None:
    judge = Judge(archive(tmp_path, body, server=COPY), {})
    assert judge.record_of(SOURCE, [GOOD]) == SourceRecord(
        source=SOURCE,
        read=LATER,
        digest=sha256(body).hexdigest(),
        size=len(body),
        failure=failure,
        copy=COPY,
        located=located,
    )


def test_a_record_keeps_what_is_cited_and_marks_what_is_gone(tmp_path: Path) -> None:
    judge = Judge(archive(tmp_path, b"# Use\nmean pooling"), {SOURCE: RECORD})
    record = judge.record_of(SOURCE, [GOOD, Receipt(SOURCE, "Use", ("mean",))])
    assert record is not None
    assert record.located == (
        Located("Use", ("last token",), gone=LATER),
        Located("Use", ("mean",), "L2"),
    )
    # Without bytes the record stays, but for what nobody cites any more.
    assert Judge(None, {SOURCE: record}).record_of(SOURCE, [GOOD]) == SourceRecord(
        SOURCE, LATER, record.digest, record.size, None, record.located[:1]
    )


def test_records_are_written_in_order_and_read_back(tmp_path: Path) -> None:
    other = SourceRecord("https://example.org/a", DAY, failure="answered 404")
    (tmp_path / FILE).write_bytes(record_lines([RECORD, other]))
    assert list(read_records(tmp_path).values()) == [other, RECORD]


@pytest.mark.parametrize(
    ("line", "cause"),
    [(b"{", "not a record"), (b"{}", "not a record"), (b"\xff", "not a record")],
)
def test_a_damaged_record_is_one_clear_line(tmp_path: Path, line: bytes, cause: str) -> None:
    (tmp_path / FILE).write_bytes(record_lines([RECORD]) + line + b"\n")
    with pytest.raises(CuratedError, match=cause) as caught:
        read_records(tmp_path)
    assert f"{FILE}:2" in str(caught.value)


def test_a_source_has_one_record(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(record_lines([RECORD, RECORD]))
    with pytest.raises(CuratedError, match="second record"):
        read_records(tmp_path)
