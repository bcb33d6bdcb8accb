"""Templates show only what they are given, and search knows what a lead says."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from tracker.pages.build.render import environment, search_text
from tracker.pages.language.texts import load_texts


def test_a_name_that_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="'value' is undefined"):
        environment(load_texts("en")).from_string("{{ value }}").render()


def test_search_knows_what_a_lead_says_but_no_dates_or_links() -> None:
    lead = (
        '<p class="et-kicker"><a href="../">Boards</a> · Dutch &amp; more</p>\n<h1>BEIR-NL</h1>\n'
        '<p class="et-standfirst">Tasks: <b>15</b>\n · &lt;b&gt; \' " 中文</p>\n'
        '<p class="et-asof">As of 2026-08-20</p>\n<p class="et-standfirst"></p>'
    )
    assert search_text(lead) == (
        "<p>Boards · Dutch &amp; more</p><p>Tasks: 15 · &lt;b&gt; ' \" 中文</p>"
    )
    assert search_text("<h1>x</h1>") == ""
