"""Cited files at a fixed version are fetched once; what is not there is remembered."""

from __future__ import annotations

import orjson
import pytest

from tests.support.loopback import Answer, Fault, LoopbackServer
from tracker.common import addresses
from tracker.settings import Settings
from tracker.sources import FetchFailure, cited_sources
from tracker.sources.records import Fetched

COMMIT = "a905523d0111f999360b312bd4a601a0a97a0e1c"


class Files(LoopbackServer):
    """One file."""

    def good_answer(self, path: str, query: str, headers: dict[str, str]) -> Answer:
        """The file, or 404."""
        if path != f"/o/r/{COMMIT}/a.py":
            return Answer(404, {}, b"")
        return Answer(200, {"Content-Type": "text/plain", "ETag": '"1"'}, b"x = 1\n")


def test_files_are_fetched_from_where_their_bytes_are(monkeypatch: pytest.MonkeyPatch) -> None:
    urls = [f"https://github.com/o/r/blob/{COMMIT}/{name}" for name in ("a.py", "b.py", "c.py")]
    session = cited_sources.open_session(Settings(retries=0, read_timeout=2), sleep=lambda _: None)
    with Files() as server:
        server.fail(f"/o/r/{COMMIT}/c.py", Fault(status=503))
        raw = addresses.Address.raw.fget  # type: ignore[attr-defined]
        monkeypatch.setattr(
            addresses.Address,
            "raw",
            property(
                lambda its: raw(its).replace("https://raw.githubusercontent.com", server.origin)
            ),
        )
        found, gone, failed = cited_sources.fetch(session, urls)
    assert isinstance(found, Fetched)
    assert (found.stream, found.body, found.etag) == (urls[0], b"x = 1\n", '"1"')
    assert isinstance(gone, Fetched)
    assert gone.stream == f"gone/{urls[1]}"
    assert orjson.loads(gone.body or b"") == {"status": 404}
    assert isinstance(failed, FetchFailure)
    assert failed.stream == urls[2]


@pytest.mark.parametrize(
    ("url", "is_read"),
    [
        (f"https://github.com/o/r/blob/{COMMIT}/a.py", True),
        ("https://arxiv.org/abs/2405.17428v3", True),
        ("https://github.com/o/r/blob/main/a.py", False),
        ("https://arxiv.org/abs/2405.17428", False),
        ("https://example.org/a", False),
    ],
)
def test_only_fixed_versions_are_read(url: str, is_read: bool) -> None:
    assert cited_sources.is_cited_file(url) is is_read
