"""Statements about the model itself, and those about others, variants or in general."""

from __future__ import annotations

from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cue_reading import EXTRACTOR, TERMS, read, said
from tracker.curated import Curated
from tracker.evidence import Candidate
from tracker.evidence.contexts import of_sibling, proposes
from tracker.evidence.cue_extractor import CueExtractor
from tracker.evidence.markdown import card_document
from tracker.evidence.records import MOST_WORDS, quote_around


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("We use last-token pooling.", "last-token"),
        ("Nova-Embed applies mean pooling over all tokens.", "mean"),
        ("Our model uses the embedding of the [CLS] token.", "cls"),
        ("Unlike mean pooling, we use a latent attention layer.", "latent-attention"),
        ("We propose a latent attention layer instead of mean pooling.", "latent-attention"),
        ("We follow Gte-large and use mean pooling.", "mean"),
        ("We take the final hidden state of the last token as the embedding.", "last-token"),
        ("Pooling: mean", "mean"),
        ("本模型采用 mean pooling。", "mean"),
    ],
)
def test_statements_about_the_own_model_are_candidates(text: str, value: str) -> None:
    assert [c.value for c in read(text) if c.property == "pooling"] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "We do not use mean pooling.",
        "Our model works without mean pooling.",
        "Gte-large uses mean pooling.",
        "Gte-large (Li et al., 2023) averages with mean pooling.",
        "Several models rely on mean pooling.",
        "Mean pooling is commonly used to obtain embeddings.",
        "We compare with mean pooling.",
        "We also experimented with mean pooling.",
        "Our latent design outperforms mean pooling.",
        "Instead of mean pooling or max pooling, something else is better.",
        "Should we use mean pooling?",
        "One could use mean pooling.",
        "We find that mean pooling is worse.",
        "We use the method of [12] with mean pooling.",
        "本模型不使用 mean pooling。",
    ],
)
def test_negations_and_statements_about_others_are_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "title",
    ["Related Work", "Background", "Ablation study", "Results", "Evaluation", "Limitations", "News",
     "Comparison with other models", "Method / Ablation of pooling", "相关工作"],
)  # fmt: skip
def test_sections_on_other_work_give_no_candidates(title: str) -> None:
    headings = "\n".join(f"{'#' * n} {t}" for n, t in enumerate(title.split(" / "), 1))
    assert read(f"{headings}\nWe use mean pooling.\n") == []


def test_baseline_tables_and_comments_give_no_candidates() -> None:
    assert (
        read(
            "| Model | Pooling |\n|---|---|\n| ours | mean pooling |\n\n"
            "<!-- We use mean pooling. -->\n"
            "<table><tr><td>We use mean pooling.</td></tr></table>\n"
        )
        == []
    )


def test_code_shows_the_pooling_where_all_examples_agree() -> None:
    one = "## Usage\n```python\nx = last_token_pool(a, b)\n```\n"
    assert said(one) == [("pooling", "last-token", "high")]
    assert said(one + "```\ny = average_pool(a, b)\n```\n") == []


def test_two_poolings_in_one_text_are_both_low_confidence() -> None:
    assert said("We use mean pooling. Our encoder uses last-token pooling.") == [
        ("pooling", "mean", "low"),
        ("pooling", "last-token", "low"),
    ]


def test_the_longest_cue_wins() -> None:
    assert said("We remove the causal attention mask.") == [
        ("attention", "causal-to-bidirectional", "high")
    ]


def test_what_authors_propose_is_an_innovation() -> None:
    assert ("innovation", "latent-attention", "medium") in said(
        "## Contributions\n- We propose a latent attention layer.\n"
    )


def test_extraction_is_deterministic_and_names_its_version() -> None:
    (one,) = read("# Model\nWe use **mean pooling**.\n")
    assert one == Candidate(
        model="lab/Nova-Embed-7B",
        property="pooling",
        value="mean",
        quote="We use mean pooling.",
        start=0,
        section="Model",
        rule="cue",
        confidence="high",
        kind="card",
        source="https://x.example",
        extractor="cues",
        version=EXTRACTOR.version,
    )


def test_another_vocabulary_is_another_version() -> None:
    assert CueExtractor(TERMS).version != CueExtractor(TERMS[1:]).version
    assert CueExtractor(TERMS).version == CueExtractor(tuple(reversed(TERMS))).version


