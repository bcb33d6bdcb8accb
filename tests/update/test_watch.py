"""Notices: rules, events of the whole line of time, and targets that misbehave."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support.clock import Clock
from tests.support.loopback import Answer, Fault, LoopbackServer
from tracker.io.notices import deliver, open_target
from tracker.settings import Settings, load_settings
from tracker.update import watching
from tracker.update.watch_events import WatchEvent
from tracker.update.watch_rules import Rule

Run = Callable[..., Any]


class Webhook(LoopbackServer):
    """A server that accepts every notice."""

    @property
    def address(self) -> str:
        return f"{self.origin}/hook"

    @property
    def notices(self) -> list[tuple[str, str]]:
        """Title and text of all notices."""
        bodies = map(orjson.loads, self.bodies)
        return [(body["title"], body["message"]) for body in bodies]

    def good_answer(self, path: str, query: str, headers: dict[str, str]) -> Answer:
        return Answer(200, {}, b"")


def write(home: Path, text: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "watch.toml").write_text(text, "utf-8")


# Rules


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[rule]", "Expected ']]' at the end of an array declaration (at line 1, column 7)"),
        ("[[rules]]", "the file: unknown field 'rules'; did you mean 'rule'?"),
        ('[[rule]]\nwhen = "leader-change"',
         "rule 1: unknown when 'leader-change'; did you mean 'leader-changed'?"),
        ('[[rule]]\nname = "x"\nwhen = "leader-changed"', "rule 1 (x): leader-changed needs board"),
        ('[[rule]]\nwhen = "passed"\nboard = "en"\nmodel = ""', "rule 1: model is ''"),
        ('[[rule]]\nwhen = "entered-top"\nboard = "en"\ntop = 0', "rule 1: top is 0"),
        ('[[rule]]\nwhen = "receipt-broken"\ntop = 3',
         "rule 1: unknown field 'top'; use one of"),
        ('[[rule]]\nwhen = "receipt-broken"\nsend = ["teem"]\n[send]\nteam = "json://x"',
         "rule 1: unknown target 'teem'; did you mean 'team'?"),
        ("[send]\nteam = 5", "[send] holds names, each with an address in quotes"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_one_line_with_its_place(
    cli: Run, home: Path, text: str, expected: str
) -> None:
    write(home, text)
    answer = cli("watch", "test")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"error: {home / 'watch.toml'}: {expected}")
    assert answer.err.count("\n") == 1


def test_no_file_of_rules_is_one_line(cli: Run, home: Path) -> None:
    answer = cli("watch", "test")
    assert answer.err == (
        f"error: {home / 'watch.toml'}: No such file or directory; see the how-to: be told of"
        " changes\n"
    )


def test_an_unknown_board_is_one_line_with_its_rule(cli: Run, story: Path) -> None:
    write(story, '[[rule]]\nname = "mine"\nwhen = "leader-changed"\nboard = "none such"')
    answer = cli("watch", "test")
    assert answer.code == 2
    assert answer.err.startswith("error: rule 'mine': no board called 'none such'")


# Events


def test_rules_are_tried_on_the_whole_line_of_time(cli: Run, story: Path) -> None:
    write(story, """
