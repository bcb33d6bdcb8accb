"""Normalise written values: placeholders, licence names, Hub ids and counts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_NOTHING = frozenset(
    {
        "", "-", "~", "n/a", "na", "nan", "nil", "no", "none", "null", "tba", "tbd", "todo",
        "undefined", "unknown", "unspecified", "not specified", "not stated", "not applicable",
        "more information needed", "无", "未知", "暂无", "待定", "未说明",
    }
)  # fmt: skip
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_ONE_NAME = re.compile(r"[A-Za-z0-9][\w.+-]{1,95}", re.ASCII)
_FILE_NAME = re.compile(
    r"(?:checkpoint|step|epoch)s?[-_]?\d*|.*\.(?:bin|pt|ckpt|safetensors)", re.I
)
_FOLDERS = frozenset(
    {"checkpoint", "checkpoints", "ckpt", "data", "home", "mnt", "model", "models", "output",
     "outputs", "result", "results", "root", "runs", "tmp", "work", "workspace"}
)  # fmt: skip
"""Names of folders on the authors' machines, not of organisations."""
_LICENCES = (
    ("apache-2.0", r"apache(?:[ -]*(?:licen[cs]e)?,?[ -]*(?:version|v)?[ -]*2(?:\.0)?)?"),
    ("mit", r"mit"),
    ("bsd-3-clause", r"(?:new |modified )?bsd[ -]3(?:[ -]clause)?"),
    ("bsd-2-clause", r"(?:simplified )?bsd[ -]2(?:[ -]clause)?"),
    ("cc0-1.0", r"cc[ -]?0(?:[ -]1\.0)?"),
    ("gpl-3.0", r"(?:gnu )?gpl[ -]?(?:v|version )?3(?:\.0)?"),
    ("agpl-3.0", r"(?:gnu )?agpl[ -]?(?:v|version )?3(?:\.0)?"),
    ("lgpl-3.0", r"(?:gnu )?lgpl[ -]?(?:v|version )?3(?:\.0)?"),
    ("gemma", r"gemma(?: terms of use)?"),
)
_END = r"(?:[ -]*licen[cs]e)?"
_FULL_NAMES = tuple((slug, re.compile(name + _END, re.IGNORECASE)) for slug, name in _LICENCES)
_CREATIVE_COMMONS = re.compile(
    r"cc[ -]by((?:[ -](?:nc|sa|nd))*)[ -]?v?([1-4]\.0)" + _END, re.IGNORECASE
)
_COUNT = re.compile(r"([0-9][0-9,]{0,11})(?:\s?([KkMm])\b)?")


def is_nothing(value: str) -> bool:
    """Whether a value states nothing: empty, ``null``, ``none``, ``unknown`` or a placeholder."""
    return value.strip().strip("[]().:'\"").strip().casefold() in _NOTHING


def licence_name(value: str) -> str:
    """The Hub's identifier of a licence; its own words, in lower case, where there is none."""
    plain = " ".join(value.split())
    if found := _CREATIVE_COMMONS.fullmatch(plain):
        return f"cc-by{found[1].replace(' ', '-')}-{found[2]}".casefold()
    return next((slug for slug, name in _FULL_NAMES if name.fullmatch(plain)), plain.casefold())


def is_licence(value: str) -> bool:
    """Whether words are the name of a well-known licence."""
    plain = " ".join(value.split())
    return _CREATIVE_COMMONS.fullmatch(plain) is not None or any(
        name.fullmatch(plain) for _, name in _FULL_NAMES
    )


def hub_id(value: str, *, kind: str = "") -> str | None:
    """Id of a model or data set on the Hub; ``None`` for folders and whatever else.

    Args:
        value: Id, address on the Hub, or a name without organisation, which old models have.
        kind: First part of the address, such as ``datasets``.
    """
    plain = value.strip()
    if "://" in plain:
        host, path = urlsplit(plain)[1:3]
        if host not in ("huggingface.co", "hf.co"):
            return None
        parts = [part for part in path.split("/") if part]
        if kind and parts[:1] == [kind]:
            parts = parts[1:]
        plain = "/".join(parts[:2])
    if _FILE_NAME.fullmatch(plain.rpartition("/")[2]):
        return None
    if plain.partition("/")[0].casefold() in _FOLDERS and "/" in plain:
        return None
    if _HUB_ID.fullmatch(plain) or _ONE_NAME.fullmatch(plain):
        return None if is_nothing(plain) else plain
    return None


def count(value: str) -> int | None:
    """A whole number as people write it: ``8192``, ``8,192``, ``8K``, ``32k``; ``None`` if none."""
    found = _COUNT.match(value.strip())
    if found is None:
        return None
    number = int(found[1].replace(",", ""))
    unit = (found[2] or "").casefold()
    if not unit or not number:
        return number
    # Lengths are powers of two, so 8K means 8192; what 65K means is uncertain.
    if number & (number - 1) == 0:
        return number * {"k": 1024, "m": 1024 * 1024}[unit]
    return number * {"k": 1000, "m": 1_000_000}[unit] if number % 10 == 0 else None
