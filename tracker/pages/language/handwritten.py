"""The pages that people wrote, in the language of a site."""

from __future__ import annotations

from pathlib import Path

from tracker.pages.build.files import write_file
from tracker.pages.language.texts import load_texts

NOT_PUBLISHED = {"assets/screenshot.png"}
"""Files of ``site/docs`` that are for the README only."""


def copy_handwritten(source: Path, target: Path, language: str) -> None:
    """The hand-written pages of one language: ``x.zh.md`` is the Chinese twin of ``x.md``."""
    for path in sorted(source.rglob("*")):
        relative = path.relative_to(source)
        twin = path.name.endswith(".zh.md")
        if not path.is_file() or twin or relative.as_posix() in NOT_PUBLISHED:
            continue
        if path.suffix == ".md" and language != "en":
            own = path.with_name(f"{path.stem}.{language}.md")
            text = own.read_text("utf-8") if own.is_file() else _english_only(path, language)
            write_file(target / relative, text.encode("utf-8"))
        else:
            write_file(target / relative, path.read_bytes())


def _english_only(path: Path, language: str) -> str:
    """An English page that says, under its heading, that it has no translation."""
    note = f'\n<p class="et-quiet">{load_texts(language)("word.english_only")}</p>\n'
    lines = path.read_text("utf-8").splitlines(keepends=True)
    heading = next((at for at, line in enumerate(lines) if line.startswith("# ")), -1)
    return "".join([*lines[: heading + 1], note, *lines[heading + 1 :]])
