"""Names and codes of languages, as people write them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from tracker.common.text import did_you_mean
from tracker.errors import UsageError

# ISO 639-1 codes, each with the ISO 639-3 code that task metadata uses.
_PAIRS = (
    "af-afr am-amh ar-ara as-asm az-aze be-bel bg-bul bn-ben bo-bod bs-bos ca-cat cs-ces cy-cym"
    " da-dan de-deu el-ell en-eng eo-epo es-spa et-est eu-eus fa-fas fi-fin fo-fao fr-fra gl-glg"
    " gu-guj ha-hau he-heb hi-hin hr-hrv hu-hun hy-hye id-ind ig-ibo is-isl it-ita ja-jpn jv-jav"
    " ka-kat kk-kaz km-khm kn-kan ko-kor ku-kur ky-kir la-lat lo-lao lt-lit lv-lav mg-mlg mi-mri"
    " mk-mkd ml-mal mn-mon mr-mar ms-msa mt-mlt my-mya nb-nob ne-nep nl-nld nn-nno no-nor or-ory"
    " pa-pan pl-pol ps-pus pt-por ro-ron ru-rus rw-kin sa-san sd-snd si-sin sk-slk sl-slv sn-sna"
    " so-som sq-sqi sr-srp sv-swe sw-swa ta-tam te-tel tg-tgk th-tha tk-tuk tl-tgl tr-tur tt-tat"
    " ug-uig uk-ukr ur-urd uz-uzb vi-vie xh-xho yi-yid yo-yor zh-zho zu-zul"
)
_TWO_LETTERS = dict(pair.split("-") for pair in _PAIRS.split())
_THREE_LETTERS = {long: short for short, long in _TWO_LETTERS.items()}
# Task metadata writes Chinese in three ways; the last one is a slip for the second.
_SAME = {"cmn": "zho", "cmo": "zho"}


NAMES = Path(__file__).with_name("language_names.json")
"""English and Chinese names by code, from Unicode CLDR; ``make docs`` writes them with Babel.

Babel itself takes 34 MB: the data of all locales.
"""


@cache
def _names(locale: str) -> dict[str, str]:
    names: dict[str, str] = json.loads(NAMES.read_text("utf-8"))[locale]
    return names


@cache
def plain_code(code: str) -> str:
    """The code of a language without its script: ``zho`` for ``cmn-Hans``."""
    plain = code.split("-")[0].lower()
    return _SAME.get(plain, plain)


@cache
def _codes() -> dict[str, str]:
    """ISO 639-3 code by code and by name in English and Chinese, in lower case."""
    codes = dict(_TWO_LETTERS)
    for locale in ("en", "zh"):
        for code, name in _names(locale).items():
            known = _TWO_LETTERS.get(code, code)
            if len(known) == 3:
                codes.setdefault(name.lower(), known)
                codes.setdefault(known, known)
    return codes | _SAME


@cache
def language_name(code: str, locale: str) -> str:
    """The name of a language in English or Chinese; an unknown code stays as it is.

    Args:
        code: Such as ``deu-Latn``; the script is named only where Chinese is traditional.
        locale: ``en`` or ``zh``.
    """
    plain = plain_code(code)
    names = _names(locale)
    short = _THREE_LETTERS.get(plain, plain)
    if short == "zh" and code.endswith("-Hant"):
        short = "zh_Hant"
    return names.get(short) or names.get(plain) or code


def known_language(written: str) -> str | None:
    """The ISO 639-3 code of a language by its code or name in any case; ``None`` if it has none.

    Chinese names end in 语 or 文: 法文 is 法语.
    """
    folded = written.strip().lower()
    codes = _codes()
    other = {"文": "语", "语": "文"}.get(folded[-1:], "")
    return codes.get(folded) or (codes.get(folded[:-1] + other) if other else None)


def language_code(written: str) -> str:
    """The ISO 639-3 code of a language.

    Args:
        written: An ISO 639-1 or 639-3 code, or its name in English or Chinese.

    Raises:
        UsageError: No language is called so; the nearest names are suggested.
    """
    found = known_language(written)
    if found is None:
        raise UsageError(
            f"no language {written!r}", remedy=did_you_mean(written.lower(), list(_codes()))
        )
    return found
