"""A daily update by cron or by a systemd timer of the user, installed, shown and removed.

Each home has an entry of its own: in the crontab between two marks, for systemd a service and a
timer whose names end in a digest of the home's path.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from tracker.common.times import utc_text
from tracker.errors import TrackerError, UsageError, one_line
from tracker.io.files import write_atomically

KINDS = ("systemd", "cron")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_SECONDS = 30.0
"""Time limit of ``crontab`` and ``systemctl``."""
_NO_CRONTAB = ("no crontab for", "No such file or directory")
"""Messages of ``crontab`` for a user who has none, of cron and of BusyBox."""
_DAY = 86_400
"""Seconds."""
_QUIET_STOP = "ignore::UserWarning:multiprocessing.resource_tracker"
"""Keeps Python from warning of semaphores that an update held when the schedule was stopped."""


@dataclass(frozen=True)
class Plan:
    """A daily update of a home."""

    home: Path
    hour: int
    minute: int
    python: Path
    """Interpreter that has the tracker."""

    @property
    def name(self) -> str:
        """Name of the units, and mark in the crontab."""
        return f"embedding-tracker-{sha256(str(self.home).encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Entry:
    """An installed schedule."""

    kind: str
    """``systemd`` or ``cron``."""
    place: str
    """The unit file, or ``crontab``."""
    text: str
    """Its lines."""


def plan(home: Path, at: str) -> Plan:
    """Return the plan of a daily update.

    Args:
        home: The home.
        at: Local time of day, ``HH:MM``.

    Raises:
        UsageError: It is not a time of day, or the path of the home has a line break.
    """
    match = _TIME.fullmatch(at)
    if match is None:
        raise UsageError(f"{at!r} is not a time of day", remedy="write HH:MM, e.g. 05:17")
    if not str(home).isprintable():
        raise UsageError(f"{home}: a schedule cannot name this folder", remedy="move the home")
    return Plan(home, int(match[1]), int(match[2]), Path(sys.executable))


def cron_lines(plan: Plan) -> list[str]:
    """Return the lines of a plan for a crontab, between two marks."""
    command = (
        f"TRACKER_HOME={shlex.quote(str(plan.home))} {shlex.quote(str(plan.python))}"
        f" -m tracker update >> {shlex.quote(str(plan.home / 'update.log'))} 2>&1"
    )
    # cron reads a percent sign as the end of the line.
    escaped = command.replace("%", r"\%")
    return [
        f"# begin {plan.name}: tracker schedule remove",
        f"{plan.minute} {plan.hour} * * *  {escaped}",
        f"# end {plan.name}",
    ]


def units(plan: Plan) -> dict[str, str]:
    """Return the service and the timer of a plan, by file name."""
    python, home = _quoted(str(plan.python)), _quoted(f"TRACKER_HOME={plan.home}")
    return {
        f"{plan.name}.service": f"""\
[Unit]
Description=Embedding Tracker: daily update of {str(plan.home).replace("%", "%%")}

[Service]
Type=oneshot
Environment={home}
ExecStart={python} -m tracker update
Nice=10
NoNewPrivileges=yes
TimeoutStartSec=6h
""",
        f"{plan.name}.timer": f"""\
[Unit]
Description=Embedding Tracker: every day at {plan.hour:02}:{plan.minute:02}

[Timer]
OnCalendar=*-*-* {plan.hour:02}:{plan.minute:02}:00
RandomizedDelaySec=10min
Persistent=true

[Install]
WantedBy=timers.target
""",
    }


def _quoted(text: str) -> str:
    """Quote a word for a unit file, where ``%`` and ``$`` have a meaning."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("%", "%%").replace("$", "$$") + '"'


def preferred_kind() -> str:
    """Return the kind that this machine has: a systemd of the user, else cron.

    Raises:
        TrackerError: It has neither.
    """
    if shutil.which("systemctl") and os.environ.get("XDG_RUNTIME_DIR"):
        state = _run(["systemctl", "--user", "is-system-running"], check=False)
        if state.strip() in ("running", "degraded", "starting"):
            return "systemd"
    if shutil.which("crontab"):
        return "cron"
    raise TrackerError(
        "neither systemd nor cron was found",
        remedy="see: tracker schedule install --print; tracker schedule run needs neither",
    )


def install(plan: Plan, kind: str) -> list[Entry]:
    """Install a schedule in place of the one that the home may have.

    Raises:
        TrackerError: It cannot be installed; an earlier schedule stays.
    """
    plan.home.mkdir(parents=True, exist_ok=True)
    if kind == "cron":
        _write_crontab([*_other_lines(plan), *cron_lines(plan)])
        _remove_units(plan)
    else:
        _write_units(plan)
        if _own_lines(plan):
            _write_crontab(_other_lines(plan))
    return installed(plan)


def remove(plan: Plan) -> list[Entry]:
    """Remove the schedule of a home, and return what was installed."""
    found = installed(plan)
    if _own_lines(plan):
        _write_crontab(_other_lines(plan))
    _remove_units(plan)
    return found


def installed(plan: Plan) -> list[Entry]:
    """Return what is installed for a home."""
    found = []
    if own := _own_lines(plan):
        found.append(Entry("cron", "crontab", "\n".join(own)))
    for name in units(plan):
        path = unit_folder() / name
        if path.is_file():
            found.append(Entry("systemd", str(path), path.read_text("utf-8").rstrip()))
    return found


def unit_folder() -> Path:
    """Return the folder of the user's units."""
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config) / "systemd" / "user"


