"""The built site and the JSON API as one web application."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tracker.common.addresses import LOOPBACK
from tracker.common.text import did_you_mean
from tracker.errors import CatalogError, NoDataError, NotFoundError, TrackerError, UsageError
from tracker.serving.catalog_thread import CatalogThread
from tracker.serving.endpoints import ENDPOINTS
from tracker.serving.openapi import PREFIX, openapi

LARGEST_BODY = 1_000_000
"""Bytes of a request."""
_STATUS = ((UsageError, 400), (NotFoundError, 404), (NoDataError, 404), (CatalogError, 503))


def web_app(catalog: CatalogThread, site: Path, *, host: str) -> Starlette:
    """Return the application.

    Args:
        catalog: Answers the questions; the caller closes it.
        site: Folder of the built site; it need not exist.
        host: Address that the server listens on. On loopback only names of this machine are
            served, so that no page of another site can read answers through the browser.
    """
    hosts = [*LOOPBACK, "[::1]"] if host in LOOPBACK else ["*"]
    questions = _Questions(catalog)
    api = [
        Route("/v1", _overview),
        Route("/v1/openapi.json", _description),
        Route("/v1/{name}", questions.answer, methods=["GET", "POST"]),
    ]
    return Starlette(
        routes=[
            Mount("/api", routes=api, middleware=[Middleware(GZipMiddleware)]),
            Mount("/", _Site(directory=site, html=True, check_dir=False)),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)],
        exception_handlers={TrackerError: _refusal, HTTPException: _http_error},
    )


class _Site(StaticFiles):
    """The files of a site that may be built later."""

    async def check_config(self) -> None:
        """Answer 404 as long as there is no folder."""
        if not Path(str(self.directory)).is_dir():
            raise HTTPException(404, "no site is built; see /api/v1")
        await super().check_config()


class _Questions:
    def __init__(self, catalog: CatalogThread) -> None:
        self._catalog = catalog

    async def answer(self, request: Request) -> Response:
        """Answer one question."""
        name = request.path_params["name"]
        endpoint = ENDPOINTS.get(name)
        if endpoint is None:
            raise NotFoundError(
                f"the API has no {name!r}", remedy=did_you_mean(name, list(ENDPOINTS))
            )
        if (request.method == "POST") is not endpoint.body:
            allowed = "POST" if endpoint.body else "GET"
            raise HTTPException(405, f"{name} is asked with {allowed}", {"Allow": allowed})
        given = await _body(request) if endpoint.body else _query(request)
        content = await run_in_threadpool(
            self._catalog.ask, lambda catalog: endpoint.answer(catalog, given)
        )
        return _fresh(request, content)


def _query(request: Request) -> Mapping[str, list[str]]:
    return {name: request.query_params.getlist(name) for name in request.query_params}


async def _body(request: Request) -> Mapping[str, Any]:
    """The JSON object that a request has.

    Raises:
        UsageError: It has none, or too long a one.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise UsageError(f"the request has more than {LARGEST_BODY:,} bytes")
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UsageError(f"the request is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise UsageError("the request is not a JSON object")
    return found


async def _overview(request: Request) -> Response:
    questions = {
        name: {"path": f"{PREFIX}/{name}", "method": "POST" if each.body else "GET",
               "about": each.summary}
        for name, each in ENDPOINTS.items()
    }  # fmt: skip
    described = {"openapi": f"{PREFIX}/openapi.json", "questions": questions}
    return _fresh(request, orjson.dumps(described))


async def _description(request: Request) -> Response:
    return _fresh(request, orjson.dumps(openapi()))


def _fresh(request: Request, content: bytes) -> Response:
    """Return the content, or 304 where the client has it."""
    # The middleware may compress the bytes, so the tag is a weak one.
    tag = f'W/"{sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    asked = request.headers.get("if-none-match", "")
    known = {each.strip().removeprefix("W/") for each in asked.split(",")}
    if request.method != "POST" and (tag.removeprefix("W/") in known or "*" in known):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)


def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, TrackerError)
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    return _error(status, error.message, error.remedy)


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _error(error.status_code, error.detail, "", error.headers)


def _error(
    status: int, message: str, remedy: str, headers: Mapping[str, str] | None = None
) -> Response:
    content = orjson.dumps({"error": message, "remedy": remedy})
    return Response(content, status, headers, media_type="application/json")
