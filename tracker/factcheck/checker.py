"""Check a text: read its sentences, find statements by the rules, judge each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from tracker.answers.checking import CheckedStatement, CheckedText, Correction
from tracker.common.checks import check_type
from tracker.common.text import bare_name, near
from tracker.common.times import When, moment
from tracker.errors import UsageError
from tracker.factcheck.boards import read_board_index
from tracker.factcheck.claims import Claim, Context
from tracker.factcheck.corrections import corrected
from tracker.factcheck.dates import Period, document_date
from tracker.factcheck.days import Days, intersection, union
from tracker.factcheck.judgement import Judgement
from tracker.factcheck.makers import read_makers
from tracker.factcheck.markup import PlainText, plain_text, sentences
from tracker.factcheck.model_rules import find_model_claims
from tracker.factcheck.model_verdicts import judge_model, judge_title
from tracker.factcheck.names import read_model_index
from tracker.factcheck.rank_rules import find_ranks
from tracker.factcheck.rank_verdicts import judge_existence, judge_rank, rank_days, readings
from tracker.factcheck.ranked_lists import RankedList
from tracker.factcheck.score_rules import find_differences, find_scores, find_task_counts
from tracker.factcheck.score_verdicts import judge_difference, judge_score, judge_task_count
from tracker.factcheck.sentence import BOARD, Sentence, is_doubtful, read_sentence
from tracker.factcheck.tables import Table, find_table_claims, find_tables
from tracker.factcheck.thread import Thread
from tracker.insights.methods.datasets import read_datasets
from tracker.insights.models.names import read_names
from tracker.insights.reader import Reader, memoised

MOST_STATEMENTS = 1000
"""Statements that are judged of one text."""
MOST_SUGGESTIONS = 50
"""Unknown models of one text for which the nearest names are looked for."""
LONGEST_TEXT = 5_000_000
"""Characters of a text that is read."""

_DIGIT = re.compile(r"\d")
_SELECTION = re.compile(
    r"\b(?:copy|subset|subsample|sample|selection|re-?run|reproduction|replication|adaptation) of"
    rf" (?:the )?{BOARD}"
)
"""Something made from a board: its ranks and scores are not those of the board."""
_BOARD_KINDS = {
    "rank": judge_rank,
    "lead": judge_rank,
    "score": judge_score,
    "difference": judge_difference,
    "n_tasks": judge_task_count,
}


def check_text(reader: Reader, text: str, date: When = None) -> CheckedText:
    """Check what a text says about models and boards.

    Args:
        reader: The open catalog.
        text: Markdown, HTML or plain text in English or Chinese; nothing in it is followed or run.
        date: The text's date; by default the one that it gives for itself.

    Raises:
        UsageError: The text is no text or too long, or the date is none.
    """
    check_type("text", text, str)
    if len(text) > LONGEST_TEXT:
        raise UsageError(f"the text has {len(text):,} characters", remedy="check it in parts")
    document = plain_text(text)
    period = document_date(document.front_matter, text)
    if date is not None:
        period = Period(moment(date, begins=True)[:10], moment(date)[:10])
    judged: dict[tuple[object, ...], Judgement] = {}
    found: list[CheckedStatement] = []
    known: list[Claim] = []
    ranks: list[Claim] = []
    n_unknown = 0
    found_claims = find_claims(reader, document, find_tables(text, document))
    claims = list(islice(found_claims, MOST_STATEMENTS + 1))
    for claim in sorted(claims[:MOST_STATEMENTS], key=lambda c: (c.start, c.end)):
        key = (claim.kind, claim.value, claim.model and (claim.model.models or claim.model.name),
               claim.board and claim.board.boards, claim.other and claim.other.models,
               claim.period, claim.part, claim.at_most, claim.digits, claim.title,
               claim.is_past, claim.by_mean, claim.since)  # fmt: skip
        if key not in judged:
            # Comparing an unknown name with all others takes milliseconds.
            suggest = n_unknown < MOST_SUGGESTIONS
            judged[key] = judge(reader, claim, claim.period or period, suggest=suggest)
            n_unknown += judged[key].verdict == "unknown_model"
        found.append(_statement(document, text, claim, judged[key]))
        known.append(claim)
        if _is_known_rank(claim):
            ranks.append(claim)
    together = held_together(reader, ranks) if len(ranks) > 1 else None
    checked_until = found[-1].end if len(claims) > MOST_STATEMENTS else None
    date_text = period.text if period else None
    found = without_half_corrections(known, found)
    return CheckedText(text, date_text, tuple(found), len(ranks), together, checked_until)


def without_half_corrections(
    claims: Sequence[Claim], found: Sequence[CheckedStatement]
) -> list[CheckedStatement]:
    """Leave out corrections beside a false part that cannot be corrected.

    A text that says "X leads with 72.31" of a model that is third would still be false with the
    right number.

    Args:
        claims: What the text states.
        found: The verdict on each of them.
    """
    stays_false = {
        _said_of(claim)
        for claim, one in zip(claims, found, strict=True)
        if claim.kind in _BOARD_KINDS
        and one.verdict in ("false", "true_on_other_days")
        and one.correction is None
    }
    return [
        replace(one, correction=None)
        if claim.kind in _BOARD_KINDS and _said_of(claim) in stays_false
        else one
        for claim, one in zip(claims, found, strict=True)
    ]


def _said_of(claim: Claim) -> tuple[object, ...]:
    """The mention of a model and a board that a claim is about."""
    return claim.model, claim.board and claim.board.boards


def _is_known_rank(claim: Claim) -> bool:
    """Whether a claim gives a rank of a known model on a known board."""
    if claim.kind not in ("rank", "lead") or claim.model is None or claim.board is None:
        return False
    return bool(claim.model.models and claim.board.boards)


def held_together(reader: Reader, ranks: Sequence[Claim]) -> Days:
    """Days on which some ranks and leads held together.

    A name that may mean several boards means the same one in all of them.
    """
    by_name: dict[tuple[str, ...], dict[str, Days]] = {}
    for claim in dict.fromkeys(ranks):
        assert claim.board is not None
        days: dict[str, list[tuple[str, str | None]]] = {name: [] for name in claim.board.boards}
        for reading in readings(reader, claim):
            days[reading.board] += rank_days(reader, claim, reading)
        so_far = by_name.get(claim.board.boards)
        by_name[claim.board.boards] = {
            name: intersection(so_far[name], union(found)) if so_far else union(found)
            for name, found in days.items()
        }
    together: Days = (("0001-01-01", None),)
    for boards in by_name.values():
        together = intersection(together, union(s for found in boards.values() for s in found))
    return together


@memoised
def read_tasks(reader: Reader) -> frozenset[str]:
    """Read the names of the tasks of all boards."""
    return frozenset(task for edition in reader.editions.editions for task in edition.tasks)


@memoised
def read_single_types(reader: Reader) -> dict[str, str]:
    """Read the task type of the editions and series that have tasks of one type only."""
    types: dict[str, set[str]] = {}
    for edition in reader.editions.editions:
        found = {name for name, _ in edition.task_types} or {edition.task_type or ""}
        for name in (edition.name, edition.series):
            types.setdefault(name, set()).update(found)
    return {name: one for name, found in types.items() if len(found) == 1 for one in found if one}


@memoised
def read_data_names(reader: Reader) -> re.Pattern[str]:
    """Build the pattern of all names of training data and tasks."""
    names = {
        re.sub(r" \(.*", "", name)
        for dataset in read_datasets(reader)
        for name in (dataset.name, *dataset.aliases)
    } | read_tasks(reader)
    known = sorted((name for name in names if len(name) >= 2), key=len, reverse=True)
    words = "|".join(re.escape(name).replace(r"\ ", "[ -]?") for name in known)
    return re.compile(rf"(?<![\w-])(?P<v>{words})(?![\w-])")


def find_claims(
    reader: Reader, document: PlainText, tables: Sequence[Table] = ()
) -> Iterator[Claim]:
    """Statements of a document, as far as the rules are certain of them.

    Args:
        reader: The open catalog.
        document: Its plain text.
        tables: Its tables; other sentences are read wherever they stand.
    """
    models, boards = read_model_index(reader), read_board_index(reader)
    tasks, datasets = read_tasks(reader), read_data_names(reader)
    single_types = read_single_types(reader)
    makers = read_makers(reader).patterns
    thread, ranked = Thread(), RankedList()
    waiting = sorted(tables, key=lambda table: table.start, reverse=True)
    last = 0
    for start, end in sentences(document.text):
        begins = last == 0 or "\n" in document.text[last:start]
        if begins:
            thread.begin(document.levels.get(start))
        last = end
        while waiting and waiting[-1].start <= start:
            yield from find_table_claims(
                waiting.pop(), document.text, thread.table_context, models, boards, tasks
            )
        sentence = read_sentence(document.text, (start, end), models, boards)
        context = thread.context
        number = document.numbers.get(start) if begins else None
        yield from ranked.read(sentence, number, context, begins=begins)
        if sentence is None:
            continue
        if not is_doubtful(sentence.shape):
            for claim in _claims(sentence, context, tasks, datasets, makers):
                if claim.kind not in ("rank", "lead") or claim.part is None:
                    yield claim
                elif claim.board and all(
                    single_types.get(board) == claim.part for board in claim.board.boards
                ):
                    yield replace(claim, part=None)
        thread.add(sentence)


def _claims(
    sentence: Sentence,
    context: Context,
    tasks: frozenset[str],
    datasets: re.Pattern[str],
    makers: Sequence[re.Pattern[str]],
) -> Iterator[Claim]:
    spoken = context.model or context.card
    if not sentence.marks and spoken is None and "rXiv" not in sentence.shape:
        return
    has_board = BOARD in sentence.shape or context.board is not None
    if has_board and not _SELECTION.search(sentence.shape):
        yield from find_ranks(sentence, context)
        yield from find_differences(sentence, context)
        if _DIGIT.search(sentence.shape):
            yield from find_scores(sentence, context, tasks)
            yield from find_task_counts(sentence, context)
    yield from find_model_claims(sentence, context, datasets, makers)


def judge(
    reader: Reader, claim: Claim, period: Period | None, *, suggest: bool = True
) -> Judgement:
    """Judge one claim.

    Args:
        reader: The open catalog.
        claim: The claim.
        period: The date that counts; ``None`` where neither claim nor text give one.
        suggest: Whether the nearest names of an unknown model are looked for.
    """
    for mention in (claim.model, claim.other):
        if mention is not None and not mention.models:
            return unknown_model(reader, mention.name, suggest=suggest)
    if claim.board is not None and not claim.board.boards:
        return Judgement("not_checkable", f"no board called {claim.board.name!r} is tracked")
    if claim.kind == "existence":
        return judge_existence(reader, claim, period)
    if claim.kind in _BOARD_KINDS:
        return _BOARD_KINDS[claim.kind](reader, claim, period)
    return judge_model(reader, claim) if claim.model else judge_title(reader, claim)


def unknown_model(reader: Reader, name: str, *, suggest: bool) -> Judgement:
    """The verdict on a name that no model has."""
    nearest = _nearest(reader, name) if suggest else ()
    hint = f"; the nearest names are {', '.join(nearest)}" if nearest else ""
    return Judgement("unknown_model", f"no model is called {name!r}{hint}", model=name)


@memoised
def _nearest(reader: Reader, name: str) -> tuple[str, ...]:
    written = name.rpartition("/")[2][:60]
    beginning = bare_name(written)[:3]
    by_tail = {
        tail: row.name
        for row in read_names(reader).values()
        if beginning in bare_name(tail := row.name.rpartition("/")[2])
    }
    return tuple(by_tail[tail] for tail in near(written, by_tail))


def _statement(
    document: PlainText, text: str, claim: Claim, judgement: Judgement
) -> CheckedStatement:
    start, end = document.span(claim.start, claim.end)
    begins, ends = document.span(*claim.value_at)
    right = corrected(claim, judgement, text[begins:ends])
    correction = None if right is None else Correction(begins, ends, right)
    name = claim.model.name if claim.model else None
    return CheckedStatement(
        start=start,
        end=end,
        statement=text[start:end],
        kind=claim.kind,
        model=judgement.model or name,
        board=judgement.board or (claim.board.name if claim.board else None),
        claimed=_plain(claim.value),
        actual=judgement.actual,
        verdict=judgement.verdict,
        days=judgement.days,
        link=judgement.link,
        reason=judgement.reason,
        correction=correction,
    )


def _plain(value: str | float) -> str | float:
    """A whole number without its decimal point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
