"""The order of imports, the four doors, and what every module keeps to."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "tracker"
MODULES = sorted(p.relative_to(PACKAGE.parent) for p in PACKAGE.rglob("*.py"))
LONGEST = 450
"""Lines that a person reads in one sitting."""

HTTP = {"http", "http_bodies", "http_connections", "http_errors"}
# A part imports only from its own layer and from those to the left of it.
LAYERS = [
    {"__init__"},
    {"definitions", "errors", "garbage", "leftovers", "resources", "settings", "records", "text"},
    {*HTTP, "git", "git_reading"},
    {"sources"},
    {"snapshots"},
    {"curated"},
    {"evidence"},
    {"ranking"},
    {"catalog"},
    {"answers", "health_answers", "method_answers", "time_answers"},
    {"insights"},
    {"api"},
    {"pages", "exports"},
    {"text_sources"},
    {"refresh"},
    {"locking"},
    {"cli"},
    {"__main__"},
]
RANK = {part: number for number, layer in enumerate(LAYERS) for part in layer}
NETWORK = {"openai", "requests", "urllib3", "arxiv", "http.client", "socket", "urllib.request"}
DATABASE = {"sqlite3", "sqlalchemy", "sqlmodel", "alembic"}


def part_of(module: str) -> str:
    """``tracker.catalog.load`` belongs to the part ``catalog``."""
    return [*module.split("."), "__init__"][1]


def tree_of(path: Path) -> ast.Module:
    return ast.parse((PACKAGE.parent / path).read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Modules that a file imports, also inside of functions, with the line."""
    for node in ast.walk(tree_of(path)):
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
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                yield function.attr, node.lineno
            elif isinstance(function, ast.Name):
                yield function.id, node.lineno


def own_part(path: Path) -> str:
    return path.parts[1].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_point_to_the_left(path: Path) -> None:
    part = own_part(path)
    wrong = [
        f"{path}:{line}: {module}"
        for module, line in imported(path)
        if module.split(".")[0] == "tracker"
        and RANK[part_of(module)] > RANK[part]
        and not (part == "__init__" and part_of(module) in ("api", "errors"))
        # The reference describes the finished command line from outside; see the next test.
        and not (path.stem == "reference" and part_of(module) == "cli")
    ]
    assert wrong == []


def test_nobody_imports_the_writer_of_the_reference() -> None:
    importing = [path for path in MODULES if "tracker.exports.reference" in dict(imported(path))]
    assert importing == []


def test_every_part_of_the_package_has_its_place() -> None:
    assert {own_part(path) for path in MODULES} == set(RANK)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_only_sources_reach_the_outside(path: Path) -> None:
    part = own_part(path)
    for module, line in imported(path):
        if module in ("tracker.http", "tracker.git", "tracker.git_reading"):
            assert part in ("sources", "http", "git", "git_reading"), f"{path}:{line}"
        if module in NETWORK or module.split(".")[0] in NETWORK:
            # The lock says on which machine its holder runs, and `site serve` serves this one.
            allowed = {"sources", *HTTP} | ({"locking"} if module == "socket" else set())
            assert part in allowed, f"{path}:{line}: {module}"
        if module == "subprocess":
            # MkDocs is started like git: as a program of its own.
            assert part in ("git_reading", "pages") or path.name == "benchmark_registry.py"


WRITES = {
    "write_text", "write_bytes", "mkdir", "unlink", "rename", "rmtree", "copytree", "copyfile",
    "write_parquet", "write_csv", "write_ndjson", "touch", "symlink_to", "rmdir",
}  # fmt: skip


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_only_four_parts_write_files(path: Path) -> None:
    part = own_part(path)
    # A clone is the archive of a git source, so git and its source write there; a lock is a file.
    doors = {"snapshots", "catalog", "exports", "pages", "git", "locking"}
    if part in doors or path.name == "published_boards.py":
        return
    wrong = [f"{path}:{line}: {name}" for name, line in called(path) if name in WRITES]
    wrong += [
        f"{path}:{node.lineno}: open for writing"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) == "open"
        for argument in node.args
        if isinstance(argument, ast.Constant) and str(argument.value) in ("w", "wb", "a", "a+b")
    ]
    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_only_the_catalog_holds_sql(path: Path) -> None:
    part = own_part(path)
    # Kept pages are a database file of their own, in which nothing of the catalog is.
    if part == "catalog" or path.parts[-2:] == ("pages", "kept.py"):
        return
    for module, line in imported(path):
        if module.split(".")[0] in DATABASE:
            # Others hand an open connection or a row through, and exports read whole tables.
            assert part in ("insights", "api", "exports"), f"{path}:{line}: {module}"
    begin = ("select ", "insert into ", "update ", "delete from ", "create table ", "pragma ")
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = " ".join(node.value.split()).lower()
            assert not (words.startswith(begin) and (" from " in words or " set " in words)), (
                f"{path}:{node.lineno}: {words[:40]}"
            )
    if part != "exports":
        names = {name for name, _ in called(path)}
        assert not names & {"execute", "exec_driver_sql", "scalars"}, path


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_pages_and_command_line_read_through_the_api(path: Path) -> None:
    if own_part(path) not in ("pages", "cli"):
        return
    for module, line in imported(path):
        if own_part(path) == "pages":
            assert part_of(module) not in ("catalog", "snapshots", "sources", "curated") or (
                module.split(".")[0] != "tracker"
            ), f"{path}:{line}: {module}"
        else:
            assert part_of(module) not in ("catalog", "snapshots") or (
                module.split(".")[0] != "tracker"
            ), f"{path}:{line}: {module}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_is_short_and_says_what_it_is(path: Path) -> None:
    text = (PACKAGE.parent / path).read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST
    assert ast.get_docstring(tree_of(path))
    for word in ("TODO", "FIXME", "XXX", "NotImplementedError"):
        assert word not in text, f"{path}: {word}"


@pytest.mark.parametrize("name", ["tracker", "tracker.cli", "tracker.settings", "tracker.sources"])
def test_help_is_shown_without_the_heavy_libraries(name: str) -> None:
    import subprocess
    import sys

    heavy = ["polars", "sqlalchemy", "sqlmodel", "alembic", "requests", "jinja2", "mkdocs"]
    code = f"import sys, {name}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("tracker.api", {"sqlmodel", "bs4", "alembic", "mkdocs", "tracker.curated"}),
        ("tracker.pages.rendering", {"sqlalchemy", "pydantic", "mkdocs", "tracker.api"}),
    ],
)
def test_who_asks_or_renders_does_not_wait_for_what_loads(module: str, heavy: set[str]) -> None:
    told = f"import sys, {module}; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True, text=True)
    assert heavy & set(found.stdout.split()) == set()
