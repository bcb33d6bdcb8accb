"""The verbs about methods: what they print, in which format, and what they refuse."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracker.common.paths import resource

Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("seeded")


COMMANDS = [
    ("search", "难负例"),
    ("search", "hard", "negatives", "--lang", "zh"),
    ("paper", "2405.17428"),
    ("datasets",),
    ("dataset", "MEDI"),
    ("techniques",),
    ("doctor", "--coverage"),
    ("models", "--pooling", "last-token", "--technique", "synthetic-data"),
]
FORMATS = ("json", "table", "csv", "markdown")


@pytest.mark.parametrize(
    ("verb", "format_"),
    [(verb, format_) for verb in COMMANDS for format_ in FORMATS if verb[0] != "models"]
    # Reads every board; the formats are written in one place for all verbs.
    + [(COMMANDS[-1], "json")],
)
def test_every_verb_speaks_every_format(
    cli: Run, seeded: Path, verb: tuple[str, ...], format_: str
) -> None:
    answer = cli(*verb, "--format", format_)
    assert answer.code == 0
    assert answer.out.strip()
    if format_ == "json":
        assert answer.rows


def test_a_search_for_two_chinese_characters_finds(cli: Run) -> None:
    rows = cli("search", "池化", "--format", "json").rows
    assert {"kind": "technique", "key": "pooling/mean"}.items() <= {
        key: value for row in rows if row["key"] == "pooling/mean" for key, value in row.items()
    }.items()


def test_a_search_without_hits_says_so(cli: Run) -> None:
    answer = cli("search", "xyzzyplugh", "--format", "json")
    assert (answer.code, answer.rows, answer.err) == (0, [], "nothing found\n")


def test_a_dataset_tells_its_uses_and_tasks_in_json(cli: Run) -> None:
    found = cli("dataset", "fever", "--format", "json").rows
    assert found["name"] == "FEVER"
    assert "NanoFEVERRetrieval" in found["tasks"]
    assert {use["declared"] for use in found["uses"]} == {"curated", "registry"}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("dataset", "MEDJ"), 1, "error: no dataset called 'MEDJ'; did you mean"),
        (("paper", "9999.99999"), 1, "error: no paper '9999.99999'"),
        (("models", "--pooling", "meen"), 1, "error: no pooling called 'meen'; did you mean"),
        (("search", "x", "--lang", "fr"), 2, "error: no language 'fr'"),
    ],
)
def test_a_wrong_name_is_one_line(
    cli: Run, arguments: tuple[str, ...], code: int, said: str
) -> None:
    answer = cli(*arguments)
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.startswith(said)
    assert answer.err.count("\n") == 1


def test_an_entry_is_started_with_what_is_known_and_is_right_at_once(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "curated"
    shutil.copytree(resource("db/curated"), folder)
    monkeypatch.setenv("TRACKER_CURATED", str(folder))
    name = "intfloat/multilingual-e5-base"
    answer = cli("curate", "new", "model", name)
    path = folder / "models" / "intfloat__multilingual-e5-base.yaml"
    assert (answer.code, answer.out) == (0, f"{path}\n")
    text = path.read_text(encoding="utf-8")
    assert f'name: "{name}"\n' in text
    assert '{property: parameters, value: "278000000"' in text
    assert "{arxiv: '2402.05672'" in text
    assert cli("curate", "check").code == 0
    again = cli("curate", "new", "model", name)
    assert (again.code, again.err) == (2, f"error: {path} exists already; edit it\n")
    path.write_text(text.replace("property: released", "property: relaesed"), encoding="utf-8")
    wrong = cli("curate", "check")
    assert wrong.code == 1
    assert wrong.err.startswith(f"error: {path}:5: unknown property 'relaesed'; did you mean")


def test_references_of_papers_and_models_are_printed_once(cli: Run) -> None:
    answer = cli("bibtex", "nvidia/NV-Embed-v1", "https://huggingface.co/papers/2405.17428")
    assert (answer.code, answer.out.count("@")) == (0, 1)
    assert "  eprint = {2405.17428},\n" in answer.out


@pytest.mark.parametrize(("form", "begins"), [("csl-json", "["), ("ris", "TY  - ")])
def test_references_are_printed_in_the_format_asked_for(cli: Run, form: str, begins: str) -> None:
    answer = cli("bibtex", "2405.17428", "--format", form)
    assert (answer.code, answer.out.startswith(begins)) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nobody/nothing",), 1, "error: no model called 'nobody/nothing'"),
        (("2405.99999",), 1, "error: no paper '2405.99999'"),
    ],
)
def test_an_unknown_reference_is_one_clear_line(
    cli: Run, arguments: tuple[str, ...], code: int, said: str
) -> None:
    answer = cli("bibtex", *arguments)
    assert (answer.code, answer.err.startswith(said)) == (code, True)
