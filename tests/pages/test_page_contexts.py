"""Templates match their contexts, and site words match across languages."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from jinja2 import UndefinedError, meta

from tests.support.fake_catalog import FakeCatalog
from tracker.common.paths import resource
from tracker.pages.build.render import Renderer, environment
from tracker.pages.contexts import TEMPLATES
from tracker.pages.language.filters import FILTERS
from tracker.pages.language.links import LINKS
from tracker.pages.language.texts import LANGUAGES, load_texts
from tracker.pages.language.words import Words
from tracker.pages.sitemap import REFERENCE
from tracker.pages.views.boards import glossary_page
from tracker.pages.views.facts import fact_items
from tracker.pages.views.notes import NOTES

FOLDER = resource("templates")
WRITTEN_BY_PYTHON = {"page", "frame", "publishers"}  # the last one names feeds
CODE = "\n".join(path.read_text("utf-8") for path in Path("tracker/pages").rglob("*.py"))
MARKUP = "\n".join(path.read_text("utf-8") for path in FOLDER.glob("*.html"))


def names_used(template: str) -> set[str]:
    """Return the names a template and its includes take from the context."""
    jinja = environment(load_texts("en"))
    source = (FOLDER / template).read_text("utf-8")
    tree = jinja.parse(source)
    used = meta.find_undeclared_variables(tree)
    for part in meta.find_referenced_templates(tree):
        if part and part != "_macros.html":
            given = set(re.findall(r"(\w+) = ", re.findall(r"{% with (.+?) %}", source)[0]))
            used |= names_used(part) - given
    return used


@pytest.mark.parametrize("kind", TEMPLATES, ids=lambda kind: kind.__name__)
def test_a_template_uses_exactly_the_fields_of_its_context(kind: type) -> None:
    declared = {field.name for field in fields(kind)}
    assert names_used(TEMPLATES[kind]) - {"frame"} == declared - WRITTEN_BY_PYTHON


def test_every_template_is_a_page_or_a_part() -> None:
    pages = {path.name for path in FOLDER.glob("*.html") if not path.name.startswith("_")}
    parts = {path.name for path in FOLDER.glob("_*.html")}
    assert pages == set(TEMPLATES.values())
    assert all(f'"{part}"' in MARKUP for part in parts)


def test_a_template_is_named_after_its_context() -> None:
    for kind, template in TEMPLATES.items():
        words = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__.removesuffix("Page")).lower()
        assert template == f"{words}.html"


def test_every_context_has_a_docstring() -> None:
    assert all(kind.__doc__ and kind.__doc__.endswith(".") for kind in TEMPLATES)


def test_a_name_that_is_not_in_the_context_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "glossary.html").write_text(
        "{% block lead %}{{ surprise }}{% endblock %}{% block body %}{% endblock %}"
    )
    with pytest.raises(UndefinedError, match="surprise"):
        Renderer("en", tmp_path).render(glossary_page(()))


def test_every_filter_is_used() -> None:
    assert {
        name
        for name in FILTERS | LINKS | Words(load_texts("en")).filters
        if not re.search(rf"\|{name}\b", MARKUP)
    } == set()


def test_both_languages_have_the_same_words() -> None:
    english, chinese = (load_texts(language) for language in LANGUAGES)
    assert english.names == chinese.names
    for key in english.names:
        places = [set(re.findall(r"{(\w+)}", texts.plain(key))) for texts in (english, chinese)]
        assert places[0] == places[1], key


def test_chinese_words_are_chinese() -> None:
    texts = load_texts("zh")
    names = {"home.title", "home.heading", "word.comma", "word.colon", "model.rank_of"}
    names |= {"llms.python", "llms.board", "fact.qualifier"}
    assert [
        k for k in texts.names - names if not re.search(r"[\u4e00-\u9fff]", texts.plain(k))
    ] == []


def test_used_site_words_and_defined_ones_are_the_same() -> None:
    plain = set(re.findall(r'"([a-z_]+\.[A-Za-z_ -]+)"\|t\b', MARKUP))
    plain |= set(re.findall(r'"((?:word|feed)\.[a-z_]+|[a-z_]+\.about)"', CODE))
    plain |= set(re.findall(r"""plain\(["'](llms\.[a-z_]+)["']""", CODE))
    plain |= {f"llms.{name}" for name in REFERENCE}
    titled = set(re.findall(r'page\((?:path|"[a-z/-]*"), "([a-z_]+)"', CODE))
    titled |= {*NOTES, *(f"{note}_day" for note in NOTES)}
    plain |= {f"{note}.{part}" for note in NOTES for part in ("heading", "standfirst")}
    plain |= {f"{note}_day.heading" for note in NOTES}
    plain |= {f"{key}.{part}" for key in titled for part in ("title", "about")}
    groups = re.findall(r'\("([a-z_]+)\." ~|\|term\("([a-z_]+)"\)', MARKUP)
    prefixes = tuple(f"{first or second}." for first, second in groups)
    known = load_texts("en").names
    assert plain - known == set()
    assert {key for key in known - plain if not key.startswith(prefixes)} == set()


def test_words_in_attributes_hold_no_markup() -> None:
    for language in LANGUAGES:
        texts = load_texts(language)
        for key in texts.names:
            if key.startswith(("colhelp.", "word.", "board.copies_of")):
                assert not set('<>"&') & set(texts.plain(key)), key


def test_facts_that_differ_only_in_value_are_one_item(fake: FakeCatalog) -> None:
    facts = next(fake.all_models()).facts
    assert [len(line.values) for line in fact_items((*facts, *facts))] == [1, 1, 0, 2, 1, 1, 0]
