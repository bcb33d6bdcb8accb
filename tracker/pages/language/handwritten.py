"""Copy the hand-written pages of one language for MkDocs."""

from __future__ import annotations

from pathlib import Path

from tracker.pages.build.files import write_file
from tracker.pages.language.texts import load_texts

NOT_PUBLISHED = {"assets/screenshot.png"}
"""Files of ``site/docs`` that only the README uses."""


def copy_handwritten(source: Path, target: Path, language: str) -> None:
    """Copy pages and assets from ``source`` to ``target``.

    ``x.zh.md`` is the Chinese version of ``x.md``. A page without a translation is copied in
    English with a note that says so.
    """
    for path in sorted(source.rglob("*")):
        relative = path.relative_to(source)
        translation = path.name.endswith(".zh.md")
        if not path.is_file() or translation or relative.as_posix() in NOT_PUBLISHED:
            continue
        if path.suffix == ".md" and language != "en":
            translated = path.with_name(f"{path.stem}.{language}.md")
            has_own = translated.is_file()
            text = translated.read_text("utf-8") if has_own else _english_only(path, language)
            write_file(target / relative, text.encode("utf-8"))
        else:
            write_file(target / relative, path.read_bytes())


def _english_only(path: Path, language: str) -> str:
    """Return an English page with a note under its heading that it has no translation."""
    note = f'\n<p class="et-quiet">{load_texts(language)("word.english_only")}</p>\n'
    lines = path.read_text("utf-8").splitlines(keepends=True)
    heading = next((number for number, line in enumerate(lines) if line.startswith("# ")), -1)
    return "".join([*lines[: heading + 1], note, *lines[heading + 1 :]])
