"""Markdown twins of boards and the lists for language models say what the pages say."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html

from tests.support.fake_catalog import FakeCatalog
from tracker.answers.common import Bilingual
from tracker.pages.contexts import Page, PapersPage, SuspectsPage
from tracker.pages.language.texts import load_texts
from tracker.pages.markdown_twins import page_twin
from tracker.pages.written_twins import written_twins


@pytest.mark.parametrize("root", ["", "zh/"])
def test_a_twin_has_the_rows_of_its_board(fake: FakeCatalog, built: Path, root: str) -> None:
    board = fake.board("MTEB(eng, v2)")
    text = (built / f"{root}boards/mteb-eng-v2/index.md").read_text("utf-8")
    assert f"\n- as_of: 2026-08-20\n- origin: {board.origin}\n" in text
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")][2:]
    ranked = [row for row in board.rows if row.rank is not None][:100]
    assert [int(row[0].removeprefix("| ")) for row in rows] == [row.rank for row in ranked]
    assert all(len(row) == 6 for row in rows)


@pytest.mark.parametrize("root", ["", "zh/"])
def test_each_language_has_its_lists(fake: FakeCatalog, built: Path, root: str) -> None:
    assert (built / f"{root}llms.txt").read_text("utf-8").startswith("# ")
    full = (built / f"{root}llms-full.txt").read_text("utf-8")
    current = [edition for edition in fake.editions() if edition.current]
    assert full.count("\n## ") == len(current)


PLACES = [
    ".", "boards", "boards/*", "boards/*/as-of/*", "changes", "changes/*", "chinese-models",
    "compare/*", "frontier", "glossary", "methods", "methods/datasets", "methods/papers", "models",
    "sources", "tasks", "training", "methods/datasets/*",
    "methods/papers/*", "methods/techniques/*", "models/*", "state-of-the-art", "tasks/*",
    "boards/*/trained", "choose", "compare", "methods/one-two", "methods/coverage",
    "suspects", "about", "howto/*", "decisions", "decisions/*",
]  # fmt: skip
"""Where the pages of each kind are."""

WITHOUT_TWIN = {
    "404.html": "what a server sends for an address without a page",
    "zh/404.html": "the same in Chinese",
}
"""Files of the site without a twin, and why."""


@pytest.mark.parametrize("place", PLACES)
def test_the_site_has_pages_of_every_kind(built: Path, place: str) -> None:
    for root in (built, built / "zh"):
        assert list(root.glob(f"{place}/index.html"))


def test_every_page_has_a_twin_and_names_it(built: Path) -> None:
    link = '<link rel="alternate " type="text/markdown" href="index.md">'
    without = {
        page.relative_to(built).as_posix()
        for page in built.rglob("*.html")
        if page.name != "index.html"
        or not page.with_name("index.md").is_file()
        or page.read_text("utf-8").count(link) != 1
    }
    assert without == set(WITHOUT_TWIN)
    alone = {twin for twin in built.rglob("*.md") if not twin.with_name("index.html").is_file()}
    assert alone == set()


def test_the_twin_of_a_handwritten_page_is_its_source(tmp_path: Path) -> None:
    source = (
        "# A\n\n[b](b.md#part) [c](../c/index.md) ![d](d.svg) [e](https://e.example/f.md)"
        " [g](#g)\n\n```text\n[h](h.md)\n```\n\n[two\nlines](index.md)\n"
    )
    (tmp_path / "howto").mkdir()
    (tmp_path / "howto/a.md").write_text(source, "utf-8")
    (tmp_path / "index.md").write_text("[a](howto/a.md)\n", "utf-8")
    assert dict(written_twins(tmp_path, {"howto/a.md", "index.md"})) == {
        "howto/a/index.md": (
            "# A\n\n[b](../b/index.md#part) [c](../../c/index.md) ![d](../d.svg)"
            " [e](https://e.example/f.md) [g](#g)\n\n```text\n[h](h.md)\n```\n\n"
            "[two\nlines](../index.md)\n"
        ),
        "index.md": "[a](howto/a/index.md)\n",
    }


@pytest.mark.parametrize("root", ["", "zh/"])
def test_the_twin_of_contamination_has_the_exposures_of_its_page(
    fake: FakeCatalog, built: Path, root: str
) -> None:
    for twin in (built / root).glob("boards/*/trained/index.md"):
        page = html.parse(str(twin.with_name("index.html")))
        shown = [
            [
                row.findtext("td[1]"),
                *(len(row.xpath(f"td[contains(@class,'et-x-{c}')]")) for c in "ibs"),
            ]
            for row in page.xpath("//div[@id='trained']//tbody/tr")
        ]
        rows = [line.split(" | ") for line in twin.read_text("utf-8").splitlines()]
        rows = [row for row in rows if row[0].startswith("| ") and len(row) == 9][1:]
        assert shown == [
            [
                row[0].removeprefix("|").strip() or "–",
                *(cell.count("/index.md)") for cell in row[6:]),
            ]
            for row in rows
            if not row[0].startswith("| ---")
        ]


@pytest.mark.parametrize(
    ("root", "heading"), [("", "Trained on the test"), ("zh/", "训练数据与评测任务重叠")]
)
def test_twins_of_a_board_and_its_contamination_lead_to_each_other(
    built: Path, root: str, heading: str
) -> None:
    boards = sorted((built / root).glob("boards/*/index.md"))
    link = "- contamination: "
    shown = [
        line.removeprefix(link)
        for board in boards
        for line in board.read_text("utf-8").splitlines()
        if line.startswith(link)
    ]
    with_page = [board for board in boards if (board.parent / "trained/index.html").is_file()]
    assert shown == [f"[{heading}](trained/index.md)"] * len(with_page)
    for board in with_page:
        text = (board.parent / "trained/index.md").read_text("utf-8")
        assert f"](../../../boards/{board.parent.name}/index.md)" in text


@pytest.mark.parametrize("root", ["", "zh/"])
def test_the_twin_of_a_form_names_the_command(built: Path, root: str) -> None:
    for name in ("choose", "compare"):
        assert f"\n- command: `tracker {name} " in (built / root / name / "index.md").read_text(
            "utf-8"
        )


def test_the_twin_of_coverage_has_every_model(fake: FakeCatalog, built: Path) -> None:
    lines = (built / "methods/coverage/index.md").read_text("utf-8").splitlines()
    found = fake.coverage_report()
    assert sum("/models/" in line for line in lines) == len(found.rows)
    for row in found.rows:
        (line,) = [line for line in lines if f"/models/{row.slug}/index.md" in line]
        states = [cell.split(" ")[0] for cell in line.removesuffix(" |").split(" | ")[1:]]
        assert states == [cell.state for cell in row.cells]


@pytest.mark.parametrize("root", ["", "zh/"])
def test_links_of_twins_and_of_llms_lead_to_twins(built: Path, root: str) -> None:
    twins = [*(built / root).glob("**/index.md"), built / root / "llms.txt"]
    links = [
        (twin, link)
        for twin in twins
        for link in re.findall(r"\]\(([^)\s]+/index\.md)\)", twin.read_text("utf-8"))
        if "://" not in link
    ]
    assert len(links) > 50
    assert [
        (str(twin), link)
        for twin, link in links
        if not ((twin.parent if twin.suffix == ".md" else built) / unquote(link)).is_file()
    ] == []


def test_papers_with_identifiers_of_before_2007_are_linked(fake: FakeCatalog) -> None:
    paper = replace(fake.paper_list()[0], arxiv_id="cs/0306050")
    words = Bilingual("Papers", "论文")
    page = PapersPage(Page("methods/papers/", words, words), (paper,), {}, {})
    assert "](../../methods/papers/cs-0306050/index.md): arXiv:cs/0306050" in (
        page_twin(page, "en") or ""
    )


def test_a_catalog_without_result_files_has_no_count_of_findings() -> None:
    words = Bilingual("Suspect scores", "可疑成绩")
    page = SuspectsPage(Page("suspects/", words, words), (), 0, 0, 0, False, "suspects.csv")
    lines = (page_twin(page, "en") or "").splitlines()
    assert lines[-1] == load_texts("en").plain("suspects.no_results")


def test_the_twin_of_a_task_has_its_leaders_and_scores(fake: FakeCatalog, built: Path) -> None:
    task = next(iter(fake.all_tasks()))
    lines = (built / f"tasks/{task.info.slug}/index.md").read_text("utf-8").splitlines()
    assert "- revision: 0123456789abcdef" in lines
    assert sum(line.startswith("- led: ") for line in lines) == len(task.leads)
    scores = [line.split(" | ")[-2] for line in lines if line.startswith("| ")][2:]
    assert scores == [f"{row.score:.2f}" for row in task.rows[:100]]


@pytest.mark.parametrize("root", ["", "zh/"])
def test_the_twin_of_a_model_has_its_ranks_and_method(
    fake: FakeCatalog, built: Path, root: str
) -> None:
    model = next(iter(fake.all_models()))
    lines = (built / f"{root}models/{model.slug}/index.md").read_text("utf-8").splitlines()
    assert lines[0].startswith("# ")
    kinds = {line.partition(":")[0] for line in lines if line.startswith("- ")}
    assert {"- organisation", "- pooling", "- board MTEB(eng, v2)"} <= kinds
    assert model.name.partition("/")[0] in lines[0]
