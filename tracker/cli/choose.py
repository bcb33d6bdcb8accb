"""The models that fit a purpose, best first, and why the others do not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.conditions import (
    Base,
    Commercial,
    Licence,
    MaxMemory,
    MaxParameters,
    MinContext,
    NoInstructions,
    OpenWeights,
    Organisation,
    Pooling,
    ReleasedSince,
    UntrainedOnly,
)
from tracker.cli.options import (
    AsOfOption,
    BoardArgument,
    DatabaseOption,
    FormatOption,
    LanguageOption,
    fields_of,
    open_database,
)
from tracker.cli.output import Format, check_language, say, show

if TYPE_CHECKING:
    import polars as pl

    from tracker.answers.choices import Choice

_RANKED = (
    "place", "model", "score", "front", "parameters", "storage_gb", "max_tokens", "licence", "rank",
)  # fmt: skip


def choose(
    board: BoardArgument,
    as_of: AsOfOption = None,
    type_: Annotated[
        str | None,
        typer.Option("--type", help="Task types that count, with weights: Retrieval=2,STS."),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--language", help="Languages that count, in the same way: deu=2,fra."),
    ] = None,
    max_parameters: MaxParameters = None,
    max_memory: MaxMemory = None,
    min_context: MinContext = None,
    open_weights: OpenWeights = False,
    licence: Licence = None,
    commercial: Commercial = False,
    organisation: Organisation = None,
    untrained_only: UntrainedOnly = False,
    no_instructions: NoInstructions = False,
    pooling: Pooling = None,
    base: Base = None,
    released_since: ReleasedSince = None,
    top: Annotated[int | None, typer.Option("--top", min=1, help="At most so many rows.")] = None,
    front: Annotated[
        bool,
        typer.Option(
            "--front", help="Only models that no other one beats for its size or storage."
        ),
    ] = False,
    dropped: Annotated[
        bool, typer.Option("--dropped", help="The models that dropped out, and why.")
    ] = False,
    words: LanguageOption = "en",
    format_: FormatOption = Format.table,
    database: DatabaseOption = None,
) -> None:
    """Models that fit: tracker choose c-mteb --type Retrieval --max-parameters 1B --commercial."""
    import polars as pl

    check_language(words)
    question = locals() | {"type": type_}
    with open_database(database) as catalog:
        found = catalog.choice(**fields_of("ChoiceQuery", question))
    say(getattr(found.explained, words))
    say(_counts(found, words))
    frame = _with_reasons(found, words).filter(
        pl.col("place").is_null() if dropped else pl.col("place").is_not_null()
    )
    if front:
        frame = frame.filter(pl.col("on_size_front") | pl.col("on_storage_front"))
    frame = frame.head(frame.height if top is None else top)
    if dropped:
        show(frame, format_, columns=["model", "rank", "dropped"])
        return
    if format_ in (Format.table, Format.markdown):
        size = pl.when("on_size_front").then(pl.lit("size"))
        storage = pl.when("on_storage_front").then(pl.lit("storage"))
        frame = frame.with_columns(front=pl.concat_list(size, storage).list.drop_nulls())
    show(frame, format_, columns=list(_RANKED))


def _with_reasons(choice: Choice, words: str) -> pl.DataFrame:
    """All models, with the reasons for which they dropped out in column ``dropped``."""
    import polars as pl

    reasons = {
        model.label: [getattr(reason.text, words) for reason in model.reasons]
        for model in choice.rows
    }
    return choice.to_polars().with_columns(
        dropped=pl.Series([reasons[model.label] for model in choice.rows], dtype=pl.List(pl.String))
    )


def _counts(choice: Choice, words: str) -> str:
    """How many models are ranked, and how many dropped out for each condition."""
    by_condition = Counter(
        condition
        for model in choice.dropped
        for condition in dict.fromkeys(reason.condition for reason in model.reasons)
    )
    counts = ", ".join(f"{name} {count}" for name, count in by_condition.most_common())
    n_ranked, n_dropped = len(choice.models), len(choice.dropped)
    if words == "zh":
        return f"{n_ranked} 个模型参与排名，{n_dropped} 个未入选（{counts}；--dropped 列出原因）"
    return f"{n_ranked} models are ranked, {n_dropped} dropped out ({counts}; --dropped says why)"
