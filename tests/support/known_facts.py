"""Facts about the real boards that every complete catalog must answer.

The leads were counted from the raw result files and the archived tables, apart from the tracker.
Days are those at whose end in UTC a model led; names are those of the first day.
"""

from __future__ import annotations

from typing import NamedTuple

from tracker.api import Catalog

LEADS: dict[str, list[tuple[str, str | None, str]]] = {
    "mteb-english": [
        ("2024-07-07", "2024-07-12", "Salesforce/SFR-Embedding-2_R"),
        ("2024-07-13", "2024-07-27", "infgrad/stella_en_1.5B_v5"),
        ("2024-07-28", "2024-08-29", "BAAI/bge-en-icl"),
        ("2024-08-30", "2025-01-07", "nvidia/NV-Embed-v2"),
        ("2025-01-08", "2025-02-04", "voyageai/voyage-3-m-exp"),
        ("2025-02-05", "2025-03-06", "Linq-AI-Research/Linq-Embed-Mistral"),
        ("2025-03-07", "2025-04-28", "google/gemini-embedding-exp-03-07"),
        ("2025-04-29", "2025-06-14", "ByteDance-Seed/Doubao-1.5-Embedding"),
        ("2025-06-15", "2025-08-25", "annamodels/LGAI-Embedding-Preview"),
        ("2025-08-26", "2025-11-13", "Kingsoft-LLM/QZhou-Embedding"),
        ("2025-11-14", "2026-06-04", "infgrad/Jasper-Token-Compression-600M"),
        ("2026-06-05", None, "jcorners/ingot-8b-r3"),
    ],
    "c-mteb": [
        ("2024-07-07", "2024-08-22", "lier007/xiaobu-embedding-v2"),
        ("2024-08-23", "2024-12-22", "TencentBAC/Conan-embedding-v1"),
        ("2024-12-23", "2024-12-31", "Quark-LLM/Quark-Emb"),
        ("2025-01-01", "2025-02-04", "TencentBAC/Conan-embedding-v1"),
        ("2025-02-05", "2025-03-24", "lier007/xiaobu-embedding-v2"),
        ("2025-03-25", "2025-05-26", "richinfoai/ritrieve_zh_v1"),
        ("2025-05-27", "2025-06-26", "ByteDance-Seed/Seed1.5-Embedding"),
        ("2025-06-27", "2025-08-25", "Bytedance/Seed-1.6-embedding"),
        ("2025-08-26", "2025-09-05", "Kingsoft-LLM/QZhou-Embedding"),
        ("2025-09-06", "2025-10-03", "Youtu-RAG/Youtu-Embedding-V1"),
        ("2025-10-04", None, "Kingsoft-LLM/QZhou-Embedding-Zh"),
    ],
    "mteb-multilingual": [
        ("2024-07-06", "2025-01-02", "intfloat/multilingual-e5-large-instruct"),
        ("2025-01-03", "2025-03-06", "Linq-AI-Research/Linq-Embed-Mistral"),
        ("2025-03-07", "2025-10-18", "google/gemini-embedding-exp-03-07"),
        ("2025-10-19", "2025-11-09", "nvidia/llama-embed-nemotron-8b"),
        ("2025-11-10", "2025-12-02", "tencent/KaLM-Embedding-Gemma3-12B-2511"),
        ("2025-12-03", "2025-12-04", "nvidia/llama-embed-nemotron-8b"),
        ("2025-12-05", "2025-12-17", "tencent/KaLM-Embedding-Gemma3-12B-2511"),
        ("2025-12-18", "2025-12-23", "nvidia/llama-embed-nemotron-8b"),
        ("2025-12-24", "2026-03-30", "tencent/KaLM-Embedding-Gemma3-12B-2511"),
        ("2026-03-31", None, "microsoft/harrier-oss-v1-27b"),
    ],
}
"""Who led each series until August 2026; the last lead goes on."""


class Fact(NamedTuple):
    """A model at the top of a board from one day to another one."""

    board: str
    model: str
    """Public id on that day."""
    present: str
    """Public id today."""
    first_day: str
    last_day: str
    rank: int
    mean: float | None
    """In percent, with two decimals; missing where the copy of the results lacks a task."""


FACTS = (
    Fact("MTEB(cmn, v1)", "Youtu-RAG/Youtu-Embedding-V1", "tencent/Youtu-Embedding",
         "2025-09-06", "2025-10-03", 1, 77.48),
    Fact("MTEB(cmn, v1)", "Kingsoft-LLM/QZhou-Embedding-Zh", "Kingsoft-LLM/QZhou-Embedding-Zh",
         "2025-10-04", "2026-08-20", 1, 78.52),
    Fact("MTEB(Multilingual, v2)", "google/gemini-embedding-exp-03-07",
         "google/gemini-embedding-001", "2025-04-01", "2025-04-30", 1, None),
    Fact("MTEB(Multilingual, v2)", "microsoft/harrier-oss-v1-27b", "microsoft/harrier-oss-v1-27b",
         "2026-03-31", "2026-08-20", 1, None),
    Fact("MTEB(Law, v1)", "voyageai/voyage-law-2", "mongodb/voyage-law-2",
         "2024-11-27", "2024-11-30", 1, 65.39),
    Fact("MTEB(Law, v1)", "voyageai/voyage-3", "mongodb/voyage-3",
         "2024-11-27", "2024-11-30", 2, 64.13),
    Fact("MTEB(eng, v2)", "jcorners/ingot-8b-r3", "jcorners/ingot-8b-r3",
         "2026-06-05", "2026-08-20", 1, 75.98),
)  # fmt: skip


def answers_of(catalog: Catalog, fact: Fact, day: str) -> dict[str, object]:
    """What leaderboard, history and leaders say of a fact's model on a day."""
    at = f"{day}T23:59:59Z"
    row = next(r for r in catalog.leaderboard(fact.board, day).to_dicts() if r["rank"] == fact.rank)
    points = [
        point
        for point in catalog.history_list(fact.board, fact.present)
        if point.from_at <= at and (point.to_at is None or point.to_at > at)
    ]
    (lead,) = catalog.leader_list(fact.board, since=day, until=day)
    return {
        "leaderboard": (row["model"], row["model_now"], row["rank"], rounded(row["mean_task"])),
        "history": [(p.model, fact.present, p.rank, rounded(p.mean_task)) for p in points],
        "leads": lead.model_now == fact.present,
    }


def expected_of(fact: Fact) -> dict[str, object]:
    """What they have to say."""
    row = (fact.model, fact.present, fact.rank, fact.mean)
    return {"leaderboard": row, "history": [row], "leads": fact.rank == 1}


def rounded(mean: float | None) -> float | None:
    """A mean as the publisher prints it."""
    return None if mean is None else round(mean, 2)
