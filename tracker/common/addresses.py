"""Addresses of sources: which host versions them, where their bytes are, how to link to a place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from tracker.common.arxiv_ids import parse_id

_COMMIT = re.compile(r"[0-9a-f]{40}")
_FILE = re.compile(r"/([^/]+/[^/]+)/(?:blob|raw|resolve)/([^/]+)/(.+)")
_REPOSITORY = re.compile(r"/([^/]+/[^/]+?)(?:\.git)?/?")
_LINES = re.compile(r"L(\d+)(?:-L?(\d+))?")
_PAGE = re.compile(r"p\. ?(\d+)")
_HUB_PAGES = ("/papers/", "/datasets/", "/spaces/", "/docs/", "/blog/", "/collections/", "/api/")

GITHUB, HUB, ARXIV = "github.com", "huggingface.co", "arxiv.org"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Names of the machine itself."""


@dataclass(frozen=True, slots=True)
class Address:
    """A cited address, taken apart."""

    host: str
    """``github.com``, ``huggingface.co``, ``arxiv.org``, or another host."""
    name: str
    """Repository, model, or arXiv id; of any other page its path, which begins with a slash."""
    version: str | None
    """Commit or arXiv version as it is written; ``None`` where the address names none."""
    path: str
    """Path of the file in its repository; empty for a repository, a card or a paper."""

    @property
    def versioned(self) -> bool:
        """Whether the host keeps versions, so that the address has to name one."""
        return self.host in (GITHUB, ARXIV, HUB) and not self.name.startswith("/")

    @property
    def fixed(self) -> bool:
        """Whether the address always gives the same bytes."""
        if self.version is None:
            return False
        return self.host == ARXIV or _COMMIT.fullmatch(self.version) is not None

    @property
    def raw(self) -> str | None:
        """Where the bytes are; ``None`` for a page whose own address serves them."""
        if self.host == ARXIV:
            return f"https://arxiv.org/html/{self.name}{self.version or ''}"
        if not self.versioned:
            return None
        version, path = self.version or "HEAD", quote(self.path or "README.md")
        if self.host == GITHUB:
            return f"https://raw.githubusercontent.com/{self.name}/{version}/{path}"
        return f"https://huggingface.co/{self.name}/resolve/{self.version or 'main'}/{path}"

    @property
    def is_registry(self) -> bool:
        """Whether it is where the benchmark's maintainers declare models."""
        declared = self.path.startswith("mteb/models/") or self.path.endswith("/model_meta.json")
        return self.host == GITHUB and self.name.startswith("embeddings-benchmark/") and declared


def parse_address(url: str) -> Address:
    """Take a cited address apart.

    >>> parse_address("https://arxiv.org/abs/2405.17428v3").version
    'v3'
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    path = unquote(parts.path)
    if host == ARXIV and (paper := parse_id(f"{host}{path}")):
        return Address(host, paper.id, paper.version, "")
    if host == GITHUB or (host == HUB and not path.startswith(_HUB_PAGES)):
        if file := _FILE.fullmatch(path):
            return Address(host, file[1], file[2], file[3])
        if repository := _REPOSITORY.fullmatch(path):
            return Address(host, repository[1], None, "")
    return Address(host, path, None, "")


def link_to(url: str, position: str | None, terms: tuple[str, ...] = ()) -> str:
    """An address that opens a source at a place.

    Args:
        url: The source.
        position: Where the terms are: ``L10-L20`` or ``p. 3``; ``None`` where it is not known.
        terms: What to look for on a page without lines; the first is marked.
    """
    address = parse_address(url)
    if "#" in url:
        return url
    if position and (page := _PAGE.fullmatch(position)):
        return f"{url}#page={page[1]}"
    is_text = address.path and not address.path.endswith((".md", ".rst", ".ipynb"))
    if position and address.host in (GITHUB, HUB) and (lines := _LINES.fullmatch(position)):
        # Rendered Markdown has no lines; its plain view has.
        plain = "" if is_text or address.host != GITHUB else "?plain=1"
        end = f"-L{lines[2]}" if lines[2] else ""
        return f"{url}{plain}#L{lines[1]}{end}" if address.path else url
    if terms and address.host not in (GITHUB, HUB):
        return f"{url}#:~:text={quote(terms[0], safe='')}"
    return url


def public_address(url: str | None) -> str | None:
    """Return an address that others can open; ``None`` for one of the machine that recorded it."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host and host not in LOOPBACK else None
