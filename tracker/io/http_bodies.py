"""Read the body of an HTTP answer within a size limit, and check what kind of document it is."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Literal

import requests

from tracker.errors import one_line
from tracker.io.http_errors import AttemptError, TruncatedError

Expect = Literal["json", "xml", "any"]
CHUNK = 1 << 16
_NONE_NEEDS_MORE = "the other documents are fetched without it; none of this kind needs as many"


def read_body(answer: requests.Response, limit: int | None, usual_limit: int) -> bytes:
    """Return the body without its content encoding.

    Args:
        answer: A streamed answer.
        limit: Largest size in bytes, decoded, that documents of this source may have.
        usual_limit: The limit of the settings, which counts where there is no other one.

    Raises:
        AttemptError: The body is larger, or in an encoding that was not asked for.
    """
    return b"".join(_decoded(answer, limit, usual_limit))


def _decoded(answer: requests.Response, limit: int | None, usual_limit: int) -> Iterator[bytes]:
    encoding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("gzip", "x-gzip", "identity", ""):
        raise AttemptError(f"sent the unknown encoding {one_line(encoding)[:40]}")
    raw = _chunks(answer)
    most = left = limit or usual_limit
    for chunk in gunzipped(raw, left) if "gzip" in encoding else raw:
        left -= len(chunk)
        if left < 0:
            remedy = _NONE_NEEDS_MORE if limit else "see TRACKER_MAX_RESPONSE_BYTES"
            cause = f"the answer is larger than {most:,} bytes"
            raise AttemptError(cause, remedy=remedy, final=True)
        yield chunk


def _chunks(answer: requests.Response) -> Iterator[bytes]:
    while chunk := answer.raw.read(CHUNK, decode_content=False):
        yield chunk


def gunzipped(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """Unpack gzip in bounded steps, so that a small bomb cannot fill the memory.

    Yields:
        At most a little more than ``limit`` bytes.

    Raises:
        TruncatedError: The stream is damaged or cut off.
    """
    unpack = zlib.decompressobj(31)
    try:
        for chunk in chunks:
            while chunk and limit >= 0:
                if unpack.eof:  # gzip files may be written one after another
                    unpack = zlib.decompressobj(31)
                piece = unpack.decompress(chunk, 1 << 20)
                limit -= len(piece)
                yield piece
                chunk = unpack.unconsumed_tail or unpack.unused_data
        if limit >= 0 and not unpack.eof:
            yield unpack.flush()
    except zlib.error as error:
        raise TruncatedError(f"damaged gzip: {error}") from None
    if limit >= 0 and not unpack.eof:
        raise TruncatedError("truncated gzip")


def check_kind(body: bytes, content_type: str, expect: Expect) -> None:
    """Refuse what is plainly not the kind of document that was asked for."""
    if expect == "any":
        return
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    what = "JSON" if expect == "json" else "a feed"
    head = start[:64].lower()
    if head.startswith((b"<!doctype html", b"<html")) or (
        "html" in content_type.lower() and head.startswith(b"<") and not head.startswith(b"<?xml")
    ):
        raise AttemptError(f"sent an HTML page where {what} was expected")
    if not start:
        raise AttemptError("sent an empty answer", passing=True)
    if expect == "json":
        closing = {b"{": b"}", b"[": b"]"}.get(start[:1])
        if closing is None:
            sent = one_line(content_type)[:80] or "no JSON"
            raise AttemptError(f"sent {sent} where JSON was expected")
        if not body[-64:].rstrip().endswith(closing):
            raise AttemptError("the answer is cut off", passing=True)
