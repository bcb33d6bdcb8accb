"""Files written from the code itself: pages of the reference, man page, names of languages.

``python -m tracker.cli.reference`` writes them; with ``--check`` it only says whether they are
fresh, which is what the checks run; with ``--examples`` it first takes the example rows of frames
from the present home.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from tracker.answers.meanings import field_meaning
from tracker.cli.command_tree import command_tree
from tracker.cli.manual import PATH, manual
from tracker.common.languages import NAMES
from tracker.common.paths import CHECKOUT, is_checkout
from tracker.settings import Settings

_MADE = "<!-- Written by `make docs` from the code; do not edit. -->"


def _cli() -> str:
    lines = [
        "# Command line",
        _MADE,
        "Results go to stdout, talk to stderr. Exit codes: 0 done, 1 the thing asked for is not"
        " there or a source failed, 2 wrong usage.",
    ]
    for command in command_tree():
        lines += [f"## {command.path}", command.about, f"```text\n{command.usage}\n```"]
        rows = [f"| `{names}` | {about} |" for names, about in command.parameters]
        if rows:
            lines.append("\n".join(["| argument or option | meaning |", "| --- | --- |", *rows]))
    return "\n\n".join(lines) + "\n"


def _language_names() -> str:
    """Names of languages in Unicode CLDR, of which the tracker needs two locales."""
    from babel import Locale

    names = {
        "source": "Unicode CLDR, copyright Unicode, Inc., Unicode License v3,"
        " https://www.unicode.org/license.txt",
        **{code: dict(sorted(Locale(code).languages.items())) for code in ("en", "zh")},
    }
    return json.dumps(names, ensure_ascii=False, indent=0) + "\n"


def _schema() -> str:
    from tracker.catalog.ids import table_of
    from tracker.catalog.tables import TABLES

    lines = [
        "# Schema of the catalog",
        _MADE,
        "Moments are UTC text `YYYY-MM-DDTHH:MM:SSZ`. A row with `valid_from` and `valid_to` is an"
        " interval: true from the first snapshot that shows it to the first one that does not.",
    ]
    for model in TABLES:
        table = table_of(model)
        lines.append(f"## {table.name}")
        lines.append(inspect.cleandoc(model.__doc__ or "").splitlines()[0])
        rows = ["| column | type | null | meaning |", "| --- | --- | --- | --- |"]
        for column in table.columns:
            targets = sorted(str(key.column) for key in column.foreign_keys)
            keys = "".join(f" → `{target}`" for target in targets)
            kind = str(column.type).lower()
            null = "yes" if column.nullable else ""
            rows.append(f"| `{column.name}` | {kind} | {null} | {column.comment}{keys} |")
        lines.append("\n".join(rows))
    return "\n\n".join(lines) + "\n"


def _settings() -> str:
    lines = [
        "# Settings",
        _MADE,
        "Each is an environment variable, or a key (the part after `TRACKER_`, in lower case) in"
        " `tracker.toml` in the home folder; the environment wins.",
    ]
    rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
    computed = {
        "home": "the checkout, or the user's data folder",
        "curated": "the curated files that ship with the tracker",
    }
    for name, field in Settings.model_fields.items():
        default = computed.get(name, field.default)
        shown = ", ".join(default) if isinstance(default, tuple) else default
        text = "" if shown is None else f"{shown}"
        rows.append(f"| `TRACKER_{name.upper()}` | {text} | {field.description} |")
    lines.append("\n".join(rows))
    return "\n\n".join(lines) + "\n"


_KEEPS_HISTORY = {
    True: "a later fetch brings them",
    False: "cannot be filled: the source has only its present state",
}


def _sources() -> str:
    from tracker.sources import SOURCES, header

    lines = ["# Sources", _MADE]
    for source in SOURCES:
        about = header(source)
        lines.append(f"## {source}")
        lines.append(
            f"{about.title}.\n\n| | |\n| --- | --- |\n| home | <{about.home}> |\n"
            f"| licence | {about.licence} |\n| politeness | {about.politeness} |\n"
            f"| worth asking every | {about.refresh_hours} hours |\n"
            f"| days without a fetch | {_KEEPS_HISTORY[about.keeps_history]} |"
        )
    return "\n\n".join(lines) + "\n"


_PANDAS = """With the extra `pandas` every frame becomes one of pandas; lists and objects stay
Python objects:

