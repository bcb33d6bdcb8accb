"""Thirty questions that people ask, in both languages, each with one command and one page.

Answers are those of the bundled starter.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question with its answer."""

    en: str
    zh: str
    command: tuple[str, ...]
    answer: str
    """Value of the first row, or of the object, at ``at``."""
    page: str
    """Page of the site that answers it."""
    at: str = "model"
    board: str | None = None
    """Set where the answer is the first row of the whole board at the end of ``day``."""
    day: str | None = None


def _first(board: str, typed: str, day: str, model: str, slug: str, en: str, zh: str) -> Question:
    """A question for the first model of a board on a day."""
    return Question(
        f"Which model led {en} on {day}?",
        f"{day} {zh}的第一名是谁？",
        ("leaderboard", typed, "--as-of", day),
        model,
        f"boards/{slug}/",
        board=board,
        day=day,
    )


_LAST = "2026-08-20"
_ENG, _CMN, _MUL = "MTEB(eng, v2)", "MTEB(cmn, v1)", "MTEB(Multilingual, v2)"
_F2LLM = "codefuse-ai/F2LLM-v2-14B"

_LEADERS = (
    _first(_ENG, "en", "2025-06-30", "annamodels/LGAI-Embedding-Preview", "mteb-eng-v2",
           "the English board", "英文榜"),
    _first(_ENG, "英文榜单", _LAST, "jcorners/ingot-8b-r3", "mteb-eng-v2",
           "the English board", "英文榜"),
    _first(_CMN, "zh", "2025-12-31", "Kingsoft-LLM/QZhou-Embedding-Zh", "mteb-cmn-v1",
           "the Chinese board", "中文榜"),
    _first(_MUL, "multilingual", "2025-04-15", "google/gemini-embedding-exp-03-07",
           "mteb-multilingual-v2", "the multilingual board", "多语榜"),
    _first("MTEB(Law, v1)", "law", "2024-11-27", "voyageai/voyage-law-2", "mteb-law-v1",
           "the law board", "法律榜"),
    _first("MTEB(fra, v1)", "french", "2025-10-31", "BAAI/bge-multilingual-gemma2", "mteb-fra-v1",
           "the French board", "法语榜"),
    _first("MTEB(fra, v1)", "法语", "2026-03-31", _F2LLM, "mteb-fra-v1",
           "the French board", "法语榜"),
    _first("MTEB(deu, v1)", "german", "2026-06-30", _F2LLM, "mteb-deu-v1",
           "the German board", "德语榜"),
    _first("MTEB(Code, v1)", "code", _LAST, _F2LLM, "mteb-code-v1", "the code board", "代码榜"),
    _first("MTEB(Medical, v1)", "medical", "2025-12-31", "Alibaba-NLP/gte-Qwen2-7B-instruct",
           "mteb-medical-v1", "the medical board", "医学榜"),
    _first("JMTEB(v2)", "ja", _LAST, _F2LLM, "jmteb-v2", "the Japanese board", "日语榜"),
    _first("MTEB(kor, v2)", "korean", _LAST, "Qwen/Qwen3-Embedding-8B", "mteb-kor-v2",
           "the Korean board", "韩语榜"),
    _first("LongEmbed", "longembed", _LAST, "mteb/baseline-bm25s", "longembed",
           "LongEmbed", "LongEmbed "),
)  # fmt: skip

