"""Golden pages: one page of each kind, so that a diff shows every change of the output.

``WRITE_GOLDEN=1 python -m pytest tests/pages/test_golden_pages.py`` rewrites them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from lxml import html

from tests.support.fake_catalog import HOSTILE, FakeCatalog
from tracker.common.text import model_slug
from tracker.pages import contexts
from tracker.pages.views.compare import COMPARE

GOLDEN = Path(__file__).parent / "golden"
PLACES = {
    contexts.HomePage: "",
    contexts.BoardsPage: "boards/",
    contexts.BoardPage: "boards/mteb-eng-v2/",
    contexts.DatedBoardPage: "boards/mteb-eng-v2/as-of/2026-06-30/",
    contexts.ModelsPage: "models/",
    contexts.ModelPage: f"models/{model_slug(HOSTILE[0])}/",
    contexts.ChangesPage: "changes/",
    contexts.ChangeMonthPage: "changes/2026-06/",
    contexts.StateOfTheArtPage: "chinese-models/2024-10-22/",
    contexts.TrainingNotePage: "training/",
    contexts.SourcesPage: "sources/",
    contexts.GlossaryPage: "glossary/",
    contexts.MethodsPage: "methods/",
    contexts.DatasetsPage: "methods/datasets/",
    contexts.DatasetPage: "methods/datasets/d/",
    contexts.TechniquePage: "methods/techniques/mean/",
    contexts.PapersPage: "methods/papers/",
    contexts.PaperPage: "methods/papers/2405.17428/",
    contexts.CoveragePage: "methods/coverage/",
    contexts.TasksPage: "tasks/",
    contexts.TaskPage: "tasks/task-1/",
    contexts.ChoosePage: "choose/",
    contexts.FrontierPage: "frontier/",
    contexts.SuspectsPage: "suspects/",
    contexts.ContaminationPage: "boards/mteb-eng-v2/trained/",
    contexts.ComparePage: COMPARE,
}
FIRST_OF = {contexts.ComparisonPage: "methods/*/", contexts.PairPage: "compare/*-vs-*/"}
"""Page kinds whose addresses come from names: the first by address is compared."""
_BUILT = re.compile(r"(page built |页面生成于 )(<time[^>]*>)?[\d: -]+UTC(</time>)?")
_OPENING = re.compile(r"(?<!\n)(?=<(?:h\d|p|table|tr|section|ul|ol|li|dl|dt|dd|details|div)\b)")


def place_of(kind: type, built: Path, fake: FakeCatalog) -> str:
    if kind in PLACES:
        return PLACES[kind]
    if kind is contexts.ComparisonPage:
        return f"methods/{min(its.slug for its in fake.written_comparisons())}/"
    found = min(path.parent for path in built.glob(f"{FIRST_OF[kind]}index.html"))
    return f"{found.relative_to(built).as_posix()}/"


def words_of(page: Path) -> str:
    """Return a page's HTML, one element per line, without charts and build time."""
    tree = html.document_fromstring(page.read_text("utf-8"))
    (article,) = tree.xpath("//article[contains(@class, 'md-content__inner')]")
    for drawing in article.xpath(".//*[local-name()='svg']"):
        drawing.drop_tree()
    text = _BUILT.sub(r"\1MOMENT", html.tostring(article, encoding="unicode"))
    return "\n".join(line for line in _OPENING.sub("\n", text).splitlines() if line.strip()) + "\n"


def test_every_kind_of_page_has_a_golden_page() -> None:
    assert {*PLACES, *FIRST_OF} == set(contexts.TEMPLATES)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", contexts.TEMPLATES, ids=lambda kind: kind.__name__)
def test_a_page_equals_its_golden_page(
    kind: type, language: str, built: Path, fake: FakeCatalog
) -> None:
    place = place_of(kind, built, fake)
    root = built if language == "en" else built / language
    words = words_of(root / place / "index.html")
    kept = GOLDEN / f"{contexts.TEMPLATES[kind].removesuffix('.html')}.{language}.html"
    if os.environ.get("WRITE_GOLDEN"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(words, "utf-8")
    assert words == kept.read_text("utf-8")
