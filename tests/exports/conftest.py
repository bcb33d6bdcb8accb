"""Object stores: one in memory, and an S3 server on loopback."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest


@pytest.fixture
def target() -> Iterator[str]:
    """An object store in memory."""
    store = fsspec.filesystem("memory")
    store.store.clear()
    yield "memory://bucket/site"
    store.store.clear()


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of an S3 server on loopback."""
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    pytest.importorskip("moto.server", reason="moto is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", port],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            monkeypatch.setenv(name, value)
        # A client that an earlier test made would ask the server of that test.
        fsspec.get_filesystem_class("s3").clear_instance_cache()
        store = fsspec.filesystem("s3", use_listings_cache=False)
        for _ in range(600):
            try:
                store.mkdir("bucket")
                break
            except Exception:
                time.sleep(0.1)
        yield "s3://bucket/site"
    finally:
        server.kill()
        server.wait()
