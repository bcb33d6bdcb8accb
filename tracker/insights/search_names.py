"""Everything that has a name of its own, and what it is called.

The command line and the search of the site look a name up here before they look into texts, so
that both give the thing itself before what mentions it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.answers.common import Bilingual
from tracker.answers.search import NamedThing
from tracker.catalog.search.names import read_aliases, read_titles
from tracker.errors import NoDataError
from tracker.insights.boards.names import ALSO
from tracker.insights.models.names import read_model_names, read_names
from tracker.insights.models.organisations import read_publishers
from tracker.insights.reader import Reader, memoised
from tracker.insights.tasks.infos import read_infos

KINDS = (
    "board", "task", "model", "organisation", "technique", "dataset", "paper", "comparison",
)  # fmt: skip
"""Which comes first where several have one name."""

_QUALIFIED = re.compile(r"\s*[（(,，].*$")
"""What follows the name in a label such as ``Hard negatives, choice not stated``."""


@memoised
def read_named(reader: Reader) -> tuple[NamedThing, ...]:
    """Read all things that have a name, in the order in which equal names count."""
    things = [*_boards(reader), *_tasks(reader), *_entries(reader), *_accounts(reader)]
    return tuple(sorted(things, key=lambda thing: (KINDS.index(thing.kind), thing.key)))


def _boards(reader: Reader) -> Iterator[NamedThing]:
    for edition in reader.editions.editions:
        names = [edition.name, edition.slug, edition.title.en, edition.title.zh]
        if edition.current:
            title = edition.series_title
            names += [edition.series, title.en, title.zh, *ALSO.get(edition.series, ())]
        yield NamedThing("board", edition.slug, edition.title, None, _once(names), ())


def _tasks(reader: Reader) -> Iterator[NamedThing]:
    try:
        infos = read_infos(reader)
    except NoDataError:
        return
    for info in infos.values():
        if info.n_boards:
            title = Bilingual(info.name, info.name)
            yield NamedThing("task", info.name, title, None, (info.name,), ())


def _entries(reader: Reader) -> Iterator[NamedThing]:
    """Models, organisations, papers, datasets, techniques and comparisons."""
    further = read_aliases(reader.connection)
    originals = _originals(reader)
    for row in read_titles(reader.connection):
        kind, key = row.kind, row.key
        about = Bilingual(row.about_en, row.about_zh or row.about_en) if row.about_en else None
        names, aliases = [key, row.title_en, row.title_zh], list(further.get((kind, key), ()))
        if kind == "model":
            last = key.rpartition("/")[2]
            (names if originals.get(last.casefold()) == key else aliases).append(last)
        elif kind == "paper":
            aliases.append(row.title_en.partition(": ")[0])
        elif kind == "technique":
            names += [key.partition("/")[2], *(_QUALIFIED.sub("", n) for n in names[1:3])]
        title = Bilingual(row.title_en, row.title_zh)
        yield NamedThing(kind, key, title, about, _once(names), _once(aliases))


def _originals(reader: Reader) -> dict[str, str]:
    """The model that the last part of a public id means, by that part in small letters."""
    models = read_model_names(reader)
    lasts: dict[str, list[str]] = {}
    for row in read_names(reader).values():
        lasts.setdefault(row.name.rpartition("/")[2].casefold(), []).append(row.name)
    return {
        last: original
        for last, ids in lasts.items()
        if (original := ids[0] if len(ids) == 1 else models.original_of(ids)) is not None
    }


def _accounts(reader: Reader) -> Iterator[NamedThing]:
    """Accounts that belong to no organisation with an entry."""
    publishers = read_publishers(reader)
    accounts = {
        row.name.partition("/")[0]
        for row in read_names(reader).values()
        if publishers.of(row.name) is None
    }
    for account in sorted(accounts):
        title = Bilingual(account, account)
        yield NamedThing("organisation", account, title, None, (account,), ())


def _once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
