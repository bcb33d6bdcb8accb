"""A small, correct folder of curated files, to be broken by tests."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tracker.curated import read_curated
from tracker.errors import CuratedError

FILES = {
    "boards.yaml": """\
        series:
        - slug: mteb-norwegian
          title: {en: Norwegian, zh: 挪威语}
          editions: [published/no, 'MTEB(nob, v1)']
        boards:
        - folder: no
          title: {en: Norwegian, zh: 挪威语}
          series: mteb-norwegian
          main_table: Classification
        """,
    "corrections.yaml": """\
        corrections:
        - model: acme/one
          property: embeddingDim
          wrong: 768
          right: 1792
          reason: {en: The paper says so., zh: 论文如此。}
          source: https://example.org/paper
        """,
    "relations.yaml": """\
        relations:
        - kind: moved
          model: old/one
          of: acme/one
          date: 2024-07-15
          reason: {en: It moved., zh: 已迁移。}
          source: https://example.org/move
        """,
    "notes.yaml": """\
        notes: []
        broken_spans: []
        """,
    "organisations.yaml": """\
        organisations:
        - slug: acme
          name: {en: Acme, zh: 极顶}
          kind: company
          owners: [acme]
        """,
    "vocabulary/pooling.yaml": """\
        group: pooling
        title: {en: Pooling, zh: 池化}
        terms:
        - group: pooling
          slug: last-token
          label: {en: Last token, zh: 末位词元池化}
          definition: {en: The last token., zh: 取末位词元。}
          cues: [last_token_pool]
          paper: 2201.10005
        """,
    "papers/2201.10005.yaml": """\
        arxiv_id: 2201.10005
        title: A paper
        authors: [A. Uthor]
        source: https://arxiv.org/abs/2201.10005
        """,
    "models/acme__one.yaml": """\
        name: acme/one
        organisation: Acme
        sources: {card: 'https://example.org/card'}
        facts:
        - property: pooling
          value: last-token
          statement: {en: The last token., zh: 取末位词元。}
          evidence: [{source: card, locator: Usage, confidence: high}]
        papers:
        - {arxiv: 2201.10005, role: {en: describes it, zh: 介绍该模型}}
        no_paper:
          text: {en: No report., zh: 没有报告。}
          checked: 2026-08
        """,
}

Edit = Callable[..., Path]


def write_folder(folder: Path) -> Path:
    """Write the files into a folder, and return it."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(CuratedError) as caught:
        read_curated(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)