WORDS = st.sampled_from(
    ["We", "use", "mean pooling", "hard negatives", "not", ".", "\n\n", "# Method\n", "|", "```\n",
     "- ", "Gte-large", "et al.", "(2023)", "İ", "困难负例",
     "trained on MS MARCO", "InfoNCE", "[CLS] token"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_every_quote_is_verbatim_and_short(markdown: str) -> None:
    document = card_document("lab/Nova-Embed-7B", "https://x.example", markdown)
    spans = [(p.start, p.end) for p in document.passages]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    for one in EXTRACTOR.extract(document):
        assert document.text[one.start : one.start + len(one.quote)] == one.quote
        assert 0 < len(one.quote.split()) <= MOST_WORDS


@given(st.text(max_size=400), st.integers(0, 400), st.integers(1, 60))
def test_a_quote_contains_its_cue(text: str, first: int, length: int) -> None:
    cue = text[first : first + length]
    if not cue.strip() or len(cue.split()) > MOST_WORDS:
        return
    start, end = quote_around(text, 0, len(text), first, first + len(cue))
    assert len(text[start:end].split()) <= MOST_WORDS
    assert cue.strip() in text[start:end] or len(cue.split()) >= MOST_WORDS - 1


def test_the_shipped_vocabulary_is_searchable(shipped: Curated) -> None:
    extractor = CueExtractor(shipped.terms)
    found = extractor.extract(
        card_document("a/b", "https://x.example", "We train with InfoNCE and hard negatives.")
    )
    assert {(c.property, c.value) for c in found} >= {
        ("objective", "infonce"),
        ("negatives", "hard-negatives"),
    }


@pytest.mark.parametrize(
    "sentence",
    [
        "The code is based on [CLS] token pooling.",
        "--pooler_type: mean pooling or another one.",
        "`--pooler_type`: mean pooling.",
        "It is adapted from a script with mean pooling.",
        "A demo shows mean pooling.",
        "- Sparse Embeddings with Mean Pooling by Ada Example and Bo Example",
    ],
)
def test_tools_of_a_repository_are_not_the_model(sentence: str) -> None:
    assert said(sentence) == []


def test_open_source_code_does_not_stop_reading() -> None:
    told = said("We train with mean pooling, and the code is open.")
    assert [line[:2] for line in told] == [("pooling", "mean")]


def test_properties_of_the_base_are_low_confidence() -> None:
    assert said("We present a way to train decoder-only models.") == [
        ("attention", "causal", "low")
    ]


def test_plans_are_not_statements() -> None:
    assert said("- [ ] We train with hard negatives.") == []
    assert said("## 计划表\n- We train with hard negatives.") == []
    assert said("- [x] We train with hard negatives.") == [("negatives", "hard-negatives", "high")]


@pytest.mark.parametrize(
    ("model", "text", "other"),
    [
        ("lab/sup-abc-base", "We train unsupervised ABC with", True),
        ("lab/sup-abc-base", "For unsupervised ABC one thing, for supervised ABC", False),
        ("lab/unsup-abc-base", "We train supervised ABC with", True),
        ("lab/unsup-abc-base", "We train unsupervised ABC with", False),
        ("lab/Abc-supervised", "After the unsupervised step", True),
        ("lab/superb", "We train unsupervised ABC with", False),
    ],
)
def test_siblings_differ_by_their_supervision(model: str, text: str, other: bool) -> None:
    assert of_sibling(model, text, (0, len(text)), len(text)) is other


def test_a_model_name_is_not_a_statement_of_its_method() -> None:
    document = card_document("lab/simcse-base", "https://x.example", "We train SimCSE here.")
    assert EXTRACTOR.extract(document) == []


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("We propose a latent thing", True),
        ("We introduce a recipe that uses a latent thing", False),
        ("We introduce a recipe, utilizing a latent thing", False),
        ("We use a latent thing", False),
    ],
)
def test_only_the_proposed_thing_is_new(text: str, new: bool) -> None:
    at = text.index("latent")
    assert proposes(text, (0, len(text)), (at, at + 6)) is new


def test_common_methods_are_not_innovations() -> None:
    assert "innovation" not in {p for p, *_ in said("We propose mean pooling.")}


def test_loss_over_negatives_is_not_a_comparison() -> None:
    assert ("negatives", "in-batch", "high") in said("We adopt the loss over in-batch negatives.")
    assert said("We use what brings gains over in-batch negatives.") == []


def test_overcoming_a_method_is_not_using_it() -> None:
    assert said("We overcome the limits of causal attention.") == []
    assert said("We train to lift the restrictions of causal attention.") == []


def test_parts_of_a_stated_method_are_not_stated() -> None:
    text = "We use a latent attention layer. We apply mean pooling after it."
    assert said(text) == [("pooling", "latent-attention", "high"), ("pooling", "mean", "low")]


def test_a_labelled_training_stage_is_medium_confidence() -> None:
    line = "- First stage: contrastive pre-training\n"
    assert said(f"## Training\n{line}") == [("stages", "weakly-supervised-contrastive", "medium")]
    assert said(line) == [("stages", "weakly-supervised-contrastive", "low")]


def test_printed_modules_show_the_enabled_pooling() -> None:
    printed = (
        "(1): Pooling({'pooling_mode_mean_tokens': {}, 'pooling_mode_mean_sqrt_len_tokens': {}})"
    )
    for first, second, value in (("True", "False", "mean"), ("False", "True", "mean-sqrt-len")):
        modules = printed.replace("{}", first, 1).replace("{}", second, 1)
        assert said(f"```\n{modules}\n```\n") == [("pooling", value, "high")]
    assert said("```\n" + printed.replace("{}", "False") + "\n```\n") == []


def test_part_of_a_longer_name_is_not_a_cue() -> None:
    assert said("We train on ABC-SimCSE-large texts.") == []
    assert said("We train with SimCSE.") == [("objective", "dropout-contrastive", "high")]


@pytest.mark.parametrize("piece", ["<!--", "<table ", "# #", "we use mean pooling not ", "[", "|"])
def test_a_card_of_one_long_line_is_fast(piece: str) -> None:
    endless = "# " + piece * (400_000 // len(piece)) + "x"
    begun = perf_counter()
    document = card_document("lab/one", "https://hub.example/lab/one", endless)
    assert list(EXTRACTOR.extract(document)) == []
    assert perf_counter() - begun < 20


def test_comments_and_html_tables_are_removed() -> None:
    card = "One <!-- two\n --> three <TABLE x> four </table> five <!-- six"
    document = card_document("lab/one", "https://hub.example/lab/one", card)
    assert document.text.split() == ["One", "three", "five", "<!--", "six"]
