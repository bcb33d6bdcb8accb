"""Chinese names of values that sources and curated facts give in English."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml

from tracker.answers.common import Bilingual
from tracker.common.yaml_loader import SAFE_LOADER
from tracker.pages.language.filters import CACHE_SIZE

_FILE = Path(__file__).resolve().parents[1] / "text" / "values.zh.yaml"
_WRITTEN = re.compile(r"(?P<language>.+) \((?P<script>\w+)\)")

PROPERTY_KINDS = {
    "licence": "licence",
    "languages": "language",
    "modalities": "modality",
    "model_type": "model_type",
}
"""The kind of value that a property of a model holds, if it has names."""


@lru_cache(maxsize=1)
def chinese_names() -> dict[str, dict[str, str]]:
    """Load the Chinese names by kind of value, then by English value."""
    names: dict[str, dict[str, str]] = yaml.load(_FILE.read_text("utf-8"), SAFE_LOADER)  # noqa: S506
    return names


@lru_cache(maxsize=CACHE_SIZE)
def value_name(kind: str, value: str) -> Bilingual:
    """Return a value in both languages; one without a Chinese name stays as it is.

    Args:
        kind: A group of ``values.zh.yaml``, such as ``licence``.
        value: The value as a source or a curated fact gives it.
    """
    chinese = chinese_names()[kind].get(value)
    if chinese is None and kind == "language":
        chinese = _language_in_script(value)
    return Bilingual(value, chinese or value)


def _language_in_script(value: str) -> str | None:
    """Return the Chinese name of a language with its script, such as ``Hindi (Latin)``."""
    written = _WRITTEN.fullmatch(value)
    if written is None:
        return None
    language = chinese_names()["language"].get(written["language"])
    script = chinese_names()["script"].get(written["script"])
    if language is None or script is None:
        return None
    return f"{language}（{script}）" if script else language
