"""Contracts of live sources: unknown fields are noted, missing ones stop the source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support.leaderboard_payloads import board, model, row
from tracker.errors import SourceError
from tracker.snapshots.heartbeat import Heartbeat
from tracker.snapshots.store import Archive
from tracker.sources import model_cards
from tracker.sources._arxiv_feed import _entry_fields
from tracker.sources.contracts import MOST_NAMED, SHAPES, check, check_bytes
from tracker.sources.records import Fetched
from tracker.sources.runs import FetchReport, Run

MTEB = "MTEB(eng, v2)"
FEED = b"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
<entry><id>http://arxiv.org/abs/2401.00001v1</id><title>T</title><summary>S</summary>
<published>2024-01-01T00:00:00Z</published><updated>2024-01-01T00:00:00Z</updated>
<author><name>A</name></author><arxiv:comment>c</arxiv:comment>%s</entry></feed>"""


def test_recorded_answers_keep_the_contract() -> None:
    rows = [row("lab/one", 1, {"T1": 0.5, "T2": 0.5})]
    assert check("leaderboard-api", f"scores/{MTEB}", board(MTEB, rows)) == ()
    assert check("leaderboard-api", "models", [model("lab/one")]) == ()
    assert check("arxiv-papers", "feed", _entry_fields(FEED % b"")) == ()


def test_unknown_fields_are_named_where_they_are() -> None:
    rows = [{**row("lab/one", 1, {"T1": 0.5}), "colour": 1, "shape": 2}]
    body = {**board(MTEB, rows), "version": 3}
    assert check("leaderboard-api", f"scores/{MTEB}", body) == (
        "rows[].colour", "rows[].shape", "version",
    )  # fmt: skip
    found = check("arxiv-papers", "feed", _entry_fields(FEED % b"<arxiv:badge/>"))
    assert found == ("[].badge",)
    many = {"sha": "1", "siblings": [], **{f"x{n}": 1 for n in range(99)}}
    assert len(check("model-cards", "lab/one/info.json", many)) == MOST_NAMED


@pytest.mark.parametrize(
    ("source", "stream", "shape"),
    [(source, stream, shape) for source, of in SHAPES.items() for stream, shape in of.items()],
)
def test_each_needed_field_stops_its_source_if_it_is_missing(
    source: str, stream: str, shape: dict[str, Any]
) -> None:
    for place, keys in shape.items():
        for field in keys.needed:
            entry: Any = dict.fromkeys(keys.needed - {field})
            for step in reversed([step for step in place.split(".") if step]):
                entry = [entry] if step.endswith("[]") else entry
                name = step.removesuffix("[]")
                outer = next((k for p, k in shape.items() if p == place.rpartition(".")[0]), None)
                entry = (
                    {**dict.fromkeys(outer.needed if outer else ()), name: entry} if name else entry
                )
            if place.count(".") == 1:  # the whole document around an inner place
                entry = {**dict.fromkeys(shape[""].needed), **entry}
            with pytest.raises(SourceError, match=f"required field '.*{field}' is missing"):
                check(source, stream, entry)


def test_other_documents_and_broken_ones_are_left_to_their_parsers() -> None:
    assert check_bytes("web-pages", "x", b"{}") == ()
    assert check_bytes("leaderboard-api", "models", b"[{") == ()
    assert check_bytes("leaderboard-api", "models", b"7") == ()
    assert check_bytes("leaderboard-api", "models", None) == ()


def info(**changes: Any) -> Fetched:
    body = {"sha": "0" * 40, "siblings": [], **changes}
    kept = {name: value for name, value in body.items() if value is not None}
    return Fetched("lab/one/info.json", "https://hub", orjson.dumps(kept), "2026-01-01T00:00:00Z")


def test_a_missing_field_keeps_the_last_good_state(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    run = Run(None, None, archive, None, print)  # type: ignore[arg-type]
    object.__setattr__(run, "options", type("Options", (), {"observed_at": None}))
    report = FetchReport("model-cards")
    run.keep(model_cards.HEADER, info(), report)
    with pytest.raises(SourceError) as caught:
        run.keep(model_cards.HEADER, info(siblings=None), report)
    assert str(caught.value) == (
        "model-cards: lab/one/info.json: the required field 'siblings' is missing;"
        " the publisher has to fix it; it is fetched again when it changes"
    )
    assert len(archive.records("model-cards")) == 1
    run.keep(model_cards.HEADER, info(sha="1" * 40, badge=1), report)
    assert list(report.unknown) == ["lab/one/info.json: badge"]


def test_doctor_names_unknown_fields(story: Path, cli: Callable[..., Any]) -> None:
    Heartbeat(story / "db" / "snapshots").success(
        "leaderboard-api", "2026-01-01T00:00:00Z", ["models: [].x"]
    )
    (found,) = [
        line for line in cli("doctor", "--format", "json").rows if line["check"] == "unknown-field"
    ]
    assert (found["severity"], found["message"]) == ("info", "not read: models: [].x")
