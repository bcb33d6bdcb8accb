"""A daily update by cron or systemd: what is installed, for homes with any path."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tracker.errors import UsageError
from tracker.io import schedules
from tracker.io.schedules import cron_lines, is_due, keep_running, plan, seconds_until, units
from tracker.settings import Settings
from tracker.snapshots.run_log import RunLog

Run = Callable[..., Any]
ODD = 'a home\'s 100% "best" $HOME'

FAKE_CRONTAB = """#!/bin/sh
if [ "$1" = -l ]; then
  cat "$CRONTAB" 2>/dev/null || { echo "no crontab for me" >&2; exit 1; }
else
  cat > "$CRONTAB"
fi
"""
FAKE_SYSTEMCTL = '#!/bin/sh\necho "$@" >> "$SYSTEMCTL"\n'


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Programs that only note what is asked of them."""
    for name, text in (("crontab", FAKE_CRONTAB), ("systemctl", FAKE_SYSTEMCTL)):
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
        monkeypatch.setenv(name.upper(), str(tmp_path / f"{name}.txt"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


@pytest.mark.parametrize("wrong", ["24:00", "5", "05:60", "05:17:00", ""])
def test_a_wrong_time_of_day_is_one_line(wrong: str) -> None:
    with pytest.raises(UsageError, match="is not a time of day"):
        plan(Path("/srv"), wrong)


def test_cron_runs_the_update_of_a_home_with_any_path(tmp_path: Path) -> None:
    home = tmp_path / ODD
    home.mkdir()
    line = cron_lines(plan(home, "5:07"))[1]
    minute, hour, *_ = line.split()
    assert (minute, hour) == ("7", "5")
    # cron hands on what comes before an unescaped percent sign, without the escapes.
    command = line.split("*  ", 1)[1].replace(r"\%", "%")
    noted = command.replace(
        "-m tracker update", "-c 'import os; print(os.environ[\"TRACKER_HOME\"])'"
    )
    subprocess.run(["/bin/sh", "-c", noted], check=True)
    assert (home / "update.log").read_text() == f"{home}\n"


def test_installing_twice_leaves_one_entry_and_other_lines(
    cli: Run, home: Path, programs: Path
) -> None:
    (programs / "crontab.txt").write_text("0 1 * * * backup\n")
    for at in ("05:17", "06:30"):
        assert cli("schedule", "install", "--kind", "cron", "--at", at).code == 0
    lines = (programs / "crontab.txt").read_text().splitlines()
    assert lines == ["0 1 * * * backup", *cron_lines(plan(home, "06:30"))]
    assert cli("schedule", "show").out == "# cron: crontab\n" + "\n".join(lines[1:]) + "\n"
    assert cli("schedule", "remove").err == "removed: crontab\n"
    assert (programs / "crontab.txt").read_text() == "0 1 * * * backup\n"
    shown = cli("schedule", "show")
    assert (shown.code, shown.err) == (1, "no schedule; see: tracker schedule install\n")


UNREADABLE = """#!/bin/sh
if [ "$1" = -l ]; then
  echo "crontabs/me: Input/output error" >&2; exit 1
else
  cat > "$CRONTAB"
fi
"""


def test_a_crontab_that_cannot_be_read_is_not_replaced(
    cli: Run, home: Path, programs: Path
) -> None:
    (programs / "crontab.txt").write_text("0 1 * * * backup\n")
    (programs / "bin" / "crontab").write_text(UNREADABLE)
    answer = cli("schedule", "install", "--kind", "cron", "--at", "05:17")
    cause = "crontab -l: crontabs/me: Input/output error"
    assert (answer.code, answer.err) == (1, f"error: {cause}\n")
    assert cli("schedule", "install", "--kind", "systemd", "--at", "05:17").code == 0
    assert cli("schedule", "remove").code == 0
    assert (programs / "crontab.txt").read_text() == "0 1 * * * backup\n"


def test_lines_after_a_lost_mark_are_not_removed(cli: Run, home: Path, programs: Path) -> None:
    its = plan(home, "05:17")
    lines = [*cron_lines(its)[:-1], "0 1 * * * backup"]
    (programs / "crontab.txt").write_text("".join(f"{line}\n" for line in lines))
    for verb in (("install", "--kind", "cron"), ("remove",), ("show",)):
        answer = cli("schedule", *verb)
        assert (answer.code, answer.err) == (
            1,
            f"error: the crontab has no line '# end {its.name}'; add it with: crontab -e\n",
        )
    assert (programs / "crontab.txt").read_text().splitlines() == lines


def test_two_homes_have_two_entries(programs: Path, tmp_path: Path) -> None:
    plans = [plan(tmp_path / name, "05:17") for name in ("one", "two")]
    for its in plans:
        schedules.install(its, "cron")
    schedules.remove(plans[0])
    assert (programs / "crontab.txt").read_text().splitlines() == cron_lines(plans[1])


def test_a_timer_takes_the_place_of_cron(home: Path, programs: Path) -> None:
    its = plan(home, "05:17")
    schedules.install(its, "cron")
    entries = schedules.install(its, "systemd")
    folder = programs / "config" / "systemd" / "user"
    assert {path.name: path.read_text() for path in folder.iterdir()} == units(its)
    assert [entry.kind for entry in entries] == ["systemd", "systemd"]
    assert (programs / "systemctl.txt").read_text().splitlines() == [
        "--user daemon-reload",
        f"--user enable --now {its.name}.timer",
    ]
    schedules.remove(its)
    assert list(folder.iterdir()) == []


def test_without_a_systemd_of_the_user_nothing_changes(
    cli: Run, home: Path, programs: Path
) -> None:
    systemctl = programs / "bin" / "systemctl"
    installs = ["schedule", "install", "--kind", "systemd", "--at"]
    systemctl.write_text(
        '#!/bin/sh\necho "Failed to connect to bus: No medium found" >&2; exit 1\n'
    )
    answer = cli(*installs, "05:17")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "No medium found" in answer.err
    assert "--kind cron" in answer.err
    assert cli("schedule", "show").code == 1
    systemctl.write_text(FAKE_SYSTEMCTL)
    assert cli(*installs, "05:17").code == 0
    systemctl.write_text("#!/bin/sh\nexit 1\n")
    assert cli(*installs, "06:30").code == 1
    folder = programs / "config" / "systemd" / "user"
    found = {path.name: path.read_text() for path in folder.iterdir()}
    assert found == units(plan(home, "05:17"))


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("this machine has no systemd")
    home = tmp_path / ODD
    for name, text in units(plan(home, "05:17")).items():
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(p) for p in tmp_path.glob("*.timer"))],
        capture_output=True,
        text=True,
        check=False,
    )
    own = [line for line in done.stderr.splitlines() if "embedding-tracker" in line]
    assert (done.returncode, own) == (0, [])


