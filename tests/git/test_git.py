"""Git as an archive: every kind of repository, and broken ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.boards import EN, BoardRepository
from tests.support.catalogs import Loaded
from tests.support.git_histories import TIMES, Make, averages, expected, filled, run
from tracker.errors import SourceError
from tracker.git import clone as git
from tracker.git import reading as git_reading
from tracker.sources import published_boards

New = Callable[..., Loaded]
# Where it may be


def bare(repository: BoardRepository, folder: Path) -> str:
    return str(repository.path)


def not_bare(repository: BoardRepository, folder: Path) -> str:
    run("git", "clone", "--quiet", str(repository.path), str(folder / "worktree"))
    return str(folder / "worktree")


def file_url(repository: BoardRepository, folder: Path) -> str:
    return repository.path.as_uri()


def bundle(repository: BoardRepository, folder: Path) -> str:
    repository.run("bundle", "create", "--quiet", str(folder / "b.bundle"), "main")
    return str(folder / "b.bundle")


def bundle_with_head(repository: BoardRepository, folder: Path) -> str:
    repository.run("bundle", "create", "--quiet", str(folder / "b.bundle"), "HEAD", "main")
    return (folder / "b.bundle").as_uri()


@pytest.mark.parametrize("kind", [bare, not_bare, file_url, bundle, bundle_with_head])
def test_every_kind_of_repository_is_read(
    board_repository: Make, new_catalog: New, tmp_path: Path, kind: Callable[..., str]
) -> None:
    catalog = new_catalog()
    catalog.take(kind(filled(board_repository), tmp_path))
    assert catalog.load().findings == []
    assert averages(catalog) == expected(0, 1, 2)


def test_a_relative_path_is_a_path(
    board_repository: Make, new_catalog: New, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    filled(board_repository)
    monkeypatch.chdir(tmp_path)
    catalog = new_catalog()
    catalog.take("leaderboard.git")
    assert len(published_boards.versions(catalog.clone)) == 3


@pytest.mark.parametrize(
    ("location", "local"),
    [
        ("/a/path", True),
        ("relative/path:with-colon", True),
        ("a.bundle", True),
        ("https://example.org/x", False),
        ("file:///a/path", False),
        ("git@example.org:owner/name", False),
        ("example.org:name", False),
    ],
)
def test_addresses_and_paths_are_told_apart(location: str, local: bool) -> None:
    assert git.is_local(location) == local
    assert git.is_outside(location) == (not local and "file:" not in location)


@pytest.mark.parametrize("name", ["trunk", "master"])
def test_the_main_line_may_have_any_name(
    board_repository: Make, new_catalog: New, name: str
) -> None:
    repository = filled(board_repository)
    repository.run("branch", "-m", "main", name)
    repository.run("symbolic-ref", "HEAD", f"refs/heads/{name}")
    catalog = new_catalog()
    catalog.take(repository.path)
    assert len(published_boards.versions(catalog.clone)) == 3


# What cannot be read is one clear line


@pytest.mark.parametrize(
    ("make_it", "cause"),
    [
        (lambda path: None, "no such file or folder"),
        (lambda path: path.mkdir(), "does not appear to be a git repository"),
        (lambda path: path.write_bytes(b"no bundle"), "invalid gitfile format"),
        (lambda path: run("git", "init", "--bare", "-q", str(path)), "no commits"),
    ],
)
def test_what_is_no_repository_is_one_line_and_leaves_no_trace_in_the_next_fetch(
    board_repository: Make,
    new_catalog: New,
    tmp_path: Path,
    make_it: Callable[..., None],
    cause: str,
) -> None:
    catalog = new_catalog()
    make_it(tmp_path / "place")
    with pytest.raises(SourceError, match=cause) as raised:
        catalog.take(tmp_path / "place")
    assert str(raised.value).startswith(f"published-boards: {tmp_path / 'place'}: ")
    assert "\n" not in str(raised.value)
    # A failed first fetch must not keep the load or the next fetch from working.
    assert catalog.load().findings == []
    assert published_boards.known_versions(catalog.clone) == []
    catalog.take(filled(board_repository).path)
    catalog.load()
    assert averages(catalog) == expected(0, 1, 2)


def test_a_repository_without_boards_is_refused_and_changes_nothing(
    board_repository: Make, new_catalog: New
) -> None:
    other = board_repository("other.git")
    other.commit(TIMES[0], {"README.md": b"hello"})
    catalog = new_catalog()
    with pytest.raises(SourceError, match="no folder boards_data/ in the history"):
        catalog.take(other.path)
    good = filled(board_repository)
    catalog.take(good.path)
    before = published_boards.versions(catalog.clone)
    with pytest.raises(SourceError, match="no folder boards_data/ in the history"):
        catalog.take(other.path)
    assert published_boards.versions(catalog.clone) == before
    assert git_reading.head("published-boards", catalog.clone) == good.head


def test_an_option_in_place_of_a_location_is_no_option(new_catalog: New, tmp_path: Path) -> None:
    harm = tmp_path / "harm"
    with pytest.raises(SourceError):
        new_catalog().take(f"--upload-pack=touch {harm}://x")
    assert not harm.exists()


def test_a_shallow_clone_is_one_clear_line(
    board_repository: Make, new_catalog: New, tmp_path: Path
) -> None:
    repository = filled(board_repository)
    run("git", "clone", "-q", "--bare", "--depth=1", repository.path.as_uri(), str(tmp_path / "s"))
    catalog = new_catalog()
    with pytest.raises(SourceError) as raised:
        catalog.take(tmp_path / "s")
    assert str(raised.value) == (
        f"published-boards: {tmp_path / 's'}: the repository is shallow: its history is cut off;"
        " fetch from a full clone"
    )
    catalog.take(repository.path)
    assert len(published_boards.versions(catalog.clone)) == 3


def partial_clone(repository: BoardRepository, place: Path) -> None:
    """A clone without blobs, but for that of the second commit, and without its promisor."""
    repository.run("config", "uploadpack.allowFilter", "true")
    repository.run("config", "uploadpack.allowAnySHA1InWant", "true")
    run("git", "clone", "-q", "--bare", "--filter=blob:none", repository.path.as_uri(), str(place))
    run("git", "cat-file", "blob", f"main~1:{EN}", cwd=place)
    run("git", "remote", "remove", "origin", cwd=place)


def test_a_partial_clone_gives_what_it_has_and_names_what_it_lacks(
    board_repository: Make, new_catalog: New, tmp_path: Path
) -> None:
    repository = filled(board_repository)
    commits = repository.run("rev-list", "--reverse", "main").split()
    partial_clone(repository, tmp_path / "partial")
    catalog = new_catalog()
    catalog.take(tmp_path / "partial")
    findings = catalog.load().findings
    assert [str(one) for one in findings] == [
        f"published-boards: {commits[n][:12]}:{EN}: the clone lacks this object;"
        " fetch from a complete clone"
        for n in (0, 2)
    ]
    assert averages(catalog) == expected(1)
    # The remedy works: git itself would think that it has everything.
    catalog.take(repository.path)
    assert catalog.load().findings == []
    assert averages(catalog) == expected(0, 1, 2)
    git_reading.check_objects("published-boards", catalog.clone)


def test_nothing_is_written_into_the_partial_clone_that_is_read(
    board_repository: Make, new_catalog: New, tmp_path: Path
) -> None:
    partial_clone(filled(board_repository), tmp_path / "partial")
    folders = [tmp_path / "partial/objects", tmp_path / "partial/objects/pack"]
    before = [folder.stat().st_mtime_ns for folder in folders]
    catalog = new_catalog()
    catalog.take(tmp_path / "partial")
    assert len(catalog.load().findings) == 2
    assert [folder.stat().st_mtime_ns for folder in folders] == before


def test_a_partial_clone_never_asks_its_promisor(
    board_repository: Make, new_catalog: New, tmp_path: Path
) -> None:
    repository = filled(board_repository)
    partial_clone(repository, tmp_path / "partial")
    run(
        "git",
        "remote",
        "add",
        "origin",
        f"ext::touch {tmp_path / 'asked'}",
        cwd=tmp_path / "partial",
    )
    for key, value in (("remote.origin.promisor", "true"), ("protocol.ext.allow", "always")):
        run("git", "config", key, value, cwd=tmp_path / "partial")
    catalog = new_catalog()
    catalog.take(tmp_path / "partial")
    assert len(catalog.load().findings) == 2
    assert not (tmp_path / "asked").exists()
