"""YAML files with line numbers, so that an error names the line of the mistake.

All scalars are read as text: ``no`` may be the name of a folder and ``2401.00368`` an arXiv id.
The records convert them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn, TypeVar, get_args

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tracker.common.text import did_you_mean
from tracker.common.yaml_loader import SAFE_LOADER
from tracker.curated.basics import Record
from tracker.errors import CuratedError

_R = TypeVar("_R", bound=Record)


class Document:
    """One YAML file: its value, and the line of each part.

    Raises:
        CuratedError: The file cannot be read or is not a YAML mapping of plain values.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        root = _composed(path, _text(path))
        if not isinstance(root, yaml.MappingNode):
            raise CuratedError(f"{path}:1: not a list of keys", remedy="write key: value lines")
        self._seen: set[int] = set()
        self.root: yaml.MappingNode = root
        self.value: dict[str, Any] = self._plain(root)

    def _plain(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == "tag:yaml.org,2002:null" else node.value
        if id(node) in self._seen:
            self._fail(node, "an alias (*name) refers to another part", "write the part out")
        self._seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item) for item in node.value]
        result: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._fail(key, "a key that is not text", "write key: value lines")
            if key.value in result:
                self._fail(key, f"duplicate key {key.value!r}", "keep one of the two")
            result[key.value] = self._plain(value)
        return result

    def _fail(self, node: yaml.Node, message: str, remedy: str) -> NoReturn:
        line = node.start_mark.line + 1
        raise CuratedError(f"{self.path}:{line}: {message}", remedy=remedy)

    def fail(self, place: Iterable[int | str], message: str, remedy: str) -> NoReturn:
        """Raise an error for a place in the file, or for the nearest part above it.

        Args:
            place: Keys and positions that lead from the root to the part.
            message: What is wrong.
            remedy: What to do about it.

        Raises:
            CuratedError: Always.
        """
        node: yaml.Node = self.root
        for step in place:
            if isinstance(node, yaml.MappingNode):
                found = [pair for pair in node.value if pair[0].value == step]
                if not found:
                    break
                key, value = found[0]
                # The value of a key may start lines below it; a scalar is reported at its key.
                node = key if isinstance(value, yaml.ScalarNode) else value
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                node = node.value[step]
            else:
                break
        self._fail(node, message, remedy)

    def read(self, kind: type[_R], context: dict[str, Any] | None = None) -> _R:
        """Validate the file's value as a record.

        Raises:
            CuratedError: The first mistake.
        """
        try:
            return kind.model_validate(self.value, context=context)
        except ValidationError as error:
            # A misspelt key is unknown and missing at once; the unknown key is the better hint.
            first = min(error.errors(), key=lambda details: details["type"] != "extra_forbidden")
            place, message, remedy = first["loc"], *_explained(kind, first)
        return self.fail(place, message, remedy)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise CuratedError(f"{path}:{line}: not UTF-8", remedy="save it as UTF-8") from None
    except OSError as error:
        raise CuratedError(f"{path}: cannot be read: {error.strerror}") from None


def _composed(path: Path, text: str) -> yaml.Node | None:
    try:
        root: yaml.Node | None = yaml.compose(text, Loader=SAFE_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise CuratedError(
            f"{path}:{line}: not YAML: {error.problem or error.context}",
            remedy="check indentation and quotes",
        ) from None
    except yaml.YAMLError as error:
        raise CuratedError(f"{path}:1: not YAML: {error}") from None
    return root


def _explained(kind: type[Record], error: ErrorDetails) -> tuple[str, str]:
    """Turn an error of pydantic into a message and a remedy."""
    place = [step for step in error["loc"] if isinstance(step, str)]
    name = place[-1] if place else "the file"
    match error["type"]:
        case "extra_forbidden":
            return f"unknown key {name!r}", did_you_mean(name, _keys_at(kind, error["loc"][:-1]))
        case "missing":
            return f"missing key {name!r}", f"add {name}:"
        case "curated":
            return error["msg"], str(error["ctx"]["remedy"])
        case "literal_error":
            allowed = re.findall(r"'([^']+)'", str(error["ctx"]["expected"]))
            return f"unknown {name} {error['input']!r}", did_you_mean(str(error["input"]), allowed)
        case _:
            return f"{name}: {error['msg']}", "see the other files of this folder"


def _keys_at(kind: type[Record], place: tuple[int | str, ...]) -> list[str]:
    """List the keys that the part of a record at a place may have."""
    for step in place:
        if isinstance(step, str) and step in kind.model_fields:
            pending: list[Any] = [kind.model_fields[step].annotation]
            while pending:
                part = pending.pop()
                if isinstance(part, type) and issubclass(part, Record):
                    kind = part
                pending.extend(get_args(part))
    return list(kind.model_fields)
