"""Short answers about boards for language models: few rows, a sentence, dates, origin, links.

Every function returns JSON values. Missing values are left out of rows, so a key that is not there
is not known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tracker.answers.boards import EditionInfo, Leaderboard, LeaderboardRow
from tracker.answers.history import Change, HistoryPoint, Leader
from tracker.api import Catalog
from tracker.common.addresses import public_address
from tracker.common.times import days_held
from tracker.serving.links import Links

Answer = dict[str, Any]


def without_gaps(**values: Any) -> Answer:
    """Return the values that are known."""
    return {name: value for name, value in values.items() if value not in (None, (), [], "", {})}


def rounded(value: float | None) -> float | None:
    """Return a score in percent with two decimals."""
    return None if value is None else round(value, 2)


def about_state(board: Leaderboard, links: Links) -> Answer:
    """Say which state of a board is shown, and where it comes from."""
    where = board.provenance
    return without_gaps(
        board=board.edition.name,
        series=board.edition.series,
        as_of=board.as_of,
        asked_at=board.asked_at,
        known_until=board.known_until,
        origin=board.origin,
        computed_with=board.registry,
        ranked_by="Borda points over tasks" if board.unit == "points" else board.unit,
        part=board.part,
        n_tasks=board.edition.n_tasks,
        note=board.note.en if board.note else None,
        source=without_gaps(
            name=where.source,
            url=public_address(where.url),
            published_at=where.published_at,
            commit=where.commit,
            recorded_from=where.server,
        ),
        page=links.page("boards", board.edition.slug),
    )


def leaderboard(catalog: Catalog, links: Links, top: int, **query: Any) -> Answer:
    """Return the first rows of a board on a day; ``query`` has the fields of ``BoardQuery``."""
    board = catalog.board(**query)
    ranked = [row for row in board.rows if row.rank is not None]
    state = about_state(board, links)
    if not ranked:
        state["answer"] = f"No model of {board.edition.name} meets these conditions."
        return state | {"n_ranked": 0, "rows": []}
    first = ranked[0]
    day = board.as_of[:10]
    place = "leads" if first.rank == 1 else f"has rank {first.rank}, the best that is asked for, on"
    state["answer"] = f"At the end of {day} (UTC) {first.model} {place} {board.edition.name}."
    if board.asked_at:
        state["answer"] += f" Nothing is known after {board.known_until[:10]}."
    rows = [_row(row, links) for row in ranked[:top]]
    return state | {"n_ranked": len(ranked), "rows": rows}


def _row(row: LeaderboardRow, links: Links) -> Answer:
    return without_gaps(
        rank=row.rank,
        place=row.place,
        model=row.model,
        model_now=row.model_now if row.model_now != row.model else None,
        mean_task=rounded(row.mean_task),
        points=row.points,
        n_tasks=row.n_tasks,
        partial=row.partial or None,
        parameters=row.parameters,
        embedding_dimensions=row.embedding_dimensions,
        max_tokens=row.max_tokens,
        licence=row.licence,
        open_weights=row.open_weights,
        page=links.page("models", row.slug),
    )


def choose(catalog: Catalog, links: Links, top: int, **query: Any) -> Answer:
    """Return the best models that meet conditions; ``query`` has fields of ``ChoiceQuery``."""
    found = catalog.choice(**query)
    reasons = Counter(model.reasons[0].condition for model in found.dropped if model.reasons)
    rows = [
        without_gaps(
            place=model.place,
            rank_on_board=model.rank,
            model=model.model,
            score=rounded(model.score),
            parameters=model.parameters,
            embedding_dimensions=model.embedding_dimensions,
            memory_mb=model.memory_mb,
            max_tokens=model.max_tokens,
            licence=model.licence,
            on_size_front=model.on_size_front or None,
            page=links.page("models", model.slug),
        )
        for model in found.models[:top]
    ]
    first = f"First is {rows[0]['model']}." if rows else "No model meets these conditions."
    return without_gaps(
        answer=f"{first} {found.explained.en}",
        board=found.edition.name,
        as_of=found.as_of,
        dropped_because=dict(reasons.most_common()),
        page=links.page("boards", found.edition.slug),
    ) | {"n": len(found.models), "rows": rows}


def boards(catalog: Catalog, links: Links, words: str, most: int) -> Answer:
    """Return the boards whose names or titles have some words."""
    wanted = words.casefold().split()
    editions = catalog.editions()

    def fits(edition: EditionInfo) -> bool:
        names = (edition.name, edition.series, edition.title.en, edition.title.zh)
        text = " ".join(names).casefold()
        return all(word in text for word in wanted)

    found = [edition for edition in editions if fits(edition)]
    rows = [
        without_gaps(
            board=edition.name,
            series=edition.series,
            title=edition.title.en,
            n_tasks=edition.n_tasks,
            known_from=edition.first_at,
            known_until=edition.last_at,
            current=edition.current,
            page=links.page("boards", edition.slug),
        )
        for edition in found[:most]
    ]
    text = f"{len(found)} of {len(editions)} boards have these words." if words else ""
    return without_gaps(answer=text) | {"n": len(found), "rows": rows}


def history(catalog: Catalog, links: Links, board: str, model: str, most: int) -> Answer:
    """Return the ranks of a model on a board through time, the newest first."""
    points = catalog.history_list(board, model)
    rows = [row for point in points if (row := _point(point))]
    ranked = [point for point in points if point.rank is not None and not point.partial]
    text = f"{model} never had a rank on {board} with results for half of the tasks."
    if ranked:
        # Of equal ranks the first one: min keeps it.
        best = min(ranked, key=lambda point: point.rank or 0)
        text = f"Best rank {best.rank} on {best.edition}, first on {best.from_at[:10]}."
        now = points[-1]
        if now.to_at is None and now.rank is not None:
            text += f" Rank {now.rank} on {now.edition} since {now.from_at[:10]}."
        else:
            text += f" Not ranked on {now.edition} since {(now.to_at or now.from_at)[:10]}."
    links_ = without_gaps(page=links.page("models", catalog.model(model).slug))
    return {"answer": text, "n": len(rows), "rows": rows[::-1][:most]} | links_


def _point(point: HistoryPoint) -> Answer | None:
    days = days_held(point.from_at, point.to_at)
    if days is None:
        return None
    return without_gaps(
        board=point.edition,
        from_day=days[0],
        until_day=days[1],
        rank=point.rank,
        mean_task=rounded(point.mean_task),
        n_tasks=point.n_tasks,
        origin=point.origin,
        partial=point.partial or None,
    )


def leaders(
    catalog: Catalog, links: Links, board: str, since: str | None, until: str | None, most: int
) -> Answer:
    """Return who led a board in a span of days, the newest first."""
    found = catalog.leader_list(board, since=since, until=until)
    rows = [_lead(lead, links) for lead in reversed(found)]
    if not found:
        return {"answer": f"Nobody is known to lead {board} in these days.", "n": 0, "rows": []}
    last = found[-1]
    end = f"to {last.until_day}" if last.until_day else "and still does in the last known state"
    text = f"{last.model} led {last.board} from {last.from_day} {end}."
    return {"answer": text, "n": len(rows), "rows": rows[:most]}


def _lead(lead: Leader, links: Links) -> Answer:
    return without_gaps(
        model=lead.model,
        model_now=lead.model_now if lead.model_now != lead.model else None,
        board=lead.board,
        from_day=lead.from_day,
        until_day=lead.until_day,
        still_leads=lead.until_day is None or None,
        ended_because=lead.reason,
        mean_task=rounded(lead.mean_task),
        lead=rounded(lead.by),
        lead_in=lead.unit,
        origin=lead.origin,
        commit=public_address(lead.commit_url),
        page=links.page("models", lead.slug),
    )


def changes(
    catalog: Catalog,
    links: Links,
    board: str | None,
    since: str | None,
    until: str | None,
    most: int,
) -> Answer:
    """Return what changed on boards, the newest first, without ranks that others moved."""
    found = [
        change
        for change in catalog.change_list(board, since=since, until=until)
        if change.kind != "moved" or change.cause != ("others",)
    ]
    newest = sorted(found, key=lambda change: change.at, reverse=True)
    return {"n": len(found), "rows": [_change(change, links) for change in newest[:most]]}


def _change(change: Change, links: Links) -> Answer:
    return without_gaps(
        kind=change.kind,
        model=change.model,
        board=change.edition,
        at=change.at,
        from_rank=change.from_rank,
        to_rank=change.to_rank,
        from_mean=rounded(change.from_value),
        to_mean=rounded(change.to_value),
        cause=list(change.cause or ()),
        commits=_urls(commit.url for commit in change.commits[:3]),
        page=links.page("models", change.slug),
    )


def why(catalog: Catalog, links: Links, model: str, board: str, as_of: str | None) -> Answer:
    """Return why a model is not on a board, or which rank it has there."""
    found = catalog.why(model, board, as_of)
    reasons = [
        without_gaps(
            kind=reason.kind,
            reason=reason.text.en,
            remedy=reason.remedy.en if reason.remedy else None,
            day=reason.day,
            url=public_address(reason.url),
        )
        for reason in found.reasons
    ]
    if found.listed:
        text = f"{found.model} has rank {found.rank} of {found.n_ranked} on {found.board}."
        if found.rank is None:
            text = f"{found.model} is on {found.board} without a rank."
    else:
        text = f"{found.model} is not on {found.board}."
    return without_gaps(
        answer=text,
        model=found.model,
        model_now=found.model_now,
        board=found.board,
        as_of=found.as_of,
        listed=found.listed,
        rank=found.rank,
        n_ranked=found.n_ranked,
        reasons=reasons,
        page=links.page("models", catalog.model(found.model_now).slug),
    )


def _urls(addresses: Iterable[str]) -> list[str]:
    return [address for url in addresses if (address := public_address(url))]
