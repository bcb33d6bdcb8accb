"""Authors: persons in either order, particles, suffixes, groups, incomplete lists."""

from __future__ import annotations

import pytest

from tracker.common.author_names import AuthorName, read_authors


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Lovelace", [AuthorName("Lovelace", "Ada")]),
        ("Aaron van den Oord", [AuthorName("Oord", "Aaron", "van den")]),
        ("van den Oord, Aaron", [AuthorName("Oord", "Aaron", "van den")]),
        ("Benjamin Van Durme", [AuthorName("Van Durme", "Benjamin")]),
        ("Raz Goldfarb, Adi", [AuthorName("Raz Goldfarb", "Adi")]),
        ("John Smith Jr.", [AuthorName("Smith", "John", "", "Jr.")]),
        ("Smith, Jr., John", [AuthorName("Smith", "John", "", "Jr.")]),
        ("Xinlei Chen*", [AuthorName("Chen", "Xinlei")]),
        ("Bo Ai", [AuthorName("Ai", "Bo")]),
        ("Gemini Embedding Team", [AuthorName("Gemini Embedding Team", is_group=True)]),
        ("Qwen Team, Alibaba", [AuthorName("Qwen Team, Alibaba", is_group=True)]),
        ("Liquid AI", [AuthorName("Liquid AI", is_group=True)]),
        ("Mausam", [AuthorName("Mausam", is_group=True)]),
        ("{Barnes and Noble}", [AuthorName("Barnes and Noble", is_group=True)]),
        ("Institute for Law and Order", [AuthorName("Institute for Law and Order", is_group=True)]),
        (
            "Jianlyu Chen and the M3 Team",
            [AuthorName("Chen", "Jianlyu"), AuthorName("the M3 Team", is_group=True)],
        ),
        (
            "Livingstone, Steven R. AND Russo, Frank A.",
            [AuthorName("Livingstone", "Steven R."), AuthorName("Russo", "Frank A.")],
        ),
        (
            "{Ada Lovelace and Alan Turing}",
            [AuthorName("Lovelace", "Ada"), AuthorName("Turing", "Alan")],
        ),
        (
            "Phil Culliton, Wei Chen, Bo Ai",
            [AuthorName("Culliton", "Phil"), AuthorName("Chen", "Wei"), AuthorName("Ai", "Bo")],
        ),
        (" ", []),
    ],
)  # fmt: skip
def test_a_name_is_taken_apart(text: str, names: list[AuthorName]) -> None:
    found, complete = read_authors([text])
    assert (list(found), complete) == (names, True)
    assert read_authors(name.stored for name in found) == (found, True)


@pytest.mark.parametrize("ending", [["others"], ["et al."], ["and others"]])
def test_an_incomplete_list_is_known_as_one(ending: list[str]) -> None:
    assert read_authors(["Alan Turing", "Ada Lovelace", *ending]) == (
        (AuthorName("Turing", "Alan"), AuthorName("Lovelace", "Ada")),
        False,
    )


def test_a_name_is_shown_as_people_write_it() -> None:
    names, _ = read_authors(["van den Oord, Aaron", "{Gemini Team}", "Smith, Jr., John"])
    assert [str(name) for name in names] == ["Aaron van den Oord", "Gemini Team", "John Smith Jr."]
