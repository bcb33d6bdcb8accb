"""Templates escape as Jinja does, and search knows what a lead says."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Template, UndefinedError
from markupsafe import Markup

from tracker.pages.build.render import environment, search_text
from tracker.pages.language.marks import Words

SHOWN = "{{ value }}|{{ [value]|first }}|{% set its %}<b>{{ value }}</b>{% endset %}{{ its }}"
ATTRIBUTE = '<a title="{{ value }}">{{ value ~ "<" }}</a>'
MACRO = "{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}{{ m(value) }}"

OURS, JINJAS = environment(Words(("en",))), environment(Words(("en",)))
JINJAS.template_class = Template


class Hostile:
    """Something that is no text but looks like one."""

    def __str__(self) -> str:
        return "<script>"


VALUES = (
    st.text()
    | st.text().map(Markup)
    | st.integers()
    | st.floats()
    | st.none()
    | st.booleans()
    | st.just(Hostile())
    | st.just(Decimal("1.50"))
)


@given(VALUES)
def test_templates_put_out_what_jinja_does(value: object) -> None:
    for source in (SHOWN, ATTRIBUTE, MACRO):
        ours, jinjas = (its.from_string(source).render(value=value) for its in (OURS, JINJAS))
        assert ours == jinjas


def test_a_name_that_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="'value' is undefined"):
        OURS.from_string(SHOWN).render()


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