```python
frame = catalog.leaderboard("c-mteb").unnest("task_types").to_pandas()
frame.set_index("model")["mean_task"]
frame["since"].dt.year     # datetime64[ms, UTC]
```"""


def _python() -> str:
    from tracker.api import Catalog, open_catalog
    from tracker.cli.frame_reference import frame_sections
    from tracker.insights.boards.query import BoardQuery, ChoiceQuery

    lines = [
        "# Python",
        _MADE,
        "```python\nimport tracker\n\ncatalog = tracker.open()\n"
        'frame = catalog.leaderboard("c-mteb", as_of="2024-10-22")    # a polars frame\n'
        "frame.to_pandas()   # needs: pip install 'embedding-tracker[pandas]'\n"
        'catalog.board("c-mteb", as_of="2024-10-22").rows[0].copies   # typed objects\n```',
        "A method with the name of a command gives a polars frame. The objects behind it come from"
        " the same name with `_list`; one thing (`board`, `model`, `paper`, `dataset`, `why` …) is"
        " one object. All types, `BoardQuery`, `ChoiceQuery` and the errors can be imported from"
        " `tracker`. [Why](../decisions/0013-frames-and-typed-answers.md).",
        "## Dates",
        "Every date, here and in the command line, is one of these.",
        _dates(),
        "## tracker.open",
        _docstring(open_catalog),
        "## BoardQuery",
        _docstring(BoardQuery),
        _field_table(BoardQuery),
        "## ChoiceQuery",
        _docstring(ChoiceQuery),
        _field_table(ChoiceQuery),
        "## Catalog",
        _docstring(Catalog),
        *_members(Catalog),
        "## Frames",
        "Columns by method, with what gives such a frame and one of its rows. Columns and types"
        " are the same whatever rows were asked for. Days are `Date`, moments `Datetime` in UTC;"
        " JSON and CSV write them as `YYYY-MM-DD` and `YYYY-MM-DDTHH:MM:SSZ`, and typed objects"
        " hold them so. Days of papers and evidence stay text, as many are known by their month"
        " only. A missing value is null. Where a row is one part of an answer, values of the whole"
        " answer repeat.",
        _PANDAS,
        *frame_sections(),
    ]
    return "\n\n".join(lines) + "\n"


def _dates() -> str:
    """The documentation of what may be passed as a date."""
    from tracker.common import times

    statements = ast.parse(inspect.getsource(times)).body
    for statement, following in pairwise(statements):
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "When":
            assert isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
            return inspect.cleandoc(str(following.value.value)).replace("``", "`")
    raise AssertionError("tracker.common.times documents no When")


def _members(kind: type) -> Iterator[str]:
    """Headings, signatures and docstrings of a class and its bases, in their order."""
    members = {
        name: member
        for base in reversed(kind.__mro__)
        if base.__module__.startswith("tracker.")
        for name, member in vars(base).items()
    }
    for name, member in members.items():
        function: Any = member.fget if isinstance(member, property) else member
        if name.startswith("_") or not inspect.isfunction(function):
            continue
        yield f"### {name}"
        if not isinstance(member, property):
            signature = str(inspect.signature(function)).replace("self, ", "")
            # Annotations are text; values of arguments are quoted as well and stay so.
            signature = re.sub(r"(: |-> )'([^']*)'", r"\1\2", signature).replace("(self)", "()")
            yield f"```python\n{name}{signature}\n```"
        yield _docstring(function)


def _field_table(kind: Any) -> str:
    """The fields of a dataclass with their types, defaults and docstrings, as Markdown."""
    rows = ["| field | type | default | meaning |", "| --- | --- | --- | --- |"]
    for field in dataclasses.fields(kind):
        # A bar ends a cell of a Markdown table, also in code.
        annotation = str(field.type).replace("|", "\\|")
        default = "" if field.default is dataclasses.MISSING else f"`{field.default!r}`"
        about = field_meaning(kind, field.name)
        rows.append(f"| `{field.name}` | `{annotation}` | {default} | {about} |")
    return "\n".join(rows)


def _docstring(thing: Any) -> str:
    """A docstring as Markdown: section heads in bold, their entries as lists."""
    out: list[str] = []
    for line in (inspect.getdoc(thing) or "").splitlines():
        text = line.strip()
        if text in ("Args:", "Returns:", "Raises:"):
            out += ["", f"**{text[:-1]}**", ""]
        elif line.startswith("    ") and not line.startswith("        ") and ": " in text:
            name, _, about = text.partition(": ")
            out.append(f"- `{name}`: {about}")
        elif line.startswith("        "):
            out[-1] += f" {text}"
        else:
            out.append(text.replace("``", "`"))
    return "\n".join(out).replace("``", "`").strip()


_FOLDER = "site/docs/reference"
WRITTEN: dict[str, Callable[[], str]] = {
    f"{_FOLDER}/cli.md": _cli,
    f"{_FOLDER}/schema.md": _schema,
    f"{_FOLDER}/settings.md": _settings,
    f"{_FOLDER}/sources.md": _sources,
    f"{_FOLDER}/python.md": _python,
    PATH.relative_to(CHECKOUT).as_posix(): manual,
    NAMES.relative_to(CHECKOUT).as_posix(): _language_names,
}
"""Functions that return the text of each written file, by its path in the checkout."""


def stale(checkout: Path) -> list[str]:
    """Paths of the files that differ from what the code says now."""
    return [
        path
        for path, make in WRITTEN.items()
        if not (checkout / path).is_file()
        or (checkout / path).read_text(encoding="utf-8") != make()
    ]


def main(arguments: list[str]) -> int:
    """Write the files, or check them; returns the exit code."""
    if not is_checkout():
        sys.stderr.write("error: the reference is written in a checkout only\n")
        return 2
    if "--examples" in arguments:
        from tracker.api import open_catalog
        from tracker.cli.frame_reference import EXAMPLES, examples_of

        with open_catalog() as catalog:
            EXAMPLES.write_bytes(examples_of(catalog))
    old = stale(CHECKOUT)
    if "--check" in arguments:
        for path in old:
            sys.stderr.write(f"error: {path} is stale; run: make docs\n")
        return 1 if old else 0
    for path in old:
        (CHECKOUT / path).parent.mkdir(parents=True, exist_ok=True)
        (CHECKOUT / path).write_text(WRITTEN[path](), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
