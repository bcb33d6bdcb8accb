"""The tools that language models call: names, arguments and their meanings.

A tool says in ``known`` whether the catalog knows an answer. Where it does not, ``message`` says
what is missing and ``remedy`` what to ask instead; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field

from tracker.api import Catalog
from tracker.common.notices import heard_notices
from tracker.errors import NoDataError, NotFoundError
from tracker.serving import short_answers, short_knowledge
from tracker.serving.catalog_thread import CatalogThread
from tracker.serving.links import Links
from tracker.serving.short_answers import Answer

INSTRUCTIONS = """\
Embedding Tracker knows which text-embedding model led which MTEB or C-MTEB leaderboard on which \
day, and what is documented of each model's method. Leaderboards change weekly: ask a tool instead \
of answering from memory, and give the day and the origin with a rank. An answer with known=false, \
a property under not_known, or a key that is missing means that it is not known: say so. A day \
means its end in UTC. Ranks are those of the board's own rule unless the answer says otherwise; \
origin says whether the publisher showed them (published), somebody else's server did (recorded) \
or they were recomputed from the published result files (recomputed)."""

Board = Annotated[
    str,
    Field(
        description="Series or edition: mteb-english, c-mteb, mteb-multilingual, 'MTEB(eng, v2)',"
        " french, 中文. A series means the edition of that day; the tool boards lists all."
    ),
]
Day = Annotated[
    str | None,
    Field(description="YYYY-MM-DD, YYYY-MM or YYYY, meaning its end in UTC; now if left out."),
]
Model = Annotated[
    str, Field(description="Public id such as nvidia/NV-Embed-v2, or a short name such as bge-m3.")
]
Most = Annotated[int, Field(ge=1, le=50, description="At most so many rows.")]


