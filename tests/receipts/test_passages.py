"""Sources of every kind are split into the passages that a reader would point at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.receipts import Passage, UnreadableSourceError, passages

CARD = b"""# One
Intro of one,
two lines.

## Models
| Model | Dim |
|---|---|
| a | 768 |
| b | 1024 |

```python
# not a heading

x = 1
```
Other
-----
Last words
"""


def split(name: str, body: bytes) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(p.text, p.position, p.names) for p in passages(name, body)]


def test_markdown_gives_headings_paragraphs_rows_and_code() -> None:
    table = "| Model | Dim |\n|---|---|\n| a | 768 |\n| b | 1024 |"
    assert split("README.md", CARD) == [
        ("One", "L1", ("One",)),
        ("Intro of one,\ntwo lines.", "L2-L3", ("One",)),
        ("Models", "L5", ("One", "Models")),
        (table, "L6-L9", ("One", "Models")),
        ("| Model | Dim |\n| a | 768 |", "L8", ("One", "Models")),
        ("| Model | Dim |\n| b | 1024 |", "L9", ("One", "Models")),
        ("```python\n# not a heading\n\nx = 1\n```", "L11-L15", ("One", "Models")),
        ("Other", "L16", ("One", "Other")),
        ("Last words", "L18", ("One", "Other")),
    ]


def test_python_gives_statements_and_methods_by_name() -> None:
    code = b"A = Meta(\n    size=3,\n)\n\nclass B:\n    def pool(self):\n        return 1\n"
    found = split("x.py", code)
    assert ("A = Meta(\n    size=3,\n)", "L1-L3", ("A",)) in found
    assert ("    def pool(self):\n        return 1", "L6-L7", ("B", "pool")) in found
    assert split("x.py", b"print 'old'\n") == [("print 'old'", "L1", ())]


def test_values_of_two_entries_of_a_table_do_not_stand_together() -> None:
    rows = [f"    (\n        'model-{n}',\n        MEAN,\n    )," for n in range(4)]
    found = split("x.py", "\n".join(["TABLE = make([", *rows, "])"]).encode())
    assert ("    (\n        'model-1',\n        MEAN,\n    ),", "L6-L9", ("TABLE",)) in found
    assert [text for text, _, names in found if names == ("TABLE",) and "model-2" in text] == [
        "    (\n        'model-2',\n        MEAN,\n    ),"
    ]
    keyed = b"A = {\n" + b"".join(b"    'k%d': f(\n        1),\n" % n for n in range(4)) + b"}\n"
    assert ("    'k1': f(\n        1),", "L4-L5", ("A",)) in split("x.py", keyed)


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("a.json", b'{"pooling": true}', [('{"pooling": true}', "L1", ("pooling",))]),
        ("a.jsonl", b'{"a": 1}\n\n{"b": 2}\n', [('{"a": 1}', "L1", ()), ('{"b": 2}', "L3", ())]),
        ("LICENSE", b"MIT License\n", [("MIT License", "L1", ())]),
        ("a.sh", b"run --x 1\n", [("run --x 1", "L1", ()), ("run --x 1\n", "L1", ())]),
    ],
)  # fmt: skip
def test_other_files_are_split_by_their_suffix(
    name: str, body: bytes, expected: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    assert split(name, body) == expected


def test_yaml_is_split_by_its_top_level_keys() -> None:
    found = split("a.yaml", b"model:\n  pooling: avg\ntrain: 1\n")
    assert ("model:\n  pooling: avg", "L1-L2", ("model",)) in found


def test_web_pages_give_text_under_headings_without_chrome() -> None:
    page = (
        b"<!doctype html><html><head><style>p{}</style></head><body><nav>Menu</nav>"
        b"<h1>Paper</h1><h2>3.1 Pooling</h2><p>We use the <b>last</b> token.</p>"
        b"<table><tr><td>a</td><td>1</td></tr></table><script>x</script>"
    )
    assert split("https://example.org/", page) == [
        ("Paper", "", ("Paper",)),
        ("3.1 Pooling", "", ("Paper", "3.1 Pooling")),
        ("We use the last token.", "", ("Paper", "3.1 Pooling")),
        ("a 1", "", ("Paper", "3.1 Pooling")),
    ]


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b" \n", "the source is empty"),
        (b"a\0b", "the source is binary"),
    ],
)
def test_what_cannot_be_split_says_why(body: bytes, cause: str) -> None:
    with pytest.raises(UnreadableSourceError, match=cause):
        passages("README.md", body)


@given(st.text(max_size=300), st.sampled_from(["a.md", "a.py", "a.json", "a.yaml", "a.html", "a"]))
def test_any_text_is_split_or_refused(text: str, name: str) -> None:
    try:
        found = passages(name, text.encode())
    except UnreadableSourceError:
        return
    assert all(isinstance(one, Passage) for one in found)
