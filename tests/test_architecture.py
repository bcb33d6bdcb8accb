"""Import order, the parts that write files, and rules that every module keeps.

Each rule is one test that lists its offenders.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "tracker"
MODULES = sorted(p.relative_to(PACKAGE.parent) for p in PACKAGE.rglob("*.py"))
MAX_LINES, MAX_FUNCTION = 400, 60

# A part imports only from its own layer and from those above it in this list, which stand below
# it in the picture of site/docs/architecture.md.
LAYERS = [
    {"__init__"},
    {"common", "errors", "settings"},
    {"io", "git"},
    {"ranking"},
    {"sources"},
    {"snapshots"},
    {"receipts"},
    {"curated"},
    {"evidence"},
    {"catalog"},
    {"answers"},
    {"insights"},
    {"factcheck"},
    {"api"},
    {"pages", "exports"},
    {"update", "serving"},
    {"cli"},
    {"__main__"},
]
RANK = {part: number for number, layer in enumerate(LAYERS) for part in layer}
NETWORK = {
    "apprise",
    "openai",
    "requests",
    "urllib3",
    "arxiv",
    "http.client",
    "socket",
    "urllib.request",
}
DATABASE = {"sqlite3", "sqlalchemy", "sqlmodel", "alembic"}
WRITES = {
    "write_text", "write_bytes", "mkdir", "unlink", "rename", "rmtree", "copytree", "copyfile",
    "write_parquet", "write_csv", "write_json", "write_ndjson", "touch", "symlink_to", "rmdir",
}  # fmt: skip
SQL = ("select ", "insert into ", "update ", "delete from ", "create table ", "pragma ")
UNFINISHED = ("TODO", "FIXME", "XXX", "NotImplementedError")


def part_of(module: str) -> str:
    """``tracker.catalog.load`` belongs to the part ``catalog``."""
    return [*module.split("."), "__init__"][1]


def own_part(path: Path) -> str:
    return path.parts[1].removesuffix(".py")


def is_own(module: str) -> bool:
    return module.split(".")[0] == "tracker"


@cache
def text_of(path: Path) -> str:
    return (PACKAGE.parent / path).read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


@cache
def nodes_of(path: Path) -> list[ast.AST]:
    return list(ast.walk(tree_of(path)))


def functions_of(path: Path) -> Iterator[tuple[str, int]]:
    """Functions of a file with their numbers of lines."""
    for node in nodes_of(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Modules that a file imports, also inside functions, with the line."""
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                inside = PACKAGE.parent / Path(*whole.split("."))
                is_module = inside.is_dir() or inside.with_suffix(".py").is_file()
                yield (whole if is_module else str(node.module)), node.lineno


def called(path: Path) -> Iterator[tuple[str, int]]:
    """Names of the functions and methods that a file calls, with the line."""
    for node in nodes_of(path):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                yield function.attr, node.lineno
            elif isinstance(function, ast.Name):
                yield function.id, node.lineno


def test_every_part_of_the_package_has_a_layer() -> None:
    assert {own_part(path) for path in MODULES} == set(RANK)


def test_modules_import_only_from_layers_above_them() -> None:
    offenders = [
        f"{path}:{line}: {module}"
        for path in MODULES
        for module, line in imported(path)
        if is_own(module) and RANK[part_of(module)] > RANK[own_part(path)]
        # The package hands on the public names.
        if not (own_part(path) == "__init__" and part_of(module) in ("answers", "api", "errors"))
    ]
    assert offenders == []


