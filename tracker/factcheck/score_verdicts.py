"""Judge scores, differences of two models, and numbers of tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracker.answers.boards import EditionInfo
from tracker.answers.history import HistoryPoint
from tracker.common.times import days_held
from tracker.errors import TrackerError
from tracker.factcheck.board_facts import (
    covered,
    edition_on,
    known_days,
    point_days,
    read_link,
    read_points,
    read_row,
    read_spans,
)
from tracker.factcheck.claims import Claim
from tracker.factcheck.dates import Period
from tracker.factcheck.days import Days, meets, union
from tracker.factcheck.judgement import Judgement, not_checkable
from tracker.factcheck.rank_verdicts import (
    Reading,
    best_of,
    days_text,
    in_known_time,
    readings,
)
from tracker.insights.boards.query import BoardQuery
from tracker.insights.boards.task_scores import read_task_scores
from tracker.insights.models.names import read_names
from tracker.insights.reader import Reader, memoised

_MEANS = {"mean_task": "mean over tasks", "mean_task_type": "mean over task types"}


def fits(claimed: float, digits: int, actual: float) -> str | None:
    """Compare a number with what it should be: ``exact``, ``near`` (rounding), or ``None``."""
    if round(actual, 2) == claimed or (digits > 2 and round(actual, digits) == claimed):
        return "exact"
    return "near" if abs(actual - claimed) < 10**-digits + 1e-9 and digits <= 2 else None


class _Value(NamedTuple):
    """One value of a model on a board for as long as it held."""

    edition: EditionInfo
    what: str
    value: float
    days: tuple[str, str | None]
    point: HistoryPoint


def judge_score(reader: Reader, claim: Claim, period: Period | None) -> Judgement:
    """Judge a mean, or the score of a task type or task."""
    judge = _judge_part if claim.part else _judge_mean
    found = [judge(reader, claim, reading, period) for reading in readings(reader, claim)]
    return best_of(found, claim)


@memoised
def _read_values(reader: Reader, model: int, board: str) -> tuple[_Value, ...]:
    """Read all means of a model on all editions that a board means, for all their time."""
    points = read_points(reader, model, board, all_editions=True)
    return tuple(
        _Value(edition, what, value, days, point)
        for edition, point in points
        if (days := point_days(point)) is not None
        for what in _MEANS
        if (value := getattr(point, what)) is not None
    )


def _judge_mean(reader: Reader, claim: Claim, reading: Reading, period: Period | None) -> Judgement:
    claimed = float(claim.value)
    values = _read_values(reader, reading.model, reading.board)
    model, board = reading.name, reading.board
    if not values:
        listed = read_points(reader, reading.model, reading.board)
        if listed or claim.board is None or len(claim.board.boards) > 1:
            return not_checkable(f"{board} has no mean of {model}", model=model, board=board)
        return Judgement("false", f"{board} never listed {model}", None, model=model, board=board)
    exact = [v for v in values if fits(claimed, claim.digits, v.value) == "exact"]
    near = [v for v in values if fits(claimed, claim.digits, v.value) == "near"]
    now = _current(values, reading, period)
    if period is not None and now is None and not exact and not near:
        return not_checkable(
            f"{board} has no mean of {model} for {period.text}", model=model, board=board
        )
    days = union(v.days for v in exact or near)
    shown = now or values[-1]

    def judged(verdict: str, value: _Value, reason: str) -> Judgement:
        day = value.days[1] or value.days[0]
        link = read_link(reader, value.edition, max(value.days[0], day))
        right = shown.value if verdict == "true_on_other_days" and now else value.value
        text = f"{right:.{min(claim.digits, 2) or 2}f}" if verdict == "near" else f"{right:.2f}"
        return Judgement(
            verdict, reason, round(right, 2), days, link, model, value.edition.name, text
        )

    for matches, verdict in ((exact, "true"), (near, "near")):
        holding = _holding(matches, reading, period)
        if not holding:
            continue
        best = holding[-1]
        about = f"{_MEANS[best.what]} {best.value:.2f} on {best.edition.name}"
        is_now = best.days[1] is None
        if period is None and verdict == "true" and not (is_now or _is_constant(values, best)):
            return judged(
                "true_on_other_days", best, f"no date is given; {about} on {days_text(days)}"
            )
        return judged(verdict, best, about)
    if past := exact or [v for v in near if round(v.value, claim.digits) == claimed]:
        best = past[-1]
        about = f"{_MEANS[best.what]} {best.value:.2f} on {best.edition.name}"
        return judged("true_on_other_days", best, f"{about} on {days_text(days)}")
    return judged("false", shown, f"{_MEANS[shown.what]} {shown.value:.2f} on {shown.edition.name}")


def _is_constant(values: Sequence[_Value], one: _Value) -> bool:
    """Whether a model had one value on an edition for as long as it was listed with any."""
    same = {round(v.value, 2) for v in values if v.edition == one.edition and v.what == one.what}
    return len(same) == 1


def _current(values: Sequence[_Value], reading: Reading, period: Period | None) -> _Value | None:
    """The mean over tasks on a date; without one the last that is known."""
    if period is None:
        return next((v for v in reversed(values) if v.what == "mean_task"), values[-1])
    fitting = _holding(values, reading, period)
    return next((v for v in fitting if v.what == "mean_task"), None) or (
        fitting[-1] if fitting else None
    )


def _holding(values: Sequence[_Value], reading: Reading, period: Period | None) -> list[_Value]:
    """The values that held in a period on an edition that counts then."""
    if period is None:
        return list(values)
    part = in_known_time(reading.known, period)[0] if reading.known else None
    if part is None:
        return []
    counting = {edition_on(reading.spans, day) for day in (part.first, part.last)}
    return [v for v in values if covered(v.point, part) and v.edition in counting]


def _judge_part(reader: Reader, claim: Claim, reading: Reading, period: Period | None) -> Judgement:
    """Judge the score of a task type or task on one day: the text's, or the last with the model."""
    model, board = reading.name, reading.board
    day = _day_with_model(reader, reading, period)
    edition = edition_on(reading.spans, day) if day else None
    if day is None or edition is None:
        return not_checkable(f"{board} did not list {model} then", model=model, board=board)
    assert claim.part is not None
    actual = _part_score(reader, edition, day, reading.model, claim.part)
    if actual is None:
        return not_checkable(
            f"no score of {model} for {claim.part} on {edition.name} is known",
            model=model,
            board=edition.name,
        )
    kind = fits(float(claim.value), claim.digits, actual)
    verdict = {"exact": "true", "near": "near"}.get(kind or "", "false")
    if verdict == "false" and period is None:
        # Scores of single types and tasks are read for one day only.
        return not_checkable(
            f"{claim.part} {actual:.2f} on {edition.name} on {day}; no date is given",
            model=model,
            board=edition.name,
        )
    return Judgement(
        verdict,
        f"{claim.part} {actual:.2f} on {edition.name} on {day}",
        round(actual, 2),
        (),
        read_link(reader, edition, day),
        model,
        edition.name,
        f"{actual:.2f}",
    )


