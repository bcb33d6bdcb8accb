"""Invented boards, facts and papers for the fake catalog, with hostile names among them."""

from __future__ import annotations

from tracker.answers.boards import EditionInfo
from tracker.answers.common import Bilingual
from tracker.answers.models import Evidence, Fact, NoPaper, PaperLink
from tracker.common.text import slugify

HOSTILE = (
    'evil/<script>alert("x")</script>',
    "evil/\"quoted\" & 'single'",
    "evil/a/b/../../etc/passwd",
    "evil/right\u202eto\u202dleft עברית",
    "evil/{{ 7 * 7 }} {% raw %} ${x} `code` *star* [l](javascript:alert(1))",
    "evil/" + "long" * 75,
    "中文机构/文本嵌入模型-v1.5",
)
FIRST, LAST = "2026-06-01T00:00:00Z", "2026-08-20T12:30:00Z"
TYPES = (("Classification", 8), ("Retrieval", 15), ("STS", 9), ("A<b>&'\"type", 1))
SOURCE = "https://leaderboard.example/v1"


def edition(series: str, name: str, title: tuple[str, str], **other: object) -> EditionInfo:
    """Return an edition of a series; its title is in English and Chinese."""
    values: dict[str, object] = {
        "series": series, "series_title": Bilingual(*title), "name": name,
        "title": Bilingual(name, name), "slug": slugify(name), "source": "leaderboard-api",
        "task_type": None, "n_tasks": 33, "tasks": (*(f"Task{n}" for n in range(32)), "<Task>"),
        "task_types": TYPES, "first_at": FIRST, "last_at": LAST, "n_rows": 0,
        "archived": False, "current": True, "successor": None,
    }  # fmt: skip
    return EditionInfo(**(values | other))  # type: ignore[arg-type]


EDITIONS = (
    edition("mteb-english", "MTEB(eng, v2)", ("English", "英文")),
    edition(
        "mteb-english", "published/en", ("English", "英文"), source="published-boards",
        archived=True, current=False, successor="MTEB(eng, v2)",
        first_at="2024-07-07T21:11:51Z", last_at="2025-02-04T08:17:52Z",
    ),
    edition("c-mteb", "MTEB(cmn, v1)", ("Chinese", "中文")),
    edition("mteb-multilingual", "MTEB(Multilingual, v2)", ("Multilingual", "多语言")),
    edition("odd", "<b>Odd</b>/../board, \"v1\" & 'x'\u202e", ("Odd & <i>", "怪 & <i>")),
)  # fmt: skip

FACTS = (
    Fact(
        "innovation", "latent-attention", Bilingual("Latent attention", "潜在注意力"),
        Bilingual("Tokens attend to a trained array.", "词元对可训练数组做注意力。"), None,
        (
            Evidence("paper", "https://arxiv.org/abs/2405.17428", "section 3", "high", "2024-05-27",
                     None),
            Evidence("card", "https://huggingface.co/a/b", None, "low", None, "says <so>"),
        ),
    ),
    Fact("pooling", "mean", Bilingual("Mean pooling", "均值池化"), None, None, (), conflict=True),
    Fact("training_data", "not-documented", Bilingual("Not documented", "未公开"), None,
         "fine-tuning", (Evidence("card", "javascript:alert(1)", None, "medium", None, None),)),
    Fact("<odd>", "<value>", Bilingual("<value>", "<值>"), None, "<qualifier>", ()),
)  # fmt: skip
NO_PAPER = NoPaper(Bilingual("no <paper>", "<没有>论文"), "2026-08", "https://example.org/card")
PAPERS = (
    PaperLink("2405.17428", "A <title> & more", Bilingual("describes the model", "介绍该模型"),
              "curated", "2024-05-27", "https://arxiv.org/abs/2405.17428"),
    PaperLink("2201.10005", None, None, "bibtex", None, "https://arxiv.org/abs/2201.10005"),
)  # fmt: skip
