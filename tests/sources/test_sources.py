"""The list of sources: ids, headers and suggestions."""

from __future__ import annotations

import pytest

from tracker.errors import UsageError
from tracker.records import SourceHeader
from tracker.sources import SOURCES, header, nearest, suggestion


@pytest.mark.parametrize("source_id", SOURCES)
def test_every_source_has_a_header_of_its_own(source_id: str) -> None:
    found = header(source_id)
    assert isinstance(found, SourceHeader)
    assert found.id == source_id
    assert all((found.title, found.licence, found.home, found.politeness))
    assert found.refresh_hours > 0


def test_an_unknown_source_gets_the_nearest_id() -> None:
    with pytest.raises(UsageError) as caught:
        header("leaderbord_api")
    assert str(caught.value) == ("unknown source 'leaderbord_api'; did you mean 'leaderboard-api'")


def test_where_nothing_is_near_the_list_is_shown() -> None:
    assert suggestion("zzz", ["a", "b"]) == "there are 'a', 'b'"
    assert suggestion("zzz", list("abcdefg")) == "there are 'a', 'b', 'c', 'd', 'e' and more"
    assert suggestion("zzz", []) == ""


def test_parts_of_names_are_near() -> None:
    assert nearest("cmn", ["MTEB(eng, v2)", "MTEB(cmn, v1)"]) == ["MTEB(cmn, v1)"]
