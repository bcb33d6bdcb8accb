"""Chinese names of values that sources and curated files give in English."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import yaml

from tests.support.fake_catalog import FakeCatalog
from tracker.answers.boards import Bilingual
from tracker.common.paths import resource
from tracker.common.yaml_loader import SAFE_LOADER
from tracker.insights.models.metadata import _FROM_API
from tracker.pages.language.texts import LANGUAGES, load_texts
from tracker.pages.language.values import chinese_names, value_name
from tracker.pages.language.words import Words
from tracker.pages.views.board_filters import method_choices
from tracker.sources import SOURCES

CHINESE = re.compile(r"[\u4e00-\u9fff]")
CURATED = resource("db/curated")
SENTENCE_LIKE = re.compile(r"\b(?:a|and|by|data|encoder|from|in|of|on|own|than|the|with)\b|, ")
"""Words of English prose; a value without them is a name."""


def curated_facts() -> list[dict[str, Any]]:
    return [
        fact
        for path in sorted((CURATED / "models").glob("*.yaml"))
        for fact in yaml.load(path.read_text("utf-8"), Loader=SAFE_LOADER)["facts"]
    ]


@pytest.mark.parametrize(
    ("kind", "value", "chinese"),
    [
        ("language", "English", "英语"),
        ("language", "Hindi (Latin)", "印地语（拉丁字母）"),
        ("language", "python-Code (Code)", "Python 代码"),
        ("language", "Klingon", "Klingon"),
        ("language", "Klingon (Latin)", "Klingon (Latin)"),
        ("licence", "not specified", "未注明"),
        ("licence", "apache-2.0", "apache-2.0"),
        ("modality", "text", "文本"),
    ],
)
def test_a_value_has_its_chinese_name_or_stays(kind: str, value: str, chinese: str) -> None:
    assert value_name(kind, value) == Bilingual(value, chinese)


def test_every_name_is_chinese_or_a_proper_name() -> None:
    same = {"Han", "Code"}
    offenders = {
        value: name
        for kind, names in chinese_names().items()
        for value, name in names.items()
        if not CHINESE.search(name) and value not in same
    }
    assert offenders == {}


def test_curated_prose_has_a_chinese_name() -> None:
    known = chinese_names()
    facts = curated_facts()
    values = {str(fact["value"]) for fact in facts}
    prose = {value for value in values if " " in value and SENTENCE_LIKE.search(value)}
    qualifiers = {fact["qualifier"] for fact in facts if " " in fact.get("qualifier", "")}
    missing = prose - known["value"].keys() - known["licence"].keys()
    missing |= qualifiers - known["qualifier"].keys()
    assert missing == set(), "add Chinese names to tracker/pages/text/values.zh.yaml"


def test_sources_and_metadata_properties_have_words() -> None:
    for language in LANGUAGES:
        names = load_texts(language).names
        assert {f"sourcename.{source}" for source in SOURCES} <= names
        assert {f"property.{name}" for name, _ in _FROM_API.values()} <= names


def test_a_list_of_languages_is_written_in_the_language_of_its_page() -> None:
    texts = [Words(load_texts(language)).value for language in LANGUAGES]
    shown = [re.sub("</?bdi>", "", value(["English", "Chinese"], "languages")) for value in texts]
    assert shown == ["English, Chinese", "英语、中文"]


def test_languages_are_filtered_by_name_or_code(fake: FakeCatalog) -> None:
    model = next(iter(fake.all_models()))

    def choices(*languages: str) -> set[str]:
        entry = next(one for one in model.metadata if one.property == "languages")
        changed = replace(model, metadata=(replace(entry, value=list(languages)),))
        (facets,) = method_choices([changed]).values()
        return {value for value, _ in dict(facets)["language"]}

    assert choices("English") == choices("eng-Latn") == {"english"}
    assert choices("Mandarin Chinese", "en") == {"chinese", "english", "several"}
    assert choices("Danish") == {"other"}
    assert choices() == {"unknown"}
