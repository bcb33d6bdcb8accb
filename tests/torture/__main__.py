"""Campaigns of faults: ``python -m tests.torture [NAME…] [--seed N] [--rounds N]``.

Each prints its seed; the same seed draws the same faults. What a campaign finds becomes a test of
its kind in the ordinary tests. A workflow repeats all campaigns every night with new seeds.
"""

from __future__ import annotations

import argparse
import secrets
import shutil
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from random import Random

from tests.torture import disks, fuzzing, kills, parsers, proxies, readers

CAMPAIGNS = {
    "kills": (partial(kills.campaign, sites=False), 200),
    "site-kills": (kills.campaign, 20),
    "proxies": (proxies.campaign, 200),
    "disks": (disks.campaign, 60),
    "readers": (readers.campaign, 10),
    "parsers": (parsers.campaign, 100_000),
    "fuzz": (fuzzing.campaign, 100_000),
}
"""Each with its ordinary number of rounds."""


def main() -> int:
    """Run the named campaigns, by default all of them; return the number that failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*CAMPAIGNS, []])
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    parser.add_argument("--rounds", type=int, help="of each campaign")
    chosen = parser.parse_args()
    failed = 0
    for name in chosen.names or CAMPAIGNS:
        campaign, rounds = CAMPAIGNS[name]
        began = time.monotonic()
        print(f"{name}: seed {chosen.seed}", flush=True)
        folder = Path(tempfile.mkdtemp(prefix=f"torture-{name}-"))
        try:
            for line in campaign(folder, Random(chosen.seed), chosen.rounds or rounds):
                print(f"{name}: {line}", flush=True)
        except AssertionError as error:
            failed += 1
            print(f"{name}: FAILED: {error}; kept in {folder}", flush=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
        print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
