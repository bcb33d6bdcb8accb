"""Markdown twins of pages, and ``llms-full.txt``: the leaders of all boards in one file.

Language models read them with a tenth of the tokens of a page. Keys of the head are the same in
every language; a missing value is a missing line or an empty cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tracker.answers.boards import Leaderboard, LeaderboardRow
from tracker.insights.references.boards import state_day
from tracker.pages.contexts import (
    AnyPage,
    BoardPage,
    DatasetPage,
    DatedBoardPage,
    ModelPage,
    PairPage,
    PaperPage,
    StateOfTheArtPage,
    TaskPage,
    TechniquePage,
)
from tracker.pages.contexts.compared import ComparedCell
from tracker.pages.language.filters import markdown_text, safe_url
from tracker.pages.language.texts import load_texts
from tracker.pages.list_twins import LISTS
from tracker.pages.record_twins import RECORDS
from tracker.pages.twin_parts import stated, table_head, with_head

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


def board_twin(board: Leaderboard, digest: str, language: str, trained: str | None) -> str:
    """Return the twin of a board's page: its state and its first rows.

    Args:
        board: The state that the page shows.
        digest: Short hash of the catalog.
        language: ``en`` or ``zh``.
        trained: Folder of its contamination page below its own, if it has one.
    """
    lines = [*_head(board, digest, language, "#")]
    if trained:
        heading = markdown_text(load_texts(language).plain("contamination.heading"))
        lines.insert(-1, f"- contamination: [{heading}]({trained}{TWIN})")
    return "\n".join([*lines, *_table(board, language, TWIN_ROWS)])


def _dated_board(page: DatedBoardPage, language: str) -> Iterator[str]:
    yield from _head(page.leaderboard, None, language, "#")
    yield from _table(page.leaderboard, language, TWIN_ROWS)


def _model(page: ModelPage, language: str) -> Iterator[str]:
    yield from (
        f"# {markdown_text(page.model)}",
        "",
        f"- organisation: {stated(page.organisation, language)}",
    )
    for known in {value.property: value for value in reversed(page.metadata)}.values():
        values = known.value if isinstance(known.value, list | tuple) else [known.value]
        yield f"- {known.property}: {markdown_text(', '.join(map(str, values)))}"
    for standing in page.standings:
        if standing.rank is not None:
            mean = "" if standing.mean_task is None else f", mean {standing.mean_task:.2f}"
            place = f"rank {standing.rank} of {standing.n_ranked}{mean}"
            yield f"- board {markdown_text(standing.edition)}: {place}"
    for group in page.facts:
        for value in (value for fact in group.facts for value in fact.values):
            yield f"- {markdown_text(group.property)}: {stated(value, language)}"
    for paper in page.papers:
        title = markdown_text(paper.title or "")
        yield f"- paper: arXiv:{markdown_text(paper.arxiv_id)} {title}".rstrip()


def _paper(page: PaperPage, language: str) -> Iterator[str]:
    paper = page.paper
    yield from (
        f"# {markdown_text(paper.title or paper.arxiv_id)}",
        "",
        f"- arxiv: {paper.arxiv_id}",
    )
    for name, value in (("published", paper.published), ("venue", paper.venue), ("doi", paper.doi)):
        if value:
            yield f"- {name}: {markdown_text(value)}"
    if paper.withdrawn:
        yield "- withdrawn: yes"
    if paper.authors:
        yield f"- authors: {markdown_text('; '.join(paper.authors))}"
    if paper.introduces:
        yield f"- introduces: {stated(paper.introduces, language)}"
    for model in paper.models:
        yield f"- model: {markdown_text(model.model)}"


def _technique(page: TechniquePage, language: str) -> Iterator[str]:
    term = page.technique.term
    yield from (f"# {stated(term.label, language)}", "", stated(term.definition, language), "")
    if term.paper:
        yield f"- paper: arXiv:{term.paper}"
    for use in page.technique.uses:
        yield f"- model: {markdown_text(use.model)}" + (
            f" ({use.released})" if use.released else ""
        )


def _task(page: TaskPage, language: str) -> Iterator[str]:
    task, info = page.task, page.task.info
    yield from (f"# {markdown_text(info.name)}", "")
    known = {
        "type": info.type,
        "metric": info.metric,
        "languages": ", ".join(info.languages),
        "domains": ", ".join(info.domains),
        "dataset": info.dataset,
        "revision": info.revision,
        "superseded_by": info.superseded_by,
        "boards": ", ".join(info.board_names),
        "as_of": task.as_of[:10] if task.rows else None,
        "registry": info.registry,
    }
    yield from (f"- {name}: {markdown_text(value)}" for name, value in known.items() if value)
    for lead in task.leads:
        until = f" to {lead.until_day}" if lead.until_day else " on"
        yield f"- led: {markdown_text(lead.model)} from {lead.from_day}{until}, {lead.score:.2f}"
    if task.rows:
        yield from ("", *_heading(language, "col.rank", "col.model", "task.score", "task.training"))
        for row in task.rows[:TWIN_ROWS]:
            yield f"| {row.rank} | {markdown_text(row.label)} | {row.score:.2f} | {row.exposure} |"


def _dataset(page: DatasetPage, language: str) -> Iterator[str]:
    data = page.dataset
    yield from (f"# {markdown_text(data.name)}", "", stated(data.what, language), "")
    yield f"- kind: {stated(data.kind_label, language)}"
    if data.size:
        yield f"- size: {stated(data.size, language)}"
    yield f"- languages: {stated(data.languages, language)}"
    if data.paper:
        yield f"- paper: arXiv:{data.paper}"
    yield from (f"- part_of: {markdown_text(whole.name)}" for whole in page.within)
    yield from (f"- contains: {markdown_text(part.name)}" for part in page.parts)
    yield from (f"- task: {markdown_text(task)}" for task in data.tasks)
    for use in data.uses:
        yield f"- trained_on_by: {markdown_text(use.model)} ({use.declared})"


def _pair(page: PairPage, language: str) -> Iterator[str]:
    first, second = (markdown_text(model.model) for model in page.models)
    yield from (f"# {first} – {second}", "")
    for gap in page.differences:
        bounds = "" if gap.low is None else f" ({gap.low:+.2f} to {gap.high:+.2f})"
        yield (
            f"- mean on {markdown_text(gap.board)}: {gap.difference:+.2f}{bounds}, ahead on"
            f" {gap.n_ahead} of {gap.n_tasks} tasks"
        )
    rows = (*page.deciding, *page.measured, *page.different, *page.shared)
    yield from ("", f"| | {first} | {second} |", "| --- | --- | --- |")
    for row in rows:
        place = f" ({stated(row.board, language)})" if row.board else ""
        cells = " | ".join(_compared(cell, language) for cell in row.cells)
        yield f"| {markdown_text(row.property)}{place} | {cells} |"


def _compared(cell: ComparedCell, language: str) -> str:
    if cell.standing is not None:
        return "" if cell.standing.rank is None else str(cell.standing.rank)
    if cell.score is not None:
        return f"{cell.score:.2f}"
    if cell.metadata is not None:
        value = cell.metadata.value
        return markdown_text(
            ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        )
    return "; ".join(stated(value, language) for fact in cell.facts for value in fact.values)


def _state_of_the_art(page: StateOfTheArtPage, language: str) -> Iterator[str]:
    title = page.page.title.pick(language)
    yield from (f"# {markdown_text(title)}", "")
    for section in page.sections:
        yield from _head(section.leaderboard, None, language, "##")
        for entry in section.entries:
            row = entry.row
            mean = "" if row.mean_task is None else f", mean {row.mean_task:.2f}"
            yield f"- rank {row.rank}: {markdown_text(row.model)}{mean}"
            for name in ("innovations", "pooling", "training_data"):
                values = [v for fact in getattr(entry, name) for v in fact.values]
                if values:
                    yield f"  - {name}: {'; '.join(stated(value, language) for value in values)}"
        yield ""


_PAGES: dict[type, Callable[[Any, str], Iterable[str]]] = {
    DatedBoardPage: _dated_board,
    ModelPage: _model,
    PaperPage: _paper,
    TechniquePage: _technique,
    TaskPage: _task,
    DatasetPage: _dataset,
    PairPage: _pair,
    StateOfTheArtPage: _state_of_the_art,
    **{kind: with_head(make) for kind, make in (LISTS | RECORDS).items()},
}
"""The function that yields the lines of a twin, by kind of page."""


def page_twin(context: AnyPage, language: str) -> str | None:
    """Return the twin of a page; ``None`` for a board, whose twin is made with the board."""
    if isinstance(context, BoardPage):
        return None
    return "\n".join([*_PAGES[type(context)](context, language), ""])


def _heading(language: str, *names: str) -> Iterator[str]:
    """Yield the first two lines of a table whose columns have names of the site."""
    texts = load_texts(language)
    yield from table_head(texts.plain(name) for name in names)


def llms_full(boards: Iterable[Leaderboard], digest: str, language: str) -> str:
    """Return the first rows of all present boards.

    Args:
        boards: Their states.
        digest: Short hash of the catalog.
        language: ``en`` or ``zh``.
    """
    texts = load_texts(language)
    lines = [
        f"# {markdown_text(texts.plain('home.heading'))}",
        "",
        f"> {texts.plain('home.about')}",
        "",
    ]
    for board in boards:
        if board.edition.current:
            lines += _head(board, digest, language, "##")
            lines += _table(board, language, FULL_ROWS)
    return "\n".join(lines)


def _head(board: Leaderboard, digest: str | None, language: str, mark: str) -> Iterator[str]:
    title = board.edition.title.pick(language)
    yield f"{mark} {markdown_text(title)}"
    yield ""
    yield f"- board: {markdown_text(board.edition.name)}"
    yield f"- as_of: {state_day(board)}"
    yield f"- origin: {board.origin}"
    yield f"- ranked_by: {board.unit}"
    yield f"- tasks: {board.edition.n_tasks}"
    if url := safe_url(board.provenance.url):
        yield f"- source: {url}"
    if digest:
        yield f"- catalog: {digest}"
    if board.note:
        yield f"- note: {markdown_text(board.note.pick(language))}"
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
    yield markdown_text(row.label)
    yield "" if row.mean_task is None else f"{row.mean_task:.2f}"
    yield "" if row.n_tasks is None else f"{row.n_tasks}/{row.n_tasks_total}"
    yield "" if row.parameters is None else str(row.parameters)
    yield markdown_text(row.licence or "")
