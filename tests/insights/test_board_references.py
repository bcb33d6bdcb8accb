"""References of boards: the same for a state on pages, in Python and on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

import tracker

Run = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]


def test_a_board_on_a_day_has_a_reference_in_three_formats(cli: Run, story: Path) -> None:
    with tracker.open() as catalog:
        digest, commit = catalog.digest, catalog.board("published/en", "2024-07-08").provenance
    assert commit.commit is not None
    note = f"As of 2024-07-08, published, catalog {digest}, from published-boards, commit"
    note += f" {commit.commit[:12]}"
    asked = ("cite", "published/en", "--as-of", "2024-07-08", "--format")
    found = cli(*asked, "bibtex").out
    assert found.startswith("@misc{published-en-2024-07-08,\n")
    assert "  year = {2024},\n  month = {7},\n" in found
    assert f"  note = {{{note}}},\n" in found
    (item,) = orjson.loads(cli(*asked, "csl-json").out)
    assert (item["issued"], item["note"]) == ({"date-parts": [[2024, 7, 8]]}, note)
    assert item["author"] == [{"literal": "Embedding Tracker"}]
    ris = cli(*asked, "ris").out
    assert "DA  - 2024/07/08/\n" in ris
    assert ris.endswith("ER  - \n")
    with tracker.open() as catalog:
        assert catalog.cite("published/en", "2024-07-08", form="ris") + "\n" == ris


def test_a_day_after_the_data_cites_the_last_known_state(story: Path) -> None:
    with tracker.open() as catalog:
        assert catalog.board_reference("MTEB(eng, v2)", "2030-01-01").issued == "2026-08-20"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("cite", "nonsense"), 1, "no board called 'nonsense'"),
        (("cite", "mteb-english", "--as-of", "2001"), 1, ""),
        (("cite", "mteb-english", "--as-of", "someday"), 2, "'someday' is not a date"),
    ],
)
def test_what_cannot_be_cited_is_one_line(
    cli: Run, story: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    answer = cli(*arguments)
    assert (answer.code, answer.out) == (code, "")
    assert message in answer.err


def test_the_files_that_archives_read_name_the_present_version() -> None:
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    zenodo = orjson.loads((ROOT / ".zenodo.json").read_bytes())
    assert cff["version"] == zenodo["version"] == tracker.__version__
    assert cff["title"] == zenodo["title"]
    assert cff["license"] == zenodo["license"] == "MIT"
