"""Invented papers, datasets, techniques and coverage for the fake catalog."""

from __future__ import annotations

from tests.support.fake_answers import (
    FIRST,
    HOSTILE,
    LAST,
    SOURCE,
)
from tracker.answers.adoption import BoardShare, FirstOnBoard, TechniqueShare
from tracker.answers.bases import BaseModel, BoardRank
from tracker.answers.common import Bilingual
from tracker.answers.coverage import (
    Coverage,
    CoverageCell,
    CoverageCount,
    CoverageRow,
    ReceiptCount,
)
from tracker.answers.methods import (
    CitedPage,
    Dataset,
    DatasetUse,
    Paper,
    PaperModel,
    Subject,
    Technique,
    TechniqueUse,
    Term,
    WrittenComparison,
    WrittenLine,
)
from tracker.answers.models import (
    Evidence,
)
from tracker.answers.search import NamedThing
from tracker.common.text import model_slug


class FakeMethods:
    """Answers on methods like those of the real catalog."""

    def cited_pages(self) -> tuple[CitedPage, ...]:
        return (
            CitedPage("https://example.org/post", "A <b>post</b>", "2024-01-25", 200, LAST),
            CitedPage("https://example.org/gone", None, None, 410, LAST),
        )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("pooling", "mean", Bilingual("Mean pooling", "均值池化"),
                 Bilingual("All tokens are averaged.", "对所有词元取平均。"), "1908.10084"),
            Term("<odd>", "x-y", Bilingual("<Odd>", "<怪>"), Bilingual("& so on", "等等"), None),
        )  # fmt: skip

    def search_names(self) -> tuple[NamedThing, ...]:
        """Names of one model, one technique, one task, and an organisation without a page."""
        model = Bilingual("org-3/model-3", "org-3/model-3")
        return (
            NamedThing("task", "Retrieval1", Bilingual("Retrieval1", "Retrieval1"), None,
                       ("Retrieval1",), ()),
            NamedThing("model", model.en, model, None, (model.en, "model-3"), ()),
            NamedThing("organisation", "tencent", Bilingual("Tencent & Co", "腾讯"), None,
                       ("tencent", "Tencent & Co", "腾讯"), ("腾讯公司",)),
            NamedThing("technique", "pooling/mean", Bilingual("Mean pooling", "均值池化"), None,
                       ("Mean pooling", "均值池化"), ("平均池化",)),
        )  # fmt: skip

    def written_comparisons(self) -> tuple[WrittenComparison, ...]:
        both = Bilingual("<Text> & so on", "<文字> 等等")
        subjects = (Subject("one", HOSTILE[0], HOSTILE[0], "2405.17428"),
                    Subject("two", "<two>", None, None))  # fmt: skip
        kinds = (("dimension", (both, both)), ("difference", (both,)), ("remark", (both,)))
        lines = tuple(
            WrittenLine(kind, both, texts, (SOURCE, "javascript:alert(5)"), "medium")
            for kind, texts in kinds
        )
        return (WrittenComparison("one-two", both, both, subjects, lines),)

    def base_list(self) -> tuple[BaseModel, ...]:
        english = BoardRank("MTEB(eng, v2)", Bilingual("English", "英文"), 3)
        chinese = BoardRank("MTEB(cmn, v1)", Bilingual("Chinese", "中文"), 12)
        child = BaseModel("lab/child", None, (chinese,), ())
        return (
            BaseModel("lab/base", None, (), (BaseModel("lab/first", None, (english,), (child,)),)),
            BaseModel("lab/alone", None, (), (BaseModel("lab/only", None, (chinese,), ()),)),
        )

    def technique_list(self) -> tuple[Technique, ...]:
        uses = (TechniqueUse(HOSTILE[0], model_slug(HOSTILE[0]), ("pooling",), None),)
        shares, series = (TechniqueShare("2026-08-20", 1, 2),), "mteb-english"
        evil = Bilingual("<Board>", "<榜单>")
        model = HOSTILE[0]
        first = FirstOnBoard(series, evil, "2024-07-07", model, model_slug(model), 4, False)
        return tuple(
            Technique(term, uses, None, shares, (first,), (BoardShare(series, evil, shares),))
            for term in self.terms()
        )

    def dataset_list(self) -> tuple[Dataset, ...]:
        both, evil = Bilingual("<Data> & so on", "<数据> 等等"), HOSTILE[0]
        uses = tuple(
            DatasetUse(evil, model_slug(evil), declared, None, url, None, "high", None)
            for declared, url in (("curated", "javascript:alert(6)"), ("registry", "mteb <2>"))
        )
        return (
            Dataset("d", "<D>", (), "benchmark", both, both, both, both, both, None, (), (),
                    ("<Task>",), SOURCE, "medium", uses),
            Dataset("e", "E", (), "mixture", both, both, None, both, None, None, ("d",), (), (),
                    SOURCE, "high", ()),
        )  # fmt: skip

    def coverage_report(self) -> Coverage:
        states = (("pooling", "documented", None), ("paper", "not-documented", "2026-08"))
        receipt = Evidence("curated", "javascript:alert(7)", None, "high", None, None)
        cells = tuple(CoverageCell(name, state, day, (receipt,)) for name, state, day in states)
        row = CoverageRow(HOSTILE[0], model_slug(HOSTILE[0]), ("seed",), cells)
        counts = tuple(
            CoverageCount(group, name, 1, 1, 0, 0)
            for group in ("<board>", "all")
            for name in ("pooling", "paper")
        )
        known = tuple(ReceiptCount(group, 7, 1, 2, 3, 0, 0, 1) for group in ("<board>", "catalog"))
        return Coverage((row,), counts, known)

    def paper_list(self) -> tuple[Paper, ...]:
        both, evil = Bilingual("<New> & so on", "<新> 等等"), HOSTILE[0]
        models = (
            PaperModel(evil, model_slug(evil), both, "curated", "strong"),
            PaperModel(evil, model_slug(evil), None, "cited", "strong"),
        )
        return (
            Paper("2405.17428", "<Title>", (), FIRST[:10], None, None, "<Venue>", None, True, both,
                  None, "javascript:alert(8)", models, (), ("d",), ("mean",)),
            Paper("2201.10005", None, (), None, None, None, None, None, False, None, None,
                  "https://arxiv.org/abs/2201.10005", (), (), ("d",), ()),
            Paper("2405.17430", "Only discovered", (), None, None, None, None, None, False, None,
                  None, "https://arxiv.org/abs/2405.17430", (), models[:1], (), ()),
        )  # fmt: skip
