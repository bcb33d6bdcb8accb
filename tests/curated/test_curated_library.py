"""Reading curated datasets and comparisons, and one error message per mistake."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

import pytest

from tracker.curated import (
    BilingualText,
    ComparisonEntry,
    Curated,
    DatasetEntry,
    Dimension,
    Remark,
    SubjectEntry,
    read_curated,
)
from tracker.errors import CuratedError

SHIPPED = Path(__file__).resolve().parents[2] / "db" / "curated"
DATASETS = """\
    kind: mixture
    title: {en: Mixtures, zh: 混合数据}
    datasets:
    - slug: whole
      name: Whole
      what: {en: All of it., zh: 全部。}
      languages: {en: English, zh: 英文}
      source: https://example.org/whole
      confidence: high
    - slug: part
      name: Part
      aliases: [A part]
      what: {en: Some of it., zh: 一部分。}
      size: {en: 5 pairs, zh: 5 对}
      languages: {en: English, zh: 英文}
      part_of: [whole]
      used_by: [acme/one]
      source: https://example.org/part
      confidence: medium
    """
COMPARISON = """\
    slug: one-two
    title: {en: One and two, zh: 一与二}
    summary: {en: They differ., zh: 两者不同。}
    sources: {paper: 'https://example.org/paper'}
    subjects:
    - {slug: one, name: One, model: acme/one}
    - {slug: two, name: Two}
    dimensions:
    - topic: {en: Size, zh: 规模}
      cells:
        one: {en: Small., zh: 小。}
        two: {en: Large., zh: 大。}
      sources: [paper]
      confidence: high
    remarks:
    - topic: {en: Beware, zh: 注意}
      text: {en: It is not so., zh: 并非如此。}
      sources: [https://example.org/other]
      confidence: low
    """


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped vocabulary and boards, one dataset file and one comparison."""
    for name in ("boards", "corrections", "notes", "organisations", "relations"):
        shutil.copyfile(SHIPPED / f"{name}.yaml", tmp_path / f"{name}.yaml")
    (tmp_path / "corrections.yaml").write_text("corrections: []\n", encoding="utf-8")
    (tmp_path / "relations.yaml").write_text("relations: []\n", encoding="utf-8")
    shutil.copytree(SHIPPED / "vocabulary", tmp_path / "vocabulary")
    for place, text in (("datasets/mixture", DATASETS), ("comparisons/one-two", COMPARISON)):
        path = tmp_path / f"{place}.yaml"
        path.parent.mkdir()
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return tmp_path


def both(en: str, zh: str) -> BilingualText:
    return BilingualText(en=en, zh=zh)


def test_a_correct_folder_is_read_completely(folder: Path) -> None:
    found = read_curated(folder)
    assert [(kind, dataset.slug) for kind, dataset in found.datasets] == [
        ("mixture", "whole"),
        ("mixture", "part"),
    ]
    assert found.datasets[1][1] == DatasetEntry(
        slug="part",
        name="Part",
        aliases=("A part",),
        what=both("Some of it.", "一部分。"),
        size=both("5 pairs", "5 对"),
        languages=both("English", "英文"),
        part_of=("whole",),
        used_by=("acme/one",),
        source="https://example.org/part",
        confidence="medium",
    )
    assert found.comparisons == (
        ComparisonEntry(
            slug="one-two",
            title=both("One and two", "一与二"),
            summary=both("They differ.", "两者不同。"),
            sources={"paper": "https://example.org/paper"},
            subjects=(
                SubjectEntry(slug="one", name="One", model="acme/one"),
                SubjectEntry(slug="two", name="Two"),
            ),
            dimensions=(
                Dimension(
                    topic=both("Size", "规模"),
                    cells={"one": both("Small.", "小。"), "two": both("Large.", "大。")},
                    sources=("https://example.org/paper",),
                    confidence="high",
                ),
            ),
            remarks=(
                Remark(
                    topic=both("Beware", "注意"),
                    text=both("It is not so.", "并非如此。"),
                    sources=("https://example.org/other",),
                    confidence="low",
                ),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "message"),
    [
        ("datasets/mixture", "slug: part", "slug: whole", 10, "duplicate dataset 'whole'"),
        ("datasets/mixture", "[A part]", "[Whole]", 10, "'Whole' would mean both"),
        ("datasets/mixture", "[whole]", "[whol]", 16, "no other dataset 'whol'; did you mean"),
        ("datasets/mixture", "kind: mixture", "kind: mixtures", 1, "the file is named"),
        ("datasets/mixture", "confidence: medium", "confidence: sure", 19, "unknown confidence"),
        ("comparisons/one-two", "    two: {", "    tow: {", 12, "no subject 'tow'; did you mean"),
        ("comparisons/one-two", "[paper]", "[papper]", 13, "unknown source 'papper'; did you mean"),
        ("comparisons/one-two", "[paper]", "[]", 13, "a statement without sources"),
        ("comparisons/one-two", "- {slug: two, name: Two}\n", "", 11, "no subject 'two'"),
    ],
)
def test_a_mistake_is_reported_in_one_line_with_its_place(
    folder: Path, file: str, old: str, new: str, line: int, message: str
) -> None:
    path = folder / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CuratedError) as caught:
        read_curated(folder)
    assert str(caught.value).startswith(f"{path}:{line}: {message}")
    assert "\n" not in str(caught.value)


def test_a_row_without_a_cell_for_a_subject_is_refused(folder: Path) -> None:
    path = folder / "comparisons" / "one-two.yaml"
    text = path.read_text(encoding="utf-8").replace("    two: {en: Large., zh: 大。}\n", "")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CuratedError, match="no cell for 'two'; add two:"):
        read_curated(folder)


def test_known_errors_are_not_repeated_in_the_essays(shipped: Curated) -> None:
    essays = {essay.slug: essay for essay in shipped.comparisons}
    assert set(essays) == {"openai-instructor", "chinese-models"}
    by_topic = {row.topic.en: row.cells for row in essays["openai-instructor"].dimensions}
    assert by_topic["Supervision"]["instructor"].en.startswith("Supervised.")
    assert "0.01" in by_topic["Objective"]["instructor"].en
    chinese = {row.topic.en: row.cells for row in essays["chinese-models"].dimensions}
    assert "no" in chinese["Paper"]["xiaobu"].en.lower()
    assert "Not documented" in chinese["Pooling"]["conan"].en
