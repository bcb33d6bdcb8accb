"""Models: everything that the catalog knows of one, read for one model or for all."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Row

from tracker.answers.boards import EditionInfo
from tracker.answers.common import Bilingual
from tracker.answers.history import HistoryPoint
from tracker.answers.methods import Term
from tracker.answers.models import (
    Fact,
    Model,
    ModelStanding,
    NoPaper,
    PaperLink,
    RelatedModel,
)
from tracker.answers.summaries import ModelSummary
from tracker.catalog import queries
from tracker.catalog.knowledge import queries as knowledge_queries
from tracker.common.licences import licence_id, licence_link
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.insights.boards.rankings import Ranked, read_rankings
from tracker.insights.history.histories import read_first_counted, read_histories
from tracker.insights.methods.withdrawals import reason_of_withdrawal
from tracker.insights.models.metadata import newest_values, read_fixes
from tracker.insights.models.names import read_former, read_names
from tracker.insights.models.organisations import read_publishers
from tracker.insights.reader import Reader, memoised
from tracker.insights.receipts import evidence_of

# Properties with one value a model; two different values contradict each other.
_SINGLE = {"pooling", "attention", "base_model", "embedding_dimensions", "licence"}
_NOT_DOCUMENTED_LABEL = Bilingual("not documented", "未见说明")


@memoised
def read_terms(reader: Reader) -> tuple[Term, ...]:
    """Read the bilingual vocabulary."""
    return tuple(
        Term(
            row.group,
            row.slug,
            Bilingual(row.label_en, row.label_zh),
            Bilingual(row.definition_en, row.definition_zh),
            row.paper,
        )
        for row in queries.terms(reader.connection)
    )


@memoised
def read_facts(reader: Reader, model_id: int | None = None) -> Mapping[int, tuple[Fact, ...]]:
    """Read facts with their evidence by model id, in curated order, with conflicts marked."""
    labels = {term.slug: term.label for term in read_terms(reader)}
    by_fact: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in queries.facts(reader.connection, model_id):
        by_fact[row.id].append(row)
    by_model: dict[int, list[Fact]] = defaultdict(list)
    values: dict[tuple[int, str], set[str]] = defaultdict(set)
    for rows in by_fact.values():
        first = rows[0]
        if first.property in _SINGLE and first.value != NOT_DOCUMENTED:
            values[first.model_id, first.property].add(first.value)
    for rows in by_fact.values():
        first = rows[0]
        by_model[first.model_id].append(
            Fact(
                property=first.property,
                value=first.value,
                label=_NOT_DOCUMENTED_LABEL
                if first.value == NOT_DOCUMENTED
                else labels.get(first.value, Bilingual(first.value, first.value)),
                statement=Bilingual(first.statement_en, first.statement_zh)
                if first.statement_en
                else None,
                qualifier=first.qualifier,
                evidence=tuple(evidence_of(row._asdict()) for row in rows),
                conflict=len(values[first.model_id, first.property]) > 1,
            )
        )
    return {model: tuple(facts) for model, facts in by_model.items()}


def read_paper_links(
    reader: Reader, model_id: int | None = None
) -> dict[int, tuple[PaperLink, ...]]:
    """Read papers by model id; a paper that is linked for two reasons is listed once."""
    found: dict[int, dict[str, PaperLink]] = defaultdict(dict)
    for row in queries.paper_links(reader.connection, model_id):
        found[row.model_id].setdefault(
            row.arxiv_id,
            PaperLink(
                arxiv_id=row.arxiv_id,
                title=row.title,
                role=Bilingual(row.role_en, row.role_zh) if row.role_en else None,
                reason=row.reason,
                published=row.published,
                url=f"https://arxiv.org/abs/{row.arxiv_id}",
                withdrawn_on=row.updated if row.withdrawn else None,
                withdrawn_because=reason_of_withdrawal(row),
            ),
        )
    return {model: tuple(papers.values()) for model, papers in found.items()}


@memoised
def read_missing_papers(reader: Reader) -> dict[int, NoPaper]:
    """Read results of searches that found no paper, by model id."""
    return {
        row.model_id: NoPaper(Bilingual(row.text_en, row.text_zh), row.checked, row.source)
        for row in knowledge_queries.missing_papers(reader.connection)
    }


@memoised
def read_present_ids(reader: Reader) -> dict[int, int]:
    """Map ids of former names and copies to the id that represents them now.

    A chain of names may have several steps; a cycle is cut.
    """
    steps: dict[int, int] = {}
    for row in queries.relations(reader.connection):
        if row.kind in _INVERSE and (row.kind == "moved" or row.model_id not in steps):
            steps[row.model_id] = row.other_id
    present: dict[int, int] = {}
    for model in steps:
        seen = {model}
        last = model
        while last in steps and steps[last] not in seen:
            last = steps[last]
            seen.add(last)
        present[model] = last
    return {model: last for model, last in present.items() if last != model}


_INVERSE = {"copy": ("copy_of", "copied_by"), "moved": ("moved_to", "moved_from")}


def _related(reader: Reader) -> dict[int, list[RelatedModel]]:
    found: dict[int, list[RelatedModel]] = defaultdict(list)
    for row in queries.relations(reader.connection):
        if row.kind not in _INVERSE:
            continue  # a relation that says that two models are unrelated
        forward, backward = _INVERSE[row.kind]
        reason = Bilingual(row.reason_en, row.reason_zh)
        found[row.model_id].append(
            RelatedModel(forward, row.other, row.other_slug, reason, row.status)
        )
        found[row.other_id].append(
            RelatedModel(backward, row.model, row.model_slug, reason, row.status)
        )
    return found


def _standing(
    edition: EditionInfo, points: Sequence[HistoryPoint], rankings: Sequence[Ranked]
) -> ModelStanding:
    last = points[-1]
    ended = rankings[-1].until if rankings else None
    # An ended board keeps its last rows.
    listed = last.to_at is None or last.to_at == ended
    whole = [p for p in points if not p.partial]
    ranked = [p for p in whole if p.rank is not None]
    best = min(ranked, key=lambda p: (p.rank or 0, p.from_at), default=None)
    at = (last.to_at or "9") if not listed else (ended or "9")
    place = bisect_right(rankings, at, key=attrgetter("at")) - 1
    is_known = place >= 0 and (listed or rankings[place].at >= last.from_at)
    return ModelStanding(
        series=edition.series,
        edition=edition.name,
        edition_slug=edition.slug,
        title=edition.title,
        rank=last.rank,
        n_ranked=len(rankings[place].listings) if is_known else 0,
        mean_task=last.mean_task,
        mean_task_type=last.mean_task_type,
        n_tasks=last.n_tasks,
        n_tasks_total=last.n_tasks_total or edition.n_tasks,
        first_at=whole[0].from_at if whole else None,
        last_at=(last.to_at if not listed else None) or edition.last_at or last.from_at,
        listed=listed,
        best_rank=best.rank if best else None,
        best_at=best.from_at if best else None,
        partial=last.partial,
        model=last.model,
    )


def read_models(reader: Reader, only: int | None = None) -> Iterator[Model]:
    """Read models by name, in a few queries whether for one or for all.

    Args:
        reader: The open catalog.
        only: Id of the model to read; all models by default.
    """
    standings: dict[int, list[ModelStanding]] = defaultdict(list)
    for edition in reader.editions.shown():
        rankings = read_rankings(reader, reader.editions.ids[edition.slug])
        for model, points in read_histories(reader, edition, only).items():
            standings[model].append(_standing(edition, points, rankings))
    former = read_former(reader)
    publishers = read_publishers(reader)
    # Facts and papers may be stored under a former name.
    wanted = only if only not in former else None
    facts = read_facts(reader, wanted)
    papers = read_paper_links(reader, wanted)
    missing = read_missing_papers(reader)
    related = _related(reader)
    fixes = read_fixes(reader)
    links: dict[int, list[str]] = defaultdict(list)
    for row in queries.links(reader.connection):
        links[row.model_id].append(row.link)
    records: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in queries.all_model_records(reader.connection, wanted):
        records[row.model_id].append(row)
    for row in read_names(reader).values():
        if only is not None and row.id != only:
            continue
        own = standings[row.id]
        family = (row.id, *sorted(former.get(row.id, ())))
        yield Model(
            name=row.name,
            slug=row.slug,
            organisation=row.name.partition("/")[0],
            links=tuple(dict.fromkeys(link for id_ in family for link in links[id_])),
            first_seen_at=min((s.first_at for s in own if s.first_at), default=None),
            standings=tuple(own),
            metadata=newest_values(
                [record for id_ in family for record in records[id_]], fixes.get(row.name, {})
            ),
            facts=tuple(fact for id_ in family for fact in facts.get(id_, ())),
            papers=tuple(paper for id_ in family for paper in papers.get(id_, ())),
            no_paper=next((missing[id_] for id_ in family if id_ in missing), None),
            related=tuple(related[row.id]),
            publisher=publishers.label(row.name),
        )


@memoised
def read_summaries(reader: Reader) -> tuple[ModelSummary, ...]:
    """Read the models by name, without what takes long: their ranks through time."""
    return tuple(_summaries(reader))


def _summaries(reader: Reader) -> Iterator[ModelSummary]:
    seen: dict[int, list[str | None]] = defaultdict(list)
    for edition in reader.editions.shown():
        for model, at in read_first_counted(reader, edition).items():
            seen[model].append(at)
    former = read_former(reader)
    facts, papers, fixes = read_facts(reader), read_paper_links(reader), read_fixes(reader)
    records: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in queries.all_model_records(reader.connection, None):
        records[row.model_id].append(row)
    for row in read_names(reader).values():
        family = (row.id, *sorted(former.get(row.id, ())))
        own = [record for id_ in family for record in records[id_]]
        values: dict[str, Any] = {}
        for known in newest_values(own, fixes.get(row.name, {})):
            values.setdefault(known.property, known.value)
        yield ModelSummary(
            name=row.name,
            organisation=row.name.partition("/")[0],
            parameters=values.get("parameters"),
            embedding_dimensions=values.get("embedding_dimensions"),
            max_tokens=values.get("max_tokens"),
            licence=licence_id(values.get("licence")),
            licence_link=licence_link(values.get("licence")),
            release_date=values.get("release_date"),
            first_seen_at=min((at for at in seen[row.id] if at), default=None),
            n_boards=len(seen[row.id]),
            n_facts=sum(len(facts.get(id_, ())) for id_ in family),
            papers=tuple(paper.arxiv_id for id_ in family for paper in papers.get(id_, ())),
        )
