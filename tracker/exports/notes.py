"""Write a dated note as Markdown: leading models, Chinese models, training data and methods.

The front matter is that of a Jekyll or Hexo post. Every claim has the number of its source; the
list of sources is at the end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Protocol

from tracker.answers.boards import TIED_AMONG, Leaderboard, LeaderboardRow, tied_with
from tracker.answers.common import Bilingual
from tracker.answers.methods import CitedPage, Paper, WrittenComparison
from tracker.answers.models import Fact, NoPaper, PaperLink, StateOfTheArt, StateOfTheArtRow
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.errors import NoDataError
from tracker.exports.note_references import References, escaped
from tracker.exports.note_words import EN, ZH, Words

_CHINESE = "c-mteb"
_SERIES = ("mteb-english", _CHINESE)
_METHODS_COMPARED = "openai-instructor"
_CHINESE_ESSAY = "chinese-models"
_DATASETS_NAMED = 12
_LEADERS_NAMED = 3
_NO_COMMERCE = re.compile(r"\bnc\b|non-?commercial", re.IGNORECASE)


class NoteCatalog(Protocol):
    """Methods of ``tracker.api.Catalog`` that a note uses."""

    def board(
        self, board: str, as_of: str | None = None, /, *, intervals: bool = False, top: int = 0
    ) -> Leaderboard:
        """Return a board on a date."""

    def state_of_the_art(self, board: str, as_of: str | None = None, /) -> StateOfTheArt:
        """Return the leading models of a board on a date."""

    def paper_list(self) -> tuple[Paper, ...]:
        """Return all papers."""

    def cited_pages(self) -> tuple[CitedPage, ...]:
        """Return the cited web pages that were fetched."""

    def written_comparisons(self) -> tuple[WrittenComparison, ...]:
        """Return the curated comparisons."""


def make_note(catalog: NoteCatalog, as_of: str, language: str) -> str:
    """Write the note of one day.

    Args:
        catalog: The open catalog.
        as_of: The day, ``YYYY-MM-DD``.
        language: ``en`` or ``zh``.

    Returns:
        Markdown with front matter.

    Raises:
        NoDataError: No board is known for that day.
    """
    words = ZH if language == "zh" else EN
    references = References()
    boards = [catalog.state_of_the_art(series, as_of) for series in _SERIES]
    parts = [
        _front_matter(words, as_of),
        words.opening.format(
            day=as_of, boards=references.cite(b.leaderboard.provenance.url for b in boards)
        ),
        _lead(boards, words, references),
    ]
    for paper in catalog.paper_list():
        references.title(paper.url, paper.title)
    for cited in catalog.cited_pages():
        references.title(cited.url, cited.title)
    for board in boards:
        state = board.leaderboard
        title = words.board_source.format(day=state.published_at[:10])
        references.title(state.provenance.url, title)
    for head, board in zip(words.board_heads, boards, strict=True):
        tied = _tied(catalog, board, as_of)
        parts += [f"## {head}", *_board(board, tied, as_of, words, references)]
        parts += _essay(catalog, board, words, references)
    parts += [f"## {words.methods_head}", *_methods(catalog, boards, words, references)]
    parts += [f"## {words.references_head}", "\n".join(references.lines(words.colon))]
    return "\n\n".join(parts) + "\n"


def _lead(boards: Sequence[StateOfTheArt], words: Words, references: References) -> str:
    """Return the summary: the leaders, and their most frequent pooling."""
    sentences = []
    for name, board in zip(words.board_names, boards, strict=True):
        first = [_named(row, words) for row in board.rows[:_LEADERS_NAMED]]
        if first:
            source = references.cite([board.leaderboard.provenance.url])
            names = words.enumeration.join(first)
            sentences.append(words.lead.format(board=name, names=names, source=source))
    if ways := _pooling_counts(boards):
        sentences.append(words.lead_data.format(pooling=escaped(words.pick(ways[0][0]))))
    return words.sentence_space.join(sentences)


def _named(row: StateOfTheArtRow, words: Words) -> str:
    """Return a leader for running text, without its organisation."""
    mean = words.aside.format(aside=f"{row.mean_task:.2f}") if row.mean_task is not None else ""
    return f"{escaped(row.model.rpartition('/')[2])}{mean}"


def _pooling_counts(boards: Sequence[StateOfTheArt]) -> list[tuple[Bilingual, int]]:
    """Return the documented pooling of the leaders with numbers of models, most frequent first."""
    rows = {row.model: row for board in boards for row in board.rows}
    counts: Counter[str] = Counter()
    labels: dict[str, Bilingual] = {}
    for row in rows.values():
        for fact in row.pooling[:1]:
            if fact.value != NOT_DOCUMENTED:
                counts[fact.value] += 1
                labels[fact.value] = fact.label
    return [(labels[value], n) for value, n in counts.most_common()]


def _essay(
    catalog: NoteCatalog, board: StateOfTheArt, words: Words, references: References
) -> Iterable[str]:
    """Yield the essay on Chinese models if all its subjects are among the leaders."""
    if board.leaderboard.edition.series != _CHINESE:
        return
    leading = {row.model for row in board.rows}
    for written in catalog.written_comparisons():
        subjects = {subject.model for subject in written.subjects}
        if written.slug == _CHINESE_ESSAY and subjects <= leading:
            yield escaped(words.pick(written.summary))
            yield from _remarks(written, words, references)


def _front_matter(words: Words, as_of: str) -> str:
    title = words.title.format(day=as_of)
    tags = "[text-embedding, MTEB, C-MTEB]"
    return f'---\ntitle: "{title}"\ndate: {as_of}\ntags: {tags}\nlayout: post\nmathjax: true\n---'


def _tied(catalog: NoteCatalog, board: StateOfTheArt, as_of: str) -> tuple[LeaderboardRow, ...]:
    """Return the rows tied with the leader; none where no scores of single tasks are known."""
    if not board.rows:
        return ()
    name = board.leaderboard.edition.name
    with suppress(NoDataError):
        rows = catalog.board(name, as_of, intervals=True, top=TIED_AMONG).rows
        return tied_with(rows, board.rows[0].model)
    return ()


def _board(
    board: StateOfTheArt,
    tied: Sequence[LeaderboardRow],
    as_of: str,
    words: Words,
    references: References,
) -> Iterable[str]:
    edition = board.leaderboard.edition
    means = [row.mean_task for row in board.rows if row.mean_task is not None]
    if board.rows and tied:
        others = words.enumeration.join(escaped(row.label) for row in tied)
        yield words.tied.format(model=escaped(board.rows[0].model), others=others)
    yield words.board_opening.format(
        board=words.pick(edition.title),
        n=edition.n_tasks,
        day=board.leaderboard.published_at[:10],
        top=len(board.rows),
        source=references.cite([board.leaderboard.provenance.url]),
        votes="" if means == sorted(means, reverse=True) else words.votes,
    )
    yield "\n".join(
        line
        for row in board.rows
        if row.documented
        for line in _model(row, as_of, words, references)
    )
    silent = [row for row in board.rows if not row.documented]
    if silent:
        names = words.enumeration.join(_left_out(row, words, references) for row in silent)
        yield words.left_out.format(names=names)
    copied = [
        words.copy.format(
            copies=words.enumeration.join(map(escaped, row.copies)), model=escaped(row.model)
        )
        for row in board.rows
        if row.copies
    ]
    if copied:
        yield words.copies.format(names=words.semicolon.join(copied))


def _left_out(row: StateOfTheArtRow, words: Words, references: References) -> str:
    """Return a model without documented methods, and whether a paper was searched."""
    known = ""
    if row.no_paper:
        checked = words.no_paper_short.format(day=row.no_paper.checked)
        known = checked + _cited(row.no_paper, references)
    return words.left_out_one.format(model=escaped(row.model), rank=row.rank, known=known)


def _cited(found: NoPaper, references: References) -> str:
    return references.cite([found.source]) if found.source else ""


def _model(
    row: StateOfTheArtRow, as_of: str, words: Words, references: References
) -> Iterable[str]:
    mean = (
        words.mean.format(mean=f"{row.mean_task:.2f}")
        if row.mean_task is not None
        else words.no_mean
    )
    size = [words.size.format(size=f"{row.parameters / 1e9:.2f}B")] if row.parameters else []
    about = words.aside.format(aside=words.comma.join([mean, *size]))
    yield f"- **{words.rank.format(rank=row.rank)} {escaped(row.model)}**{about}"
    yield from _innovations(row.innovations, words, references)
    for label, facts in ((words.pooling, row.pooling), (words.trained_on, row.training_data)):
        if facts:
            values = words.semicolon.join(_facts(facts, words, references))
            yield f"    - {label}{values}"
    if papers := list(_papers(row, as_of, words, references)):
        yield f"    - {words.papers}{words.semicolon.join(papers)}"
    if licences := [f for f in row.licences if f.value != NOT_DOCUMENTED]:
        values = words.semicolon.join(_licence(fact, words, references) for fact in licences)
        yield f"    - {words.licence}{values}"


def _innovations(facts: Sequence[Fact], words: Words, references: References) -> Iterable[str]:
    """Yield the innovations of a model, one per line."""
    if facts:
        yield f"    - {words.brought.rstrip()}"
        for fact in _facts(facts, words, references, aside=lambda text: words.colon + text):
            yield f"        - {fact}"


def _licence(fact: Fact, words: Words, references: References) -> str:
    """Return a licence; it is marked if it forbids commercial use."""
    aside = words.aside.format(aside=words.no_commerce) if _NO_COMMERCE.search(fact.value) else ""
    return f"{escaped(fact.value)}{aside}{references.cite(e.source for e in fact.evidence)}"


def _papers(
    row: StateOfTheArtRow, as_of: str, words: Words, references: References
) -> Iterable[str]:
    """Yield that a search found no paper, and the linked papers."""
    if row.no_paper:
        said = escaped(words.pick(row.no_paper.text).rstrip("。."))
        checked = words.no_paper.format(said=said, day=row.no_paper.checked)
        yield checked + _cited(row.no_paper, references)
    for paper in row.papers:
        yield _paper(paper, as_of, words, references)


def _paper(paper: PaperLink, as_of: str, words: Words, references: References) -> str:
    """Return a paper with its role, since not every linked paper describes the model.

    A paper that was published after the day of the note is marked.
    """
    title = escaped(paper.title or paper.arxiv_id)
    about = [escaped(words.pick(paper.role))] if paper.role else []
    if paper.published and paper.published[:10] > as_of:
        about.append(words.later.format(day=paper.published[:10]))
    aside = _aside(words.semicolon.join(about), words) if about else ""
    return f"{title}{aside}{references.cite([paper.url])}"


def _aside(text: str, words: Words) -> str:
    """Return an aside in brackets, or after a dash if it has brackets itself."""
    return words.dash + text if re.search(r"[(（]", text) else words.aside.format(aside=text)


def _facts(
    facts: Sequence[Fact],
    words: Words,
    references: References,
    *,
    aside: Callable[[str], str] | None = None,
) -> Iterable[str]:
    """Yield facts as text; those with the same receipts and no statement are joined.

    ``aside`` formats the statement beside the label; by default in brackets.
    """
    joined: dict[str, dict[str, None]] = {}
    for fact in facts:
        label = escaped(words.pick(fact.label))
        if fact.conflict:
            label += words.aside.format(aside=words.disputed)
        cited = references.cite(e.source for e in fact.evidence)
        if fact.statement is None:
            # One kind of data may serve two stages; it is listed once.
            joined.setdefault(cited, {})[label] = None
            continue
        said = escaped(words.pick(fact.statement).rstrip("。."))
        alone = fact.value == NOT_DOCUMENTED
        beside = aside(said) if aside else _aside(said, words)
        yield (said if alone else label + beside) + cited
    for cited, labels in joined.items():
        yield words.enumeration.join(labels) + cited


def _methods(
    catalog: NoteCatalog, boards: Sequence[StateOfTheArt], words: Words, references: References
) -> Iterable[str]:
    rows = {row.model: row for board in boards for row in board.rows}
    counts: Counter[str] = Counter()
    labels: dict[str, Bilingual] = {}
    for row in rows.values():
        data = {fact.value: fact for fact in row.training_data if fact.value != NOT_DOCUMENTED}
        counts.update(data.keys())
        labels |= {value: fact.label for value, fact in data.items()}
    if counts:
        most = words.enumeration.join(
            words.dataset.format(name=escaped(words.pick(labels[value])), n=n)
            for value, n in counts.most_common(_DATASETS_NAMED)
        )
        yield words.datasets.format(names=most)
    if ways := _pooling_counts(boards):
        poolings = words.enumeration.join(
            words.dataset.format(name=escaped(words.pick(label)), n=n) for label, n in ways
        )
        silent = len(rows) - sum(n for _, n in ways)
        yield words.pooling_ways.format(names=poolings, silent=silent)
    for written in catalog.written_comparisons():
        if written.slug == _METHODS_COMPARED:
            yield from _written(written, words, references)


def _written(comparison: WrittenComparison, words: Words, references: References) -> Iterable[str]:
    """Yield a comparison: summary, table of dimensions, and remarks."""
    yield f"### {escaped(words.pick(comparison.title))}"
    yield escaped(words.pick(comparison.summary))
    names = [escaped(subject.name) for subject in comparison.subjects]
    yield "\n".join(
        (
            f"| | {' | '.join(names)} | {words.sources} |",
            f"| --- |{' --- |' * len(names)} --- |",
            *(
                f"| {escaped(words.pick(line.topic))} | "
                + " | ".join(escaped(words.pick(text)) for text in line.texts)
                + f" | {references.cite(line.addresses)} |"
                for line in comparison.of("dimension")
            ),
        )
    )
    yield from _remarks(comparison, words, references)


def _remarks(comparison: WrittenComparison, words: Words, references: References) -> Iterable[str]:
    """Yield differences, connections and common misconceptions."""
    for kind, head in words.remark_heads.items():
        if lines := comparison.of(kind):
            items = (
                f"- {escaped(words.pick(line.topic))}{words.colon}"
                f"{escaped(words.pick(line.texts[0]))}{references.cite(line.addresses)}"
                for line in lines
            )
            yield "\n".join((f"**{head}**", "", *items))
