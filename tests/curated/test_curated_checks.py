"""Checks of curated files against each other: unique names, references, layout."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

import pytest

from tests.support.curated_folder import FILES, Edit, refusal
from tracker.curated import read_curated


def test_a_slug_of_another_group_is_refused(folder: Path, edit: Edit) -> None:
    path = edit("models/acme__one.yaml", "property: pooling", "property: attention")
    assert refusal(folder).startswith(
        f"{path}:6: attention 'last-token' is not in vocabulary group 'attention'"
    )


def test_a_duplicate_fact_is_refused(folder: Path, edit: Edit) -> None:
    path = edit(
        "models/acme__one.yaml",
        "papers:\n",
        "- {property: pooling, value: last-token, evidence: [{source: card, confidence: low}]}\n"
        "papers:\n",
    )
    assert refusal(folder) == (
        f"{path}:9: duplicate fact 'pooling last-token'; keep one of the two"
    )


def test_a_duplicate_term_is_refused_across_groups(folder: Path, edit: Edit) -> None:
    path = edit(
        "vocabulary/stage.yaml",
        "",
        "group: stage\ntitle: {en: Stages, zh: 阶段}\nterms:\n- group: stage\n  slug: last-token\n"
        "  label: {en: A, zh: 甲}\n  definition: {en: A, zh: 甲}\n",
    )
    assert refusal(folder) == (
        f"{path}:5: duplicate term 'last-token', also in pooling.yaml; keep one of the two"
    )


def test_two_models_with_one_name_are_refused(folder: Path, edit: Edit) -> None:
    path = folder / "models" / "acme__two.yaml"
    shutil.copy(folder / "models" / "acme__one.yaml", path)
    assert refusal(folder) == (
        f"{path}:1: the file is named 'acme__two.yaml', its content 'acme__one'; "
        "name the file acme__one.yaml"
    )
    edit("models/acme__two.yaml", "name: acme/one", "name: acme/two\nlisted_as: [Acme/One]")
    assert refusal(folder) == (
        f"{path}:2: 'Acme/One' would mean both 'acme/one' and 'acme/two'; "
        "decide which model this name means"
    )


def test_a_name_that_moved_to_two_models_is_refused(folder: Path, edit: Edit) -> None:
    again = FILES["relations.yaml"].split("relations:\n", 1)[1].replace("acme/one", "acme/two")
    path = edit("relations.yaml", "", textwrap.dedent(again))
    assert refusal(folder) == (
        f"{path}:9: 'old/one' would mean both 'acme/one' and 'acme/two'; "
        "decide which model this name means"
    )


def test_circular_relations_are_refused(folder: Path, edit: Edit) -> None:
    edit("relations.yaml", "of: acme/one", "of: new/one")
    back = FILES["relations.yaml"].split("relations:\n", 1)[1]
    back = back.replace("old/one", "new/one").replace("acme/one", "old/one")
    path = edit("relations.yaml", "", textwrap.dedent(back))
    assert refusal(folder) == (
        f"{path}:3: 'old/one' leads back to itself; remove one of these relations"
    )


def test_a_relation_error_after_a_distinct_one_names_its_line(folder: Path, edit: Edit) -> None:
    block = FILES["relations.yaml"].split("relations:\n", 1)[1]
    distinct = textwrap.dedent(block.replace("moved", "distinct").replace("old/one", "other/one"))
    path = edit("relations.yaml", "relations:\n", f"relations:\n{distinct}")
    edit("relations.yaml", "", textwrap.dedent(block.replace("acme/one", "acme/two")))
    assert refusal(folder).startswith(f"{path}:15: 'old/one' would mean both")


def test_an_edition_in_two_series_is_refused(folder: Path, edit: Edit) -> None:
    path = edit(
        "boards.yaml",
        "boards:\n",
        "- {slug: other, title: {en: Other, zh: 其他}, editions: ['MTEB(nob, v1)']}\nboards:\n",
    )
    assert refusal(folder) == (f"{path}:5: duplicate edition 'MTEB(nob, v1)'; keep one of the two")


def test_a_board_and_its_series_must_name_each_other(folder: Path, edit: Edit) -> None:
    path = edit("boards.yaml", "[published/no,", "[published/nb,")
    assert refusal(folder) == (
        f"{path}:6: series 'mteb-norwegian' has no edition 'published/no'; add it to the editions"
    )
    edit("boards.yaml", "[published/nb,", "[published/no, published/nb,")
    assert refusal(folder) == (f"{path}:4: no published board 'nb'; use one of no")


@pytest.mark.parametrize("name", ["modells/acme__one.yaml", "board.yaml", "models/acme__one.yml"])
def test_a_file_that_the_reader_would_ignore_is_refused(
    folder: Path, edit: Edit, name: str
) -> None:
    path = edit(name, "", "name: acme/one\n")
    assert refusal(folder).startswith(f"{path}:1: ")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("slug: two, name: {en: ACME}, kind: team", "'ACME' would mean both 'acme' and 'two'"),
        ("slug: two, name: {en: Two}, kind: team, parent: acm", "no organisation 'acm'"),
        ("slug: two, name: {en: Two}, kind: team, parent: two", "'two' would belong to itself"),
    ],
)
def test_an_organisation_has_one_place(folder: Path, edit: Edit, more: str, said: str) -> None:
    path = edit("organisations.yaml", "", f"- {{{more}}}\n")
    assert refusal(folder).startswith(f"{path}:6: {said}")


def test_a_method_never_rests_on_secondary_sources_alone(folder: Path, edit: Edit) -> None:
    second = "{source: card, locator: Usage, kind: secondary, confidence: medium}"
    first = "{source: card, locator: Usage, confidence: high}"
    path = edit("models/acme__one.yaml", first, second)
    assert refusal(folder) == (
        f"{path}:5: pooling 'last-token' rests on secondary sources alone; "
        "cite the makers' own source beside it, or remove the statement"
    )
    edit("models/acme__one.yaml", second, f"{second}, {first}")
    assert read_curated(folder).models
