"""Judge ranks and leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.answers.boards import EditionInfo
from tracker.factcheck.board_facts import (
    Span,
    covered,
    edition_on,
    known_days,
    point_days,
    read_known_days,
    read_lead_days,
    read_link,
    read_other_ranks,
    read_points,
    read_spans,
    unit_text,
)
from tracker.factcheck.claims import Claim
from tracker.factcheck.dates import Period
from tracker.factcheck.days import Days, intersection, meets, union
from tracker.factcheck.judgement import Judgement, not_checkable
from tracker.insights.models.names import read_names
from tracker.insights.reader import Reader

MOST_READINGS = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand which model and board a claim means."""

    board: str
    model: int
    name: str
    spans: tuple[Span, ...]
    known: Days
    """Days for which the board is known."""


def readings(reader: Reader, claim: Claim) -> Iterator[Reading]:
    """Every way to understand a claim that names a model and a board."""
    assert claim.model is not None and claim.board is not None
    names = read_names(reader)
    found = [
        Reading(board, model, names[model].name, spans, read_known_days(reader, board))
        for board in claim.board.boards
        if (spans := read_spans(reader, board))
        for model in claim.model.models
    ]
    yield from found[:MOST_READINGS]


def in_known_time(known: Days, period: Period) -> tuple[Period | None, str]:
    """The part of a period that a board is known for, and a remark where it is another one.

    After the end of a board its last state is meant, as everywhere in the catalog.
    """
    first, last = known[0][0], known[-1][1]
    if period.last < first:
        return None, f"the board is known since {first} only"
    if last is not None and period.first > last:
        return Period(last, last), f"; the last state is of {last}"
    return Period(max(period.first, first), period.last), ""


def judge_rank(reader: Reader, claim: Claim, period: Period | None) -> Judgement:
    """Judge a rank or a lead in all of its readings; the best verdict counts."""
    assert claim.model is not None and claim.board is not None
    found = [_judge(reader, claim, reading, period) for reading in readings(reader, claim)]
    return best_of(found, claim)


_ORDER = ("true", "near", "true_on_other_days", "false", "not_checkable")


def best_of(found: list[Judgement], claim: Claim) -> Judgement:
    """The reading with the best verdict, told as one of several where there are several."""
    assert claim.board is not None
    if not found:
        return not_checkable(f"no board called {claim.board.name!r} is tracked")
    best = min(found, key=lambda judgement: _ORDER.index(judgement.verdict))
    if len(found) == 1:
        return best
    boards = list(dict.fromkeys(str(judgement.board) for judgement in found))
    models = list(dict.fromkeys(str(judgement.model) for judgement in found))
    meant = " and ".join(
        f"as {' or '.join(several)}" for several in (boards, models) if len(several) > 1
    )
    days = union(days for judgement in found for days in judgement.days)
    reason = f"{best.reason} (read {meant})" if meant else best.reason
    if best.verdict == "not_checkable" and any(judgement.days for judgement in found):
        return best
    return Judgement(
        best.verdict, reason, best.actual, days, best.link, best.model, best.board, best.replacement
    )


def judge_existence(reader: Reader, claim: Claim, period: Period | None) -> Judgement:
    """Judge that a known model exists, or that a board lists it."""
    assert claim.model is not None
    name = read_names(reader)[claim.model.models[0]].name
    if claim.board is None:
        page = f"https://huggingface.co/{name}"
        return Judgement("true", f"the catalog has {name}", name, (), page, name)
    found = [_judge_listed(reader, reading, period) for reading in readings(reader, claim)]
    return best_of(found, claim)


def _judge_listed(reader: Reader, reading: Reading, period: Period | None) -> Judgement:
    points = read_points(reader, reading.model, reading.board)
    days = union(stretch for _, point in points if (stretch := point_days(point)))
    part = in_known_time(reading.known, period)[0] if period else None
    about = f"{reading.board} lists {reading.name}"
    if not days:
        return Judgement("false", f"{reading.board} never listed it", None, (), None, reading.name,
                         reading.board)  # fmt: skip
    is_then = period is None or (part is not None and meets(days, part.first, part.last))
    verdict = "true" if is_then else "true_on_other_days"
    reason = f"{about} on {days_text(days)}"
    return Judgement(verdict, reason, reading.name, days, None, reading.name, reading.board)


def rank_days(reader: Reader, claim: Claim, reading: Reading) -> Days:
    """Days at whose ends a claimed rank held by the board's own ranks."""
    wanted = int(claim.value)
    found = []
    for _, point in read_points(reader, reading.model, reading.board):
        rank = point.rank
        if rank is not None and (rank == wanted or (claim.at_most and rank < wanted)):
            found.append(point_days(point))
    days = union(stretch for stretch in found if stretch is not None)
    if claim.kind == "lead":
        led = [
            stretch
            for edition, since, until in reading.spans
            for stretch in intersection(
                read_lead_days(reader, edition, reading.model),
                known_days([(edition, since, until)]),
            )
        ]
        days = union([*days, *led])
    return days