[[rule]]
name = "lead"
when = "leader-changed"
board = "published/en"
[[rule]]
name = "newcomer"
when = "entered-top"
board = "published/en"
top = 2
organisation = "mill"
[[rule]]
name = "mine"
when = "passed"
board = "published/en"
model = "lab/one"
[[rule]]
when = "receipt-broken"
""")  # fmt: skip
    answer = cli("watch", "test", "--since", "2024", "--until", "2024", "-f", "json")
    assert answer.code == 0
    assert [(row["day"], row["rule"], row["text"]) for row in answer.rows] == [
        (
            "2024-07-08",
            "lead",
            "mill/two leads published/en; before it lab/one (mill/two overtook lab/one)",
        ),
        ("2024-07-08", "mine", "mill/two passed lab/one on published/en: 1 → 2"),
    ]
    assert answer.err.splitlines()[-1] == "rule 4: 0 from 2024-01-01 to 2024-12-31"


# Delivery


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> list[WatchEvent]:
    """The events that there are, whatever the catalog holds."""
    events: list[WatchEvent] = []
    monkeypatch.setattr(
        watching, "events",
        lambda _, rule, since, until: [e for e in events if since <= e.day <= until],
    )  # fmt: skip
    return events


def told(settings: Settings) -> list[str]:
    lines: list[str] = []
    watching.tell(settings, lines.append, seconds=1.0)
    return lines


def rules_for(webhook: Webhook) -> str:
    return (
        '[[rule]]\nname = "lead"\nwhen = "leader-changed"\nboard = "en"\n'
        f'[send]\nteam = "{webhook.address}"\n'
    )


def event(number: int, day: str = "2026-06-02") -> WatchEvent:
    return WatchEvent(f"event {number}", day, f"text {number}")


def test_each_event_is_told_once_and_again_until_it_is_accepted(
    story: Path, known: list[WatchEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch, "2026-06-01T05:17:00Z")
    with Webhook() as webhook:
        write(story, rules_for(webhook))
        settings = load_settings()
        known.append(event(0, "2026-05-30"))
        assert told(settings) == ["watching: lead (1 events are known already)"]
        known.append(event(1))
        webhook.fail("/hook", Fault(status=500), times=1)
        refused = "error: team did not accept a notice of lead; it is sent again later"
        assert told(settings) == [refused]
        clock.now = "2026-06-03T05:17:00Z"
        known.append(event(2))
        assert told(settings) == ["told team of 2 events: lead"]
        assert told(settings) == []
        # What becomes known long after it happened is history, not news.
        known.append(event(3, "2025-01-01"))
        assert told(settings) == []
    title = "Embedding Tracker: lead"
    assert webhook.notices == [
        (title, "2026-06-02  text 1"),
        (title, "2026-06-02  text 1\n2026-06-02  text 2"),
    ]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(hang=30.0),
        Fault(drop=True),
        Fault(status=500),
        Fault(status=302, headers={"Location": "http://127.0.0.1:9/inside"}),
    ],
    ids=["hangs", "drops", "answers 500", "redirects inward"],
)
def test_a_bad_webhook_is_refused_in_time_and_never_followed(fault: Fault) -> None:
    with Webhook() as webhook, Webhook() as inside:
        if fault.headers:
            fault = Fault(status=302, headers={"Location": inside.address})
        webhook.fail("/hook", fault)
        assert not deliver(open_target(webhook.address), "title", "text", seconds=0.5)
        assert inside.log == []


def test_a_wrong_notice_changes_no_update(
    story: Path, known: list[WatchEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker.update import daily

    monkeypatch.setattr(daily, "load_reported", lambda *_: True)
    monkeypatch.setattr(daily, "build_reported", lambda *_: None)
    write(story, "[[rule]]\nwhen = 5\n")
    lines: list[str] = []
    report = daily.update(load_settings(), offline=True, notify=lines.append)
    assert report.outcome == "good"
    assert lines == [
        f"error: {story / 'watch.toml'}: rule 1: unknown when 5; use one of leader-changed,"
        " entered-top, paper-matched, passed, receipt-broken"
    ]


def test_more_events_than_a_message_holds_are_counted() -> None:
    sent: list[str] = []

    class Target:
        def notify(self, *, body: str, title: str, body_format: str) -> bool:
            sent.append(body)
            return True

    due = [event(number) for number in range(25)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watching, "open_target", lambda _: Target())
        assert watching._send("json://x", Rule("many", "leader-changed"), due, 5.0)
    assert sent[0].splitlines()[-1] == "and 5 more"
    assert len(sent[0].splitlines()) == watching.LINES + 1


@pytest.mark.parametrize(
    ("address", "host", "field"),
    [
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
         "hooks.slack.com", "attachments"),
        ("https://discord.com/api/webhooks/417429632418316298/" + "a" * 64,
         "discord.com", "content"),
        ("feishu://" + "a" * 36, "open.feishu.cn", "msg_type"),
        ("lark://" + "a" * 36, "open.larksuite.com", "msg_type"),
        ("dingtalk://" + "a" * 64, "oapi.dingtalk.com", "msgtype"),
        ("https://example.org/any/hook", "example.org", "message"),
    ],
)  # fmt: skip
def test_known_services_get_their_own_form(
    address: str, host: str, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, Any, Any]] = []

    class Accepted:
        status_code, content, text, headers = 200, b"ok", "ok", {}

        @staticmethod
        def json() -> dict[str, int]:
            return {"errcode": 0, "code": 0}

    def record(*words: Any, **options: Any) -> Accepted:
        calls.append((words[-1], options.get("data"), options.get("allow_redirects")))
        return Accepted()

    for name in ("post", "request"):
        monkeypatch.setattr(f"requests.{name}", record)
    assert deliver(open_target(address), "title", "text", seconds=10)
    url, data, follows = calls[0]
    assert url.split("/")[2].partition(":")[0] == host
    assert field in orjson.loads(data)
    assert b"text" in (data if isinstance(data, bytes) else data.encode())
    assert follows is False