def test_only_sources_reach_the_network() -> None:
    # The lock tells on which machine its holder runs; MkDocs, mteb, cron and systemd are programs
    # of their own.
    allowed = {
        "network": {"sources", "io"},
        "subprocess": {"git", "pages"},
        "tracker": {"sources", "io", "git"},
    }
    offenders = []
    for path in MODULES:
        part = own_part(path)
        for module, line in imported(path):
            place = f"{path}:{line}: {module}"
            if module == "tracker.io.http" or module.startswith("tracker.git.clone."):
                if part not in allowed["tracker"]:
                    offenders.append(place)
            elif module in NETWORK or module.split(".")[0] in NETWORK:
                # A server listens; it asks nobody.
                if part not in allowed["network"] and path.name != "running.py":
                    offenders.append(place)
            elif (
                module == "subprocess"
                and path.name not in ("benchmark_registry.py", "schedules.py")
                and part not in allowed["subprocess"]
            ):
                offenders.append(place)
    assert offenders == []


def _opened_for_writing(path: Path) -> Iterator[tuple[str, int]]:
    for node in nodes_of(path):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            modes = [str(a.value) for a in node.args if isinstance(a, ast.Constant)]
            if name == "open" and set(modes) & {"w", "wb", "a", "a+b"}:
                yield "open for writing", node.lineno


def test_only_six_parts_write_files() -> None:
    # A clone is the archive of a git source, so git and its source write there; a lock is a file.
    writers = {"snapshots", "catalog", "exports", "pages", "git", "io"}
    offenders = [
        f"{path}:{line}: {name}"
        for path in MODULES
        if own_part(path) not in writers and path.name not in ("published_boards.py",)
        for name, line in [*called(path), *_opened_for_writing(path)]
        if name in WRITES or name == "open for writing"
    ]
    # The generated reference pages are written by the command that makes them.
    assert [its for its in offenders if "cli/reference.py" not in its] == []


def test_only_the_catalog_holds_sql() -> None:
    offenders = []
    for path in MODULES:
        part = own_part(path)
        # The build cache is a database file of its own, with nothing of the catalog in it.
        if part == "catalog" or str(path) == "tracker/pages/build/cache.py":
            continue
        if part not in ("insights", "api", "exports"):
            offenders += [
                f"{path}:{line}: {module}"
                for module, line in imported(path)
                if module.split(".")[0] in DATABASE
            ]
        for node in nodes_of(path):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = " ".join(node.value.split()).lower()
                if words.startswith(SQL) and (" from " in words or " set " in words):
                    offenders.append(f"{path}:{node.lineno}: {words[:40]}")
        if part != "exports":
            names = {"execute", "exec_driver_sql", "scalars"}
            offenders += [f"{path}:{line}: {n}" for n, line in called(path) if n in names]
    assert offenders == []


def test_pages_and_command_line_read_through_the_api() -> None:
    closed = {
        "pages": {"catalog", "snapshots", "sources", "curated"},
        "cli": {"catalog", "snapshots"},
    }
    offenders = [
        f"{path}:{line}: {module}"
        for path in MODULES
        if own_part(path) in closed and path.name != "reference.py"
        for module, line in imported(path)
        if is_own(module) and part_of(module) in closed[own_part(path)]
    ]
    assert offenders == []


def test_every_module_is_documented_finished_and_short() -> None:
    offenders = [
        f"{path}: {reason}"
        for path in MODULES
        for reason, applies in (
            ("no docstring", not ast.get_docstring(tree_of(path))),
            (f"more than {MAX_LINES} lines", text_of(path).count("\n") > MAX_LINES),
            *((word, word in text_of(path)) for word in UNFINISHED),
            *((f"{name} has {n} lines", n > MAX_FUNCTION) for name, n in functions_of(path)),
        )
        if applies
    ]
    assert offenders == []


