"""Markdown twins of pages, and ``llms-full.txt``: the leaders of all boards in one file.

Language models read them with a tenth of the tokens of a page. Keys of the head are the same in
every language; a missing value is a missing line or an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tracker.answers.boards import Leaderboard, LeaderboardRow
from tracker.answers.common import Bilingual
from tracker.insights.references.boards import state_day
from tracker.pages.contexts import AnyPage, BoardPage, ModelPage, PaperPage, TechniquePage
from tracker.pages.language.filters import plain, safe_url
from tracker.pages.language.texts import load_texts

TWIN = "index.md"
"""Name of a twin beside its page."""
TWIN_ROWS = 100
"""Rows of the twin of a board; its JSON file has all."""
FULL_ROWS = 5
"""Rows of a board in ``llms-full.txt``."""
_COLUMNS = (
    "col.rank",
    "col.model",
    "col.mean_task",
    "col.n_tasks",
    "col.parameters",
    "col.licence",
)
_SPECIAL = "\\`*_[]<>|"


def board_twin(board: Leaderboard, digest: str, language: str) -> str:
    """Return the twin of a board's page: its state and its first rows.

    Args:
        board: The state that the page shows.
        digest: Short hash of the catalog.
        language: ``en`` or ``zh``.
    """
    return "\n".join([*_head(board, digest, language, "#"), *_table(board, language, TWIN_ROWS)])


def has_twin(context: AnyPage) -> bool:
    """Whether a page has a twin; that of a board is made with the board."""
    return isinstance(context, BoardPage | ModelPage | PaperPage | TechniquePage)


def page_twin(context: AnyPage, language: str) -> str | None:
    """Return the twin of a model's, paper's or technique's page; ``None`` for other pages."""
    match context:
        case ModelPage():
            lines = _model(context, language)
        case PaperPage():
            lines = _paper(context, language)
        case TechniquePage():
            lines = _technique(context, language)
        case _:
            return None
    return "\n".join([*lines, ""])


def _model(page: ModelPage, language: str) -> Iterator[str]:
    yield from (
        f"# {_text(page.model)}",
        "",
        f"- organisation: {_said(page.organisation, language)}",
    )
    for known in {value.property: value for value in reversed(page.metadata)}.values():
        values = known.value if isinstance(known.value, list | tuple) else [known.value]
        yield f"- {known.property}: {_text(', '.join(map(str, values)))}"
    for standing in page.standings:
        if standing.rank is not None:
            mean = "" if standing.mean_task is None else f", mean {standing.mean_task:.2f}"
            place = f"rank {standing.rank} of {standing.n_ranked}{mean}"
            yield f"- board {_text(standing.edition)}: {place}"
    for group in page.facts:
        for value in (value for fact in group.facts for value in fact.values):
            yield f"- {_text(group.property)}: {_said(value, language)}"
    for paper in page.papers:
        yield f"- paper: arXiv:{_text(paper.arxiv_id)} {_text(paper.title or '')}".rstrip()


def _paper(page: PaperPage, language: str) -> Iterator[str]:
    paper = page.paper
    yield from (f"# {_text(paper.title or paper.arxiv_id)}", "", f"- arxiv: {paper.arxiv_id}")
    for name, value in (("published", paper.published), ("venue", paper.venue), ("doi", paper.doi)):
        if value:
            yield f"- {name}: {_text(value)}"
    if paper.withdrawn:
        yield "- withdrawn: yes"
    if paper.authors:
        yield f"- authors: {_text('; '.join(paper.authors))}"
    if paper.introduces:
        yield f"- introduces: {_said(paper.introduces, language)}"
    for model in paper.models:
        yield f"- model: {_text(model.model)}"


def _technique(page: TechniquePage, language: str) -> Iterator[str]:
    term = page.technique.term
    yield from (f"# {_said(term.label, language)}", "", _said(term.definition, language), "")
    if term.paper:
        yield f"- paper: arXiv:{term.paper}"
    for use in page.technique.uses:
        yield f"- model: {_text(use.model)}" + (f" ({use.released})" if use.released else "")


def _said(text: Bilingual, language: str) -> str:
    return _text(text.zh if language == "zh" else text.en)


def llms_full(boards: Iterable[Leaderboard], digest: str, language: str) -> str:
    """Return the first rows of all present boards.

    Args:
        boards: Their states.
        digest: Short hash of the catalog.
        language: ``en`` or ``zh``.
    """
    texts = load_texts(language)
    lines = [f"# {_text(texts.plain('home.title'))}", "", f"> {texts.plain('home.about')}", ""]
    for board in boards:
        if board.edition.current:
            lines += _head(board, digest, language, "##")
            lines += _table(board, language, FULL_ROWS)
    return "\n".join(lines)


def _head(board: Leaderboard, digest: str, language: str, mark: str) -> Iterator[str]:
    title = board.edition.title.zh if language == "zh" else board.edition.title.en
    yield f"{mark} {_text(title)}"
    yield ""
    yield f"- board: {_text(board.edition.name)}"
    yield f"- as_of: {state_day(board)}"
    yield f"- origin: {board.origin}"
    yield f"- ranked_by: {board.unit}"
    yield f"- tasks: {board.edition.n_tasks}"
    if url := safe_url(board.provenance.url):
        yield f"- source: {url}"
    yield f"- catalog: {digest}"
    if board.note:
        yield f"- note: {_text(board.note.zh if language == 'zh' else board.note.en)}"
    yield ""


def _table(board: Leaderboard, language: str, most: int) -> Iterator[str]:
    texts = load_texts(language)
    yield "| " + " | ".join(texts.plain(name) for name in _COLUMNS) + " |"
    yield "| ---: | --- | ---: | ---: | ---: | --- |"
    ranked = [row for row in board.rows if row.rank is not None]
    for row in ranked[:most]:
        yield "| " + " | ".join(_cells(row)) + " |"
    yield ""


def _cells(row: LeaderboardRow) -> Iterator[str]:
    yield str(row.rank)
    yield _text(row.label)
    yield "" if row.mean_task is None else f"{row.mean_task:.2f}"
    yield "" if row.n_tasks is None else f"{row.n_tasks}/{row.n_tasks_total}"
    yield "" if row.parameters is None else str(row.parameters)
    yield _text(row.licence or "")


def _text(text: str) -> str:
    """Text of a source as one line without markup."""
    return "".join(f"\\{c}" if c in _SPECIAL else c for c in plain(text))
