"""``site/docs/architecture.md`` is held to the code: layers, duties, and the places it names."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from lxml import etree

from tests.test_architecture import LAYERS
from tracker.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "site" / "docs"
PAGE = (DOCS / "architecture.md").read_text("utf-8")
CHINESE = (DOCS / "architecture.zh.md").read_text("utf-8")
PLACE = re.compile(r"`((?:tracker|templates)/[\w./]+)(?:::(\w+))?`")
ENTRY_POINTS = {"__init__", "__main__"}


def test_the_picture_has_the_layers_of_the_import_test() -> None:
    tree = etree.parse(DOCS / "assets" / "architecture.svg")
    rows: dict[float, set[str]] = {}
    for part in tree.iterfind(".//{*}g[@data-part]"):
        rect, label = part.find("{*}rect"), part.find("{*}text")
        assert rect is not None and label is not None
        assert label.text == part.get("data-part")
        rows.setdefault(float(rect.get("y", "nan")), set()).add(part.get("data-part", ""))
    drawn = [rows[y] for y in sorted(rows, reverse=True)]
    assert drawn == [layer - ENTRY_POINTS for layer in LAYERS if layer - ENTRY_POINTS]


@pytest.mark.parametrize("page", [PAGE, CHINESE], ids=["en", "zh"])
def test_every_package_has_a_duty(page: str) -> None:
    described = set(re.findall(r"^\| `(\w+)` \|", page, flags=re.MULTILINE))
    assert described == set().union(*LAYERS) - ENTRY_POINTS


def defined_names(path: Path) -> set[str]:
    """Classes, functions and variables at the top of a module, or macros of a template."""
    text = path.read_text("utf-8")
    if path.suffix == ".html":
        return set(re.findall(r"{% macro (\w+)\(", text))
    names: set[str] = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def test_every_named_place_exists() -> None:
    places = PLACE.findall(PAGE)
    missing = {
        f"{path}::{name}"
        for path, name in places
        if not (ROOT / path).exists() or (name and name not in defined_names(ROOT / path))
    }
    assert places
    assert missing == set()


def test_both_languages_name_the_same_places_in_the_same_order() -> None:
    assert PLACE.findall(CHINESE) == PLACE.findall(PAGE)


@pytest.mark.parametrize(("title", "most"), [("one score", 14), ("one fact", 11)])
def test_a_way_through_the_code_stays_short(title: str, most: int) -> None:
    (section,) = (part for part in PAGE.split("\n## ") if part.startswith(f"The way of {title}"))
    steps = re.findall(r"^\| (\d+) \|", section, flags=re.MULTILINE)
    assert steps == [str(number) for number in range(1, len(steps) + 1)]
    assert len(steps) <= most


def test_each_command_is_defined_in_the_module_that_is_named_for_it() -> None:
    defined = {
        name: getattr(import_module(f"tracker.cli.{module}"), name).__module__
        for name, module in COMMANDS.items()
    }
    assert defined == {name: f"tracker.cli.{module}" for name, module in COMMANDS.items()}


def test_contributing_names_places_that_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    places = re.findall(r"`((?:tracker|tests|templates|site|db)/[\w./-]+\w)`", text)
    assert places
    assert [place for place in places if not (ROOT / place).exists()] == []
