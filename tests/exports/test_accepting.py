"""Candidates become curated facts: what is asked, and what is written where."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from tests.evidence.test_evidence_loading import FILES, REVISION, put
from tests.support.catalogs import Loaded
from tracker.answers.models import EvidenceLine
from tracker.common.paths import resource
from tracker.curated import Curated
from tracker.exports.accepting import ModelFile

FOLDER = resource("db/curated")
DAY = "2026-11-29"


@pytest.fixture(scope="module")
def knowledge(shipped: Curated) -> Curated:
    return shipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    return tmp_path


def line(property_: str, value: str, kind: str = "card", confidence: str = "high") -> EvidenceLine:
    return EvidenceLine(
        property=property_,
        value=value,
        kind=kind,
        confidence=confidence,
        state=None,
        conflict=False,
        decision=None,
        quote=f"It is {value}.",
        section="Model / Details",
        source=f"https://hub.example/lab/one/blob/{REVISION}/{kind}",
        date=DAY,
        rule="label",
        extractor="cues 5",
    )


def asked(file: ModelFile, *lines: EvidenceLine) -> list[tuple[str, list[str]]]:
    return [(q.property, [c.value for c in q.choices]) for q in file.questions(lines)]


def test_each_property_is_one_question_and_the_best_choice_is_first(
    folder: Path, knowledge: Curated
) -> None:
    file = ModelFile(folder, knowledge, "lab/one", "Lab")
    found = asked(
        file,
        line("licence", "mit"),
        line("pooling", "cls"),
        line("pooling", "mean", "config"),
        line("pooling", "last-token", confidence="low"),
        line("training_data", "SNLI"),
        line("training_data", "MS MARCO", confidence="medium"),
        line("training_data", "FEVER", confidence="low"),
    )
    assert found == [
        ("pooling", ["mean", "cls", "last-token"]),
        ("training_data", ["SNLI"]),
        ("training_data", ["MS MARCO"]),
        ("licence", ["mit"]),
    ]


def test_what_cannot_be_a_fact_or_is_one_is_not_asked(folder: Path, knowledge: Curated) -> None:
    known = knowledge.models[0]
    fact = next(fact for fact in known.facts if fact.property == "pooling")
    file = ModelFile(folder, knowledge, known.name, known.organisation)
    unknown = [line("pooling", "no-such-term"), line("technique", "matryoshka"), line("paper", "x")]
    assert asked(file, *unknown, line("pooling", fact.value)) == []
    assert asked(ModelFile(folder, knowledge, "lab/one", "Lab"), *unknown) == []


def test_accepted_lines_are_facts_with_receipts(folder: Path, knowledge: Curated) -> None:
    file = ModelFile(folder, knowledge, "lab/one", 'Lab "A"')
    file.accept(line("pooling", "mean", "config"), DAY)
    file.accept(line("licence", "mit"), DAY)
    written = yaml.safe_load(file.path.read_text("utf-8"))
    assert (written["name"], written["organisation"]) == ("lab/one", 'Lab "A"')
    assert written["facts"][0] == {
        "property": "pooling",
        "value": "mean",
        "evidence": [
            {
                "source": f"https://hub.example/lab/one/blob/{REVISION}/config",
                "locator": "Model / Details",
                "confidence": "high",
                "checked": DAY,
            }
        ],
    }
    assert [fact["value"] for fact in written["facts"]] == ["mean", "mit"]
    assert asked(file, line("pooling", "cls")) == []  # it has one now


@pytest.mark.parametrize(
    "text",
    [
        "name: lab/one\norganisation: Lab\nfacts:\n- {FACT}\n",
        "name: lab/one\norganisation: Lab\nfacts:\n- {FACT}\n# a remark\nsources:\n  card: https://x.example\n",
        "name: lab/one\norganisation: Lab\nfacts:\n  - property: licence\n    value: mit\n"
        "    evidence: [{source: https://x.example, confidence: high}]\nlisted_as: [lab/two]\n",
        "facts:\n- {FACT}\nname: lab/one\norganisation: Lab",
    ],
)
def test_a_file_keeps_all_that_it_has(folder: Path, knowledge: Curated, text: str) -> None:
    fact = (
        "property: licence, value: mit, evidence: [{source: https://x.example, confidence: high}]"
    )
    before = text.replace("FACT", fact)
    file = ModelFile(folder, knowledge, "lab/one", "Lab")
    file.path.write_text(before, encoding="utf-8")
    file.accept(line("pooling", "mean"), DAY)
    after = file.path.read_text("utf-8")
    assert [one for one in after.split("\n") if "pooling" not in one] == before.split("\n")
    assert [f["property"] for f in yaml.safe_load(after)["facts"]] == ["licence", "pooling"]


def test_a_fact_that_would_break_the_file_is_refused(folder: Path, knowledge: Curated) -> None:
    file = ModelFile(folder, knowledge, "lab/one", "Lab")
    file.accept(line("licence", "mit"), DAY)
    before = file.path.read_text("utf-8")
    with pytest.raises(Exception, match="no-such-term"):
        file.accept(line("pooling", "no-such-term"), DAY)
    assert file.path.read_text("utf-8") == before
    assert [path.name for path in file.path.parent.iterdir()] == ["lab__one.yaml"]


@pytest.fixture
def keyboard(
    loaded: Loaded, tmp_path: Path, cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], tuple[Any, list[str]]]:
    """Runs ``curate accept`` with what is typed; returns the answer and the accepted values."""
    copytree(FOLDER, tmp_path / "curated")
    monkeypatch.setenv("TRACKER_CURATED", str(tmp_path / "curated"))
    put(loaded.archive, FILES)
    loaded.load()

    def run(typed: str) -> tuple[Any, list[str]]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        answer = cli("curate", "accept", "lab/one", "--db", loaded.url)
        path = tmp_path / "curated" / "models" / "lab__one.yaml"
        facts = yaml.safe_load(path.read_text("utf-8"))["facts"] if path.is_file() else []
        return answer, [fact["value"] for fact in facts]

    return run


@pytest.fixture
def loaded(tmp_path: Path, blank: Path) -> Loaded:
    from tests.evidence.test_evidence_loading import KNOWN

    return Loaded.fresh(tmp_path / "catalog", blank).knowing(KNOWN)


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ("\n\n", ["mean", "mit"]),
        ("1\ns\n", ["mean"]),
        ("s\n1\n", ["mit"]),
        ("9\nx\n1\nq\n", ["mean"]),
        ("q\n", []),
        ("1\n", ["mean"]),  # the keyboard is gone; what was accepted stays
        ("", []),
    ],
)
def test_the_keyboard_accepts_skips_and_stops(
    keyboard: Callable[[str], tuple[Any, list[str]]], typed: str, accepted: list[str]
) -> None:
    answer, values = keyboard(typed)
    assert (answer.code, values) == (0, accepted)


def test_a_question_shows_its_quotes_and_sources(
    keyboard: Callable[[str], tuple[Any, list[str]]],
) -> None:
    answer, _ = keyboard("q\n")
    assert "pooling (1 of 2)" in answer.out
    assert "1  mean [config, high] “pooling_mode_mean_tokens: true”" in answer.out
    assert f"https://hub.example/lab/one/blob/{REVISION}/1_Pooling/config.json" in answer.out
