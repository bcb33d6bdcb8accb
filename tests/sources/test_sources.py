"""The list of sources: ids, headers and suggestions."""

from __future__ import annotations

import pytest

from tracker.errors import UsageError
from tracker.sources import SOURCES, header
from tracker.sources.records import SourceHeader


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
    assert str(caught.value) == ("unknown source 'leaderbord_api'; did you mean 'leaderboard-api'?")
