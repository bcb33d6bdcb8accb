"""The description of the JSON API in the OpenAPI format, version 3.1."""

from __future__ import annotations

from typing import Any

import polars as pl

from tracker import __version__
from tracker.answers.frames import TABLES
from tracker.answers.meanings import meaning
from tracker.serving.endpoints import ENDPOINTS, Endpoint, Parameter

PREFIX = "/api/v1"
_STATE = {
    "type": "object",
    "description": "The state of the data that the answer comes from.",
    "properties": {
        "digest": {"type": "string", "description": "Which state of the data this is."},
        "data_until": {
            "type": ["string", "null"],
            "description": "The newest moment for which any source has data.",
        },
    },
    "required": ["digest", "data_until"],
}
_ERROR = {
    "type": "object",
    "properties": {
        "error": {"type": "string", "description": "What is wrong, in one line."},
        "remedy": {"type": "string", "description": "What to do; empty where nothing helps."},
    },
    "required": ["error", "remedy"],
}
_ERRORS = {
    "400": "A parameter is missing, unknown or wrong.",
    "404": "The catalog has no such thing, or nothing for that date.",
    "503": "The catalog cannot be read.",
}


def openapi() -> dict[str, Any]:
    """Return the document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Embedding Tracker",
            "version": __version__,
            "summary": "Leaderboards of text embeddings on any day, and what is documented of"
            " the models.",
            "description": "Read-only. Every path answers what the method of the same name answers"
            " in Python and what the command prints with --format json. Dates are YYYY-MM-DD,"
            " YYYY-MM or YYYY and mean their end in UTC; scores are percent; a missing value is"
            " null. ETag and If-None-Match are supported.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": {f"{PREFIX}/{name}": _path(each) for name, each in ENDPOINTS.items()},
        "components": {"schemas": {"Catalog": _STATE, "Error": _ERROR}},
    }


def _path(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "responses": {
            "200": {
                "description": "The answer.",
                "content": {"application/json": {"schema": _answer(endpoint)}},
            },
            **{
                status: {
                    "description": about,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}
                    },
                }
                for status, about in _ERRORS.items()
            },
        },
    }
    parameters = endpoint.parameters.values()
    if endpoint.body:
        schema = {
            "type": "object",
            "properties": {each.name: _described(each) for each in parameters},
            "required": [each.name for each in parameters if each.required],
        }
        content = {"application/json": {"schema": schema}}
        return {"post": operation | {"requestBody": {"required": True, "content": content}}}
    operation["responses"]["304"] = {"description": "The answer has not changed."}
    operation["parameters"] = [
        {
            "name": each.name,
            "in": "query",
            "required": each.required,
            "description": each.about,
            "schema": _schema(each),
        }
        for each in parameters
    ]
    return {"get": operation}


def _described(parameter: Parameter) -> dict[str, Any]:
    return _schema(parameter) | {"description": parameter.about}


def _schema(parameter: Parameter) -> dict[str, Any]:
    if parameter.kind == "array":
        return {"type": "array", "items": {"type": "string"}}
    found: dict[str, Any] = {"type": parameter.kind}
    return found if parameter.default is None else found | {"default": parameter.default}


def _answer(endpoint: Endpoint) -> dict[str, Any]:
    content: dict[str, Any] = {"type": "string"}
    if endpoint.shape == "value":
        content = {"type": "object"}
    elif endpoint.shape == "rows":
        content = {"type": "array", "items": _row(endpoint)}
    return {
        "type": "object",
        "properties": {
            "catalog": {"$ref": "#/components/schemas/Catalog"},
            endpoint.shape: content,
        },
        "required": ["catalog", endpoint.shape],
    }


def _row(endpoint: Endpoint) -> dict[str, Any]:
    columns = endpoint.columns
    if columns is None:
        return {"type": "object"}
    table = TABLES[endpoint.name]
    properties = {
        name: _type(kind) | {"description": meaning(table, name)} for name, kind in columns.items()
    }
    return {"type": "object", "properties": properties, "required": list(columns)}


def _type(kind: Any) -> dict[str, Any]:
    if isinstance(kind, pl.List):
        return {"type": ["array", "null"]}
    if isinstance(kind, pl.Struct):
        return {"type": ["object", "null"]}
    names = {pl.Int64: "integer", pl.Float64: "number", pl.Boolean: "boolean"}
    return {"type": [names.get(kind, "string"), "null"]}
