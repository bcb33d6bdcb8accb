"""What a text says of its own model, and what of others, of variants, or in general."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.curated import Bilingual, Term
from tracker.evidence import Candidate
from tracker.evidence.cue_extractor import CueExtractor
from tracker.evidence.markdown import card_document
from tracker.evidence.records import MOST_WORDS, quote_around


def term(group: str, slug: str, *cues: str) -> Term:
    text = Bilingual(en="A text.", zh="文本")
    return Term(group=group, slug=slug, label=text, definition=text, cues=cues)


TERMS = (
    term("pooling", "mean", "mean pooling", "average_pool"),
    term("pooling", "cls", "[CLS] token", "last_hidden_state[:, 0]"),
    term("pooling", "last-token", "last_token_pool", "last-token pooling"),
    term("pooling", "eos", "[EOS] token"),
    term("pooling", "latent-attention", "latent attention layer"),
    term("attention", "causal", "causal attention"),
    term("attention", "bidirectional", "bidirectional attention"),
    term("attention", "causal-to-bidirectional", "remove the causal attention mask"),
    term("objective", "infonce", "InfoNCE"),
    term("negatives", "hard-negatives", "hard negatives", "困难负例"),
    term("negatives", "in-batch", "in-batch negatives"),
    term("data", "llm-synthetic", "synthetic data"),
    term("inference", "matryoshka", "MRL"),
)
EXTRACTOR = CueExtractor(
    TERMS,
    models=["lab/Nova-Embed-7B", "other/Gte-large", "intfloat/e5-mistral-7b-instruct"],
    datasets=["MS MARCO", "HotpotQA", "T2Ranking"],
)


def read(markdown: str) -> list[Candidate]:
    return EXTRACTOR.extract(card_document("lab/Nova-Embed-7B", "https://x.example", markdown))


def said(markdown: str) -> list[tuple[str, str, str]]:
    return [(one.property, one.value, one.confidence) for one in read(markdown)]


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
def test_what_a_text_says_of_its_own_model_is_a_candidate(text: str, value: str) -> None:
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
def test_what_a_text_says_of_others_or_denies_is_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "title",
    ["Related Work", "Background", "Ablation study", "Results", "Evaluation", "Limitations", "News",
     "Comparison with other models", "Method / Ablation of pooling", "相关工作"],
)  # fmt: skip
def test_some_sections_speak_of_others(title: str) -> None:
    headings = "\n".join(f"{'#' * n} {t}" for n, t in enumerate(title.split(" / "), 1))
    assert read(f"{headings}\nWe use mean pooling.\n") == []


def test_tables_of_baselines_and_comments_say_nothing() -> None:
    assert (
        read(
            "| Model | Pooling |\n|---|---|\n| ours | mean pooling |\n\n"
            "<!-- We use mean pooling. -->\n"
            "<table><tr><td>We use mean pooling.</td></tr></table>\n"
        )
        == []
    )


def test_code_tells_the_pooling_only_where_all_examples_agree() -> None:
    one = "## Usage\n```python\nx = last_token_pool(a, b)\n```\n"
    assert said(one) == [("pooling", "last-token", "high")]
    assert said(one + "```\ny = average_pool(a, b)\n```\n") == []


def test_a_text_that_names_two_poolings_is_sure_of_neither() -> None:
    assert said("We use mean pooling. Our encoder uses last-token pooling.") == [
        ("pooling", "mean", "low"),
        ("pooling", "last-token", "low"),
    ]


def test_the_longest_cue_wins() -> None:
    assert said("We remove the causal attention mask.") == [
        ("attention", "causal-to-bidirectional", "high")
    ]


def test_training_data_needs_words_of_training_and_none_of_testing() -> None:
    assert said("We fine-tune on MS MARCO and HotpotQA.") == [
        ("training_data", "HotpotQA", "medium"),
        ("training_data", "MS MARCO", "medium"),
    ]
    assert said("We evaluate the trained model on MS MARCO.") == []
    assert said("We like MS MARCO.") == []


def test_what_the_authors_propose_is_an_innovation() -> None:
    assert ("innovation", "latent-attention", "medium") in said(
        "## Contributions\n- We propose a latent attention layer.\n"
    )


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("Our model is fine-tuned from Mistral-7B-v0.1.", "Mistral-7B-v0.1"),
        ("Nova-Embed is built on top of Qwen/Qwen2-7B.", "Qwen/Qwen2-7B"),
        ("We use the model initialized from XLM-RoBERTa.", "XLM-RoBERTa"),
    ],
)
def test_the_base_model_is_named(text: str, base: str) -> None:
    assert [(c.value, c.confidence) for c in read(text) if c.property == "base_model"] == [
        (base, "medium")
    ]


@pytest.mark.parametrize(
    "text", ["Gte is fine-tuned from a model.", "The results are based on MTEB.", "Based on The X."]
)
def test_what_is_no_base_model_is_not_named(text: str) -> None:
    assert read(text) == []


def test_the_same_text_gives_the_same_and_says_by_whom() -> None:
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
def test_a_quote_holds_what_it_is_for(text: str, first: int, length: int) -> None:
    cue = text[first : first + length]
    if not cue.strip() or len(cue.split()) > MOST_WORDS:
        return
    start, end = quote_around(text, 0, len(text), first, first + len(cue))
    assert len(text[start:end].split()) <= MOST_WORDS
    assert cue.strip() in text[start:end] or len(cue.split()) >= MOST_WORDS - 1


def test_the_shipped_vocabulary_is_read_without_a_slip() -> None:
    from tracker.curated import read_curated
    from tracker.settings import resource

    curated = read_curated(Path(resource("db/curated")))
    extractor = CueExtractor(curated.terms)
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
def test_code_options_and_papers_of_a_repository_are_not_the_model(sentence: str) -> None:
    assert said(sentence) == []


def test_a_model_whose_code_is_open_is_still_read() -> None:
    told = said("We train with mean pooling, and the code is open.")
    assert [line[:2] for line in told] == [("pooling", "mean")]
