"""Lineage: one graph of facts, registry, cards and copies, walked both ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.catalog.test_registry import put
from tests.evidence.test_evidence_loading import put as put_card
from tests.support.catalogs import CURATED, Loaded, relation
from tests.support.registry_exports import export
from tests.support.shared import LoadOnce
from tracker.answers.lineage import InheritedData, Lineage
from tracker.curated import Curated, EvidenceEntry, FactEntry, ModelEntry
from tracker.errors import NotFoundError

New = Callable[..., Loaded]
RECEIPT = EvidenceEntry(source="https://example.org/report", confidence="high")


def model(name: str, **facts: str) -> ModelEntry:
    stated = (
        FactEntry(property=key, value=value, evidence=(RECEIPT,))  # type: ignore[arg-type]
        for key, value in facts.items()
    )
    return ModelEntry(name=name, organisation="Org", facts=tuple(stated))


KNOWN = replace(
    CURATED,
    models=(
        model("org/root", training_data="MS MARCO"),
        model("org/tuned", base_model="org/root", training_data="Own Data"),
        model("org/vague", base_model="Root decoder"),
        model("org/elsewhere", base_model="Pretrained-7B"),
        model("org/named", base_model="lab/Pretrained-7B"),
    ),
    relations=(
        relation("reupload", "copier/tuned", "org/tuned"),
        relation("moved", "old/root", "org/root"),
        relation("distinct", "org/vague", "org/other"),
    ),
)
REGISTRY = export(
    models=[
        {"name": "org/vague", "adapted_from": "https://huggingface.co/lab/Root-1B"},
        {"name": "org/tuned", "adapted_from": "old/root"},
        {"name": "org/other", "adapted_from": "org/tuned", "training_datasets": ["T1", "ms-marco"]},
        {"name": "org/tuned-Q4_K_M-GGUF", "adapted_from": "org/tuned"},
        {"name": "org/root (output_dtype=int8)", "adapted_from": "org/root"},
    ]
)


def family() -> Curated:
    known = (model("org/tuned-Q4_K_M-GGUF", pooling="not-documented"),)
    variant = (relation("distinct", "org/root (output_dtype=int8)", "org/other"),)
    return replace(KNOWN, models=KNOWN.models + known, relations=KNOWN.relations + variant)


def load_family(catalog: Loaded, _: Path) -> None:
    put(catalog, REGISTRY)
    catalog.knowing(family()).load()


@pytest.fixture(scope="module")
def catalog(loaded_once: LoadOnce) -> Loaded:
    return loaded_once("family", load_family)


def lineage(catalog: Loaded, name: str) -> Lineage:
    with catalog.open() as opened:
        return opened.lineage(name)


def steps(found: Lineage) -> list[tuple[str, int, str, str, str, str]]:
    return [
        (its.direction, its.distance, its.model, its.kind, its.through, its.said_by)
        for its in found.relatives
    ]


def test_a_family_is_walked_both_ways_under_present_names(catalog: Loaded) -> None:
    assert steps(lineage(catalog, "org/tuned")) == [
        ("ancestor", 1, "org/root", "derived", "org/tuned", "curated"),
        ("descendant", 1, "copier/tuned", "reupload", "org/tuned", "curated"),
        ("descendant", 1, "org/other", "derived", "org/tuned", "registry"),
        ("descendant", 1, "org/tuned-Q4_K_M-GGUF", "quantised", "org/tuned", "registry"),
    ]
    assert lineage(catalog, "old/root") == lineage(catalog, "org/root")
    assert [(its.model, its.distance) for its in lineage(catalog, "org/root").descendants] == [
        ("org/root (output_dtype=int8)", 1),
        ("org/tuned", 1),
        ("copier/tuned", 2),
        ("org/other", 2),
        ("org/tuned-Q4_K_M-GGUF", 2),
    ]


def test_a_name_of_a_model_precedes_a_base_in_words(catalog: Loaded) -> None:
    assert steps(lineage(catalog, "org/vague")) == [
        ("ancestor", 1, "lab/Root-1B", "derived", "org/vague", "registry")
    ]


def test_a_base_without_organisation_is_the_one_of_that_name(catalog: Loaded) -> None:
    assert [its.model for its in lineage(catalog, "org/elsewhere").ancestors] == [
        "lab/Pretrained-7B"
    ]


def test_training_data_is_inherited_from_the_nearest_ancestor(catalog: Loaded) -> None:
    assert lineage(catalog, "org/other").inherited == (
        InheritedData("Own Data", "org/tuned", "org--tuned", 1, "curated", ()),
    )
    assert [its.dataset for its in lineage(catalog, "org/tuned").inherited] == ["MS MARCO"]
    assert lineage(catalog, "org/root").inherited == ()


def test_a_cycle_of_bases_ends(new_catalog: New) -> None:
    circle = (model("a/one", base_model="a/two"), model("a/two", base_model="a/one"))
    found = new_catalog().knowing(replace(CURATED, models=circle))
    found.load()
    assert [(its.direction, its.model) for its in lineage(found, "a/one").relatives] == [
        ("ancestor", "a/two"),
        ("descendant", "a/two"),
    ]


def test_a_card_says_how_a_model_was_made(new_catalog: New) -> None:
    found = new_catalog().knowing(replace(CURATED, models=(model("lab/one", pooling="mean"),)))
    tags = ("base_model:a/x", "base_model:merge:a/x", "base_model:a/y", "base_model:merge:a/y")
    put_card(found.archive, {}, tags=tags)
    found.load()
    assert [(i.model, i.kind, i.said_by) for i in lineage(found, "lab/one").ancestors] == [
        ("a/x", "merged", "card"),
        ("a/y", "merged", "card"),
    ]


def test_an_unknown_model_is_one_clear_line(catalog: Loaded) -> None:
    with pytest.raises(NotFoundError, match="no model called 'org/tu'; did you mean 'org/tuned'"):
        lineage(catalog, "org/tu")