def _day_with_model(reader: Reader, reading: Reading, period: Period | None) -> str | None:
    points = read_points(reader, reading.model, reading.board)
    if period is not None and reading.known:
        part, _ = in_known_time(reading.known, period)
        return next((part.last for _, p in points if part and covered(p, part)), None)
    stretches = [days for _, point in points if (days := point_days(point))]
    return (stretches[-1][1] or reading.known[-1][1] or stretches[-1][0]) if stretches else None


def _part_score(
    reader: Reader, edition: EditionInfo, day: str, model: int, part: str
) -> float | None:
    row = read_row(reader, edition, day, model)
    if row is None:
        return None
    if part in row.task_types:
        return row.task_types[part]
    if part not in edition.tasks:
        return None
    try:
        scores = read_task_scores(reader, BoardQuery(edition, day))
    except TrackerError:
        return None
    found = scores.filter((scores["label"] == row.label) & (scores["task"] == part))["score"]
    return float(found[0]) if len(found) == 1 else None


def judge_difference(reader: Reader, claim: Claim, period: Period | None) -> Judgement:
    """Judge which of two models is better on a board, and by how many points."""
    assert claim.other is not None
    found = [
        _compare(reader, claim, one, other, period)
        for one in readings(reader, claim)
        for other in claim.other.models[:3]
    ]
    return best_of(found, claim)


def _compare(
    reader: Reader, claim: Claim, reading: Reading, other: int, period: Period | None
) -> Judgement:
    name = read_names(reader)[other].name
    model, board = f"{reading.name} / {name}", reading.board
    gaps = list(_gaps(reader, claim, reading, other))
    by_rank = not gaps and claim.part is None and isinstance(claim.value, str)
    if by_rank:
        gaps = list(_gaps(reader, claim, reading, other, by_rank=True))
    if not gaps:
        return not_checkable(f"{board} has no means of both", model=model, board=board)
    right = [gap for gap in gaps if _agrees(claim, gap.value)]
    days = union(gap.days for gap in right)
    shown = gaps[-1]
    if period is not None:
        part, _ = in_known_time(reading.known, period)
        now = [g for g in gaps if part and meets((g.days,), part.first, part.last)]
        if not now:
            return not_checkable(
                f"{board} has no means of both for {period.text}", model=model, board=board
            )
        shown = next((gap for gap in now if gap in right), now[-1])
    day = shown.days[0]
    reason = f"{reading.name} less {name}: {shown.value:+.2f} on {shown.edition.name}"
    if by_rank:
        places = f"{abs(shown.value):.0f} {'ranks above' if shown.value > 0 else 'ranks below'}"
        reason = f"{reading.name} is {places} {name} on {shown.edition.name}, without means of both"
    exact = isinstance(claim.value, str) or (
        fits(abs(float(claim.value)), claim.digits, abs(shown.value)) == "exact"
    )
    if shown in right and (period is not None or len(right) == len(gaps)):
        verdict = "true" if exact else "near"
    elif right:
        verdict, reason = "true_on_other_days", f"{reason}; it held on {days_text(days)}"
    elif (
        isinstance(claim.value, str)
        and not by_rank
        and _better_by_rank(reader, reading, other, claim, shown)
    ):
        verdict, reason = "near", f"{reason}, but the other way round by rank"
    else:
        verdict = "false"
    return Judgement(
        verdict,
        reason,
        round(shown.value, 2),
        days,
        read_link(reader, shown.edition, day),
        model,
        shown.edition.name,
        None if isinstance(claim.value, str) else f"{abs(shown.value):.2f}",
    )