def _write_units(plan: Plan) -> None:
    """Write and enable the units.

    Raises:
        TrackerError: They cannot be written, or there is no systemd of the user. The files are then
            what they were before, because a timer that is not enabled never runs.
    """
    folder = unit_folder()
    earlier: dict[Path, bytes | None] = {}
    try:
        for name, text in units(plan).items():
            path = folder / name
            content = path.read_bytes() if path.is_file() else None
            write_atomically(path, text.encode())
            earlier[path] = content
        _run(["systemctl", "--user", "daemon-reload"])
        _run(["systemctl", "--user", "enable", "--now", f"{plan.name}.timer"])
    except OSError as error:
        _restore_units(earlier)
        raise TrackerError(f"{path}: {error.strerror or error}") from None
    except TrackerError as error:
        _restore_units(earlier)
        raise TrackerError(
            str(error), remedy="log in as this user, not by su or sudo, or use --kind cron"
        ) from None


def _restore_units(earlier: Mapping[Path, bytes | None]) -> None:
    for path, content in earlier.items():
        if content is None:
            path.unlink(missing_ok=True)
        else:
            write_atomically(path, content)
    _run(["systemctl", "--user", "daemon-reload"], check=False)


def _remove_units(plan: Plan) -> None:
    paths = [unit_folder() / name for name in units(plan)]
    if not any(path.exists() for path in paths):
        return
    _run(["systemctl", "--user", "disable", "--now", f"{plan.name}.timer"], check=False)
    for path in paths:
        path.unlink(missing_ok=True)
    _run(["systemctl", "--user", "daemon-reload"], check=False)


def _own_lines(plan: Plan) -> list[str]:
    """Lines of a home in the crontab, with its marks; none where it cannot be read."""
    try:
        return _split(_crontab(), plan)[0]
    except _UnreadableError:
        return []


def _other_lines(plan: Plan) -> list[str]:
    return _split(_crontab(), plan)[1]


def _split(lines: Sequence[str], plan: Plan) -> tuple[list[str], list[str]]:
    """Split a crontab into the lines of a home and all others.

    Raises:
        TrackerError: The mark at the end of its lines is missing.
    """
    own: list[str] = []
    others: list[str] = []
    is_own = False
    for line in lines:
        is_own = is_own or line.startswith(f"# begin {plan.name}")
        (own if is_own else others).append(line)
        is_own = is_own and line != f"# end {plan.name}"
    if is_own:
        # What follows may belong to others.
        raise TrackerError(
            f"the crontab has no line '# end {plan.name}'", remedy="add it with: crontab -e"
        )
    return own, others


class _UnreadableError(TrackerError):
    """The crontab of the user cannot be read."""


def _crontab() -> list[str]:
    """Return the lines of the user's crontab; none where there is none.

    Raises:
        _UnreadableError: It cannot be read, so nobody knows what is in it.
    """
    if not shutil.which("crontab"):
        return []
    try:
        return _run(["crontab", "-l"]).splitlines()
    except TrackerError as error:
        if any(words in str(error) for words in _NO_CRONTAB):
            return []
        raise _UnreadableError(str(error)) from None


def _write_crontab(lines: Sequence[str]) -> None:
    if list(lines) != _crontab():
        _run(["crontab", "-"], text="".join(f"{line}\n" for line in lines))


def _run(command: Sequence[str], *, check: bool = True, text: str = "") -> str:
    """Run a program, and return its standard output.

    Raises:
        TrackerError: It cannot be started, or fails although it should not.
    """
    try:
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        if not check:
            return ""
        cause = getattr(error, "strerror", None) or "no answer"
        raise TrackerError(f"{command[0]}: {cause}") from None
    if check and done.returncode:
        cause = one_line(done.stderr) or f"exit status {done.returncode}"
        raise TrackerError(f"{shlex.join(command)}: {cause}")
    return done.stdout if not done.returncode or command[0] == "systemctl" else ""


def seconds_until(plan: Plan, now: datetime) -> int:
    """Return the seconds from a local time to the next run."""
    passed = (now.hour - plan.hour) * 3600 + (now.minute - plan.minute) * 60 + now.second
    return -passed % _DAY or _DAY


def is_due(plan: Plan, last_update: str | None, now: datetime) -> bool:
    """Whether the latest time of day of a plan has passed without an update since.

    Args:
        plan: When to update.
        last_update: UTC moment at which the last update ended; ``None`` if none has.
        now: Local time with its zone.
    """
    latest = now + timedelta(seconds=seconds_until(plan, now) - _DAY)
    return last_update is None or last_update < utc_text(latest)


def keep_running(
    plan: Plan,
    *,
    last_update: str | None,
    local_time: Callable[[], datetime],
    sleep: Callable[[float], None],
    notify: Callable[[str], None],
    runs: int | None = None,
) -> None:
    """Update every day, each time in a process of its own; for a container.

    Args:
        plan: When, and of which home.
        last_update: UTC moment at which the last update ended; a missed one is made up for at once.
        local_time: Returns the local time with its zone.
        sleep: Waits for some seconds.
        notify: Called with each line for the user.
        runs: Number of updates after which to stop; ``None`` for no end.
    """
    warnings = ",".join(filter(None, [os.environ.get("PYTHONWARNINGS"), _QUIET_STOP]))
    count = 0
    begins_now = is_due(plan, last_update, local_time())
    while runs is None or count < runs:
        if count or not begins_now:
            now = local_time()
            wait = seconds_until(plan, now)
            at = f"{plan.hour:02}:{plan.minute:02} {now.tzname()}"
            notify(f"next update at {at}, in {wait // 3600} h {wait % 3600 // 60} min")
            sleep(wait)
        command = [str(plan.python), "-m", "tracker", "update"]
        environment = {**os.environ, "TRACKER_HOME": str(plan.home), "PYTHONWARNINGS": warnings}
        done = subprocess.run(command, env=environment, check=False, stdin=subprocess.DEVNULL)
        notify(f"update ended with exit status {done.returncode}")
        count += 1
