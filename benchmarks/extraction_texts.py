"""Copy the texts of the extraction benchmark from clones of public repositories.

``python -m benchmarks.extraction_texts CLONES TEXTS`` reads the files in ``extraction_texts.yaml``
from ``CLONES/<owner>/<name>`` (bare or not) and writes ``TEXTS/<org>__<name>/``. Files that a
clone lacks are reported and left out.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

LIST = Path(__file__).with_name("extraction_texts.yaml")
_PAGE = re.compile(r"^# \[PAGE \d+\]\n.*\n|^\[FIGURE .*\]\n|^\d{1,2}\n", re.MULTILINE)
_NUMBERED = re.compile(r"^((?:\d|[A-Z])\.(?:\d\.)*) ([A-Z][^.\n]{2,60})$", re.MULTILINE)


def read_list() -> dict[str, Any]:
    """Read the list of models and the paths of their texts."""
    return dict(yaml.safe_load(LIST.read_text(encoding="utf-8")))


def models(part: str) -> tuple[str, ...]:
    """Return the models of ``development`` or ``held_out``."""
    return tuple(read_list()[part])


def sectioned(pages: str) -> str:
    """Convert the pages of a paper to Markdown: numbered titles become headings."""

    def heading(found: re.Match[str]) -> str:
        return f"\n{'#' * found[1].count('.')} {found[2]}\n"

    return _NUMBERED.sub(heading, _PAGE.sub("", pages))


def main() -> None:
    """Copy all texts."""
    if len(sys.argv) != 3:
        sys.exit("name two folders: python -m benchmarks.extraction_texts CLONES TEXTS")
    clones, texts = map(Path, sys.argv[1:])
    held = read_list()
    for model, files in {**held["development"], **held["held_out"]}.items():
        for name, place in files.items():
            key, _, path = place.partition(":")
            repository, _, commit = held["repositories"][key].partition("@")
            asked = ["git", "-C", str(clones / repository), "show", f"{commit}:{path}"]
            told = subprocess.run(asked, capture_output=True, check=False)
            if told.returncode:
                print(f"{model}: no {name} in {repository}")
                continue
            target = texts / model.replace("/", "__") / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if name.endswith(".txt"):
                pages = told.stdout.decode("utf-8", errors="replace")
                target.with_suffix(".md").write_text(sectioned(pages), encoding="utf-8")
            else:
                target.write_bytes(told.stdout)


if __name__ == "__main__":
    main()
