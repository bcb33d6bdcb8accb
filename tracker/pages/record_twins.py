"""Markdown twins of pages with records: suspects, coverage, contamination and comparisons.

A page that is a form has a short twin: what it is, the command that gives the same answer, and the
pages that it leads to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from tracker.answers.coverage import CoverageCell
from tracker.answers.methods import WrittenLine
from tracker.pages.contexts import (
    ChoosePage,
    ComparePage,
    ComparisonPage,
    ContaminationPage,
    CoveragePage,
    SuspectLine,
    SuspectsPage,
)
from tracker.pages.language.filters import markdown_text, safe_url
from tracker.pages.language.texts import load_texts
from tracker.pages.twin_parts import Links, stated, table_head

_EXPOSURES = {"i": "itself", "b": "base", "s": "sibling", "n": "none", "u": "undeclared"}
"""Kinds of exposure by their letter in the cells of a contamination page."""


def _table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield a table; its cells are Markdown, and a missing one is empty."""
    yield from table_head(names)
    for row in rows:
        yield "| " + " | ".join("" if cell is None else str(cell) for cell in row) + " |"
    yield ""


def _suspects(page: SuspectsPage, language: str) -> Iterator[str]:
    links = Links(page.page, language)
    if not page.is_known:
        yield markdown_text(load_texts(language).plain("suspects.no_results"))
        return
    yield f"- findings: {page.n}"
    yield f"- files: {page.n_files}"
    yield f"- models: {page.n_models}"
    if page.n:
        yield f"- data: {links.data(page.csv_path)}"
    for group in page.groups:
        yield from ("", f"## {markdown_text(group.rule)} ({group.n})", "")
        for found in group.tasks:
            example = _example(found.example, links, language) if found.example else ""
            task = links.task(found.task, found.slug)
            yield f"- {task}: {found.n} findings, {found.n_models} models{example}"


def _example(line: SuspectLine, links: Links, language: str) -> str:
    commit = f" (commit {line.commit[:8]})" if line.commit else ""
    model = links.model(line.model, line.slug)
    return f"; example {model}: {stated(line.reason, language)}{commit}"


def _coverage(page: CoveragePage, language: str) -> Iterator[str]:
    links, found = Links(page.page, language), page.coverage
    texts = load_texts(language)
    yield from (markdown_text(texts.plain("coverage.legend")), "")
    names = [markdown_text(name) for name in page.properties]
    width = len(names)
    groups = [found.counts[n : n + width] for n in range(0, len(found.counts), width)]
    yield from _table(
        ["group", "n", *names],
        (
            [
                markdown_text(counts[0].group),
                counts[0].n,
                *(f"{count.documented} + {count.not_documented}" for count in counts),
            ]
            for counts in groups
        ),
    )
    yield from (f"## {markdown_text(texts.plain('coverage.known'))}", "")
    yield from (markdown_text(texts.plain("coverage.known_about")), "")
    yield from _table(
        ["group", *page.marks],
        (
            [markdown_text(count.group), *(getattr(count, mark) for mark in page.marks)]
            for count in found.receipts
        ),
    )
    yield from _table(
        ["model", *names],
        (
            [links.model(row.model, row.slug), *(_state(cell) for cell in row.cells)]
            for row in found.rows
        ),
    )


def _state(cell: CoverageCell) -> str:
    return f"{cell.state} ({cell.checked})" if cell.checked else cell.state


def _comparison(page: ComparisonPage, language: str) -> Iterator[str]:
    links, comparison = Links(page.page, language), page.comparison
    for subject in comparison.subjects:
        model = links.model(subject.name, page.slugs.get(subject.model or ""))
        yield f"- {model}" + (f", arXiv:{subject.paper}" if subject.paper else "")
    yield ""
    yield from _table(
        ["", *(markdown_text(subject.name) for subject in comparison.subjects), "sources"],
        (
            [
                stated(line.topic, language),
                *(stated(text, language) for text in line.texts),
                _addresses(line),
            ]
            for line in comparison.of("dimension")
        ),
    )
    for kind in page.kinds:
        yield from (f"## {load_texts(language).plain(f'comparisonkind.{kind}')}", "")
        for line in comparison.of(kind):
            addresses = _addresses(line)
            sources = f" ({addresses})" if addresses else ""
            topic, text = stated(line.topic, language), stated(line.texts[0], language)
            yield f"- {topic}: {text}{sources}"
        yield ""


def _addresses(line: WrittenLine) -> str:
    found = (safe_url(address) for address in dict.fromkeys(line.addresses))
    return " ".join(f"<{url}>" for url in found if url)


def _contamination(page: ContaminationPage, language: str) -> Iterator[str]:
    links = Links(page.page, language)
    title = page.board.edition.title.pick(language)
    yield f"- board: {links.to(title, page.board.path)}"
    yield f"- as_of: {page.as_of}"
    yield f"- registry: {markdown_text(page.registry)}"
    yield f"- tasks: {page.n_tasks}"
    yield f"- models: {page.n_rows}"
    yield f"- models_without_declaration: {page.n_silent}"
    yield f"- data: {links.data(page.csv_path)}"
    yield f"- receipts: {links.data(page.receipts_path)}"
    yield ""
    columns = ("rank", "model", "mean_task", "mean_untrained", "n_untrained", "rank_untrained")
    kinds = [kind for kind in _EXPOSURES.values() if kind not in ("none", "undeclared")]
    rows = []
    for row, cells in zip(page.rows, page.cells, strict=True):
        met: dict[str, list[str]] = {kind: [] for kind in _EXPOSURES.values()}
        for task, letter in zip(page.tasks, cells, strict=True):
            met[_EXPOSURES[letter]].append(links.task(task, page.task_slugs.get(task)))
        declared = row.declares_training
        rows.append(
            [
                row.rank,
                links.model(row.model, row.slug),
                _score(row.mean_task),
                _score(row.mean_untrained) if declared else "undeclared",
                row.n_untrained if declared else None,
                row.rank_untrained,
                *(", ".join(met[kind]) for kind in kinds),
            ]
        )
    yield from _table([*columns, *(f"trained: {kind}" for kind in kinds)], rows)


def _score(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _choose(page: ChoosePage, language: str) -> Iterator[str]:
    links = Links(page.page, language)
    yield from (markdown_text(load_texts(language).plain("choose.no_script")), "")
    yield "- command: `tracker choose BOARD --type TYPE=WEIGHT --max-parameters N --licence NAME`"
    yield f"- data: {links.data(page.data_path)}"
    for board in (*page.leading, *page.others):
        title = board.edition.title.pick(language)
        place = links.to(title, board.path)
        yield f"- board: {place}, `{markdown_text(board.edition.series)}`"


def _compare(page: ComparePage, language: str) -> Iterator[str]:
    links, texts = Links(page.page, language), load_texts(language)
    yield from (markdown_text(texts.plain("compare.no_script")), "")
    yield "- command: `tracker compare MODEL MODEL`"
    for group in page.groups:
        yield from ("", f"## {markdown_text(texts.plain(f'comparereason.{group.reason}'))}", "")
        for pair in group.pairs:
            yield f"- {links.to(f'{pair.first.model} · {pair.second.model}', pair.path)}"


RECORDS: dict[type, Callable[[Any, str], Iterable[str]]] = {
    ChoosePage: _choose,
    ComparePage: _compare,
    ComparisonPage: _comparison,
    ContaminationPage: _contamination,
    CoveragePage: _coverage,
    SuspectsPage: _suspects,
}
"""The function that yields the lines below the head, by kind of page."""