def test_the_preview_installs_nothing(cli: Run, home: Path, programs: Path) -> None:
    answer = cli("schedule", "install", "--print", "--kind", "systemd")
    assert answer.code == 0
    assert "OnCalendar=*-*-* 05:17:00" in answer.out
    assert not (programs / "systemctl.txt").exists()
    assert not home.exists()


def local(text: str) -> datetime:
    """A moment of a zone four hours before UTC."""
    return datetime.fromisoformat(f"{text}-04:00")


@pytest.mark.parametrize(
    ("now", "expected"),
    [("05:17:00", 86_400), ("05:16:30", 30), ("05:17:01", 86_399), ("23:17:00", 6 * 3600)],
)
def test_the_next_run_is_at_the_time_of_day(now: str, expected: int) -> None:
    assert seconds_until(plan(Path("/srv"), "05:17"), local(f"2026-03-02T{now}")) == expected


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, "2026-03-02T05:00:00", True),
        ("2026-03-01T09:23:00Z", "2026-03-02T05:16:59", False),  # of 05:23 the day before
        ("2026-03-01T09:23:00Z", "2026-03-02T05:17:00", True),  # missed by a restart
        ("2026-03-02T09:16:59Z", "2026-03-02T05:18:00", True),
        ("2026-03-02T09:17:00Z", "2026-03-02T05:18:00", False),
    ],
)
def test_a_missed_time_of_day_is_made_up_for(last: str | None, now: str, due: bool) -> None:
    assert is_due(plan(Path("/srv"), "05:17"), last, local(now)) is due


def test_in_the_foreground_a_failed_update_stops_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    waits: list[float] = []
    program = tmp_path / "python"
    program.write_text('#!/bin/sh\necho "$TRACKER_HOME $*" >> "$0.log"\nexit 1\n')
    program.chmod(0o755)
    its = schedules.Plan(tmp_path, 5, 17, program)
    keep_running(
        its, last_update=None, local_time=lambda: local("2026-03-02T05:00:00"),
        sleep=waits.append, notify=said.append, runs=2,
    )  # fmt: skip
    assert program.with_suffix(".log").read_text() == f"{tmp_path} -m tracker update\n" * 2
    assert waits == [17 * 60]
    ended = "update ended with exit status 1"
    assert said == [ended, "next update at 05:17 UTC-04:00, in 0 h 17 min", ended]


KILLED_UPDATE = """\
import multiprocessing, os, signal
lock = multiprocessing.get_context("spawn").Lock()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_an_update_that_a_stop_kills_prints_no_warning(tmp_path: Path) -> None:
    program = tmp_path / "python"
    killed = shlex.join([sys.executable, "-c", KILLED_UPDATE])
    # The helper process that would warn ends after the update; cat waits for both.
    program.write_text(f'#!/bin/sh\n{killed} 2>&1 | cat > "$0.log"\nexit 0\n')
    program.chmod(0o755)
    keep_running(
        schedules.Plan(tmp_path, 5, 17, program), last_update=None, runs=1, notify=print,
        local_time=lambda: local("2026-03-02T05:00:00"), sleep=print,
    )  # fmt: skip
    assert program.with_suffix(".log").read_text() == ""


def test_a_stopped_schedule_ends_at_once_with_success(tmp_path: Path) -> None:
    RunLog(Settings(home=tmp_path).archive).start("update").finish("good")
    running = subprocess.Popen(
        [sys.executable, "-m", "tracker", "schedule", "run", "--at", "05:17"],
        env=os.environ | {"TRACKER_HOME": str(tmp_path), "TZ": "UTC"},
        stderr=subprocess.PIPE,
        text=True,
    )
    with running:
        assert running.stderr is not None
        waiting = running.stderr.readline()
        running.send_signal(signal.SIGTERM)
        assert running.stderr.read() == "stopped\n"
    assert re.fullmatch(r"next update at 05:17 UTC, in \d+ h \d+ min\n", waiting)
    assert running.returncode == 0


def test_a_schedule_quotes_its_command_as_a_shell_reads_it() -> None:
    its = plan(Path("/srv/it's"), "05:17")
    words = shlex.split(cron_lines(its)[1].split("*  ", 1)[1])
    assert words[0] == "TRACKER_HOME=/srv/it's"
    assert words[2:5] == ["-m", "tracker", "update"]
