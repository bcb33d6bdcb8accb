"""Cited addresses: what they name, where their bytes are, how to open them at a place."""

from __future__ import annotations

import pytest

from tracker.common.addresses import (
    ARXIV,
    GITHUB,
    HUB,
    Address,
    link_to,
    parse_address,
    public_address,
)

COMMIT = "a905523d0111f999360b312bd4a601a0a97a0e1c"
CODE = f"https://github.com/o/r/blob/{COMMIT}/src/a.py"
CARD = f"https://github.com/o/r/blob/{COMMIT}/README.md"


@pytest.mark.parametrize(
    ("url", "address", "fixed"),
    [
        (CODE, Address(GITHUB, "o/r", COMMIT, "src/a.py"), True),
        ("https://github.com/o/r/blob/HEAD/a", Address(GITHUB, "o/r", "HEAD", "a"), False),
        ("https://github.com/o/r", Address(GITHUB, "o/r", None, ""), False),
        ("https://arxiv.org/abs/2405.17428", Address(ARXIV, "2405.17428", None, ""), False),
        ("https://arxiv.org/pdf/2405.17428v3.pdf", Address(ARXIV, "2405.17428", "v3", ""), True),
        ("https://huggingface.co/o/m", Address(HUB, "o/m", None, ""), False),
        ("https://huggingface.co/papers/1", Address(HUB, "/papers/1", None, ""), False),
        ("https://example.org/a", Address("example.org", "/a", None, ""), False),
    ],
)  # fmt: skip
def test_an_address_names_host_repository_version_and_file(
    url: str, address: Address, fixed: bool
) -> None:
    assert (parse_address(url), parse_address(url).fixed) == (address, fixed)


@pytest.mark.parametrize(
    ("url", "raw"),
    [
        (CODE, f"https://raw.githubusercontent.com/o/r/{COMMIT}/src/a.py"),
        ("https://github.com/o/r", "https://raw.githubusercontent.com/o/r/HEAD/README.md"),
        ("https://arxiv.org/abs/2405.17428v2", "https://arxiv.org/html/2405.17428v2"),
        ("https://huggingface.co/o/m", "https://huggingface.co/o/m/resolve/main/README.md"),
        ("https://example.org/a", None),
    ],
)
def test_the_bytes_of_a_source_have_an_address(url: str, raw: str | None) -> None:
    assert parse_address(url).raw == raw


@pytest.mark.parametrize(
    ("path", "declares"),
    [
        ("embeddings-benchmark/mteb/blob/HEAD/mteb/models/model_implementations/a.py", True),
        ("embeddings-benchmark/results/blob/HEAD/results/a__b/external/model_meta.json", True),
        ("embeddings-benchmark/mteb/blob/HEAD/README.md", False),
        ("somebody/mteb/blob/HEAD/mteb/models/a.py", False),
    ],
)
def test_the_registry_is_known_by_its_address(path: str, declares: bool) -> None:
    assert parse_address(f"https://github.com/{path}").is_registry is declares


@pytest.mark.parametrize(
    ("url", "position", "link"),
    [
        (CODE, "L10-L20", f"{CODE}#L10-L20"),
        (CARD, "L10", f"{CARD}?plain=1#L10"),
        ("https://github.com/o/r", "L10", "https://github.com/o/r"),
        ("https://example.org/a.pdf", "p. 3", "https://example.org/a.pdf#page=3"),
        ("https://example.org/a", None, "https://example.org/a#:~:text=two%20words"),
        ("https://example.org/a#b", None, "https://example.org/a#b"),
        (CODE, None, CODE),
    ],
)
def test_a_link_opens_the_source_at_the_place(url: str, position: str | None, link: str) -> None:
    assert link_to(url, position, ("two words",)) == link


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://example.org/v1/models", "https://example.org/v1/models"),
        ("http://127.0.0.1:8000/v1/models", None),
        ("http://localhost/v1", None),
        ("http://[::1]:80/", None),
        ("git@example.org:a/b", None),
        ("http://[broken", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_of_the_machine_that_recorded_is_not_shown(
    address: str | None, shown: str | None
) -> None:
    assert public_address(address) == shown
