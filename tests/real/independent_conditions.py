"""Properties of models that conditions compare, read from the registry export and the curated YAML.

It imports nothing of the tracker.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

COMMERCIAL = {
    "apache-2.0", "mit", "bsd-2-clause", "bsd-3-clause", "isc", "unlicense", "cc0-1.0",
    "cc-by-4.0", "cc-by-3.0", "cc-by-sa-4.0", "cc-by-sa-3.0", "mpl-2.0",
}  # fmt: skip
"""Licences that allow commercial use without further terms."""
_FIELDS = {
    "embeddingDim": "embed_dim",
    "maxTokens": "max_tokens",
    "releaseDate": "release_date",
    "adaptedFrom": "adapted_from",
}
"""The registry's name of a corrected property."""
_SAME_LANGUAGE = {"cmn": "zho", "cmo": "zho"}
_NO_LICENCE = {"not specified", "multiple"}
_COUNTS = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9}
_BYTES = {"k": 2.0**-10, "m": 1.0, "g": 2.0**10}


class Knowledge:
    """Curated facts of models, and organisations."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _read(self, path: Path) -> Any:
        return yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader"))  # noqa: B009

    @cached_property
    def facts(self) -> dict[str, list[dict[str, Any]]]:
        """Documented facts by model."""
        entries = (self._read(path) for path in sorted((self._folder / "models").glob("*.yaml")))
        return {
            entry["name"]: [f for f in entry.get("facts", ()) if f["value"] != "not-documented"]
            for entry in entries
        }

    @cached_property
    def datasets(self) -> list[dict[str, Any]]:
        """All documented datasets."""
        files = sorted((self._folder / "datasets").glob("*.yaml"))
        return [entry for path in files for entry in self._read(path)["datasets"]]

    @cached_property
    def corrections(self) -> list[dict[str, Any]]:
        """Values that sources give wrong."""
        return list(self._read(self._folder / "corrections.yaml")["corrections"])

    def corrected(self, model: str, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Metadata of a model in the registry, with the curated corrections."""
        found = dict(entry)
        for fix in self.corrections:
            field = _FIELDS[fix["property"]]
            if fix["model"] == model and str(found.get(field)) == fix["wrong"]:
                found[field] = type(found[field])(fix["right"])
        return found

    def accounts(self, organisation: str) -> set[str]:
        """Accounts of an organisation and of those that belong to it, in lower case."""
        entries = self._read(self._folder / "organisations.yaml")["organisations"]
        wanted = {
            entry["slug"]
            for entry in entries
            if organisation.casefold()
            in {
                str(name).casefold()
                for name in (entry["slug"], *entry["name"].values(), *entry.get("aliases", ()))
            }
        }
        while more := {e["slug"] for e in entries if e.get("parent") in wanted} - wanted:
            wanted |= more
        owners = {o for e in entries if e["slug"] in wanted for o in e.get("owners", ())}
        return {owner.casefold() for owner in owners} | {organisation.casefold()}

    def tasks_of_training(self, model: str, tasks: Iterable[str]) -> set[str]:
        """Tasks that are, by their name, a dataset that people read in a model's training data."""
        named = {
            _bare(fact["value"])
            for fact in self.facts.get(model, ())
            if fact["property"] == "training_data"
        }
        read = {
            name
            for dataset in self.datasets
            if (
                names := {
                    _bare(n)
                    for n in (dataset["slug"], dataset["name"], *dataset.get("aliases", ()))
                }
            )
            & named
            for name in names
        }
        return {task for task in tasks if _bare(task) in read}


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def amount(text: str, units: Mapping[str, float]) -> float:
    """A number with a unit, such as ``600M`` or ``4GB``."""
    match = re.fullmatch(r"([\d.]+)([a-z]?)b?", text.casefold())
    assert match is not None, text
    return float(match[1]) * units[match[2]]


class Conditions:
    """The conditions of a question."""

    def __init__(
        self, asked: argparse.Namespace, models: Mapping[str, Any], known: Knowledge
    ) -> None:
        self._models = models
        self._known = known
        self.checks = dict(self._checks(asked))

    def unmet(self, model: str, zero_shot: int) -> list[str]:
        """Names of the conditions that a model does not meet, or of which nothing is known.

        Args:
            model: Present public id.
            zero_shot: Percentage of the tasks that it was not trained on; -1 if not declared.
        """
        entry = self._known.corrected(model, self._models.get(model, {}))
        entry |= {"model": model, "zero_shot": zero_shot}
        return [name for name, is_met in self.checks.items() if not is_met(entry)]

    def _checks(
        self, asked: argparse.Namespace
    ) -> Iterable[tuple[str, Callable[[Mapping[str, Any]], bool]]]:
        if asked.max_parameters:
            most = amount(asked.max_parameters, _COUNTS)
            yield (
                "max_parameters",
                lambda m: m.get("n_parameters") is not None and m["n_parameters"] <= most,
            )
        if asked.max_memory:
            most_memory = amount(asked.max_memory, _BYTES)
            yield (
                "max_memory",
                lambda m: (
                    m.get("memory_usage_mb") is not None and m["memory_usage_mb"] <= most_memory
                ),
            )
        if asked.min_context:
            yield "min_context", lambda m: (m.get("max_tokens") or 0) >= asked.min_context
        if asked.open_weights:
            yield "open_weights", lambda m: m.get("open_weights") is True
        if asked.licence:
            allowed = asked.licence.casefold().split(",")
            yield "licence", lambda m: licence(m) in allowed
        if asked.commercial:
            yield "commercial", lambda m: licence(m) in COMMERCIAL
        if asked.org:
            accounts = self._known.accounts(asked.org)
            yield "organisation", lambda m: m["model"].partition("/")[0].casefold() in accounts
        if asked.untrained_only:
            yield "untrained_only", lambda m: m["zero_shot"] == 100
        if asked.no_instructions:
            yield "no_instructions", lambda m: m.get("use_instructions") is False
        if asked.pooling:
            yield "pooling", lambda m: asked.pooling in self._values(m["model"], "pooling")
        if asked.base:
            wanted = asked.base.casefold()
            yield (
                "base",
                lambda m: any(
                    wanted in value.casefold()
                    for value in (
                        *self._values(m["model"], "base_model"),
                        m.get("adapted_from") or "",
                    )
                ),
            )
        if asked.released_since:
            since = asked.released_since
            yield (
                "released_since",
                lambda m: (
                    bool(m.get("release_date")) and f"{m['release_date']}-01-01"[:10] >= since
                ),
            )

    def _values(self, model: str, name: str) -> list[str]:
        return [f["value"] for f in self._known.facts.get(model, ()) if f["property"] == name]


def licence(model: Mapping[str, Any]) -> str | None:
    """The licence of a model as an identifier; an address or no statement is none."""
    stated = (model.get("license") or "").casefold()
    return None if not stated or "://" in stated or stated in _NO_LICENCE else stated


def code(language: str) -> str:
    """ISO 639-3 code of a language without its script."""
    plain = language.partition("-")[0].lower()
    return _SAME_LANGUAGE.get(plain, plain)
