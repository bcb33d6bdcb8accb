"""Resolve the names that people type to models."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from math import inf
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Row

from tracker.answers.boards import MAIN_SERIES
from tracker.catalog import queries
from tracker.catalog.boards import state_queries
from tracker.catalog.identity import originals
from tracker.catalog.identity.absence_queries import withdrawn_models
from tracker.catalog.results.changes import result_models
from tracker.catalog.results.registry_queries import newest_models
from tracker.common.checks import check_type
from tracker.common.notices import notice
from tracker.common.text import (
    bare_name,
    enumerated,
    model_slug,
    near,
    one_letter_apart,
    suggestion,
)
from tracker.errors import NotFoundError
from tracker.insights.reader import Reader, memoised


@memoised
def read_originals(reader: Reader) -> originals.Originals:
    """Read which models are copies or former names of which."""
    return originals.read_originals(reader.connection)


@memoised
def read_names(reader: Reader) -> dict[int, Row[Any]]:
    """Read names and slugs of all models by id, in the order of the names."""
    return {row.id: row for row in queries.models(reader.connection)}


@memoised
def read_original_names(reader: Reader) -> dict[str, str]:
    """Read the original's public id by that of a copy or former name."""
    names = read_names(reader)
    found = read_originals(reader).of.items()
    return {names[id_].name: names[of].name for id_, of in found if {id_, of} <= names.keys()}


class Attested(NamedTuple):
    """What speaks for a model among several of one name."""

    registered: bool
    """Whether the publisher's registry has it."""
    n_boards: int
    """Number of boards that list it now."""
    first_at: str
    """When a board first listed it; ``9`` if none ever did."""

    @property
    def order(self) -> tuple[bool, int, str]:
        """Sort key: the original before re-uploads."""
        return not self.registered, -self.n_boards, self.first_at

    @property
    def age_order(self) -> str:
        """Sort key: the newest last, after those that no board ever listed."""
        return "" if self.first_at == NEVER.first_at else self.first_at


NEVER = Attested(registered=False, n_boards=0, first_at="9")