QUESTIONS = (
    *_LEADERS,
    Question("Which model led the published English board on 2024-10-22?",
             "2024-10-22 英文旧榜的第一名是谁？",
             ("leaderboard", "published/en", "--as-of", "2024-10-22"),
             "nvidia/NV-Embed-v2", "boards/published-en/"),
    Question("And the published Chinese board?", "中文旧榜呢？",
             ("leaderboard", "published/zh", "--as-of", "2024-10-22"),
             "TencentBAC/Conan-embedding-v1", "boards/published-zh/"),
    Question("Best open model of at most 600 M parameters in English?",
             "6 亿参数以内、开放权重的英文模型，谁最好？",
             ("leaderboard", "en", "--as-of", _LAST, "--max-parameters", "600M", "--open-weights"),
             "jinaai/jina-embeddings-v5-text-small", "boards/mteb-eng-v2/"),
    Question("Chinese, under 1 B, Apache or MIT, 8k context?",
             "中文、10 亿参数以内、Apache 或 MIT、8k 上下文，选谁？",
             ("leaderboard", "zh", "--as-of", _LAST, "--max-parameters", "1B",
              "--licence", "apache-2.0,mit", "--min-context", "8192"),
             "infgrad/Jasper-Token-Compression-600M", "boards/mteb-cmn-v1/"),
    Question("Best multilingual model under 1 B?", "10 亿参数以内的多语模型，谁最好？",
             ("leaderboard", "multilingual", "--as-of", _LAST, "--max-parameters", "1B"),
             "microsoft/harrier-oss-v1-0.6b", "boards/mteb-multilingual-v2/"),
    Question("Best Chinese model of BAAI?", "智源在中文榜上最好的模型是哪个？",
             ("leaderboard", "zh", "--as-of", _LAST, "--org", "智源"),
             "BAAI/bge-multilingual-gemma2", "boards/mteb-cmn-v1/"),
    Question("Best English model that declares no training on any task?",
             "声明未在任何任务上训练过的英文模型里，谁最好？",
             ("leaderboard", "en", "--as-of", _LAST, "--untrained-only"),
             "BidirLM/BidirLM-Omni-2.5B-Embedding", "boards/mteb-eng-v2/"),
    Question("Who leads English by the mean over tasks?", "按任务均分，英文谁第一？",
             ("leaderboard", "en", "--as-of", _LAST, "--rank-by", "mean_task"),
             "jcorners/ingot-8b-r3", "boards/mteb-eng-v2/"),
    Question("Why is CHAIN19 not on the English board?", "CHAIN19 为什么不在英文榜上？",
             ("why", "bchoiced/CHAIN19", "mteb-english"), "withdrawn",
             "models/bchoiced--chain19/", at="kind"),
    Question("Which organisation is 腾讯?", "腾讯有哪些模型？",
             ("search", "腾讯"), "tencent", "models/?name=Tencent", at="key"),
    Question("What are 难负例?", "难负例是什么？",
             ("search", "难负例"), "negatives/hard-negatives",
             "methods/techniques/hard-negatives/", at="key"),
    Question("Which model is NV-Embde-v2?", "NV-Embde-v2 是哪个模型？",
             ("search", "NV-Embde-v2"), "nvidia/NV-Embed-v2",
             "models/nvidia--nv-embed-v2/", at="key"),
    Question("What is arXiv 2405.17428?", "arXiv 2405.17428 是哪篇论文？",
             ("paper", "arXiv:2405.17428v2"), "2405.17428", "methods/papers/2405.17428/",
             at="arxiv_id"),
    Question("What is MEDI?", "MEDI 是什么数据集？",
             ("dataset", "MEDI"), "medi", "methods/datasets/medi/", at="slug"),
    Question("Which model is bge-m3?", "bge-m3 指哪个模型？",
             ("model", "bge-m3"), "BAAI/bge-m3", "models/baai--bge-m3/", at="name"),
    Question("What was ingot-8b-r3 made of?", "ingot-8b-r3 的底座是什么？",
             ("lineage", "jcorners/ingot-8b-r3"), "Qwen/Qwen3-Embedding-8B",
             "models/jcorners--ingot-8b-r3/", at="relative"),
    Question("Who led the Chinese series at the beginning of 2025?", "2025 年初中文榜谁领先？",
             ("leaders", "c-mteb", "--since", "2025-01-01", "--until", "2025-06-30"),
             "TencentBAC/Conan-embedding-v1", "boards/mteb-cmn-v1/"),
)  # fmt: skip
