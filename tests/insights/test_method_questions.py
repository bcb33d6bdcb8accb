"""Questions about methods, answered from the bundled starter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from tracker.answers.models import Model
from tracker.api import Catalog
from tracker.errors import NotFoundError
from tracker.insights.methods.coverage import PROPERTIES, SEED_MODELS, UNION


@pytest.fixture(scope="module")
def catalog(starter: Catalog) -> Catalog:
    return starter


def names(catalog: Catalog, **wanted: str) -> set[str]:
    return set(catalog.models(**wanted)["model"].to_list())


def test_conditions_narrow_one_another(catalog: Catalog) -> None:
    last = names(catalog, pooling="last-token")
    synthetic = names(catalog, technique="synthetic-data")
    assert "intfloat/e5-mistral-7b-instruct" in last & synthetic
    assert names(catalog, pooling="last-token", technique="synthetic-data") == last & synthetic
    both = names(catalog, pooling="last-token", organisation="intfloat")
    assert both == {name for name in last if name.startswith("intfloat/")}


def test_a_term_is_known_by_slug_label_and_cue_in_both_languages(catalog: Catalog) -> None:
    by_slug = names(catalog, technique="llm-synthetic")
    assert by_slug
    for other in ("synthetic data", "大模型合成文本对", "LLM-synthesised pairs"):
        assert names(catalog, technique=other) == by_slug


def test_models_are_found_by_data_base_and_objective(catalog: Catalog) -> None:
    assert {f"hkunlp/instructor-{size}" for size in ("base", "large", "xl")} <= names(
        catalog, trained_on="MEDI"
    )
    assert "nvidia/NV-Embed-v2" in names(catalog, base="mistral-7b-v0.1", objective="contrastive")
    assert names(catalog, pooling="latent-attention", base="qwen2") == set()


@pytest.mark.parametrize(
    ("condition", "value", "said"),
    [
        ("pooling", "last-tokn", "no pooling called 'last-tokn'; did you mean 'last-token'"),
        ("pooling", "infonce", "no pooling called 'infonce'"),
        ("technique", "circle-los", "no technique called 'circle-los'; did you mean 'circle-loss'"),
        ("trained_on", "MSMARKO", "no dataset called 'MSMARKO'; did you mean"),
        ("base", "Qwen/Qwen2-7C", "no base model like 'Qwen/Qwen2-7C'; did you mean"),
        ("organisation", "nobody", "no model of an organisation called 'nobody'"),
    ],
)
def test_an_unknown_condition_is_answered_with_the_nearest(
    catalog: Catalog, condition: str, value: str, said: str
) -> None:
    with pytest.raises(NotFoundError) as caught:
        names(catalog, **{condition: value})
    assert str(caught.value).startswith(said)


def test_a_paper_tells_what_refers_to_it(catalog: Catalog) -> None:
    paper = catalog.paper("https://arxiv.org/abs/2405.17428v3")
    assert paper == catalog.paper("2405.17428")
    assert {its.model for its in paper.models} >= {"nvidia/NV-Embed-v1", "nvidia/NV-Embed-v2"}
    assert paper.datasets == ("nv-embed-synthetic",)
    assert "latent-attention" in paper.terms
    with pytest.raises(NotFoundError, match=r"no paper '2405\.17429'"):
        catalog.paper("2405.17429")


def test_a_technique_has_users_a_first_one_and_shares(catalog: Catalog) -> None:
    techniques = {its.term.slug: its for its in catalog.technique_list()}
    latent = techniques["latent-attention"]
    assert [use.model for use in latent.uses[:2]] == ["nvidia/NV-Embed-v1", "nvidia/NV-Embed-v2"]
    assert latent.first_seen == "2024-05"
    assert [share.at for share in latent.shares] == sorted({its.at for its in latent.shares})
    assert [share.year for share in latent.years] == sorted({its.year for its in latent.shares})
    assert latent.years[-1] == latent.shares[-1]
    assert latent.shares[0].year == 2024
    assert latent.shares[0].n >= 1
    for its in techniques.values():
        assert all(0 <= share.n <= share.of <= 20 for share in its.shares)
        released = [use.released or "9" for use in its.uses]
        assert released == sorted(released)


def test_the_coverage_that_is_wanted_is_reached_from_the_starter_alone(catalog: Catalog) -> None:
    report = catalog.coverage_report()
    counts = {(c.group, c.property): c for c in report.counts}
    for name in PROPERTIES:
        count = counts[UNION, name]
        assert (count.documented + count.not_documented) / count.n >= 0.98, name
        assert count.documented + count.not_documented + count.unknown == count.n
    pooling = counts[UNION, "pooling"]
    assert pooling.documented / pooling.n >= 0.8, "without what is only known to be undocumented"
    for name in PROPERTIES:
        assert counts["seed", name].unknown == 0


def test_size_licence_and_date_of_the_first_fifty_are_answered(
    catalog: Catalog, starter_models: Mapping[str, Model]
) -> None:
    declared = {"instruction_tuned": "instructions", "release_date": "released"}
    names = ("attention", "licence", "parameters", "max_tokens", "embedding_dimensions")
    answered: Counter[str] = Counter()
    rows = catalog.coverage_report().rows
    for row in rows:
        model = starter_models[row.model]
        known = {fact.property for fact in model.facts}
        known |= {declared.get(its.property, its.property) for its in model.metadata}
        answered.update(known & {*names, *declared.values()})
    missing = {name: len(rows) - answered[name] for name in (*names, *declared.values())}
    assert all(n <= len(rows) * 0.05 for n in missing.values()), missing


def test_every_cell_that_answers_has_a_receipt_or_a_day(catalog: Catalog) -> None:
    coverage = catalog.coverage_report()
    for row in coverage.rows:
        assert [cell.property for cell in row.cells] == list(PROPERTIES)
        for cell in row.cells:
            assert bool(cell.evidence) == (cell.state != "unknown")
            assert bool(cell.checked) == (cell.state == "not-documented")
    by_name = {row.model: row for row in coverage.rows}
    assert set(SEED_MODELS) <= set(by_name)
    conan = {cell.property: cell for cell in by_name["TencentBAC/Conan-embedding-v1"].cells}
    assert (conan["pooling"].state, conan["pooling"].checked) == ("not-documented", "2026-08")


def test_the_registry_speaks_where_no_person_wrote(catalog: Catalog) -> None:
    facts = catalog.model("ICT-TIME-and-Querit/BOOM_4B_v1").facts
    (base,) = (fact for fact in facts if fact.property == "base_model")
    (receipt,) = base.evidence
    assert (base.value, receipt.mark, receipt.locator) == (
        "Qwen/Qwen3-4B",
        "registry",
        "adapted_from",
    )
    assert receipt.source.startswith("mteb ")
    written = catalog.model("nvidia/NV-Embed-v2").facts
    assert all("://" in its.source for fact in written for its in fact.evidence)


def test_receipts_are_counted_by_how_well_they_hold(catalog: Catalog) -> None:
    counts = {its.group: its for its in catalog.coverage_report().receipts}
    for its in counts.values():
        parts = (its.verified, its.registry, its.unchecked, its.secondary, its.inherited, its.wrong)
        assert its.n == sum(parts)
    assert counts["catalog"].wrong == 0
    assert counts["catalog"].n >= counts[UNION].n >= counts["seed"].n > 100
    assert counts["catalog"].verified > 500
