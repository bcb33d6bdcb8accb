"""Files for schedules elsewhere: workflows, the branch of the archive, the container."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DATA_BRANCH = ROOT / ".ci" / "data-branch"


def read_yaml(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


def git(*words: str) -> str:
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout


def branch(action: str, remote: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(DATA_BRANCH), action, str(remote), "data", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    git("init", "--quiet", "--bare", str(tmp_path / "remote.git"))
    return tmp_path / "remote.git"


# The branch of the archive


def test_an_archive_goes_through_the_branch_byte_for_byte(remote: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert branch("pull", remote, first).stderr == "no branch data yet: the archive begins empty\n"
    files = {"runs.jsonl": b"{}\r\n", "objects/ab/cd.zst": bytes(range(256))}
    for name, content in files.items():
        (first / name).parent.mkdir(parents=True, exist_ok=True)
        (first / name).write_bytes(content)
    assert branch("push", remote, first).returncode == 0
    assert branch("push", remote, first).stderr == "nothing new\n"
    assert branch("pull", remote, second).returncode == 0
    found = {p.relative_to(second).as_posix(): p.read_bytes() for p in second.rglob("*.*")}
    assert {name: found[name] for name in files} == files
    assert not (second / ".git").exists()
    (second / "runs.jsonl").write_bytes(b"{}\r\n{}\r\n")
    assert branch("push", remote, second).returncode == 0
    assert git("--git-dir", str(remote), "rev-list", "--count", "data") == "2\n"
    assert git("--git-dir", str(remote), "show", "data:runs.jsonl") == "{}\n{}\n"


def test_nothing_is_removed_from_the_branch(remote: Path, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    branch("pull", remote, folder)
    (folder / "kept").write_text("kept")
    branch("push", remote, folder)
    (folder / "kept").unlink()
    refused = branch("push", remote, folder)
    assert refused.returncode == 1
    assert refused.stderr == "error: the archive only grows, but these files are gone: kept\n"
    assert git("--git-dir", str(remote), "show", "data:kept") == "kept"


def test_an_unreachable_remote_is_not_an_empty_archive(tmp_path: Path) -> None:
    answer = branch("pull", tmp_path / "gone.git", tmp_path / "archive")
    assert answer.returncode == 1
    assert answer.stderr.splitlines()[-1] == f"error: {tmp_path / 'gone.git'} cannot be read"


# Workflows


def steps(job: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = job["steps"]
    return found


def test_the_site_is_built_for_the_address_at_which_it_is_published() -> None:
    job = read_yaml(".github/workflows/refresh.yml")["jobs"]["update"]
    (build,) = (s for s in steps(job) if "tracker update" in s.get("run", ""))
    assert build["env"]["TRACKER_SITE_URL"] == "${{ steps.pages.outputs.base_url }}/"
    (pages,) = (s for s in steps(job) if s.get("id") == "pages")
    assert pages["uses"].startswith("actions/configure-pages@")
    assert steps(job)[-1]["with"]["path"] == "home/build/site"


def test_workflows_pin_actions_and_give_each_job_its_rights() -> None:
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        workflow = yaml.safe_load(path.read_text("utf-8"))
        assert workflow["permissions"] in ({}, {"contents": "read"}), path.name
        for job in workflow["jobs"].values():
            for step in steps(job):
                if "uses" in step:
                    assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"]), step
                # An expression in a script would be code; values come by the environment.
                assert "${{" not in step.get("run", ""), step


def test_no_workflow_uses_lfs() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml")]
    assert not any(re.search(r"\blfs\b", text) for text in [*texts, DATA_BRANCH.read_text("utf-8")
        .replace("without LFS", "")])  # fmt: skip
    assert not (ROOT / ".gitattributes").exists()


# Container


def test_the_container_runs_without_privileges() -> None:
    (service,) = read_yaml("compose.yaml")["services"].values()
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert [volume.partition(":")[2] for volume in service["volumes"]] == ["/data"]
    image = instructions()
    assert image["USER"] == "10001:10001"
    assert image["VOLUME"] == "/data"
    assert image["FROM"].endswith("-slim-bookworm")


def test_compose_and_image_check_the_same_health() -> None:
    (service,) = read_yaml("compose.yaml")["services"].values()
    health = service["healthcheck"]
    assert health.pop("test") == ["CMD", "tracker", "status", "--within", "26"]
    # No start period: since version 25 Docker would check every five seconds during it.
    assert health == {"interval": "30m", "timeout": "2m", "retries": 6}
    options = " ".join(f"--{name}={value}" for name, value in health.items())
    assert instructions()["HEALTHCHECK"] == (
        f'{options} CMD ["tracker", "status", "--within", "26"]'
    )


def test_image_and_compose_run_the_schedule_as_the_first_process() -> None:
    (service,) = read_yaml("compose.yaml")["services"].values()
    image = instructions()
    assert json.loads(image["ENTRYPOINT"]) == ["tracker"]  # no shell: it gets the signals
    assert json.loads(image["CMD"]) == service["command"][:2] == ["schedule", "run"]


def instructions() -> dict[str, str]:
    """The instructions of the image, without those of the stage that builds the wheel."""
    lines = (ROOT / "Containerfile").read_text("utf-8").splitlines()
    last = max(number for number, line in enumerate(lines) if line.startswith("FROM "))
    return {word: rest for word, _, rest in (line.partition(" ") for line in lines[last:])}