class Tools:
    """The tools over one catalog; every public method is a tool and a read."""

    def __init__(self, catalog: CatalogThread, links: Links) -> None:
        self._catalog = catalog
        self._links = links

    def _answer(self, question: Callable[[Catalog], Answer]) -> Answer:
        def ask(catalog: Catalog) -> Answer:
            state = {"digest": catalog.digest, "data_until": catalog.data_until}
            with heard_notices() as notices:
                try:
                    found: Answer = {"known": True} | question(catalog)
                except (NotFoundError, NoDataError) as error:
                    found = {"known": False, "message": error.message, "remedy": error.remedy}
            if notices:
                found["understood"] = list(dict.fromkeys(notices))
            return found | {"catalog": state}

        return self._catalog.ask(ask)

    def leaderboard(
        self,
        board: Board = "mteb-english",
        as_of: Day = None,
        top: Most = 10,
        max_parameters: Annotated[
            str | None, Field(description="Only models with at most so many, e.g. 600M.")
        ] = None,
        open_weights: Annotated[  # noqa: FBT002
            bool, Field(description="Only models whose weights can be downloaded.")
        ] = False,
        task_type: Annotated[
            str | None, Field(description="Rank by tasks of this type alone, e.g. Retrieval.")
        ] = None,
        language: Annotated[
            str | None, Field(description="Rank by the subsets in this language alone, e.g. deu.")
        ] = None,
    ) -> dict[str, Any]:
        """The first models of a board at the end of a day, with ranks and means in percent."""
        return self._answer(
            lambda catalog: short_answers.leaderboard(
                catalog,
                self._links,
                top,
                board=board,
                as_of=as_of,
                max_parameters=max_parameters,
                open_weights=open_weights,
                type=task_type,
                language=language,
            )
        )

    def leaders(
        self, board: Board = "mteb-english", since: Day = None, until: Day = None, most: Most = 10
    ) -> dict[str, Any]:
        """Who led a board from which day to which, why each lead ended; the newest first."""
        return self._answer(
            lambda catalog: short_answers.leaders(catalog, self._links, board, since, until, most)
        )

    def history(
        self, model: Model, board: Board = "mteb-english", most: Most = 20
    ) -> dict[str, Any]:
        """The ranks and means of one model on a board through time, the newest first."""
        return self._answer(
            lambda catalog: short_answers.history(catalog, self._links, board, model, most)
        )

    def changes(
        self,
        board: Annotated[
            str | None, Field(description="Series or edition; all current boards if left out.")
        ] = None,
        since: Day = None,
        until: Day = None,
        most: Most = 20,
    ) -> dict[str, Any]:
        """What appeared, left, moved or changed its value on boards, with causes and commits.

        By default in the last 30 days for which the board is known.
        """
        return self._answer(
            lambda catalog: short_answers.changes(catalog, self._links, board, since, until, most)
        )

    def why(self, model: Model, board: Board = "mteb-english", as_of: Day = None) -> dict[str, Any]:
        """Why a model is not on a board, or which rank it has there."""
        return self._answer(
            lambda catalog: short_answers.why(catalog, self._links, model, board, as_of)
        )

    def boards(
        self,
        words: Annotated[str, Field(description="Words in name or title; all if empty.")] = "",
        most: Most = 20,
    ) -> dict[str, Any]:
        """Leaderboards with their series, number of tasks and the time for which they are known."""
        return self._answer(lambda catalog: short_answers.boards(catalog, self._links, words, most))

    def model(self, name: Model) -> dict[str, Any]:
        """What is documented of a model: method, size, licence, papers, ranks, with receipts."""
        return self._answer(lambda catalog: short_knowledge.model(catalog, self._links, name))

    def compare(
        self,
        models: Annotated[list[str], Field(min_length=2, max_length=5, description="Public ids.")],
        board: Annotated[str | None, Field(description="Adds rank and means there.")] = None,
        as_of: Day = None,
    ) -> dict[str, Any]:
        """Models side by side: where they differ, and how sure a difference of means is."""
        return self._answer(
            lambda catalog: short_knowledge.compare(catalog, self._links, models, board, as_of)
        )

    def choose(
        self,
        board: Board = "mteb-multilingual",
        task_types: Annotated[
            str | None,
            Field(description="Task types that count, with weights if wanted: Retrieval=2,STS."),
        ] = None,
        max_parameters: Annotated[str | None, Field(description="At most so many: 600M.")] = None,
        max_memory: Annotated[str | None, Field(description="Of the weights: 4GB.")] = None,
        min_context: Annotated[int | None, Field(description="Input tokens at least.")] = None,
        open_weights: Annotated[  # noqa: FBT002
            bool, Field(description="Weights can be downloaded.")
        ] = False,
        commercial: Annotated[  # noqa: FBT002
            bool, Field(description="The licence allows commercial use without further terms.")
        ] = False,
        as_of: Day = None,
        top: Most = 10,
    ) -> dict[str, Any]:
        """Which model to take: the best by a weighted mean among those that meet conditions.

        A model whose property is not known does not meet a condition on it.
        """
        return self._answer(
            lambda catalog: short_answers.choose(
                catalog,
                self._links,
                top,
                board=board,
                as_of=as_of,
                type=task_types,
                max_parameters=max_parameters,
                max_memory=max_memory,
                min_context=min_context,
                open_weights=open_weights,
                commercial=commercial,
            )
        )

    def papers(
        self,
        query: Annotated[str, Field(description="Words in title or authors, or an arXiv id.")],
        most: Most = 10,
    ) -> dict[str, Any]:
        """Papers about embedding models, newest first, with the models that they present."""
        return self._answer(
            lambda catalog: short_knowledge.papers(catalog, self._links, query, most)
        )

    def check_text(
        self,
        text: Annotated[
            str, Field(max_length=100_000, description="Plain text, Markdown or HTML.")
        ],
        date: Annotated[
            str | None, Field(description="The text's date; else the one it gives itself.")
        ] = None,
    ) -> dict[str, Any]:
        """Check what a text in English or Chinese says of models and boards, and since when."""
        return self._answer(lambda catalog: short_knowledge.check_text(catalog, text, date))

    def search(
        self,
        words: Annotated[str, Field(description="Words, also Chinese.")],
        most: Most = 10,
    ) -> dict[str, Any]:
        """Find models, papers, datasets, techniques and comparisons that have all words."""
        return self._answer(lambda catalog: short_knowledge.search(catalog, words, most))

    def sql(
        self,
        query: Annotated[
            str,
            Field(
                max_length=10_000,
                description="One query in SQLite's dialect. Tables and columns:"
                " pragma table_list, pragma table_info(edition).",
            ),
        ],
    ) -> dict[str, Any]:
        """Ask the catalog in SQL, read-only: at most 100 rows and 10 seconds."""
        return self._answer(lambda catalog: short_knowledge.sql(catalog, query))


NAMES = tuple(name for name in vars(Tools) if not name.startswith("_"))
