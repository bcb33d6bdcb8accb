"""Tables of a text: a row names a model, a column says what its cells are."""

from __future__ import annotations

from tracker.api import Catalog
from tracker.factcheck.markup import plain_text
from tracker.factcheck.tables import find_tables

TABLE = """\
On C-MTEB the picture is this.

| Model | Rank | Average | Retrieval | Params | License |
|:--|--:|--:|--:|--:|---|
| **Conan-embedding-v1** | 1 | 72.62 | 76.67 | 326M | CC-BY-NC 4.0 |
| [xiaobu-embedding-v2](https://x.y) | 2 | 70.40 | - | | |
| Foo-Embed-9B | 3 | | | | |
"""


def checked(catalog: Catalog, text: str) -> list[tuple[str, str, str]]:
    found = catalog.check(text, date="2024-10-22")
    return [(one.kind, text[one.start : one.end], one.verdict) for one in found]


def test_each_cell_is_a_statement_about_the_model_of_its_row(catalog: Catalog) -> None:
    assert checked(catalog, TABLE) == [
        ("rank", "1", "true"),
        ("score", "72.62", "true"),
        ("score", "76.67", "true"),
        ("size", "326M", "true"),
        ("licence", "CC-BY-NC 4.0", "true"),
        ("rank", "2", "true"),
        ("score", "70.40", "false"),
        ("rank", "3", "unknown_model"),
    ]


def test_a_header_names_the_board_of_its_column(catalog: Catalog) -> None:
    text = (
        "| 模型 | MTEB（英文） | C-MTEB | 维度 |\n|---|---|---|---|\n"
        "| gte-Qwen2-7B-instruct | 70.24 | 72.06 | 3584 |"
    )
    assert checked(catalog, text) == [
        ("score", "70.24", "true"),
        ("score", "72.06", "near"),
        ("dimensions", "3584", "true"),
    ]


def test_columns_and_rows_without_a_meaning_state_nothing(catalog: Catalog) -> None:
    text = (
        "| Model | Ours | C-MTEB speed | Notes |\n|---|---|---|---|\n"
        "| Conan-embedding-v1 | 12.34 | 56.78 | fine |\n| none | 72.62 | 1.0 | x |"
    )
    assert checked(catalog, text) == []


def test_lines_of_borders_are_one_table() -> None:
    """Each as a table of its own would read the rest of the text again and again."""
    text = "a|b\n" + "-|-\n" * 1_000
    assert len(find_tables(text, plain_text(text))) == 1


HTML = """\
<html><body><p>On C-MTEB the picture is this.</p><table class="t">
<thead><tr><th>Model</th><th>Average</th><th>License</th></tr></thead>
<tbody><tr><td><b>Conan-embedding-v1</b></td><td>72.62<td>MIT</td></tr>
<tr><td><!-- bge-m3 --></td><td>1</td></tr></tbody></table>
<table><tr><td>Model</td><td>License</td><table></body></html>
"""


def test_tables_of_html_are_read_like_those_of_markdown(catalog: Catalog) -> None:
    assert checked(catalog, HTML) == [("score", "72.62", "true"), ("licence", "MIT", "false")]