@dataclass(eq=False)
class ModelNames:
    """Everything that some models are called."""

    slugs: Mapping[str, str]
    """Slugs by public id."""
    originals: Mapping[str, str]
    """The original's public id, by that of a copy or of a former name."""
    former: frozenset[str] = frozenset()
    """Those of ``originals`` that are the original itself under a former name."""
    attested: Callable[[], Mapping[str, Attested]] = dict
    """Reads what speaks for each model; asked only where a name means several."""
    ranks: Callable[[], Mapping[str, int]] = dict
    """Reads the best present rank of each model in the main series; asked only for families."""
    elsewhere: Callable[[], Iterable[str]] = tuple
    """Reads public ids that other sources know: such a name is no misspelling of another one."""

    def __post_init__(self) -> None:
        self._answers: dict[str, str] = {}

    def named(self, name: str) -> str:
        """Resolve a typed name to a public id: the id, its slug, its last part, or nearly so.

        Case, blanks and punctuation do not matter, nor one letter where one model is meant. Of
        several models of one name the original is meant: the one that the others are copies or
        former names of, or that is best attested.

        Raises:
            NotFoundError: No model has that name, several have, or it is a family of models.
            UsageError: The name is not text.
        """
        check_type("model", name, str)
        if name not in self._answers:
            self._answers[name] = self._find(name)
        return self._answers[name]

    def _find(self, name: str) -> str:
        written = unicodedata.normalize("NFKC", name).strip()
        if written in self.slugs:
            return written
        folded, bare = written.casefold(), bare_name(written)
        called = [id_ for id_, slug in self.slugs.items() if folded in (id_.casefold(), slug)]
        if not called and not self._is_elsewhere(folded):
            called = [id_ for id_ in self.slugs if id_.casefold().endswith("/" + folded)]
            called = called or [id_ for id_, known in self._bare if bare and known == bare]
            if not called and (family := self._family(written)):
                return self._only_member(name, family)
            if not called and (meant := self._misspelt(bare)):
                notice(f"no model is called {name!r}; this is {meant}")
                return meant
        if called:
            return self._original(name, list(dict.fromkeys(called)))
        raise NotFoundError(f"no model called {name!r}", remedy=self._suggestion(written))

    def _is_elsewhere(self, folded: str) -> bool:
        """Whether a public id is one of a model that only other sources know."""
        return "/" in folded and folded in map(str.casefold, self.elsewhere())

    @cached_property
    def _bare(self) -> tuple[tuple[str, str], ...]:
        """Pairs of a public id, and it or its last part without case and punctuation."""
        return tuple(
            (id_, bare)
            for id_ in self.slugs
            for bare in dict.fromkeys((bare_name(id_), bare_name(_tail(id_))))
        )

    def original_of(self, called: Sequence[str]) -> str | None:
        """Return which of some models with the same name is meant; ``None`` if that is open."""
        best, *others = self._by_attestation({self.originals.get(id_, id_) for id_ in called})
        return None if others and self._order(best) == self._order(others[0]) else best

    def _original(self, name: str, called: Sequence[str]) -> str:
        """The one of some models with the same name that is meant."""
        if len(called) == 1:
            return called[0]
        best = self.original_of(called)
        if best is None:
            raise NotFoundError(
                f"{name!r} is the name of {len(called)} models",
                remedy="name one: " + enumerated(self._by_attestation(called)),
            )
        others = [id_ for id_ in called if id_ != best and not self._is_former(id_, best)]
        if others:
            notice(f"{name!r} is read as {best}, not {enumerated(self._by_attestation(others))}")
        return best

    def _is_former(self, name: str, present: str) -> bool:
        return name in self.former and self.originals[name] == present

    def _order(self, id_: str) -> tuple[bool, bool, int, str]:
        return id_ in self.originals, *self.attested().get(id_, NEVER).order

    def _by_attestation(self, ids: Iterable[str]) -> list[str]:
        return sorted(sorted(ids), key=self._order)

    def _family(self, written: str) -> list[str]:
        """Originals whose name goes on after the one that is typed, the best and newest first."""
        bare = bare_name(written)
        found = [
            id_
            for id_ in self.slugs
            if id_ not in self.originals
            and bare in _beginnings(id_ if "/" in written else _tail(id_))
        ]
        if len(found) < 2:
            return found
        attested, ranks = self.attested(), self.ranks()
        newest = sorted(found, key=lambda id_: attested.get(id_, NEVER).age_order, reverse=True)
        return sorted(newest, key=lambda id_: ranks.get(id_, inf))

    def _only_member(self, name: str, family: Sequence[str]) -> str:
        if len(family) > 1:
            raise NotFoundError(
                f"{name!r} is a family of {len(family)} models",
                remedy="name one: " + enumerated(family),
            )
        notice(f"no model is called {name!r}; this is {family[0]}")
        return family[0]

    def _misspelt(self, bare: str) -> str | None:
        """The one model whose name differs by one letter; ``None`` for several or a short name."""
        if len(bare) < _SHORTEST:
            return None
        near = {
            self.originals.get(id_, id_)
            for id_, known in self._bare
            if one_letter_apart(bare, known)
        }
        return near.pop() if len(near) == 1 else None

    def _suggestion(self, written: str) -> str:
        """The remedy for an unknown name: similar names, those of originals first."""
        found: list[str] = []
        for copies in (False, True):
            ids = [id_ for id_ in self.slugs if (id_ in self.originals) == copies]
            if "/" in written:
                tail = bare_name(_tail(written))
                found += self._by_attestation(id_ for id_ in ids if bare_name(_tail(id_)) == tail)
                found += near(written, ids)
            else:
                by_tail: dict[str, list[str]] = defaultdict(list)
                for id_ in ids:
                    by_tail[_tail(id_).casefold()].append(id_)
                for known in near(written, by_tail):
                    found += self._by_attestation(by_tail[known])
        for organisation in {id_.partition("/")[0] for id_ in self.slugs if "/" in id_}:
            if organisation.casefold() == written.casefold():
                return f"see: tracker models --org {organisation}"
        return suggestion(list(dict.fromkeys(found))[:3]) or "see: tracker models"


_SHORTEST = 6
"""Least number of letters of a name in which a typo is forgiven."""


def _tail(public_id: str) -> str:
    return public_id.rpartition("/")[2]


