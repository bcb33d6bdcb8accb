"""Markdown twins of lists: each entry in one line, with a link to the twin of its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tracker.answers.history import Change
from tracker.pages.contexts import (
    BoardsPage,
    ChangeMonthPage,
    ChangesPage,
    DatasetsPage,
    FrontierPage,
    GlossaryPage,
    HomePage,
    MethodsPage,
    ModelsPage,
    PapersPage,
    SourcesPage,
    TasksPage,
    TrainingNotePage,
)
from tracker.pages.language.filters import markdown_text, safe_url
from tracker.pages.twin_parts import Links, stated


def _boards(page: BoardsPage, language: str) -> Iterator[str]:
    links = Links(page.page, language)
    for entry in (entry for group in page.groups for entry in group.boards):
        edition, leader = entry.link.edition, entry.leader
        first = f", first {links.model(leader.label, leader.slug)}" if leader else ""
        title = edition.title.pick(language)
        yield (
            f"- {links.to(title, entry.link.path)}: {markdown_text(edition.name)},"
            f" {edition.n_tasks} tasks, {entry.n_ranked} models{first}"
        )


def _models(page: ModelsPage, language: str) -> Iterator[str]:
    links = Links(page.page, language)
    for group in page.groups:
        yield from ("", f"## {stated(group.organisation, language)}", "")
        for model in group.models:
            best = model.best
            rank = f": rank {best.rank} on {markdown_text(best.edition)}" if best else ""
            yield f"- {links.model(model.model, model.slug)}{rank}"


def _tasks(page: TasksPage, language: str) -> Iterator[str]:
    links = Links(page.page, language)
    for group in page.groups:
        yield from ("", f"## {markdown_text(group.type)}", "")
        for task in group.tasks:
            lead = task.leader
            first = f": first {links.model(lead.model_now, lead.slug)}" if lead else ""
            yield f"- {links.to(task.info.name, f'tasks/{task.info.slug}/')}{first}"


def _datasets(page: DatasetsPage, language: str) -> Iterator[str]:
    links = Links(page.page, language)
    for data in (data for group in page.groups for data in group):
        place = links.to(data.name, f"methods/datasets/{data.slug}/")
        yield f"- {place}: {stated(data.what, language)} ({len(data.uses)} models)"


def _papers(page: PapersPage, language: str) -> Iterator[str]:
    links = Links(page.page, language)
    for paper in page.papers:
        path = f"methods/papers/{paper.arxiv_id.replace('/', '-')}/"
        place = links.to(paper.title or paper.arxiv_id, path)
        yield f"- {place}: arXiv:{paper.arxiv_id}, {paper.published or ''}".rstrip(", ")


def _glossary(page: GlossaryPage, language: str) -> Iterator[str]:
    for term in (term for group in page.groups for term in group.terms):
        yield f"- {stated(term.label, language)}: {stated(term.definition, language)}"


def _methods(page: MethodsPage, language: str) -> Iterator[str]:
    links = Links(page.page, language)
    for comparison in page.comparisons:
        title = comparison.title.pick(language)
        yield f"- {links.to(title, f'methods/{comparison.slug}/')}"
    yield ""
    for technique in page.techniques:
        term = technique.term
        label = term.label.pick(language)
        place = links.to(label, f"methods/techniques/{term.slug}/")
        seen = f", since {technique.first_seen}" if technique.first_seen else ""
        yield f"- {place}: {len(technique.uses)} models{seen}"


def _change(change: Change, links: Links) -> str:
    ranks = [str(rank) for rank in (change.from_rank, change.to_rank) if rank is not None]
    moved = f", rank {' to '.join(ranks)}" if ranks else ""
    model = links.model(change.model, change.slug)
    return f"- {change.at[:10]} {markdown_text(change.edition)}: {change.kind} {model}{moved}"


def _change_month(page: ChangeMonthPage, language: str) -> Iterator[str]:
    links = Links(page.page, language)
    yield from (_change(logged.change, links) for logged in page.changes)


def _changes(page: ChangesPage, language: str) -> Iterator[str]:
    links = Links(page.page, language)
    for series in (*page.leading, *page.others):
        yield from ("", f"## {stated(series.title, language)}", "")
        found = (*series.appeared, *series.left, *series.value_changed, *series.moved)
        yield from (_change(change, links) for change in found)
    yield ""
    yield from (f"- {links.to(month, f'changes/{month}/')}" for month in page.months)


def _frontier(page: FrontierPage, language: str) -> Iterator[str]:
    links = Links(page.page, language)
    for series in page.series:
        yield from ("", f"## {stated(series.title, language)}", "")
        for span in series.spans:
            until = f" to {span.until_day}" if span.until_day else " on"
            yield (
                f"- {markdown_text(span.limit)}: {links.model(span.model, span.slug)} from"
                f" {span.from_day}{until}, {span.mean:.2f}"
            )


def _home(page: HomePage, language: str) -> Iterator[str]:
    links = Links(page.page, language)
    for lead in page.leads:
        yield from ("", f"## {stated(lead.overview.title, language)}", "")
        for row in lead.top:
            mean = "" if row.mean_task is None else f", mean {row.mean_task:.2f}"
            yield f"- rank {row.rank}: {links.model(row.label, row.slug)}{mean}"
    yield ""
    names = (
        "boards", "models", "tasks", "choose", "compare", "methods", "methods/coverage", "changes",
        "suspects", "glossary", "sources",
    )  # fmt: skip
    yield from (f"- {links.to(name, f'{name}/')}" for name in names)


def _sources(page: SourcesPage, language: str) -> Iterator[str]:
    for source in page.sources:
        known = {
            "state": source.state,
            "last_success": source.last_success,
            "data_until": source.data_until,
            "licence": source.licence,
            "home": safe_url(source.home),
        }
        facts = "; ".join(f"{name} {value}" for name, value in known.items() if value)
        yield f"- {markdown_text(source.source)}: {markdown_text(source.title)}; {facts}"
    for gap in page.gaps:
        yield f"- gap: {gap.source}, {gap.since} to {gap.until}, {markdown_text(gap.reason)}"


def _training(page: TrainingNotePage, language: str) -> Iterator[str]:
    for topic in page.topics:
        yield from ("", f"## {markdown_text(topic.property)}", "")
        for use in topic.uses:
            yield f"- {stated(use.label, language)}: {len(use.models)} models"


LISTS: dict[type, Callable[[Any, str], Iterable[str]]] = {
    BoardsPage: _boards,
    ChangeMonthPage: _change_month,
    ChangesPage: _changes,
    DatasetsPage: _datasets,
    FrontierPage: _frontier,
    GlossaryPage: _glossary,
    HomePage: _home,
    MethodsPage: _methods,
    ModelsPage: _models,
    PapersPage: _papers,
    SourcesPage: _sources,
    TasksPage: _tasks,
    TrainingNotePage: _training,
}
"""The function that yields the lines below the head, by kind of list."""
