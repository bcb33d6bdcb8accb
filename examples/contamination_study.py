"""On how many tasks of a board its leaders were trained, and which rank the other tasks give."""

import sys

import polars as pl

import tracker

board = sys.argv[1] if len(sys.argv) > 1 else "MTEB(eng, v2)"

with tracker.open() as catalog:
    found = catalog.contamination(board).filter(pl.col("rank") <= 20)
    reference = catalog.board_reference(board)

# What a base or a sibling was trained on is shown, and not counted against the model itself.
columns = ["rank", "model", "n_itself", "n_base", "n_sibling", "n_undeclared", "rank_untrained"]
with pl.Config(tbl_rows=20, tbl_width_chars=110, fmt_str_lengths=50):
    print(found.select(columns))
silent = found.filter(~pl.col("declares_training")).height
print(f"{silent} of {found.height} models declare nothing of their training")
if found["rank_untrained"].is_null().all():
    print("ranks on untrained tasks need single scores: tracker fetch result-files; tracker load")
print(reference.note)
