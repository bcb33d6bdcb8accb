"""How answers look in every format, whatever the names in them, and what SQL may ask."""

from __future__ import annotations

import csv
import io
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE
from time import perf_counter, sleep
from typing import Any

import pytest

import tracker
from tests.support.story import HOSTILE
from tests.support.warm_process import WarmProcess
from tracker.cli.output import Format

Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("story")


# How it looks


@pytest.mark.parametrize("format_", list(Format))
@pytest.mark.parametrize(
    "verb",
    [
        ("boards",),
        ("leaderboard", "en"),
        ("history", "en", "lab/one"),
        ("changes",),
        ("models",),
        ("model", "lab/one"),
        ("papers",),
        ("status",),
        ("doctor",),
        ("sql", "select name from model"),
    ],
)
def test_every_reading_verb_speaks_every_format(
    cli: Run, verb: tuple[str, ...], format_: Format
) -> None:
    answer = cli(*verb, "--format", format_)
    assert answer.code == 0
    if format_ is Format.json:
        assert isinstance(answer.rows, list | dict)
    elif format_ is Format.csv:
        table = list(csv.reader(io.StringIO(answer.out, newline="")))
        assert len({len(line) for line in table}) == 1
    else:
        assert "\x1b" not in answer.out


def test_csv_brings_hostile_names_back_unharmed(cli: Run) -> None:
    answer = cli("leaderboard", "MTEB(hostile, v1)", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(answer.out, newline="")))
    assert [row["model"] for row in rows] == HOSTILE
    assert [row["rank"] for row in rows] == [str(n) for n in range(1, len(HOSTILE) + 1)]


def test_json_brings_hostile_names_back_unharmed(cli: Run) -> None:
    answer = cli("leaderboard", "MTEB(hostile, v1)", "--format", "json")
    assert [row["model"] for row in answer.rows] == HOSTILE


@pytest.mark.parametrize("format_", ["table", "markdown"])
def test_tables_hold_one_line_a_model_and_no_controls(cli: Run, format_: str) -> None:
    answer = cli("leaderboard", "MTEB(hostile, v1)", "--format", format_)
    lines = answer.out.splitlines()
    assert len(lines) == 2 + len(HOSTILE)
    assert [c for c in answer.out if unicodedata.category(c)[0] == "C" and c != "\n"] == []
    assert [c for c in answer.err if unicodedata.category(c)[0] == "C" and c != "\n"] == []


def test_markdown_escapes_what_markdown_would_read(cli: Run) -> None:
    answer = cli("leaderboard", "MTEB(hostile, v1)", "--format", "markdown")
    lines = answer.out.splitlines()
    assert r"lab/\<script\>alert('x')\</script\>" in lines[2]
    assert r"lab/pipe\|star\*under\_line\`\[x\](y)" in lines[4]
    bars = [line.replace("\\\\", "").replace("\\|", "").count("|") for line in lines]
    assert len(set(bars)) == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_a_model_with_a_hostile_name_can_be_asked_for(cli: Run, name: str) -> None:
    answer = cli("model", name, "--format", "json")
    assert answer.rows["name"] == name
    slug = answer.rows["slug"]
    assert "/" not in slug
    assert ".." not in slug
    assert len(slug.encode()) <= 255
    assert cli("model", slug, "--format", "json").rows["name"] == name


def test_an_unknown_hostile_name_is_one_harmless_line(cli: Run) -> None:
    answer = cli("model", "no\x1b[31m\u202e\nsuch")
    assert answer.code == 1
    assert answer.err.count("\n") == 1
    assert [c for c in answer.err if unicodedata.category(c)[0] == "C" and c != "\n"] == []


def test_a_cell_of_a_table_is_cut_and_others_are_whole(cli: Run) -> None:
    query = "select 'a' as x union all select hex(zeroblob(500000))"
    shown = cli("sql", query).out
    assert (len(shown) < 10_000, shown.count("…")) == (True, 1)
    assert len(cli("sql", query, "-f", "csv").out) > 1_000_000


# Asking in SQL


def test_sql_answers(cli: Run) -> None:
    answer = cli("sql", "select slug, 1.5 as x, null as y from series order by slug", "-f", "json")
    assert answer.rows[0] == {"slug": "c-mteb", "x": 1.5, "y": None}
    times = cli("sql", "select '12:30' as t, ':name' as n", "-f", "json")
    assert times.rows == [{"t": "12:30", "n": ":name"}]