def _judge(reader: Reader, claim: Claim, reading: Reading, period: Period | None) -> Judgement:
    days = rank_days(reader, claim, reading)
    if claim.since is not None:
        return _judge_through(reader, claim, reading, days, period)
    if period is None:
        return _undated(reader, claim, reading, days)
    part, remark = in_known_time(reading.known, period)
    if part is None:
        return not_checkable(
            f"no state of {reading.board} for {period.text}: {remark}",
            model=reading.name,
            board=reading.board,
        )
    day = min(part.last, reading.known[-1][1] or part.last)
    edition = edition_on(reading.spans, day)
    if edition is None:
        return not_checkable(
            f"no state of {reading.board} on {day}", model=reading.name, board=reading.board
        )
    actual = _rank_on(reader, reading, Period(day, day))
    link = read_link(reader, edition, day)
    about = f"on {edition.name} {_when(part)}{remark}"

    def judged(verdict: str, reason: str) -> Judgement:
        return Judgement(
            verdict,
            reason,
            actual,
            days,
            link,
            reading.name,
            edition.name,
            None if actual is None else str(actual),
        )

    shown = "not ranked" if actual is None else f"rank {actual}"
    if claim.is_past and days and days[0][0] <= part.last:
        return judged("true", f"it held on {days_text(days)}")
    if meets(days, part.first, part.last):
        return judged("true", f"{'led' if claim.kind == 'lead' else shown} {about}")
    if near := _near(reader, claim, reading, edition, day):
        if claim.by_mean and "by mean" in near:
            return judged("true", f"{near} {about}")
        return judged("near", f"{shown} {about}, but {near}")
    if days:
        return judged("true_on_other_days", f"{shown} {about}; it held on {days_text(days)}")
    return judged("false", f"{shown} {about}; it held on no known day")


def _judge_through(
    reader: Reader, claim: Claim, reading: Reading, days: Days, period: Period | None
) -> Judgement:
    """Judge that a rank held on all days of a time: since a day, or from one to another."""
    since = claim.since or ""
    first, last = reading.known[0][0], reading.known[-1][1]
    model, board = reading.name, reading.board
    until = min(period.first, last or period.first) if period else None
    if since < first:
        return not_checkable(f"{board} is known since {first} only", model=model, board=board)
    holding = [(a, b) for a, b in days if a <= since and (b is None or since <= b)]
    day = until or since
    edition = edition_on(reading.spans, day)
    link = read_link(reader, edition, day) if edition else None
    reason = f"it held on {days_text(days)}" if days else "it held on no known day"
    if until is not None:
        is_right = any(b is None or until <= b for _, b in holding)
    else:
        is_right = any(b is None for _, b in holding)
    verdict = "true" if is_right else "true_on_other_days" if days else "false"
    return Judgement(verdict, reason, None, days, link, model, board)


def _undated(reader: Reader, claim: Claim, reading: Reading, days: Days) -> Judgement:
    known = reading.known
    model, board = reading.name, reading.board
    if days:
        day = days[-1][0]
        edition = edition_on(reading.spans, day)
        link = read_link(reader, edition, day) if edition else None
        if days == known or claim.is_past:
            reason = f"it held on {days_text(days)} of {board}"
            return Judgement("true", reason, claim.value, days, link, model, board)
        reason = f"no date is given; it held on {days_text(days)}"
        return Judgement("true_on_other_days", reason, None, days, link, model, board)
    ever = read_points(reader, reading.model, reading.board)
    best = min((point.rank for _, point in ever if point.rank is not None), default=None)
    shown = f"its best rank is {best}" if best else "it never had a rank"
    return not_checkable(
        f"no date is given, and on no day since {known[0][0]} it held on {board}; {shown}",
        model=model,
        board=board,
    )


def _rank_on(reader: Reader, reading: Reading, period: Period) -> int | None:
    for _, point in read_points(reader, reading.model, reading.board):
        if covered(point, period):
            return point.rank
    return None


def _near(
    reader: Reader, claim: Claim, reading: Reading, edition: EditionInfo, day: str
) -> str | None:
    """Why a rank is right by another rule than the board's own."""
    other = read_other_ranks(reader, edition, day).get(reading.model)
    if other is None:
        return None
    wanted = int(claim.value)
    for rank, reason in (
        (other.without_copies, "without copies of other models"),
        (
            other.by_mean,
            f"by mean over {other.common_tasks} tasks"
            if other.common_tasks
            else "by mean over tasks",
        ),
        (other.by_mean_task_type, "by mean over task types"),
    ):
        if rank is not None and (rank == wanted or (claim.at_most and rank < wanted)):
            return f"rank {rank} {reason}, where the board counts by {unit_text(reader, edition)}"
    return None


def _when(period: Period) -> str:
    return f"on {period.first}" if period.first == period.last else f"in {period.text}"


def days_text(days: Days, most: int = 6) -> str:
    """Stretches of days in words."""
    shown = [
        first if first == last else f"{first} to {last}" if last else f"{first} until now"
        for first, last in days[:most]
    ]
    more = f" and {len(days) - most} more stretches" if len(days) > most else ""
    return ", ".join(shown) + more