def _beginnings(name: str) -> set[str]:
    """What a name begins with, up to each of its words but the last, without punctuation."""
    words = re.findall(r"[^\W_]+", name.casefold())
    return {"".join(words[:n]) for n in range(1, len(words))}


@memoised
def read_model_names(reader: Reader, *, with_results: bool = False) -> ModelNames:
    """Read what the models of the catalog are called.

    Args:
        reader: The open catalog.
        with_results: Also models that only result files have.
    """
    names, found = read_names(reader), read_originals(reader)
    slugs = {row.name: row.slug for row in names.values()}
    of_results = result_models(reader.connection) if with_results else []
    return ModelNames(
        slugs={name: model_slug(name) for name in of_results} | slugs,
        originals=read_original_names(reader),
        former=frozenset(names[id_].name for id_ in found.former if id_ in names),
        attested=lambda: read_attested(reader),
        ranks=lambda: _read_main_ranks(reader),
        elsewhere=lambda: _read_elsewhere(reader),
    )


@memoised
def _read_elsewhere(reader: Reader) -> tuple[str, ...]:
    """Read ids that result files or the publisher's withdrawals have."""
    return (*result_models(reader.connection), *withdrawn_models(reader.connection))


@memoised
def read_attested(reader: Reader) -> dict[str, Attested]:
    """Read what speaks for each model, by public id."""
    registered = newest_models(reader.connection)
    found = {
        row.name: Attested(row.name in registered, row.n_boards, row.first_at)
        for row in queries.listed_models(reader.connection)
    }
    return {name: NEVER._replace(registered=True) for name in registered} | found


@memoised
def _read_main_ranks(reader: Reader) -> dict[str, int]:
    """Read the best present rank of each model in the main series."""
    owners = queries.listing_models(reader.connection)
    best: dict[str, int] = {}
    for edition in reader.editions.main():
        if not (edition.current and edition.series in MAIN_SERIES):
            continue
        id_ = reader.editions.ids[edition.slug]
        ranking = state_queries.ranking_at(reader.connection, id_, reader.now, computed=True)
        ranking = ranking or state_queries.ranking_at(
            reader.connection, id_, reader.now, computed=False
        )
        for rank, listing in enumerate(orjson.loads(ranking.listing_ids) if ranking else (), 1):
            name = owners[listing]
            best[name] = min(rank, best.get(name, rank))
    return best


def find_model(reader: Reader, name: str) -> Any:
    """Find a model by a typed name; a former name means the model under its present one.

    Raises:
        NotFoundError: The catalog knows no such model.
    """
    known = read_names(reader)
    ids = {row.name: row.id for row in known.values()}
    found = ids[read_model_names(reader).named(name)]
    return known[read_present(reader).get(found, found)]


def by_own_name(known: Iterable[str]) -> dict[str, str]:
    """Map names without organisation, in lower case, to the first public id with it."""
    return {
        public_id.rpartition("/")[2].casefold(): public_id
        for public_id in sorted(known, reverse=True)
    }


def likely_model(name: str, known: Mapping[str, str]) -> str | None:
    """Find the registry model that an unknown name most likely means.

    It has the same name under another organisation, or nearly the same name.

    Args:
        name: Public id.
        known: Registry models by their own name, see :func:`by_own_name`.
    """
    own = name.rpartition("/")[2].casefold()
    if own in known:
        return known[own]
    # Names whose lengths differ too much cannot be near, and need not be compared.
    shortest, longest = len(own) * _NEAR / (2 - _NEAR), len(own) * (2 - _NEAR) / _NEAR
    of_length = [other for other in known if shortest - 1 <= len(other) <= longest + 1]
    near = get_close_matches(own, of_length, n=1, cutoff=_NEAR)
    return known[near[0]] if near else None


_NEAR = 0.85
"""Least similarity of two names, by difflib."""


@memoised
def read_present(reader: Reader) -> dict[int, int]:
    """Read the id of the present name by the id of a former one."""
    found = read_originals(reader)
    return {model: found.of[model] for model in found.former}


@memoised
def read_former(reader: Reader) -> dict[int, frozenset[int]]:
    """Read ids of a model's former names by its present id."""
    found: dict[int, set[int]] = {}
    for former, present in read_present(reader).items():
        found.setdefault(present, set()).add(former)
    return {present: frozenset(names) for present, names in found.items()}
