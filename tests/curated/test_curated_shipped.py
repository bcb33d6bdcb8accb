"""The shipped curated files: complete, bilingual, with evidence, without known errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tracker.common.addresses import parse_address
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.curated import BilingualText, Curated, EvidenceEntry, FactEntry

SHIPPED = Path(__file__).resolve().parents[2] / "db" / "curated"
SUMMARIES = re.compile(
    r"themoonlight|mclover|hackmd|chatpaper|sciencestack|emergentmind|youkuaiyun|alphaxiv|medium\.com"
    r"|paperswithcode|langchain|zhihu|reddit|tomesphere|gigarouter"
)
HAN = re.compile(r"[\u3400-\u9fff]")


def texts(record: object) -> Iterator[BilingualText]:
    """Every text in two languages within a record."""
    if isinstance(record, BilingualText):
        yield record
    elif isinstance(record, tuple):
        for part in record:
            yield from texts(part)
    elif hasattr(record, "model_fields_set"):
        for _, part in record:  # type: ignore[attr-defined]
            yield from texts(part)


def everything(knowledge: Curated) -> Iterator[BilingualText]:
    for name in knowledge.__slots__:
        yield from texts(getattr(knowledge, name))


def test_every_fact_has_evidence(shipped: Curated) -> None:
    bare = [(m.name, f.property) for m in shipped.models for f in m.facts if not f.evidence]
    assert bare == []
    assert [m.name for m in shipped.models if not m.facts] == []


def test_every_slug_is_in_the_vocabulary(shipped: Curated) -> None:
    terms = {term.slug: term.group for term in shipped.terms}
    assert len(terms) == len(shipped.terms)
    used = {
        (fact.property, fact.value)
        for model in shipped.models
        for fact in model.facts
        if fact.property in ("pooling", "attention", "instructions", "innovation")
        and fact.value != NOT_DOCUMENTED
    }
    assert {pair for pair in used if pair[1] not in terms} == set()
    assert {pair for pair in used if pair[0] != "innovation" and terms[pair[1]] != pair[0]} == set()


def test_every_text_is_in_chinese_and_english(shipped: Curated) -> None:
    found = list(everything(shipped))
    assert len(found) > 700
    assert [text for text in found if not HAN.search(text.zh) or HAN.search(text.en)] == []


def test_chinese_has_full_width_punctuation(shipped: Curated) -> None:
    half = re.compile(r"[\u3400-\u9fff][,;:?!]|[,;:?!][\u3400-\u9fff]")
    assert [text.zh for text in everything(shipped) if half.search(text.zh)] == []


def test_every_published_board_is_in_a_series(shipped: Curated) -> None:
    editions = {edition for series in shipped.series for edition in series.editions}
    assert len(shipped.boards) == 19
    assert {f"published/{board.folder}" for board in shipped.boards} <= editions
    overall = {board.folder for board in shipped.boards if board.main_table is None}
    assert overall == {"en", "zh", "fr", "pl", "ru"}


def test_the_large_series_join_old_and_new_boards(shipped: Curated) -> None:
    editions = {series.slug: series.editions for series in shipped.series}
    assert {slug: editions[slug] for slug in ("mteb-english", "c-mteb", "mteb-multilingual")} == {
        "mteb-english": ("published/en", "MTEB(eng, v1)", "MTEB(eng, v2)"),
        "c-mteb": ("published/zh", "MTEB(cmn, v1)"),
        "mteb-multilingual": ("MTEB(Multilingual, v1)", "MTEB(Multilingual, v2)"),
    }


def facts(shipped: Curated, model: str, name: str) -> set[str]:
    (found,) = (entry for entry in shipped.models if entry.name == model)
    return {fact.value for fact in found.facts if fact.property == name}


def test_known_errors_are_not_repeated(shipped: Curated) -> None:
    papers = {model.name: {paper.arxiv for paper in model.papers} for model in shipped.models}
    no_paper = {model.name for model in shipped.models if model.no_paper}
    assert facts(shipped, "lier007/xiaobu-embedding-v2", "pooling") == {"mean"}
    assert facts(shipped, "nvidia/NV-Embed-v2", "objective") == {"contrastive"}
    assert facts(shipped, "TencentBAC/Conan-embedding-v1", "pooling") == {NOT_DOCUMENTED}
    assert "lier007/xiaobu-embedding-v2" in no_paper
    assert "two-stage-tuning" in facts(shipped, "nvidia/NV-Embed-v1", "innovation")
    assert "two-stage-tuning" not in facts(shipped, "nvidia/NV-Embed-v2", "innovation")
    assert "2407.15831" in papers["nvidia/NV-Embed-v2"]
    assert facts(shipped, "hkunlp/instructor-xl", "stages") == {"instruction-tuning"}
    assert {f"openai/text-embedding-{n}" for n in ("ada-002", "3-small", "3-large")} <= no_paper
    assert facts(shipped, "openai/text-embedding-3-large", "objective") == {NOT_DOCUMENTED}


def test_wrong_dimensions_in_the_registry_are_corrected(shipped: Curated) -> None:
    right = {(c.model, c.property): (c.wrong, c.right) for c in shipped.corrections}
    for model in ("TencentBAC/Conan-embedding-v1", "lier007/xiaobu-embedding-v2"):
        assert right[model, "embeddingDim"] == ("768", "1792")
        assert facts(shipped, model, "embedding_dimensions") == {"1792"}


def test_moves_end_at_the_present_name(shipped: Curated) -> None:
    of = {relation.model: relation.of for relation in shipped.relations}
    name = "infgrad/stella_en_1.5B_v5"
    chain = [name]
    while name in of:
        name = of[name]
        chain.append(name)
    assert chain == [
        "infgrad/stella_en_1.5B_v5",
        "dunzhang/stella_en_1.5B_v5",
        "NovaSearch/stella_en_1.5B_v5",
    ]
    assert of["markaw/NV-Embed-v2"] == "nvidia/NV-Embed-v2"


def test_each_source_is_named_once_and_used(shipped: Curated) -> None:
    for model in shipped.models:
        used = {evidence.source for fact in model.facts for evidence in fact.evidence}
        assert set(model.sources.values()) <= used, model.name
        assert len(set(model.sources.values())) == len(model.sources), model.name


def receipts(shipped: Curated) -> Iterator[tuple[str, FactEntry, EvidenceEntry]]:
    for model in shipped.models:
        for fact in model.facts:
            for evidence in fact.evidence:
                yield model.name, fact, evidence


def test_every_receipt_says_where_and_what_it_shows(shipped: Curated) -> None:
    bare = [
        (model, fact.property, evidence.source)
        for model, fact, evidence in receipts(shipped)
        if fact.value != NOT_DOCUMENTED and not (evidence.locator and evidence.shows)
    ]
    assert bare == []


def test_repositories_and_papers_are_cited_at_a_fixed_version(shipped: Curated) -> None:
    cited = {evidence.source for _, _, evidence in receipts(shipped)}
    addresses = [parse_address(source) for source in sorted(cited)]
    loose = [its for its in addresses if its.host in ("github.com", "arxiv.org") and not its.fixed]
    assert loose == []


def test_summaries_by_others_are_cited_as_secondary(shipped: Curated) -> None:
    hosts = {
        (parse_address(evidence.source).host, model)
        for model, _, evidence in receipts(shipped)
        if evidence.kind == "primary"
    }
    assert {pair for pair in hosts if SUMMARIES.search(pair[0])} == set()


def test_method_never_rests_on_summaries_alone(shipped: Curated) -> None:
    alone = [
        (model.name, fact.property, fact.value)
        for model in shipped.models
        for fact in model.facts
        if fact.property in ("innovation", "pooling", "training_data")
        and all(evidence.kind == "secondary" for evidence in fact.evidence)
    ]
    assert alone == []


def test_statements_of_comparisons_carry_receipts(shipped: Curated) -> None:
    statements = [line for entry in shipped.comparisons for line in entry.statements]
    bare = [line.topic.en for line in statements if not line.receipts]
    assert len(bare) <= 0.2 * len(statements), bare
    assert all(
        receipt.locator and receipt.shows for line in statements for receipt in line.receipts
    )


def test_side_of_instructions_needs_more_than_the_flag(shipped: Curated) -> None:
    # "use_instructions=True" says that a model is instructed, not on which side.
    bare = [
        (model, fact.value)
        for model, fact, _ in receipts(shipped)
        if fact.property == "instructions"
        and fact.value in ("query-only", "both", "prefix")
        and all(
            term == "use_instructions=True" or model in term
            for evidence in fact.evidence
            for term in evidence.shows
        )
    ]
    assert bare == []
