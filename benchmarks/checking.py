"""Measure checking texts of 1 MB: prose with true statements, and texts made to be slow.

``python -m benchmarks.checking HOME`` checks each text once in the catalog of a home. The floor is
reading the same text's words with one regular expression; the limit is absolute because the issue
gives it so. Seconds are of processor time, memory is the peak of the whole process.
"""

from __future__ import annotations

import re
import resource
import sys
import time
from pathlib import Path

from benchmarks.common import Result, report
from tracker.api import Catalog
from tracker.settings import Settings

LENGTH, SECONDS, MEGABYTES = 1_000_000, 5.0, 1000
PIECES = {
    "true statements": "On 2024-10-22 NV-Embed-v2 leads the English MTEB with 72.31 points. ",
    "names of models": "bge-m3 MTEB first ",
    "unknown names": "a/b-1 ",
    "Chinese without blanks": "截至2024年10月22日，NV-Embed-v2在MTEB上排名第一。",
    "open tags": "<a ",
    "open comments": "<!--",
    "brackets": "](((",
    "one letter": "x",
    "borders of tables": "-|-\n",
    "cells": "| 72.31 | bge-m3 |\n",
    "line ends": "\n",
}


def main() -> None:
    """Check each text, print the report, and exit with 1 if a limit is missed."""
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else Settings().home
    settings = Settings(home=home)
    results = []
    with Catalog(settings.catalog_url, settings) as catalog:
        catalog.check("bge-m3 leads MTEB.")  # reads the names once
        for name, piece in PIECES.items():
            text = (piece * (LENGTH // len(piece) + 1))[:LENGTH]
            begin = time.process_time()
            n_words = len(re.findall(r"\w+", text))
            floor = time.process_time() - begin
            begin = time.process_time()
            found = catalog.check(text)
            spent = time.process_time() - begin
            measured = f"{spent:.1f} s, {spent / max(floor, 1e-3):.0f}× of finding its words"
            shown = f"1 MB of {name}: {n_words:,} words, {len(found):,} statements judged"
            results.append(Result(shown, measured, f"{SECONDS:.0f} s", spent <= SECONDS))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    results.append(Result("memory", f"{peak:.0f} MB", f"{MEGABYTES} MB", peak <= MEGABYTES))
    print(report(results))
    sys.exit(any(result.met is False for result in results))


if __name__ == "__main__":
    main()
