"""A licence is an identifier or an address, and nothing where none is stated."""

from __future__ import annotations

import pytest

from tracker.common.licences import licence_id, licence_link


@pytest.mark.parametrize(
    ("stated", "identifier", "link"),
    [
        (None, None, None),
        ("", None, None),
        (" - ", None, None),
        ("Not Specified", None, None),
        ("multiple", None, None),
        ("Apache-2.0", "apache-2.0", None),
        ("cc-by-nc-4.0", "cc-by-nc-4.0", None),
        ("https://example.org/LICENSE", None, "https://example.org/LICENSE"),
    ],
)
def test_a_licence_is_an_identifier_or_an_address(
    stated: str | None, identifier: str | None, link: str | None
) -> None:
    assert (licence_id(stated), licence_link(stated)) == (identifier, link)
