"""Accept extracted evidence as curated facts: questions about a model, and writing its file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import ValidationError

from tracker.answers.models import EvidenceLine
from tracker.curated import Curated, FactEntry, ModelEntry
from tracker.curated.document import Document
from tracker.curated.records import Property
from tracker.errors import CuratedError, UsageError
from tracker.evidence import SINGLE
from tracker.evidence.precedence import decisions, same_value

_PROPERTIES: tuple[str, ...] = get_args(Property)
_CONFIDENCE = ("high", "medium", "low")


@dataclass(frozen=True)
class Question:
    """A question about a model: which of several lines of evidence becomes a fact."""

    property: str
    choices: tuple[EvidenceLine, ...]
    """Lines of evidence, best-supported first."""
    decision: str | None
    """Why the first choice outranks the others; ``None`` if there are no others."""


class ModelFile:
    """The curated file of a model, to which accepted facts are added."""

    def __init__(self, folder: Path, knowledge: Curated, name: str, organisation: str) -> None:
        """Open the file for adding facts.

        Args:
            folder: The curated folder.
            knowledge: All curated records.
            name: Public id of the model.
            organisation: Written if the model has no file yet.
        """
        self.path = folder / "models" / f"{name.replace('/', '__')}.yaml"
        self._name, self._organisation = name, organisation
        self._context: dict[str, Any] = {
            "terms": {term.slug: term.group for term in knowledge.terms},
            "papers": {paper.arxiv_id for paper in knowledge.papers},
        }
        entry = next((model for model in knowledge.models if model.name == name), None)
        self._facts = list(entry.facts) if entry else []

    def questions(self, lines: Iterable[EvidenceLine]) -> Iterator[Question]:
        """Yield the questions about the model, in the order of the properties of a curated file.

        Low-confidence lines are only offered beside better ones. Curated properties, and values
        that are not in the vocabulary, are left out.

        Args:
            lines: Evidence of the model; its curated lines are ignored.
        """
        read = [line for line in lines if line.kind != "curated" and self._is_writable(line)]
        decided = {decision.name: decision for decision in decisions(read)}
        for name in _PROPERTIES:
            of_property = [line for line in read if line.property == name]
            if name not in SINGLE:
                yield from (Question(name, (line,), None) for line in self._new(of_property))
            elif name in decided and not self._values(name):
                decision = decided[name]
                if decision.winners[0].confidence == "low":
                    continue
                others = tuple(_each_once(decision.others))
                why = str(decision) if others else None
                for winner in decision.winners:
                    yield Question(name, (winner, *others), why)

    def _is_writable(self, line: EvidenceLine) -> bool:
        """Return whether a line has a known property and a value of the vocabulary."""
        if line.property not in _PROPERTIES:
            return False
        try:
            FactEntry.model_validate(_fact(line, "2000-01-01"), context=self._context)
        except ValidationError:
            return False
        return True

    def _new(self, lines: Sequence[EvidenceLine]) -> Iterator[EvidenceLine]:
        """Yield the best line of each value that is not curated, without low confidence."""
        known = [value.casefold() for value in self._values(lines[0].property)] if lines else []
        ordered = sorted(lines, key=lambda line: _CONFIDENCE.index(line.confidence))
        for line in ordered:
            if line.confidence != "low" and line.value.casefold() not in known:
                known.append(line.value.casefold())
                yield line

    def _values(self, name: str) -> list[str]:
        return [fact.value for fact in self._facts if fact.property == name]

    def accept(self, line: EvidenceLine, checked: str) -> None:
        """Add a line to the file as a fact with its receipt.

        Args:
            line: The evidence.
            checked: Day on which a person accepted it, ``YYYY-MM-DD``.

        Raises:
            CuratedError: The file would be invalid, or cannot be written; it is not changed.
            UsageError: ``facts`` is not a YAML list in block style.
        """
        fact = _fact(line, checked)
        text = self._with(_fact_line(fact))
        draft = self.path.with_suffix(".draft")
        try:
            draft.write_text(text, encoding="utf-8")
            document = Document(draft)
            sources = document.value.get("sources")
            document.read(ModelEntry, self._context | {"sources": sources or {}})
            draft.replace(self.path)
        except OSError as error:
            raise CuratedError(f"{self.path}: cannot be written: {error.strerror}") from None
        finally:
            draft.unlink(missing_ok=True)
        self._facts.append(FactEntry.model_validate(fact, context=self._context))

    def _with(self, fact: str) -> str:
        """Return the text of the file with one more fact."""
        if not self.path.is_file():
            head = "# yaml-language-server: $schema=../schema/model.json\n"
            names = f"name: {_quoted(self._name)}\norganisation: {_quoted(self._organisation)}\n"
            return f"{head}{names}facts:\n{fact}\n"
        facts = _value_of(Document(self.path).root, "facts")
        if not isinstance(facts, yaml.SequenceNode) or facts.flow_style or not facts.value:
            raise UsageError(
                f"{self.path}: facts is not a list in block style", remedy="write one fact per line"
            )
        end = facts.value[-1].end_mark
        lines = self.path.read_text(encoding="utf-8").split("\n")
        # A block ends where the next one begins; a one-line entry ends within its line.
        lines.insert(end.line + (end.column > 0), " " * facts.start_mark.column + fact)
        return "\n".join(lines)


def _value_of(root: yaml.MappingNode, key: str) -> yaml.Node | None:
    return next((value for name, value in root.value if name.value == key), None)


def _each_once(lines: Iterable[EvidenceLine]) -> Iterator[EvidenceLine]:
    """Yield the first line of each value."""
    seen: list[EvidenceLine] = []
    for line in lines:
        if not any(same_value(line.property, line.value, other.value) for other in seen):
            seen.append(line)
            yield line


def _fact(line: EvidenceLine, checked: str) -> dict[str, Any]:
    evidence = {"source": line.source, "confidence": line.confidence, "checked": checked}
    if line.section and line.section.strip():
        evidence["locator"] = " ".join(line.section.split())
    return {"property": line.property, "value": line.value.strip(), "evidence": [evidence]}


def _fact_line(fact: dict[str, Any]) -> str:
    """Return a fact as one line of YAML."""
    (evidence,) = fact["evidence"]
    order = ("source", "locator", "confidence", "checked")
    receipt = ", ".join(f"{key}: {_quoted(evidence[key])}" for key in order if key in evidence)
    return (
        f"- {{property: {fact['property']}, value: {_quoted(fact['value'])},"
        f" evidence: [{{{receipt}}}]}}"
    )


def _quoted(value: str) -> str:
    """Return a text as a one-line YAML scalar."""
    return json.dumps(value, ensure_ascii=False)
