"""Export the ranks as partitioned Parquet, and ask them in DuckDB."""

import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

QUESTION = """
    select year(day_from) as year, model_now as model, count(*) as leads, min(day_from) as first
    from read_parquet(?, hive_partitioning = true)
    where board_slug = 'mteb-eng-v2' and rank = 1
    group by all order by first
"""

with tempfile.TemporaryDirectory() as folder:
    tracker = [sys.executable, "-m", "tracker"]
    # Other people only need the folder; the tracker need not be installed where it is read.
    subprocess.run([*tracker, "export", "parquet", folder, "--partitioned"], check=True)
    files = str(Path(folder) / "ranks" / "**" / "*.parquet")
    with duckdb.connect() as connection:
        for year, model, leads, first in connection.execute(QUESTION, [files]).fetchall():
            print(year, first, model, leads)
