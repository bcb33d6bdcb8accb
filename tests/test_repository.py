"""Files for contributors: they parse, name what exists, and stay short."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
FORMS = ("wrong-fact", "wrong-rank")
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
TASKS = (
    "Set up",
    "Run one test",
    "Add a source",
    "Add a page",
    "Add a command",
    "Add a technique",
    "Add a receipt",
)
TOOLS = {"hypothesis", "mypy", "openai", "playwright", "pytest", "pytest-xdist", "ruff"}
MADE_BY_A_RUN = {".venv/bin/activate"}


def read_yaml(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


def section(title: str) -> list[str]:
    """Lines of a section of the guide that hold text."""
    text = re.split(r"^## ", GUIDE, flags=re.MULTILINE)
    (found,) = (part for part in text if part.startswith(f"{title}\n"))
    lines = found.splitlines()[1:]
    return [line for line in lines if line.strip() and not line.startswith("```")]


@pytest.mark.parametrize("task", TASKS)
def test_the_guide_explains_each_task_in_ten_lines(task: str) -> None:
    assert 0 < len(section(task)) <= 10


def test_the_guide_names_only_files_that_exist() -> None:
    named = set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", GUIDE))
    named |= set(re.findall(r"\]\(([^)#]+\.md)\)", GUIDE))
    named |= set(re.findall(r"(tests/[\w/]+\.py)", GUIDE))
    assert {path for path in named - MADE_BY_A_RUN if not (ROOT / path).exists()} == set()


def test_the_guide_names_only_make_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", GUIDE)) <= targets


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    assert set(re.findall(r"^([a-z]+):.*## ", makefile, flags=re.MULTILINE)) == targets


def locked(name: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Version and hashes of each distribution of a lock."""
    text = re.sub(r"#.*|\\\n", "", (ROOT / name).read_text("utf-8"))
    pins = [line.split() for line in text.splitlines() if line.strip()]
    parts = [(pin[0].split("=="), pin[1:]) for pin in pins]
    return {
        distribution: (version, frozenset(part for part in rest if part.startswith("--hash=")))
        for (distribution, version), rest in parts
    }


def test_the_users_lock_is_a_part_of_the_developers_lock() -> None:
    user, developer = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {name: developer.get(name) for name in user} == user
    assert developer.keys() - user.keys() >= TOOLS
    assert "hatchling" in user  # links the checkout into its environment


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_hashes_and_no_address(name: str) -> None:
    assert [pin for pin, (_, hashes) in locked(name).items() if not hashes] == []
    assert re.findall(r"(?m)^-.*|\w+://.*", (ROOT / name).read_text("utf-8")) == []


_FREE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|MPL|Mozilla Public|Zlib|CC0|0BSD|Unlicense", re.IGNORECASE
)
_COPYLEFT = re.compile(r"\b(A|L)?GPL|General Public|SSPL|Commons Clause|CC-BY-NC", re.IGNORECASE)


def test_what_a_user_installs_has_a_free_licence() -> None:
    """Licences of the locked packages in this environment; others are for other platforms."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    refused, seen = [], 0
    for name in sorted(set(re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE))):
        try:
            about = distribution(name).metadata
        except PackageNotFoundError:
            continue
        seen += 1
        named = [c for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
        # Older packages hold the whole text in the field; its first line names the licence.
        field = (about.get("License") or "").strip().partition("\n")[0]
        licence = about.get("License-Expression") or "; ".join(named) or field
        if not _FREE.search(licence) or _COPYLEFT.search(licence):
            refused.append((name, licence))
    assert refused == []
    assert seen > 50


def test_a_user_gets_no_tools_of_developers() -> None:
    recipes = dict(
        re.findall(r"(?m)^([a-z]+): \$\((\w+)\)", (ROOT / "Makefile").read_text("utf-8"))
    )
    users = {"site", "starter", "lock"}
    assert {name for name, needs in recipes.items() if needs == "INSTALLED"} == users
    assert {needs for name, needs in recipes.items() if name not in users} == {"DEVELOPER"}


@pytest.mark.parametrize("name", FORMS)
def test_an_issue_form_asks_for_what_a_check_needs(name: str) -> None:
    form = read_yaml(f".github/ISSUE_TEMPLATE/{name}.yml")
    assert {"name", "description", "title", "labels", "body"} == form.keys()
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    ids = [field["id"] for field in fields]
    assert len(ids) == len(set(ids))
    required = {f["id"] for f in fields if f.get("validations", {}).get("required")}
    needed = {
        "wrong-fact": {"subject", "page", "statement", "source", "place"},
        "wrong-rank": {"board", "model", "day", "catalog", "shown", "expected"},
    }
    assert required == needed[name]


def test_hooks_run_tools_of_the_environment() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    named = [name for name in project["dependency-groups"]["dev"] if isinstance(name, str)]
    tools = {re.split(r"[>=\[]", name)[0] for name in named}
    tools |= {*project["project"]["scripts"], "python"}
    hooks = [h for repo in read_yaml(".pre-commit-config.yaml")["repos"] for h in repo["hooks"]]
    programs = {hook["entry"].split()[0] for hook in hooks}
    assert {program.removeprefix(".venv/bin/") for program in programs} <= tools


def test_settings_of_editors_and_services_can_be_read() -> None:
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text("utf-8"))
    assert "make develop" in container["postCreateCommand"]
    updates = read_yaml(".github/dependabot.yml")["updates"]
    assert {"github-actions", "pip"} <= {update["package-ecosystem"] for update in updates}
    assert read_yaml(".github/ISSUE_TEMPLATE/config.yml")["contact_links"]
    assert (ROOT / ".editorconfig").read_text("utf-8").startswith("root = true\n")
