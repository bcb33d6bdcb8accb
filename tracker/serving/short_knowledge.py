"""Short answers about models, papers, texts and SQL for language models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tracker.answers.boards import MAIN_SERIES, PairedDifference
from tracker.answers.models import Fact, Model, ModelStanding
from tracker.api import Catalog
from tracker.common.addresses import public_address
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.serving.links import Links
from tracker.serving.short_answers import Answer, rounded, without_gaps

SQL_SECONDS = 10.0
SQL_ROWS = 100
LONGEST_CELL = 300
"""Characters of a text in a row of an SQL answer."""
MOST_FACTS = 4
"""Facts of one property in the answer about a model."""
_METADATA = (
    "parameters", "active_parameters", "embedding_dimensions", "max_tokens", "licence",
    "open_weights", "release_date", "similarity", "languages",
)  # fmt: skip
_ASKED = (
    "base_model", "pooling", "attention", "instructions", "objective", "negatives", "stages",
    "training_data",
)  # fmt: skip
"""Properties of a method that are said to be not known where nothing is documented."""


def model(catalog: Catalog, links: Links, name: str) -> Answer:
    """Return what is documented of a model, each statement with a receipt."""
    found = catalog.model(name)
    documented = [fact for fact in found.facts if fact.value != NOT_DOCUMENTED]
    searched = [fact for fact in found.facts if fact.value == NOT_DOCUMENTED]
    given = {fact.property for fact in found.facts}
    # Where people read a value in a source, that one counts.
    metadata = {
        value.property: value.value
        for value in reversed(found.metadata)
        if value.property in _METADATA and value.property not in given and value.value is not None
    }
    return {
        "model": found.name,
        "method": _method(documented),
        "not_known": [name for name in _ASKED if name not in given],
        "searched_and_not_documented": [_fact(fact) for fact in searched],
        "metadata": metadata,
    } | without_gaps(
        more_facts=max(0, len(documented) - len(_method(documented))) or None,
        first_seen_at=found.first_seen_at,
        boards=_standings(found, links),
        papers=[
            without_gaps(
                arxiv_id=paper.arxiv_id, title=paper.title, published=paper.published, url=paper.url
            )
            for paper in found.papers[:3]
        ],
        no_paper=found.no_paper.text.en if found.no_paper else None,
        related=[
            without_gaps(kind=other.kind, model=other.model, because=other.reason.en)
            for other in found.related[:5]
        ],
        links=list(found.links[:3]),
        page=links.page("models", found.slug),
    )


def _method(facts: Sequence[Fact]) -> list[Answer]:
    """The first facts of each property; lists of training data can have dozens."""
    count: Counter[str] = Counter()
    found = []
    for fact in facts:
        count[fact.property] += 1
        if count[fact.property] <= MOST_FACTS:
            found.append(_fact(fact))
    return found


def _fact(fact: Fact) -> Answer:
    text = (fact.statement or fact.label).en
    found = without_gaps(
        property=fact.property,
        value=fact.value,
        says=text if text != fact.value else None,
        only_for=fact.qualifier,
        sources_disagree=fact.conflict or None,
    )
    if not fact.evidence:
        return found
    receipt = fact.evidence[0]
    url = public_address(receipt.link)
    # An address that opens at the place needs no words for it.
    place = None if url and "#" in url else receipt.locator
    return found | without_gaps(receipt=url, place=place, checked=receipt.mark)


def _standings(found: Model, links: Links) -> list[Answer]:
    """Ranks on the main boards, and on the boards where the model is best."""

    def order(standing: ModelStanding) -> tuple[bool, bool, bool, int]:
        main = standing.series in MAIN_SERIES
        return not standing.listed, not main, standing.partial, standing.rank or 10**6

    return [
        without_gaps(
            board=standing.edition,
            rank=standing.rank,
            n_ranked=standing.n_ranked,
            mean_task=rounded(standing.mean_task),
            listed=standing.listed,
            last_at=standing.last_at,
            best_rank=standing.best_rank,
            best_at=standing.best_at,
            partial=standing.partial or None,
            page=links.page("boards", standing.edition_slug),
        )
        for standing in sorted(found.standings, key=order)[:6]
    ]


def compare(
    catalog: Catalog, links: Links, models: Sequence[str], board: str | None, as_of: str | None
) -> Answer:
    """Return models side by side; only properties in which they differ."""
    found = catalog.comparison(*models, board=board, as_of=as_of)
    same = [row.property for row in found.rows if not row.differs]
    return without_gaps(
        models=list(found.models),
        board=board,
        as_of=as_of,
        differ=[
            {"property": row.property}
            | {
                name: value if value is not None else "not known"
                for name, value in zip(found.models, row.values, strict=True)
            }
            for row in found.rows
            if row.differs
        ],
        same=same,
        paired_differences=[_difference(each) for each in found.differences],
        pages=[
            page
            for name in found.models
            if (page := links.page("models", catalog.model(name).slug))
        ],
    )


def _difference(found: PairedDifference) -> Answer:
    sure = "clear" if found.clear else "not clear"
    return without_gaps(
        answer=f"{found.model} less {found.other} on {found.board}: {found.difference:+.2f} points"
        f" over {found.n_tasks} shared tasks; the difference is {sure}.",
        interval_95=[rounded(found.low), rounded(found.high)] if found.low is not None else None,
        as_of=found.as_of,
    )


def papers(catalog: Catalog, links: Links, query: str, most: int) -> Answer:
    """Return papers with some words in title or authors, or one paper by its arXiv id."""
    frame = catalog.papers(query)
    known = {paper.arxiv_id: paper for paper in catalog.paper_list()}
    rows = []
    for arxiv_id in frame["arxiv_id"].to_list()[:most]:
        paper = known[arxiv_id]
        rows.append(
            without_gaps(
                arxiv_id=arxiv_id,
                title=paper.title,
                authors=list(paper.authors[:3]),
                n_authors=len(paper.authors) if len(paper.authors) > 3 else None,
                published=paper.published,
                venue=paper.venue,
                withdrawn=paper.withdrawn or None,
                models=[linked.model for linked in paper.models[:5]],
                introduces=paper.introduces.en if paper.introduces else None,
                url=paper.url,
                page=links.page("methods", "papers", arxiv_id),
            )
        )
    return {"n": frame.height, "rows": rows}


def check_text(catalog: Catalog, text: str, date: str | None) -> Answer:
    """Return the statements of a text about models and boards, with verdicts."""
    checked = catalog.check(text, date=date)
    rows = [
        without_gaps(
            statement=each.statement,
            verdict=each.verdict,
            kind=each.kind,
            model=each.model,
            board=each.board,
            claimed=each.claimed_text,
            actual=each.actual_text,
            held_on=list(each.periods[:5]),
            reason=each.reason,
            receipt=public_address(each.link),
        )
        for each in checked.statements[:50]
    ]
    return without_gaps(date=checked.date) | {"n": len(checked), "rows": rows}


def search(catalog: Catalog, words: str, most: int) -> Answer:
    """Return models, papers, datasets, techniques and comparisons with all of some words."""
    hits = catalog.search_list(words, limit=most)
    rows = [
        without_gaps(
            kind=hit.kind, key=hit.key, title=hit.title.en, about=hit.about and hit.about.en
        )
        for hit in hits
    ]
    return {"n": len(rows), "rows": rows}


def sql(catalog: Catalog, query: str) -> Answer:
    """Return the first rows of the answer to one SQL query."""
    frame = catalog.sql(query, first=SQL_ROWS + 1, seconds=SQL_SECONDS)
    rows = [[_cell(value) for value in row] for row in frame.head(SQL_ROWS).rows()]
    more = {"more": f"only the first {SQL_ROWS} rows"} if frame.height > SQL_ROWS else {}
    return {"columns": frame.columns, "rows": rows} | more


def _cell(value: object) -> object:
    if isinstance(value, str) and len(value) > LONGEST_CELL:
        return f"{value[: LONGEST_CELL - 1]}…"
    return value
