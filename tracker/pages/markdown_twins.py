"""Markdown twins of board pages, and ``llms-full.txt``: the leaders of all boards in one file.

Language models read them with a tenth of the tokens of a page. Keys of the head are the same in
every language; a missing value is a missing line or an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tracker.answers.boards import Leaderboard, LeaderboardRow
from tracker.insights.references.boards import state_day
from tracker.pages.language.filters import plain, safe_url
from tracker.pages.language.texts import load_texts

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
