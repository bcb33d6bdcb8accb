"""A model Hub on 127.0.0.1: model information, files by revision, ETags and 304.

``server.models["lab/one"]`` is a :class:`HubModel`; put another one there like a day that passes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from urllib.parse import unquote

from tests.support.loopback import Answer, LoopbackServer


@dataclass(frozen=True)
class HubModel:
    """A repository at its newest revision."""

    files: dict[str, bytes]
    tags: tuple[str, ...] = ()
    revision: str = "a" * 40
    extra: dict[str, object] = field(default_factory=dict)
    """Further fields of the information, or others instead of the usual ones."""


class HubServer(LoopbackServer):
    """The two addresses of the Hub that the tracker asks."""

    def __init__(self, models: dict[str, HubModel]) -> None:
        super().__init__()
        self.url = self.origin
        self.models = models

    def asked(self) -> list[str]:
        """Requests, as ``model`` or ``model/file``."""
        found = []
        for seen in self.log:
            path = unquote(seen.path)
            if path.startswith("/api/models/"):
                found.append(path.removeprefix("/api/models/"))
            else:
                name, _, rest = path.lstrip("/").partition("/resolve/")
                found.append(f"{name}/{rest.partition('/')[2]}")
        return found

    def good_answer(self, path: str, query: str, headers: dict[str, str]) -> Answer:
        """The answer of a healthy Hub."""
        body = self._body(unquote(path))
        if body is None:
            return Answer(404, {"Content-Type": "application/json"}, b'{"error":"not found"}')
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if headers.get("if-none-match") == etag:
            return Answer(304, {"ETag": etag}, b"")
        kind = "application/json" if path.startswith("/api/") else "text/plain; charset=utf-8"
        return Answer(200, {"Content-Type": kind, "ETag": etag}, body)

    def _body(self, path: str) -> bytes | None:
        if path.startswith("/api/models/"):
            name = path.removeprefix("/api/models/")
            model = self.models.get(name)
            if model is None:
                return None
            told: dict[str, object] = {
                "id": name,
                "sha": model.revision,
                "lastModified": "2025-01-02T03:04:05.000Z",
                "tags": list(model.tags),
                "siblings": [{"rfilename": one} for one in model.files],
            }
            return json.dumps(told | model.extra).encode()
        name, _, rest = path.lstrip("/").partition("/resolve/")
        revision, _, file = rest.partition("/")
        model = self.models.get(name)
        return model.files.get(file) if model and model.revision == revision else None
