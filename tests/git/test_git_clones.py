"""The clone as an archive: histories that grow or are rewritten, and the published line."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest

from tests.support.boards import EN, ZH
from tests.support.catalogs import Loaded
from tests.support.git_histories import TIMES, Make, averages, expected, filled, run, table
from tests.support.hostile_server import Send, drip, raw_server
from tracker.errors import SourceError
from tracker.git import reading as git_reading
from tracker.sources import published_boards

New = Callable[..., Loaded]
# The clone outlives what happens around it


def test_an_update_reads_only_what_is_new(
    board_repository: Make, new_catalog: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = filled(board_repository)
    catalog = new_catalog()
    catalog.take(repository.path)
    catalog.load()
    for number in range(3, 13):
        repository.commit(TIMES[number], {EN: table(number)})
    asked: list[str] = []
    read = git_reading.BlobReader.read

    def noted(self: git_reading.BlobReader, blobs: list[str]) -> object:
        asked.extend(blobs)
        return read(self, blobs)

    monkeypatch.setattr(git_reading.BlobReader, "read", noted)
    catalog.take(repository.path)
    assert catalog.load().snapshots == 10
    new = [repository.run("rev-parse", f"main~{back}:{EN}") for back in range(9, -1, -1)]
    assert asked == new
    assert averages(catalog) == expected(*range(13))


def test_a_force_pushed_history_leaves_the_old_states_loaded(
    board_repository: Make, new_catalog: New, blank: Path
) -> None:
    repository = filled(board_repository, 4)
    catalog = new_catalog()
    catalog.take(repository.path)
    catalog.load()
    # The last two commits are thrown away; another one takes their place.
    repository.run("update-ref", "refs/heads/main", "main~2")
    repository.commit(TIMES[7], {EN: table(7)})
    repository.run("reflog", "expire", "--expire=now", "--all")
    repository.run("gc", "--quiet", "--prune=now")
    catalog.take(repository.path)
    catalog.load()
    assert averages(catalog) == expected(0, 1, 2, 3, 7)
    before = catalog.dump()
    # Also from the clone alone, and after git has tidied it up.
    run("git", "gc", "--quiet", "--prune=now", cwd=catalog.clone)
    shutil.copyfile(blank, catalog.path)
    catalog.load()
    assert catalog.dump() == before


def test_a_history_that_was_wound_back_keeps_what_it_showed(
    board_repository: Make, new_catalog: New
) -> None:
    repository = filled(board_repository, 4)
    catalog = new_catalog()
    catalog.take(repository.path)
    repository.run("update-ref", "refs/heads/main", "main~2")
    catalog.take(repository.path)
    catalog.load()
    assert averages(catalog) == expected(0, 1, 2, 3)


def test_an_unreachable_repository_leaves_the_clone_as_it_was(
    board_repository: Make, new_catalog: New
) -> None:
    repository = filled(board_repository)
    catalog = new_catalog()
    catalog.take(repository.path)
    shutil.rmtree(repository.path)
    with pytest.raises(SourceError, match="no such file or folder"):
        catalog.take(repository.path)
    catalog.load()
    assert averages(catalog) == expected(0, 1, 2)


def test_lock_files_of_a_killed_git_do_not_block_the_next_fetch(
    board_repository: Make, new_catalog: New
) -> None:
    repository = filled(board_repository, 2)
    catalog = new_catalog()
    catalog.take(repository.path)
    clone = catalog.clone
    for name in ("refs/tracker/incoming.lock", "refs/heads/tracked.lock", "packed-refs.lock"):
        (clone / name).write_bytes(b"")
    repository.commit(TIMES[2], {EN: table(2)})
    catalog.take(repository.path)
    assert len(published_boards.versions(clone)) == 3


def test_what_a_killed_git_half_received_is_removed_by_the_next_fetch(
    board_repository: Make, new_catalog: New
) -> None:
    repository = filled(board_repository, 2)
    catalog = new_catalog()
    catalog.take(repository.path)
    objects = catalog.clone / "objects"
    left = [
        objects / "pack" / "tmp_pack_Xy12",
        objects / "pack" / "tmp_idx_Xy12",
        objects / "pack" / ".tmp-77-pack-12.pack",
        objects / "ab" / "tmp_obj_Xy12",
        objects / "tmp_objdir-incoming-Xy" / "pack" / "tmp_pack_Zz",
    ]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    used = objects / "pack" / "tmp_pack_used"
    with used.open("wb"):
        catalog.take(repository.path)
        assert used.exists()
    assert [path for path in (*left, left[-1].parents[1]) if path.exists()] == []
    catalog.take(repository.path)
    assert not used.exists()
    assert len(published_boards.versions(catalog.clone)) == 2


def test_git_follows_no_redirect(new_catalog: New) -> None:
    def answer(send: Send, path: str) -> None:
        send(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/other.git/info/refs\r\n")
        send(b"Content-Length: 0\r\n\r\n")

    with raw_server(answer) as root, pytest.raises(SourceError) as caught:
        new_catalog().take(f"{root}/x.git")
    assert caught.value.place == f"{root}/x.git"
    assert caught.value.cause.endswith("The requested URL returned error: 302")
    assert caught.value.remedy == "check the address; redirects are not followed"


def test_git_gives_a_dripping_server_up(new_catalog: New, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_reading, "SLOW_SECONDS", 1)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\n\r\n"
    began = perf_counter()
    with raw_server(drip(head, b"0")) as root, pytest.raises(SourceError, match="too slow"):
        new_catalog().take(f"{root}/x.git")
    assert perf_counter() - began < 20


def test_a_clone_that_lost_its_objects_is_found_and_mended(
    board_repository: Make, new_catalog: New
) -> None:
    repository = filled(board_repository)
    catalog = new_catalog()
    catalog.take(repository.path)
    blob = repository.run("rev-parse", f"main~1:{EN}")
    for pack in (catalog.clone / "objects" / "pack").glob("*.pack"):
        moved = pack.rename(catalog.clone / "moved.pack")
        pack.with_suffix(".idx").unlink()
        with moved.open("rb") as content:
            subprocess.run(
                ["git", "unpack-objects", "-q"], cwd=catalog.clone, stdin=content, check=True
            )
        moved.unlink()
    (catalog.clone / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(SourceError, match=blob):
        git_reading.check_objects("published-boards", catalog.clone)
    assert [one.cause for one in catalog.load().findings] == ["the clone lacks this object"]
    catalog.take(repository.path)
    git_reading.check_objects("published-boards", catalog.clone)
    assert catalog.load().findings == []
    assert averages(catalog) == expected(0, 1, 2)


# Whatever the user's own git is set to


def test_a_hook_that_runs_the_tracker_does_not_lend_it_its_repository(
    board_repository: Make, new_catalog: New, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository = filled(board_repository)
    hook = board_repository("hook.git")
    hook.commit(TIMES[0], {"README.md": b"another repository"})
    for name in ("GIT_DIR", "GIT_COMMON_DIR"):
        monkeypatch.setenv(name, str(hook.path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    catalog = new_catalog()
    catalog.take(repository.path)
    assert len(published_boards.versions(catalog.clone)) == 3


def test_an_odd_configuration_changes_nothing(
    board_repository: Make, new_catalog: New, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "gitconfig"
    config.write_text(
        "[log]\n showRoot = false\n showSignature = true\n[color]\n ui = always\n"
        "[safe]\n bareRepository = explicit\n[diff]\n renames = copies\n noprefix = true\n"
        "[core]\n quotePath = true\n[format]\n pretty = oneline\n[init]\n defaultBranch = odd\n"
    )
    repository = filled(board_repository)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    catalog = new_catalog()
    catalog.take(repository.path)
    catalog.load()
    assert averages(catalog) == expected(0, 1, 2)


def test_a_damaged_clone_is_never_mistaken_for_the_repository_around_it(
    board_repository: Make, new_catalog: New, tmp_path: Path
) -> None:
    run("git", "init", "--quiet", str(tmp_path))
    catalog = new_catalog()
    catalog.clone.mkdir(parents=True)
    (catalog.clone / "HEAD").write_text("ref: refs/heads/main\n")
    with pytest.raises(SourceError, match="not a git repository"):
        published_boards.versions(catalog.clone)


def test_git_that_is_not_there_is_said_in_one_line(
    new_catalog: New, monkeypatch: pytest.MonkeyPatch, board_repository: Make, tmp_path: Path
) -> None:
    repository = filled(board_repository)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="git is not installed; install git"):
        new_catalog().take(repository.path)


# The published line


def test_only_the_first_parents_were_published(board_repository: Make, new_catalog: New) -> None:
    repository = board_repository()
    repository.commit(TIMES[0], {EN: table(0)})
    repository.branch("pull-1")
    side = repository.commit(TIMES[1], {EN: table(1), ZH: table(5)}, on="pull-1")
    repository.commit(TIMES[2], {EN: table(2)})
    merge = repository.merge(TIMES[3], "pull-1", {EN: table(3), ZH: table(6)})
    catalog = new_catalog()
    catalog.take(repository.path)
    found = published_boards.versions(catalog.clone)
    assert side not in {v.commit for v in found}
    assert [(v.published_at, v.board) for v in found] == [
        (TIMES[0], "en"),
        (TIMES[2], "en"),
        (TIMES[3], "en"),
        (TIMES[3], "zh"),
    ]
    assert {v.commit for v in found if v.published_at == TIMES[3]} == {merge}


def test_what_a_merge_brings_in_stands_at_the_time_of_the_merge(
    board_repository: Make, new_catalog: New
) -> None:
    repository = board_repository()
    repository.commit(TIMES[0], {EN: table(0)})
    repository.branch("pull-1")
    repository.commit(TIMES[1], {EN: table(1)}, on="pull-1")
    repository.merge(TIMES[5], "pull-1", {EN: table(1)})
    catalog = new_catalog()
    catalog.take(repository.path)
    catalog.load()
    assert averages(catalog) == [(TIMES[0], 60.0), (TIMES[5], 61.0)]


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2024-08-31T18:01:00-07:00", "2024-09-01T01:01:00Z"),
        ("2025-01-01T05:57:00+01:30", "2025-01-01T04:27:00Z"),
        ("2025-01-01T00:10:00+08:00", "2024-12-31T16:10:00Z"),
    ],
)
def test_a_commit_stands_at_its_time_in_utc(
    board_repository: Make, new_catalog: New, local: str, utc: str
) -> None:
    repository = board_repository()
    repository.commit(local, {EN: table(0)})
    catalog = new_catalog()
    catalog.take(repository.path)
    assert [v.published_at for v in published_boards.versions(catalog.clone)] == [utc]


def test_a_mirror_names_the_commit_that_was_published(
    board_repository: Make, new_catalog: New
) -> None:
    repository = board_repository()
    original = "5012f812" * 5
    repository.commit(TIMES[0], {EN: table(0)}, message=f"source commit {original}\n\nMirror")
    catalog = new_catalog()
    catalog.take(repository.path)
    catalog.load()
    with catalog.open() as opened:
        where = opened.board("published/en").provenance
    assert where.commit == original
    assert where.url == f"https://github.com/embeddings-benchmark/leaderboard/commit/{original}"
