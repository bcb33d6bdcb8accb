"""Links of papers to models by citation, tag and name; weak ones need confirmation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import orjson
import pytest

from tests.evidence.test_evidence_loading import put
from tests.sources.test_arxiv_papers import RECORD
from tests.support.catalogs import CURATED, Loaded, words
from tracker.api import Catalog, open_catalog
from tracker.catalog.engine import open_engine
from tracker.catalog.knowledge.rows import cited_ids
from tracker.curated import EvidenceEntry, FactEntry, ModelEntry, PaperRef, TermEntry
from tracker.snapshots.store import Archive
from tracker.sources.records import Fetched

AT = "2026-01-02T03:04:05Z"
OWN, NAMED, TAGGED, COMPARED, OTHER = (f"2605.0000{n}" for n in range(1, 6))


def known(*facts: FactEntry) -> tuple[ModelEntry, ...]:
    paper = PaperRef(arxiv=OWN, role=words("describes the model"))
    return (
        ModelEntry(name="lab/one", organisation="Lab", papers=(paper,), facts=facts),
        ModelEntry(name="lab/Boreal-Embed-v2", organisation="Lab", facts=()),
        ModelEntry(name="other/QuillLM", organisation="Other", facts=()),
    )


def archive(loaded: Loaded, arxiv_id: str, title: str, abstract: str = "No word of it.") -> None:
    told = {name: getattr(RECORD, name) for name in type(RECORD).__dataclass_fields__}
    told |= {"arxiv_id": arxiv_id, "title": title, "abstract": abstract, "withdrawn": False}
    answer = Fetched(f"id/{arxiv_id}", f"https://arxiv.example/{arxiv_id}", orjson.dumps(told), AT)
    Archive(loaded.archive).add("arxiv-papers", "CC0", answer)


@pytest.fixture
def loaded(new_catalog: Callable[..., Loaded]) -> Loaded:
    home = new_catalog().knowing(replace(CURATED, models=known()))
    archive(home, OWN, "One Embedder", "Better than Boreal-Embed-v2.")
    archive(home, NAMED, "Boreal-Embed-v2: Colder Vectors", "QuillLM is a baseline.")
    archive(home, COMPARED, "On cold vectors", "We start from QuillLM.")
    archive(home, OTHER, "Nothing about any model")
    put(home.archive, {}, tags=(f"arxiv:{TAGGED}", f"arxiv:{OWN}"))
    return home


def links(catalog: Catalog) -> list[tuple[str, str, str, str, bool]]:
    return [
        (paper.arxiv_id, its.model, its.reason, its.strength, its in paper.models)
        for paper in sorted(catalog.paper_list(), key=lambda paper: paper.arxiv_id)
        for its in (*paper.models, *paper.proposed)
    ]


def test_each_match_has_its_reason_and_its_strength(loaded: Loaded) -> None:
    for _ in range(2):  # a second load changes nothing
        loaded.load()
        with open_catalog(loaded.url) as catalog:
            assert links(catalog) == [
                (OWN, "lab/one", "curated", "strong", True),
                (NAMED, "lab/Boreal-Embed-v2", "the title begins with its name", "medium", True),
                (TAGGED, "lab/one", "tagged on its page on the Hub", "medium", True),
                (COMPARED, "other/QuillLM", "the abstract contains its name", "weak", False),
            ]


def test_the_bibtex_of_a_card_describes_a_paper_that_it_tags(loaded: Loaded) -> None:
    entry = f"@misc{{x, title={{Cold Vectors}}, author={{Ada Lovelace}}, eprint={{{TAGGED}}}}}"
    files = {"README.md": f"# One\n\n```bibtex\n{entry}\n```\n".encode()}
    put(loaded.archive, files, at="2026-02-02T03:04:05Z", tags=(f"arxiv:{TAGGED}",))
    loaded.load()
    with open_catalog(loaded.url) as catalog:
        paper = catalog.paper(TAGGED)
    assert (paper.title, paper.authors, paper.published) == (
        "Cold Vectors",
        ("Ada Lovelace",),
        "2026-05",
    )


def test_weak_matches_need_confirmation(loaded: Loaded) -> None:
    loaded.load()
    with open_catalog(loaded.url) as catalog:
        assert catalog.unmatched().drop("url", "published").rows() == [
            (
                COMPARED,
                "On cold vectors",
                "other/QuillLM",
                "the abstract contains its name",
                "weak",
            ),
            (OTHER, "Nothing about any model", None, None, None),
        ]
        assert catalog.model("other/QuillLM").papers == ()
    confirmed = (
        *known()[:2],
        ModelEntry(
            name="other/QuillLM",
            organisation="Other",
            facts=(),
            papers=(PaperRef(arxiv=COMPARED, role=words("its paper")),),
        ),
    )
    told = loaded.knowing(replace(CURATED, models=confirmed))
    told.load()
    with open_catalog(told.url) as catalog:
        assert catalog.unmatched().get_column("arxiv_id").to_list() == [OTHER]


def test_papers_without_references_are_not_fetched_again(loaded: Loaded) -> None:
    loaded.load()
    engine = open_engine(loaded.url, read_only=True)
    with engine.connect() as connection:
        assert cited_ids(connection) == [OWN, NAMED, TAGGED, COMPARED]
    engine.dispose()


def test_contradictions_and_shared_papers_are_findings(loaded: Loaded) -> None:
    receipt = EvidenceEntry(source="https://example.org/x", confidence="high")
    fact = FactEntry(property="pooling", value="last-token", evidence=(receipt,))
    mean = TermEntry(group="pooling", slug="mean", label=words("Mean"), definition=words("Mean"))
    told = loaded.knowing(replace(CURATED, terms=(mean,), models=known(fact)))
    files = {"1_Pooling/config.json": b'{"pooling_mode_mean_tokens": true}'}
    put(told.archive, files, at="2026-02-02T03:04:05Z", tags=(f"arxiv:{TAGGED}",))
    put(told.archive, {}, tags=(f"arxiv:{TAGGED}", f"arxiv:{OWN}"), model="other/QuillLM")
    told.load()
    with open_catalog(told.url) as catalog:
        found = {
            (its.check, its.place): (its.message, its.remedy)
            for its in catalog.doctor()
            if its.check in ("contradiction", "claimed-paper")
        }
    assert found == {
        ("contradiction", "lab/one"): (
            "pooling: last-token (curated) holds, not mean (config, 1_Pooling/config.json:"
            " pooling_mode_mean_tokens): what people checked counts more than what was read",
            "see: tracker evidence lab/one; if another value is right, curate it",
        ),
        ("claimed-paper", f"arXiv:{TAGGED}"): (
            "models of 2 organisations name it: lab/one, other/QuillLM",
            "say in db/curated/models what it is to each of them",
        ),
    }
