"""Which tests may be skipped where everything that Debian packages is installed.

``pytest --explained-skips`` fails if a test was skipped for any other reason, so that a check that
never runs is seen.
"""

from __future__ import annotations

from collections.abc import Iterable

ALLOWED = {
    "../shared/data is not there": "recorded data, which is not part of the project",
    "neither ../shared/data nor TRACKER_RESULTS is there": "the same, or the results repository",
    "set TRACKER_FULL_HOME": "needs a loaded home, which takes minutes and gigabytes",
    "no Python with mteb": "the leaderboard's own package, which weighs gigabytes",
    "the extra datasette": "it pins an HTTP client, pip and setuptools; the release runs it",
    "the extra pandas": "pandas and pyarrow weigh 200 MB; days and moments are tested without",
    "the extra ": "an extra that the dev group of the lock has",
    "the extra packages of examples are not installed": "matplotlib, which only a figure needs",
    "s3fs is not installed": "it and moto weigh 160 MB; the other rules hold on a store in memory",
    "moto is not installed": "the same",
    "ray is not installed": "it and pyarrow weigh 400 MB; the engine local is tested everywhere",
    "the validators are not installed": "mlcroissant and frictionless weigh 500 MB with pandas and"
    " scipy; the release runs them",
    "mteb is not installed": "the leaderboard's own package, which weighs gigabytes",
    "no PostgreSQL server is installed": ".ci/run installs one where it may",
    "this machine has no systemd": "the timer is checked where systemd is",
    "this user cannot mount": "needs the rights of the superuser",
    "this file system knows no such names": "some file systems refuse names that are not UTF-8",
}
"""Beginnings of allowed reasons, each with its explanation."""


def unexplained(reasons: Iterable[str]) -> list[str]:
    """Return the reasons that are not allowed, each once."""
    return sorted(
        {reason for reason in reasons if not any(reason.startswith(one) for one in ALLOWED)}
    )
