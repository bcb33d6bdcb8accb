"""The names that the site's search looks up before it looks into texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from tracker.answers.common import Bilingual
from tracker.answers.search import NamedThing
from tracker.pages.views.boards import model_path


@dataclass(frozen=True)
class SearchName:
    """What one page of the search index is called."""

    path: Bilingual
    """Address of the page; that of an organisation names it in the language of the page."""
    title: Bilingual | None
    """Set for what has no page of its own, and so no entry in the index yet."""
    order: int
    """Its place among things of the same name."""
    names: tuple[str, ...]
    aliases: tuple[str, ...]


def search_names(
    things: tuple[NamedThing, ...], models: Mapping[str, str], tasks: Mapping[str, str]
) -> Iterator[SearchName]:
    """Yield the names of pages.

    Args:
        things: In the order in which equal names count.
        models: Slugs of models by public id.
        tasks: Slugs of tasks that have a page, by name.
    """
    for order, thing in enumerate(things):
        place = _path(thing, models, tasks)
        if place is not None:
            path, title = place
            yield SearchName(path, title, order, thing.names, thing.aliases)


def _path(
    thing: NamedThing, models: Mapping[str, str], tasks: Mapping[str, str]
) -> tuple[Bilingual, Bilingual | None] | None:
    """Address of a thing, and its title where the address is a part of another page."""
    key = thing.key
    if thing.kind == "organisation":
        found = (f"models/?name={quote(name)}" for name in (thing.title.en, thing.title.zh))
        return Bilingual(*found), thing.title
    if thing.kind == "model":
        path = model_path(models[key]) if key in models else None
    elif thing.kind == "task":
        path = f"tasks/{tasks[key]}/" if key in tasks else None
    else:
        path = {
            "board": f"boards/{key}/",
            "technique": f"methods/techniques/{key.partition('/')[2]}/",
            "dataset": f"methods/datasets/{key}/",
            "paper": f"methods/papers/{key.replace('/', '-')}/",
            "comparison": f"compare/{key}/",
        }.get(thing.kind)
    return None if path is None else (Bilingual(path, path), None)
