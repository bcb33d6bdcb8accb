"""State of the art: a board's leaders with what is documented of their methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.answers.boards import Leaderboard
from tracker.answers.models import Fact, NoPaper, PaperLink, StateOfTheArt, StateOfTheArtRow
from tracker.insights.models.model import (
    read_facts,
    read_missing_papers,
    read_paper_links,
    read_present_ids,
)
from tracker.insights.models.names import read_names
from tracker.insights.reader import Reader, memoised


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of all models' methods."""

    facts: Mapping[int, tuple[Fact, ...]]
    papers: dict[int, tuple[PaperLink, ...]]
    missing: dict[int, NoPaper]
    present: dict[int, int]
    """Present id by the id of a former name or copy."""
    ids: dict[str, int]


@memoised
def read_knowledge(reader: Reader) -> Knowledge:
    """Read facts, papers and names of all models."""
    return Knowledge(
        facts=read_facts(reader),
        papers=read_paper_links(reader),
        missing=read_missing_papers(reader),
        present=read_present_ids(reader),
        ids={row.name: id_ for id_, row in read_names(reader).items()},
    )


def read_state_of_the_art(leaderboard: Leaderboard, knowledge: Knowledge) -> StateOfTheArt:
    """Join the leading models of a board with innovations, pooling, data and papers."""
    facts, papers, present = knowledge.facts, knowledge.papers, knowledge.present
    rows = []
    for row in leaderboard.rows:
        if row.printed_rank is None:
            continue
        model_id = knowledge.ids[row.model]
        if model_id not in facts:
            # Facts are stored under the present name.
            model_id = present.get(model_id, model_id)
        known = facts.get(model_id, ())

        def having(name: str) -> tuple[Fact, ...]:
            return tuple(fact for fact in known if fact.property == name)  # noqa: B023

        rows.append(
            StateOfTheArtRow(
                rank=row.printed_rank,
                model=row.model,
                slug=row.slug,
                organisation=row.organisation,
                mean_task=row.mean_task,
                parameters=row.parameters,
                innovations=having("innovation"),
                pooling=having("pooling"),
                training_data=having("training_data"),
                papers=papers.get(model_id, ()),
                no_paper=knowledge.missing.get(model_id),
                licences=having("licence"),
                copies=row.copies,
            )
        )
    return StateOfTheArt(leaderboard, tuple(rows))
