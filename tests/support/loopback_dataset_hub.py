"""The part of the Hub that takes data sets, on 127.0.0.1: creates repositories, takes commits."""

from __future__ import annotations

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class DatasetHub:
    """Keeps the files of one data set."""

    def __init__(self, token: str) -> None:
        self.files: dict[str, bytes] = {}
        self.created: list[dict[str, Any]] = []
        self.token = token
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                allowed = self.headers.get("Authorization") == f"Bearer {hub.token}"
                status, answer = hub.answer(self.path, body) if allowed else (401, {"error": "no"})
                content = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """The Hub's answer to a request."""
        if path == "/api/repos/create":
            self.created.append(json.loads(body))
            return 200, {"url": f"{self.url}/datasets/lab/ranks", "name": "lab/ranks"}
        if path == "/api/validate-yaml":
            return 200, {"errors": [], "warnings": []}
        if path.startswith("/api/datasets/lab/ranks/preupload/"):
            asked = json.loads(body)["files"]
            found = [{"path": one["path"], "uploadMode": "regular", "shouldIgnore": False}
                     for one in asked]  # fmt: skip
            return 200, {"files": found}
        if path.startswith("/api/datasets/lab/ranks/commit/"):
            for line in map(json.loads, body.splitlines()):
                if line["key"] == "file":
                    value = line["value"]
                    self.files[value["path"]] = base64.b64decode(value["content"])
            address = f"{self.url}/datasets/lab/ranks/commit/{'a' * 40}"
            return 200, {"commitUrl": address, "commitOid": "a" * 40, "success": True}
        return 404, {"error": path}

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
