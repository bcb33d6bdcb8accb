"""Deferred imports: what a placeholder does, and which imports it leaves alone."""

from __future__ import annotations

import builtins
import re
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event
from types import ModuleType

import pytest

from tracker.common.deferred_imports import resolved

HEAD = "from tracker.common.deferred_imports import deferred_imports\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package ``toy`` that can be imported; ``toy.late`` counts as not imported."""
    folder = tmp_path / "toy"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "late.py").write_text(
        "class Pair:\n    two = 2\n\ndef double(x):\n    return 2 * x\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("toy", "toy.late", "toy.user", "toy.other"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return folder


def user(package: Path, block: str, rest: str = "") -> ModuleType:
    """Import a module with a deferred block."""
    lines = "".join(f"    {line}\n" for line in block.splitlines())
    (package / "user.py").write_text(f"{HEAD}with deferred_imports(globals()):\n{lines}{rest}")
    return __import__("toy.user", fromlist=["user"])


@pytest.mark.parametrize(
    ("block", "asked"),
    [
        ("from toy.late import double", "double(4)"),
        ("from toy.late import double as twice", "twice(4)"),
        ("from toy import late", "late.double(4)"),
        ("from toy.late import Pair", "Pair.two * 4"),
        ("from toy.late import Pair", "Pair().two * 4"),
    ],
)
def test_a_module_is_imported_when_its_names_are_used(
    package: Path, block: str, asked: str
) -> None:
    module = user(package, block)
    before = "toy.late" in sys.modules
    assert (before, eval(asked, vars(module)), "toy.late" in sys.modules) == (False, 8, True)


def test_a_whole_module_is_imported_when_it_is_asked(package: Path) -> None:
    module = user(package, "import wave as sound")
    sys.modules.pop("wave", None)
    assert (module.sound.__name__, "wave" in sys.modules) == ("wave", True)


def test_resolved_is_the_thing_itself(package: Path) -> None:
    placeholder = user(package, "from toy.late import Pair").Pair
    assert resolved(placeholder) is sys.modules["toy.late"].Pair
    assert resolved(3) == 3


def test_a_name_that_is_not_there_is_an_import_error(package: Path) -> None:
    module = user(package, "from toy.late import nothing\nfrom toy import nowhere")
    for name in ("nothing", "nowhere"):
        with pytest.raises(ImportError):
            getattr(module, name)()


def test_other_modules_import_at_once_inside_the_block(package: Path) -> None:
    (package / "other.py").write_text("from toy.late import double\nfour = double(2)\n")
    module = user(package, "found = __builtins__['__import__']('toy.other', {}, {}, ['four'], 0)")
    assert (module.found.four, "toy.late" in sys.modules) == (4, True)


def test_a_name_is_asked_for_while_another_thread_imports_it(package: Path) -> None:
    (package / "late.py").write_text(
        "from toy import imports, may_end\n"
        "imports.set()\n"
        "may_end.wait(9)\n"
        "def double(x):\n    return 2 * x\n"
    )
    module = user(package, "from toy.late import double")
    toy = sys.modules["toy"]
    toy.imports, toy.may_end = Event(), Event()  # type: ignore[attr-defined]
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(module.double, 4)
        assert toy.imports.wait(9)
        second = pool.submit(module.double, 5)
        assert wait([second], timeout=0.05).done == set()
        toy.may_end.set()
        assert (first.result(), second.result()) == (8, 10)


def test_a_module_of_a_package_is_imported_from_it(package: Path) -> None:
    with pytest.raises(ImportError, match=re.escape("import toy.late cannot be deferred: write")):
        user(package, "import toy.late")


def test_imports_are_as_before_after_the_block(package: Path) -> None:
    before = builtins.__import__
    module = user(package, "from toy.late import double", "from toy.late import Pair\n")
    assert (module.Pair.__name__, builtins.__import__ is before) == ("Pair", True)
    sys.modules.pop("toy.user")
    with pytest.raises(ZeroDivisionError):
        user(package, "1 / 0")
    assert builtins.__import__ is before
