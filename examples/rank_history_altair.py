"""Draw the ranks of the leaders of a board through time with Altair, as SVG, PNG or HTML."""

import sys
from datetime import date
from pathlib import Path

import altair as alt

import tracker

target = Path(sys.argv[1] if len(sys.argv) > 1 else "figure.svg")
board = "MTEB(eng, v2)"

with tracker.open() as catalog:
    names = list(dict.fromkeys(lead.model_now for lead in catalog.leader_list(board)))[-5:]
    until = date.fromisoformat(catalog.board(board).known_until[:10])
    rows = []
    for name in names:
        # A model with results for fewer than half of the tasks has no rank that can be compared.
        points = catalog.history_list(board, name)
        ranked = [p for p in points if p.rank is not None and not p.partial]
        rows += [{"model": name, "day": p.from_at[:10], "rank": p.rank} for p in ranked]
        if ranked:
            rows.append({"model": name, "day": until.isoformat(), "rank": ranked[-1].rank})

chart = (
    alt.Chart(alt.Data(values=rows), title=f"{board}, until {until}", width=600, height=320)
    .mark_line(interpolate="step-after", clip=True)
    .encode(
        alt.X("day:T", title=None),
        alt.Y("rank:Q", title="Rank", scale=alt.Scale(domain=[20.5, 0.5])),
        alt.Color("model:N", title=None),
    )
)
chart.save(target)
print(f"{target}: {len(names)} models")
