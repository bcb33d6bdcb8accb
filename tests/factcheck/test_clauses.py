"""Statements that share a sentence with other ones, and look-alikes that state nothing."""

from __future__ import annotations

import pytest

from tracker.api import Catalog


def verdicts(catalog: Catalog, text: str, date: str | None = None) -> list[tuple[str, str, object]]:
    return sorted((one.kind, one.verdict, one.claimed) for one in catalog.check(text, date=date))


@pytest.mark.parametrize(
    ("text", "want"),
    [
        # A consequence behind a lead restricts nothing.
        ("NV-Embed-v2 is the number one model on MTEB English, so we use it for retrieval.",
         [("lead", "true", 1)]),
        ("NV-Embed-v2 是 MTEB 英文榜第一，因此我们用它做检索。", [("lead", "true", 1)]),
        ("NV-Embed-v2 is the number one model on MTEB English for retrieval.", []),
        # A task type restricts no board that has tasks of this type only.
        ("For retrieval, NV-Embed-v2 ranks first on BEIR.", [("lead", "true", 1)]),
        ("For retrieval, NV-Embed-v2 ranks first on MTEB English.", []),
        ("For retrieval, NV-Embed-v2 is first on MTEB English, followed by bge-en-icl.", []),
        # Opening the weights is no group of models.
        ("bge-en-icl 已开源，在 MTEB 英文榜上排名第二。", [("rank", "true", 2)]),
        ("bge-en-icl 在 MTEB 英文榜的开源模型中排名第二。", []),
        # The mean of the model that another one is compared with.
        ("bge-en-icl reaches a mean of 71.67 on MTEB English, below NV-Embed-v2's 72.31.",
         [("score", "true", 71.67), ("score", "true", 72.31)]),
        ("piccolo-large-zh-v2 在 C-MTEB 上的平均分为 70.95，高于 acge_text_embedding 的 69.17。",
         [("score", "false", 69.17), ("score", "true", 70.95)]),
        ("On MTEB English, bge-en-icl cannot close NV-Embed-v2's 10.5 point lead.", []),
        # The number of tasks behind a mean, and that of an edition before.
        ("NV-Embed-v2 tops MTEB English, averaging 72.31 over 56 datasets.",
         [("lead", "true", 1), ("n_tasks", "true", 56), ("score", "true", 72.31)]),
        ("MTEB(eng, v2) has 41 tasks, down from 58 tasks in MTEB(eng, v1).",
         [("n_tasks", "false", 58), ("n_tasks", "true", 41)]),
        ("We took samples from 10 tasks in MTEB(eng, v1).", []),
        # A board between the verb and its object.
        ("NV-Embed-v2 刷新了 MTEB 英文榜 SOTA。", [("lead", "true", 1)]),
        # What was made from a board is not the board.
        ("On our copy of MTEB English, NV-Embed-v2 reached 70.1.", []),
        ("NV-Embed-v2 ranks first on a subset of MTEB English.", []),
    ],
)  # fmt: skip
def test_clauses_beside_a_statement_about_a_board(
    catalog: Catalog, text: str, want: list[tuple[str, str, object]]
) -> None:
    assert verdicts(catalog, text, "2024-11-20") == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        # Words that belong to another clause than the dimensions.
        ("bge-m3 comes from BAAI, returns 1024 dimensions and is multilingual.",
         [("dimensions", "true", 1024), ("organisation", "true", "BAAI")]),
        ("bge-m3 returns anything from 64 to 1024 dimensions.", []),
        # The dimensions of a second model, without the word.
        ("bge-m3 has 1024 dimensions, while m3e-base only has 512.",
         [("dimensions", "false", 512), ("dimensions", "true", 1024)]),
        ("bge-m3 的向量为 1024 维，而 m3e-base 只有 768。",
         [("dimensions", "true", 768), ("dimensions", "true", 1024)]),
        ("bge-m3 has 1024 dimensions, while m3e-base has 512 stars.",
         [("dimensions", "true", 1024)]),
        # Who released it, and when.
        ("gte-Qwen2-7B-instruct is built on Qwen2-7B; Alibaba released it in June 2024.",
         [("base_model", "true", "Qwen2-7B"), ("organisation", "true", "Alibaba"),
          ("release_date", "true", "2024-06")]),
        ("bge-m3 is multilingual; a blog post about it appeared in June 2025.", []),
        # A state of a token, named once.
        ("NV-Embed-v2 取最后一个 token 的隐状态作为句向量。",
         [("pooling", "false", "最后一个 token")]),
        ("gte-multilingual-base has 768 dimensions and pools the [CLS] token.",
         [("dimensions", "true", 768), ("pooling", "true", "CLS")]),
        # What a participle or a bracket stands before.
        ("bge-m3 was trained by BAAI, starting from Mistral-7B.",
         [("base_model", "false", "Mistral-7B"), ("organisation", "true", "BAAI")]),
        ("bge-m3 (568M) comes from BAAI.", [("organisation", "true", "BAAI")]),
        # A loss whose name is a word, too.
        ("mxbai-embed-large-v1 训练时使用了 AnglE 损失。", [("technique", "true", "AnglE 损失")]),
        ("mxbai-embed-large-v1 uses the angle between two vectors.", []),
    ],
)  # fmt: skip
def test_clauses_beside_a_statement_about_a_model(
    catalog: Catalog, text: str, want: list[tuple[str, str, object]]
) -> None:
    assert verdicts(catalog, text) == want


def test_a_score_is_not_corrected_beside_a_lead_that_stays_false(catalog: Catalog) -> None:
    text = "{} leads the English MTEB with 72.67, and bge-m3 has 768 dimensions."
    corrections = {
        name: [
            (one.kind, one.correction and one.correction.text)
            for one in catalog.check(text.format(name), date="2024-10-22")
        ]
        for name in ("NV-Embed-v2", "bge-en-icl")
    }
    assert corrections == {
        "NV-Embed-v2": [("lead", None), ("score", "72.31"), ("dimensions", "1024")],
        "bge-en-icl": [("lead", None), ("score", None), ("dimensions", "1024")],
    }


@pytest.mark.parametrize(
    "body",
    ["bge-m3 has 768 dimensions.", "# bge-m3\n\nLicense: Apache 2.0\n", "- bge-m3 is MIT licensed.",
     "---\ndate: 2024-10-22\n---\nNV-Embed-v2 leads MTEB English.\n"],
)  # fmt: skip
def test_a_byte_order_mark_shifts_spans_by_one_and_changes_nothing(
    catalog: Catalog, body: str
) -> None:
    marked, plain = catalog.check("\ufeff" + body), catalog.check(body)
    assert len(plain) > 0
    assert [(one.start - 1, one.end - 1, one.kind, one.verdict) for one in marked] == [
        (one.start, one.end, one.kind, one.verdict) for one in plain
    ]


def test_a_name_of_several_models_means_the_one_released_first(catalog: Catalog) -> None:
    found = list(catalog.check("EmbeddingGemma was developed by Google.", date="2026-11-01"))
    assert [(one.kind, one.verdict, one.model) for one in found] == [
        ("organisation", "true", "google/embeddinggemma-300m")
    ]
    assert "google/embeddinggemma-2" in found[0].reason