@pytest.mark.parametrize(
    "query",
    [
        "insert into series (slug, title_en, title_zh) values ('x', 'x', 'x')",
        "insert into series (slug, title_en, title_zh) values ('x', 'x', 'x') returning id",
        "update model set name = 'x'",
        "delete from model",
        "drop table model",
        "create table x (y)",
        "create temp table x (y)",
        "pragma query_only = off",
        "pragma user_version = 7",
        "pragma journal_mode = wal",
        "attach database '{place}' as other",
        "vacuum",
        "vacuum into '{place}'",
        "select load_extension('{place}')",
        "begin immediate",
        "select 1; delete from model",
    ],
)
def test_sql_refuses_whatever_is_no_question(
    cli: Run, story: Path, tmp_path: Path, query: str
) -> None:
    catalog = story / "db" / "catalog.db"
    before = catalog.read_bytes()
    answer = cli("sql", query.format(place=tmp_path / "written"))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.count("\n") == 1
    assert catalog.read_bytes() == before
    assert not (tmp_path / "written").exists()


def test_sql_cannot_be_talked_into_writing_later(story: Path) -> None:
    with tracker.open() as catalog:
        for query in ("pragma query_only = off", "delete from model", "commit"):
            with pytest.raises(tracker.TrackerError):
                catalog.sql(query)
        assert catalog.sql("select count(*) as n from model")["n"][0] > 0


ENDLESS = "with recursive t (n) as (select 1 union all select n + 1 from t)"


@pytest.mark.parametrize(
    "query",
    [
        f"{ENDLESS} select count(*) from t",
        f"{ENDLESS} select n from t where n < 0",
        f"{ENDLESS}, u (m) as (select 1 union all select m + 1 from u) select * from t, u",
        "select count(*) from " + ", ".join(f"board_row t{n}" for n in range(12)),
    ],
)
def test_sql_that_never_ends_is_stopped(
    cli: Run, story: Path, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setenv("TRACKER_SQL_SECONDS", "0.2")
    began = perf_counter()
    answer = cli("sql", query)
    assert (answer.code, answer.out, perf_counter() - began < 10) == (2, "", True)
    assert answer.err == (
        "error: sql: the query took longer than 0.2 s; "
        "make it smaller, or raise TRACKER_SQL_SECONDS\n"
    )


@pytest.mark.parametrize(
    ("query", "cause"),
    [
        (f"{ENDLESS} select n from t", "sql: more than 5,000 rows"),
        (f"{ENDLESS} select n, hex(zeroblob(20000)) from t", "sql: more than 10,000,000 bytes"),
        ("select hex(zeroblob(10100000))", "sql: string or blob too big"),
    ],
)
def test_sql_with_too_large_an_answer_is_stopped(
    cli: Run, story: Path, monkeypatch: pytest.MonkeyPatch, query: str, cause: str
) -> None:
    monkeypatch.setattr("tracker.catalog.read_only_sql.MOST_ROWS", 5000)
    monkeypatch.setattr("tracker.catalog.read_only_sql.MOST_BYTES", 10_000_000)
    answer = cli("sql", query)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"error: {cause}")


def test_a_stopped_query_does_not_limit_the_next_one(story: Path) -> None:
    with tracker.open() as catalog:
        for seconds in (0.05, 60.0):
            catalog._settings.sql_seconds = seconds
            if seconds < 1:
                with pytest.raises(tracker.TrackerError, match="took longer"):
                    catalog.sql(f"{ENDLESS} select count(*) from t")
        assert catalog.sql(f"{ENDLESS} select count(*) as n from (select n from t limit 9)")["n"][0]
        assert catalog.leaderboard("en").height > 0


def test_sql_ends_when_it_is_interrupted(story: Path) -> None:
    query = f"{ENDLESS} select count(*) from t"
    code = f"""if True:
        import tracker
        catalog = tracker.open()
        print("ready", flush=True)
        catalog.sql({query!r})
    """
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert said.splitlines()[-1] == "KeyboardInterrupt"


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("select 1 as a, 2 as a", None),
        ("select x'00ff' as b", [{"b": "00ff"}]),
        ("select 1 as a union all select 'x'", [{"a": "1"}, {"a": "x"}]),
        ("select 1 as a where 0", []),
    ],
)
def test_odd_answers_of_sql_are_shown_or_refused(cli: Run, query: str, rows: Any) -> None:
    answer = cli("sql", query, "-f", "json")
    if rows is None:
        assert answer.code == 2
        assert answer.err.count("\n") == 1
    else:
        assert (answer.code, answer.rows) == (0, rows)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_console_without_chinese_shows_replacements(
    story: Path, warm_process: WarmProcess, encoding: str
) -> None:
    code = f"""if True:
        import sys
        from tracker.cli import main
        sys.stdout.reconfigure(encoding={encoding!r})
        main()
    """
    done = warm_process.run(code, "leaderboard", "zh")
    assert (done.returncode, done.stdout.decode(encoding).startswith("rank")) == (0, True)
    assert b"Traceback" not in done.stderr
