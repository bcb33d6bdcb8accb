"""Module chains of Sentence Transformers repositories: ``modules.json``, routers, plain folders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Files = Mapping[str, tuple[str, Any]]
"""Address and parsed JSON by file name, for example ``1_Pooling/config.json``."""
LIST, ROUTER = "modules.json", "router_config.json"
_ROUTERS = frozenset({"Router", "Asym"})
_FOLDER = re.compile(r"([0-9]{1,2})_([A-Za-z]+)/config\.json")
MOST_ROUTES = 8


@dataclass(frozen=True, slots=True)
class Module:
    """One module of a chain."""

    kind: str
    """Name of its class, for example ``Pooling``."""
    type: str
    """Full name of its class; empty where only its folder is known."""
    folder: str
    """Folder with a slash at its end; empty for the root of the repository."""
    listed_in: str
    """File that lists it."""
    key: str
    """Its place in that file."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The modules that a text passes, in order."""

    route: str
    """Name of the route; empty where all texts take the same way."""
    modules: tuple[Module, ...]
    is_listed: bool
    """Whether a file lists the modules; otherwise they are guessed from the folders."""

    def first(self, *kinds: str) -> Module | None:
        """The first module of one of some kinds."""
        return next((module for module in self.modules if module.kind in kinds), None)


def chains(files: Files) -> tuple[Chain, ...]:
    """The chains of a repository: one, or one for each route of a router."""
    listed = _value(files, LIST)
    if not isinstance(listed, list):
        routed = tuple(_routes(files, "", (), ()))
        return routed or (Chain("", tuple(_folders(files)), is_listed=False),)
    modules = [
        _module(str(item["type"]), str(item.get("path") or ""), LIST, f"{number}.type")
        for number, item in enumerate(listed)
        if isinstance(item, dict) and isinstance(item.get("type"), str)
    ]
    for number, module in enumerate(modules):
        if module.kind in _ROUTERS:
            before, after = tuple(modules[:number]), tuple(modules[number + 1 :])
            if routed := tuple(_routes(files, module.folder, before, after)):
                return routed
    return (Chain("", tuple(modules), is_listed=True),)


def _routes(
    files: Files, folder: str, before: Sequence[Module], after: Sequence[Module]
) -> Iterator[Chain]:
    """One chain for each route; older versions keep them in the ``config.json`` of the folder."""
    for name in (f"{folder}{ROUTER}", f"{folder}config.json"):
        value = _value(files, name)
        structure, types = _part(value, "structure"), _part(value, "types")
        for route, ids in list(structure.items())[:MOST_ROUTES]:
            if not isinstance(ids, list):
                continue
            inner = [
                _module(str(types.get(id_, id_)), f"{folder}{id_}", name, f"types.{id_}")
                for id_ in map(str, ids)
            ]
            yield Chain(str(route)[:40], (*before, *inner, *after), is_listed=True)
        if structure:
            return


def _module(type_: str, path: str, listed_in: str, key: str) -> Module:
    folder = path.strip("/")
    folder = "" if folder in ("", ".") else f"{folder}/"
    return Module(type_.rpartition(".")[2], type_, folder, listed_in, key)


def _folders(files: Files) -> Iterator[Module]:
    """Modules by their numbered folders, where no file lists them."""
    found = [(match, name) for name in files if (match := _FOLDER.fullmatch(name))]
    for match, name in sorted(found, key=lambda pair: (int(pair[0][1]), pair[1])):
        yield Module(match[2], "", name.removesuffix("config.json"), name, "")


def _value(files: Files, name: str) -> Any:
    return files[name][1] if name in files else None


def _part(value: Any, key: str) -> dict[str, Any]:
    part = value.get(key) if isinstance(value, dict) else None
    return part if isinstance(part, dict) else {}
