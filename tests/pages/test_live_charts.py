"""Interactive charts: what stands beside a page says what its drawing says, in any language."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urljoin

import altair as alt
import pytest
import vl_convert
from lxml import html

from tests.pages.test_charts import HISTORY, OLD, moment, timelines
from tracker.pages.charts.bump_chart import bump_chart
from tracker.pages.charts.program import PROGRAM, VEGA_LITE, versions
from tracker.pages.charts.record_chart import record_chart
from tracker.pages.charts.svg import TOOLTIPS, specification

BOARD = "boards/mteb-eng-v2/"


def figures(built: Path, language: str) -> dict[str, html.HtmlElement]:
    page = built / language / BOARD / "index.html"
    document = html.document_fromstring(page.read_text("utf-8"))
    return {its.get("id"): its for its in document.xpath("//figure[@class='et-drawing']")}


@pytest.mark.parametrize("language", ["", "zh/"])
def test_every_chart_has_a_specification_that_vega_lite_understands(
    built: Path, language: str
) -> None:
    found = figures(built, language)
    assert len(found) == 3
    for figure in found.values():
        place = urljoin(f"https://site.example/{language}{BOARD}", figure.get("data-spec"))
        text = (built / place.removeprefix("https://site.example/")).read_text("utf-8")
        spec = json.loads(text)
        assert spec["$schema"].endswith(f"/v{VEGA_LITE}.json")
        alt.LayerChart.from_dict(spec)
        vega = vl_convert.vegalite_to_vega(spec, vl_version=VEGA_LITE)
        tips = [
            mark["encode"]["update"]["tooltip"]["signal"]
            for mark in vega["marks"]
            if mark["name"].endswith("voronoi")
        ]
        # A later version looks for the values in the wrong place, and tells ``undefined``.
        assert len(tips) == 1
        assert not re.search(r'(?<!datum\.)datum\["', tips[0])
        words = json.loads(figure.get("data-words"))
        assert set(re.findall(r"\(et-([a-z_]+)\)", text)) <= words.keys()
        assert all(words.values())
        assert "://" not in text.replace(spec["$schema"], "")


def test_both_languages_share_specifications_and_have_their_own_words(built: Path) -> None:
    english, chinese = figures(built, ""), figures(built, "zh")
    for name, figure in english.items():
        here, there = figure.get("data-spec"), chinese[name].get("data-spec")
        assert f"../{here}" == there
        words = [json.loads(its.get("data-words")) for its in (figure, chinese[name])]
        assert words[0].keys() == words[1].keys()
        assert words[0] != words[1]


def test_a_pointer_is_told_model_day_value_and_rank() -> None:
    timeline = timelines(OLD)[OLD.slug]
    drawn = bump_chart(timeline)
    assert drawn is not None
    marks = specification(drawn[0], live=True)["datasets"]["marks"]
    (last,) = [its for its in marks if its["model"] == "b/second" and its["day"] == "2024-07-20"]
    assert [last[column] for column in TOOLTIPS["bump"]] == ["b/second", "2024-07-20", "2", "65.00"]
    stepped = record_chart(timeline, list(timelines(OLD).values()))
    assert stepped is not None
    told = [dict(mark.tooltip) for mark in stepped[0].marks if mark.tooltip]
    assert {"model": "c/short", "day": "2024-07-10", "rank": "2", "mean_task": "71.50",
            "n_tasks": str(OLD.n_tasks)} in told  # fmt: skip
    assert HISTORY["c/short"][0].from_at == moment(10)


def test_what_a_pointer_is_told_is_not_in_the_drawing() -> None:
    drawn = bump_chart(timelines(OLD)[OLD.slug])
    assert drawn is not None
    spec = specification(drawn[0])
    assert "params" not in spec
    assert not {"model", "day"} & set(spec["datasets"]["marks"][0])


def test_the_program_is_there_once(built: Path) -> None:
    content = (built / PROGRAM).read_bytes()
    assert not (built / "zh" / PROGRAM).exists()
    assert content.startswith(versions())
    assert b"export{" in content[-100:]


def test_no_page_loads_the_program_by_itself(built: Path) -> None:
    page = (built / BOARD / "index.html").read_text("utf-8")
    document = html.document_fromstring(page)
    assert not [its for its in document.xpath("//script/@src") if PROGRAM in its]
    (script,) = document.xpath("//script[@data-program]")
    assert script.get("data-program").endswith(PROGRAM)
    assert "unsafe-eval" not in page
