"""Ways to state something that the rules read, and look-alikes that they leave alone."""

from __future__ import annotations

import pytest

from tracker.api import Catalog

TOP = ["NV-Embed-v2", "bge-en-icl", "stella_en_1.5B_v5"]
RANKS = [("rank", 1, "true"), ("rank", 2, "true"), ("rank", 3, "true")]


def verdicts(catalog: Catalog, text: str, date: str | None = None) -> list[str]:
    return sorted(f"{one.kind} {one.verdict}" for one in catalog.check(text, date=date))


def ranks(catalog: Catalog, text: str) -> list[tuple[str, object, str]]:
    return [(one.kind, one.claimed, one.verdict) for one in catalog.check(text, date="2024-10-22")]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        # A name whose first word is shorter than three characters.
        ("e5 mistral uses last-token pooling.", ["pooling true"]),
        # A model, a date or an organisation between the words of a statement.
        (
            "Google launched embeddinggemma-300m on September 4, 2025.",
            ["organisation true", "release_date true"],
        ),
        (
            "voyage-3-large was released in January 2025 by Voyage AI.",
            ["organisation true", "release_date true"],
        ),
        ("NV-Embed-v2 输出 4096 维，由英伟达于 2023 年 8 月开源。",
         ["dimensions true", "organisation true", "release_date false"]),
        ("2024 年 8 月 30 日，某团队发布 NV-Embed-v2。", ["release_date true"]),
        # The subject of the sentence before, beside the model that it was made of.
        (
            "jina-embeddings-v3 was built on XLM-RoBERTa. Its license is MIT.",
            ["base_model true", "licence false"],
        ),
        ("QZhou-Embedding is a fine-tune of Llama-3-8B.", ["base_model false"]),
        # A token that stands for the text.
        ("bge-m3 takes the [CLS] token as the sentence embedding.", ["pooling true"]),
        ("bge-m3 取最后一个 token 作为句向量。", ["pooling false"]),
        # What the paper of a model brings.
        ("The NV-Embed-v2 paper introduces in-batch negatives.", ["technique true"]),
        # What a sentence begins with belongs to its subject; a bracket to the model before it.
        ("With 512 dimensions, all-MiniLM-L6-v2 is small.", ["dimensions false"]),
        (
            "We replaced text-embedding-3-large (3072 dimensions) by bge-m3 (1024 dimensions).",
            ["dimensions true", "dimensions true"],
        ),
        # A number of tasks that leaves the word away, after one that has it.
        (
            "MTEB(eng, v2) has 41 tasks and MTEB(Multilingual, v2) has 132.",
            ["n_tasks false", "n_tasks true"],
        ),
        # Names of a model in other places: its maker and date behind it, its pooling named last.
        (
            "bge-m3 由智源研究院于 2024 年 1 月发布。",
            ["organisation true", "release_date true"],
        ),
        (
            "NV-Embed-v2 的骨干网络是 Llama-2-7B，池化方式为潜在注意力。",
            ["base_model false", "pooling true"],
        ),
        # The whole number of dimensions, not the one that vectors are cut to.
        ("bge-m3 has 1024 dimensions, cut down to 256 dimensions where needed.",
         ["dimensions true"]),
        # A number of the model that follows it.
        (
            "The 1024-dimensional output of bge-m3 is smaller than the 3072 dimensions of"
            " text-embedding-3-large.",
            ["dimensions true", "dimensions true"],
        ),
        # Brackets behind a name that are no edition and no remark.
        ("C-MTEB (35 datasets) is Chinese.", ["n_tasks true"]),
        ("SFR-Embedding-2_R is non-commercial (CC-BY-NC-4.0).", ["licence true"]),
    ],
)  # fmt: skip
def test_a_statement_is_read_in_its_usual_forms(
    catalog: Catalog, text: str, want: list[str]
) -> None:
    assert verdicts(catalog, text) == want


@pytest.mark.parametrize(
    "text",
    [
        # What was made of a model has values of its own.
        "We distilled bge-m3 into an encoder with 384 dimensions.",
        "某模型在 bge-m3 基础上微调，输出 512 维，采用 Apache-2.0 许可证。",
        "bge-m3 的量化版只有 512 维。",
        "要是 bge-m3 也支持 32K 上下文就好了。",
        "Our fork of NV-Embed-v2 is MIT licensed.",
        # The paper of a model has a date of its own.
        "NV-Embed-v2's paper appeared in May 2024.",
        # Other benchmarks, and numbers that belong to no board.
        "MMLU consists of 57 tasks.",
        "On MTEB, 7 datasets improved.",
        # The board of another clause, and a lead among some models.
        "NV-Embed-v2 was first for long, but C-MTEB looks different.",
        "The best open model on MTEB(eng, v2) is Qwen3-Embedding-8B.",
        "很多人误以为 bge-m3 是 MTEB 第一名。",
    ],
)
def test_what_belongs_to_something_else_is_left_alone(catalog: Catalog, text: str) -> None:
    assert verdicts(catalog, text, "2025-07-01") == []


