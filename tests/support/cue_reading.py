"""A small vocabulary of methods, and what the cue extractor reads in a card with it."""

from __future__ import annotations

from tracker.curated import BilingualText, TermEntry
from tracker.evidence import Candidate
from tracker.evidence.cue_extractor import CueExtractor
from tracker.evidence.markdown import card_document


def term(group: str, slug: str, *cues: str) -> TermEntry:
    """Return a term of the vocabulary with the words that show it."""
    text = BilingualText(en="A text.", zh="文本")
    return TermEntry(group=group, slug=slug, label=text, definition=text, cues=cues)


TERMS = (
    term("pooling", "mean", "mean pooling", "average_pool"),
    term("pooling", "mean-sqrt-len", "mean_sqrt_len"),
    term("pooling", "cls", "[CLS] token", "last_hidden_state[:, 0]"),
    term("pooling", "last-token", "last_token_pool", "last-token pooling"),
    term("pooling", "eos", "[EOS] token"),
    term("pooling", "latent-attention", "latent attention layer"),
    term("attention", "causal", "causal attention", "decoder-only"),
    term("attention", "bidirectional", "bidirectional attention"),
    term("attention", "causal-to-bidirectional", "remove the causal attention mask"),
    term("objective", "infonce", "InfoNCE"),
    term("objective", "dropout-contrastive", "SimCSE", "dropout as noise"),
    term("stage", "weakly-supervised-contrastive", "contrastive pre-training"),
    term("negatives", "hard-negatives", "hard negatives", "困难负例"),
    term("negatives", "in-batch", "in-batch negatives"),
    term("data", "llm-synthetic", "synthetic data"),
    term("inference", "matryoshka", "MRL"),
)
EXTRACTOR = CueExtractor(
    TERMS,
    models=["lab/Nova-Embed-7B", "other/Gte-large", "intfloat/e5-mistral-7b-instruct"],
    datasets={name: name for name in ("MS MARCO", "HotpotQA", "T2Ranking")},
)


def read(markdown: str) -> list[Candidate]:
    """Return the candidates of a card of ``lab/Nova-Embed-7B``."""
    return EXTRACTOR.extract(card_document("lab/Nova-Embed-7B", "https://x.example", markdown))


def said(markdown: str) -> list[tuple[str, str, str]]:
    """Return property, value and confidence of each candidate."""
    return [(one.property, one.value, one.confidence) for one in read(markdown)]