def statements_of(path: Path) -> Iterator[list[tuple[int, str]]]:
    """Numbered lines of each function's body, without docstring, imports, comments and brackets."""
    lines = text_of(path).splitlines()
    for node in nodes_of(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[ast.get_docstring(node) is not None :] or node.body
            numbers = range(body[0].lineno, (node.end_lineno or 0) + 1)
            found = [(number, lines[number - 1].strip()) for number in numbers]
            yield [
                (number, line)
                for number, line in found
                if re.search(r"\w", line) and not re.match(r"#|from |import ", line)
            ]


def test_no_two_functions_have_six_lines_alike() -> None:
    places: dict[tuple[str, ...], set[str]] = {}
    for path in MODULES:
        for lines in statements_of(path):
            for run in zip(*(lines[n:] for n in range(6)), strict=False):
                same = places.setdefault(tuple(line for _, line in run), set())
                same.add(f"{path}:{run[0][0]}")
    assert [sorted(found) for found in places.values() if len(found) > 1] == []


@pytest.mark.parametrize("name", ["tracker", "tracker.cli", "tracker.settings", "tracker.sources"])
def test_help_is_shown_without_the_heavy_libraries(name: str) -> None:
    heavy = {"polars", "sqlalchemy", "sqlmodel", "alembic", "requests", "jinja2", "mkdocs"}
    assert heavy & _modules_after(name) == set()


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("tracker.api", {"sqlmodel", "bs4", "alembic", "mkdocs", "numpy", "tracker.curated"}),
        ("tracker.pages.build.worker", {"sqlalchemy", "pydantic", "mkdocs", "tracker.api"}),
    ],
)
def test_readers_and_renderers_do_not_import_loaders(module: str, heavy: set[str]) -> None:
    assert heavy & _modules_after(module) == set()


@pytest.mark.parametrize(
    "question",
    ["board('mteb-english')", "history_list('mteb-english', 'Qwen/Qwen3-Embedding-8B')"],
)
@pytest.mark.usefixtures("seeded")
def test_readers_of_boards_do_not_import_what_computes(question: str) -> None:
    computing = {"numpy", "tracker.ranking.states", "tracker.insights.boards.recomputed"}
    others = {"tracker.answers.tasks", "tracker.answers.methods", "tracker.insights.search"}
    found = _modules_after("tracker", f"tracker.open().{question}")
    assert (computing | others) & found == set()


@pytest.mark.parametrize(
    "command",
    [
        "leaderboard mteb-english -f json",
        "leaderboard mteb-english --sort Retrieval",
        "history mteb-english Qwen/Qwen3-Embedding-8B",
        "leaders mteb-english -f markdown",
    ],
)
@pytest.mark.usefixtures("seeded")
def test_commands_print_stored_boards_without_polars(command: str) -> None:
    arguments = f"sys.argv[1:] = {command.split()!r}"
    at_end = "import atexit; atexit.register(lambda: print(*sys.modules))"
    found = _modules_after("tracker.cli", at_end, arguments, "tracker.cli.main()")
    assert {"polars", "numpy"} & found == set()


def deferred_names(path: Path) -> dict[str, int]:
    """Names that a file imports in a block of ``deferred_imports``, with their lines."""
    return {
        alias.asname or alias.name.split(".")[0]: statement.lineno
        for block in nodes_of(path)
        if isinstance(block, ast.With) and "deferred_imports" in ast.unparse(block.items[0])
        for statement in block.body
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for alias in statement.names
    }


def test_deferred_names_are_only_called_and_asked_for_attributes() -> None:
    offenders = []
    for path in MODULES:
        if not (deferred := deferred_names(path)):
            continue
        fine: set[ast.AST | None] = set()
        for node in nodes_of(path):
            if isinstance(node, ast.Call):
                fine.add(node.func)
                # A table resolves the class of its answers when it is laid out.
                if ast.unparse(node.func) == "Table":
                    fine.add(node.args[0])
            elif isinstance(node, ast.Attribute):
                fine.add(node.value)
            elif isinstance(node, ast.FunctionDef):
                fine.update(ast.walk(node.returns) if node.returns else ())
            if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
                fine.update(ast.walk(node.annotation))
        offenders += [
            f"{path}:{node.lineno}: {node.id}"
            for node in nodes_of(path)
            if isinstance(node, ast.Name) and node.id in deferred and node not in fine
        ]
    assert offenders == []


def _modules_after(name: str, *statements: str) -> set[str]:
    code = "; ".join([f"import sys, {name}", *statements, "print(*sys.modules)"])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    return set(done.stdout.split())