CARD = """\
# {title}

- Parameters: 568M
- Embedding dimensions: 768

## Use

License: MIT

# {other}

License: MIT
"""


def test_lines_of_a_model_card_belong_to_the_model_of_its_heading(catalog: Catalog) -> None:
    card = CARD.format(title="BAAI/bge-m3", other="nomic-embed-text-v1.5")
    assert [(one.kind, one.verdict, one.model) for one in catalog.check(card)] == [
        ("size", "true", "BAAI/bge-m3"),
        ("dimensions", "false", "BAAI/bge-m3"),
        ("licence", "true", "BAAI/bge-m3"),
        ("licence", "false", "nomic-ai/nomic-embed-text-v1.5"),
    ]
    assert verdicts(catalog, CARD.format(title="Fine-tuning bge-m3", other="Our toolkit")) == []


@pytest.mark.parametrize(
    "announced", ["Top 3 of the English MTEB leaderboard:", "MTEB 英文榜前三：", "## MTEB English"]
)
def test_a_numbered_list_below_a_ranking_states_ranks(catalog: Catalog, announced: str) -> None:
    items = "\n".join(f"{number}. {name}" for number, name in enumerate(TOP, 1))
    assert ranks(catalog, f"{announced}\n\n{items}\n") == RANKS


def test_a_numbered_list_of_html_states_ranks(catalog: Catalog) -> None:
    items = "".join(f"<li>{name}</li>" for name in TOP)
    heading = "<h2>Top 3 of the English MTEB leaderboard</h2>"
    assert ranks(catalog, f"{heading}<ol>{items}</ol>") == RANKS
    other = "<ul><li>A list without numbers</li></ul>"
    assert ranks(catalog, f"{heading}{other}<ol>{items}</ol>") == []


@pytest.mark.parametrize(
    "announced",
    [
        "Our favourites from the MTEB leaderboard:",
        "Most downloaded models of the English MTEB leaderboard:",
        "Top 3 open models on the English MTEB:",
        "Top 3 of the English MTEB for retrieval:",
        "Three models that we tried:",
        "MTEB 英文榜上值得推荐的前三个模型：",
    ],
)
def test_a_numbered_list_of_another_order_states_no_ranks(catalog: Catalog, announced: str) -> None:
    items = "\n".join(f"{number}. {name}" for number, name in enumerate(reversed(TOP), 1))
    assert ranks(catalog, f"{announced}\n\n{items}\n") == []


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("gte-Qwen2-7B-instruct outscores Linq-Embed-Mistral by 2.07 points on the English MTEB.",
         ["difference true"]),
        ("First place on C-MTEB in September 2024 went to Conan-embedding-v1.", ["lead true"]),
        ("2024 年 10 月，NV-Embed-v2 稳居 MTEB 英文榜第一。", ["lead true"]),
        ("在 MTEB 英文榜上，NV-Embed-v2 得分 72.31，比 bge-en-icl 高 0.94。",
         ["difference false", "score true"]),
    ],
)  # fmt: skip
def test_ranks_and_differences_are_read_in_other_words(
    catalog: Catalog, text: str, want: list[str]
) -> None:
    assert verdicts(catalog, text, "2024-10-22") == want


def test_numbers_that_do_not_follow_each_other_are_no_ranking(catalog: Catalog) -> None:
    text = "Top 5 of the English MTEB leaderboard:\n\n2. NV-Embed-v2\n4. bge-en-icl\n"
    assert ranks(catalog, text) == []


def test_a_comparison_without_means_is_judged_by_ranks(catalog: Catalog) -> None:
    text = "On MTEB(Multilingual, v2), llama-embed-nemotron-8b {} gemini-embedding-001."
    for words, verdict in (("beats", "true"), ("trails", "false")):
        found = list(catalog.check(text.format(words), date="2025-10-25"))
        assert [(one.kind, one.verdict) for one in found] == [("difference", verdict)]
        assert "ranks above google/gemini-embedding-001" in found[0].reason