class _Gap(NamedTuple):
    edition: EditionInfo
    value: float
    days: tuple[str, str | None]


def _gaps(
    reader: Reader, claim: Claim, reading: Reading, other: int, *, by_rank: bool = False
) -> Iterator[_Gap]:
    """Differences of the means, or ranks, of two models for as long as each held."""
    theirs = read_points(reader, other, reading.board)
    for edition, point in read_points(reader, reading.model, reading.board):
        for edition2, point2 in theirs:
            if edition != edition2:
                continue
            begins = max(point.from_at, point2.from_at)
            ends = min(point.to_at or "9", point2.to_at or "9")
            if by_rank:
                value = _rank_gap(point, point2)
            else:
                value = _gap(reader, claim, edition, point, point2, (reading.model, other))
            days = _stretch(begins, ends)
            if value is not None and days is not None:
                yield _Gap(edition, value, days)


def _rank_gap(one: HistoryPoint, other: HistoryPoint) -> float | None:
    """By how many ranks the first is better; ``None`` where one of them has too few scores."""
    if one.rank is None or other.rank is None or one.partial or other.partial:
        return None
    return float(other.rank - one.rank)


def _stretch(begins: str, ends: str) -> tuple[str, str | None] | None:
    return days_held(begins, None if ends == "9" else ends) if begins < ends else None


def _gap(
    reader: Reader,
    claim: Claim,
    edition: EditionInfo,
    one: HistoryPoint,
    other: HistoryPoint,
    models: tuple[int, int],
) -> float | None:
    if claim.part is None:
        if one.mean_task is None or other.mean_task is None:
            return None
        return one.mean_task - other.mean_task
    day = max(one.from_at, other.from_at)[:10]
    scores = [_part_score(reader, edition, day, model, claim.part) for model in models]
    return None if scores[0] is None or scores[1] is None else scores[0] - scores[1]


def _agrees(claim: Claim, gap: float) -> bool:
    if isinstance(claim.value, str):
        return gap > 0 if claim.value == "higher" else gap < 0
    return fits(float(claim.value), claim.digits, gap) is not None


def _better_by_rank(
    reader: Reader, reading: Reading, other: int, claim: Claim, shown: _Gap
) -> bool:
    ranks = []
    for model in (reading.model, other):
        points = read_points(reader, model, reading.board)
        period = Period(shown.days[0], shown.days[0])
        ranks.append(next((p.rank for _, p in points if covered(p, period)), None))
    if ranks[0] is None or ranks[1] is None:
        return False
    return ranks[0] < ranks[1] if claim.value == "higher" else ranks[0] > ranks[1]


def judge_task_count(reader: Reader, claim: Claim, period: Period | None) -> Judgement:
    """Judge the number of tasks of a board, of every edition that it may mean."""
    assert claim.board is not None
    wanted = int(claim.value)
    found: list[tuple[EditionInfo, Days]] = []
    for board in claim.board.boards:
        spans = read_spans(reader, board, all_editions=True)
        counting = read_spans(reader, board)
        for edition, since, until in spans:
            days = known_days([span for span in counting if span[0] == edition])
            found.append((edition, days or known_days([(edition, since, until)])))
    if not found:
        return not_checkable(f"no board called {claim.board.name!r} is tracked")
    if all(edition.n_tasks == 1 for edition, _ in found[:1]):
        return not_checkable(f"{found[0][0].name} has one task with several parts")
    fitting = [(edition, days) for edition, days in found if edition.n_tasks == wanted]
    now = [edition for edition, days in found if period and meets(days, period.first, period.last)]
    days = union(stretch for _, stretches in fitting for stretch in stretches)
    if fitting:
        edition = fitting[-1][0]
        is_now = period is None or any(e in now for e, _ in fitting) or len(found) == 1
        reason = f"{edition.name} has {edition.n_tasks} tasks"
        verdict = "true" if is_now else "true_on_other_days"
        return Judgement(verdict, reason, edition.n_tasks, days, None, None, edition.name)
    edition = now[0] if now else found[-1][0]
    counts = ", ".join(f"{e.name} {e.n_tasks}" for e, _ in found)
    return Judgement(
        "false", f"numbers of tasks: {counts}", edition.n_tasks, (), None, None, edition.name,
        str(edition.n_tasks),
    )  # fmt: skip
