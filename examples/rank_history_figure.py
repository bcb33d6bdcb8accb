"""Draw the ranks of some models on a board through time, with steps on the days of change."""

import sys
from datetime import date
from pathlib import Path

import matplotlib

import tracker

matplotlib.use("Agg")
from matplotlib import pyplot

target = Path(sys.argv[1] if len(sys.argv) > 1 else "figure.svg")
board = "MTEB(eng, v2)"

with tracker.open() as catalog:
    leaders = catalog.leader_list(board)
    names = list(dict.fromkeys(lead.model_now for lead in leaders))[-5:]
    histories = {name: catalog.history_list(board, name) for name in names}
    until = date.fromisoformat(catalog.board(board).known_until[:10])
    reference = catalog.board_reference(board)

figure, axes = pyplot.subplots(figsize=(7, 4))
for name, points in histories.items():
    # A model with results for fewer than half of the tasks has no rank that can be compared.
    ranked = [point for point in points if point.rank is not None and not point.partial]
    days = [date.fromisoformat(point.from_at[:10]) for point in ranked]
    ranks = [point.rank for point in ranked]
    axes.step([*days, until], [*ranks, ranks[-1]], where="post", label=name)
axes.set_ylim(20.5, 0.5)
axes.set_ylabel("Rank")
axes.set_title(f"{board}, until {until}")
axes.legend(fontsize="small")
figure.autofmt_xdate()
figure.tight_layout()
figure.savefig(target)
print(f"{target}: {reference.note}")
