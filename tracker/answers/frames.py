"""The tables that typed answers are laid out as, by command, and their polars frames."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracker.answers.layouts import Listing, Table
from tracker.common.deferred_imports import deferred_imports

with deferred_imports(globals()):
    import polars as pl

    from tracker.answers.bases import BaseRow
    from tracker.answers.boards import EditionInfo, Leaderboard, PairedDifference
    from tracker.answers.checking import CheckedText
    from tracker.answers.choices import Choice
    from tracker.answers.contamination import Contamination
    from tracker.answers.coverage import Coverage, Proposal
    from tracker.answers.frontier import CatchUp, FrontierSpan
    from tracker.answers.health import (
        Finding,
        Gap,
        ReceiptLine,
        SourceStatus,
        SuspectScore,
        UpdateRun,
    )
    from tracker.answers.history import Change, HistoryPoint, Leader, Why
    from tracker.answers.lineage import Lineage
    from tracker.answers.methods import Dataset, Hit, Paper, Technique
    from tracker.answers.models import Claim, EvidenceLine
    from tracker.answers.organisations import Organisation
    from tracker.answers.summaries import ModelSummary
    from tracker.answers.tasks import Task, TaskInfo


def _why(language: str) -> Table:
    return Table(
        Why,
        f"model model_now board as_of reasons.kind reason=reasons.text.{language}"
        f" remedy=reasons.remedy.{language} reasons.day reasons.commit reasons.url"
        " reasons.message reasons.tasks listed rank",
        each="reasons",
    )


TABLES: dict[str, Table] = {
    "boards": Table(
        EditionInfo,
        "series edition=name slug title_en=title.en title_zh=title.zh source task_type n_tasks"
        " n_rows first_at last_at archived current",
    ),
    "leaderboard": Table(
        Leaderboard,
        "rows.rank rows.place rows.printed_rank rows.model rows.model_now rows.points"
        " rows.mean_task rows.mean_task_type rows.mean_common rows.mean_public"
        " rows.mean_private rows.task_types"
        " rows.n_tasks rows.n_tasks_total rows.partial rows.zero_shot_pct rows.declares_training"
        " as_of published_at origin registry edition=edition.name rows.label rows.organisation"
        " rows.parameters rows.active_parameters rows.embedding_dimensions rows.max_tokens"
        " rows.licence rows.licence_link rows.open_weights rows.release_date rows.since rows.copies"
        " rows.interval.rank_low rows.interval.rank_high rows.interval.mean_low"
        " rows.interval.mean_high rows.interval.tie_first rows.interval.tie_last"
        " next_difference=rows.to_next.difference next_low=rows.to_next.low"
        " next_high=rows.to_next.high next_ahead=rows.to_next.n_ahead"
        " next_behind=rows.to_next.n_behind next_tasks=rows.to_next.n_tasks rows.finetunes",
        each="rows",
    ),
    "choose": Table(
        Choice,
        "rows.place rows.rank rows.model rows.score rows.task_types rows.on_size_front"
        " rows.on_storage_front rows.parameters rows.embedding_dimensions rows.storage_gb"
        " rows.memory_mb rows.max_tokens rows.licence rows.open_weights rows.release_date"
        " rows.dropped conditions=rows.reasons.condition as_of edition=edition.name rows.label",
        each="rows",
    ),
    "difference": Table(
        PairedDifference,
        "model other board as_of difference low high clear n_ahead n_behind n_tasks n_tasks_total",
    ),
    "history": Table(
        HistoryPoint,
        "edition from_at to_at rank mean_task mean_task_type n_tasks edition_slug origin"
        " n_tasks_total model partial points",
    ),
    "frontier": Table(
        FrontierSpan,
        "board limit from_day until_day model parameters mean types board_slug",
    ),
    "catch_up": Table(
        CatchUp,
        "board large_model large_day since_start mean limit model day days board_slug",
    ),
    "leaders": Table(
        Leader,
        "from_day until_day model board unit by reason model_now series board_slug origin"
        " mean_task mean_by partial cause next_model commit commit_url",
    ),
    "changes": Table(
        Change,
        "series edition kind model model_now slug from_rank to_rank from_value to_value at cause"
        " commits.commit commits.message",
    ),
    "why": _why("en"),
    "check": Table(
        CheckedText,
        "statements.start statements.end statements.statement statements.kind statements.model"
        " statements.board claimed=statements.claimed_text actual=statements.actual_text"
        " statements.verdict days=statements.periods statements.link statements.reason",
        each="statements",
    ),
    "models": Table(
        ModelSummary,
        "model=name organisation parameters embedding_dimensions max_tokens licence licence_link"
        " release_date first_seen_at n_boards n_facts papers",
    ),
    "organisations": Table(
        Organisation, "slug name=name.en name_zh=name.zh kind parent n_models owners aliases parts"
    ),
    "lineage": Table(
        Lineage,
        "model relatives.direction relatives.distance relative=relatives.model relatives.kind"
        " relatives.through relatives.said_by relatives.source",
        each="relatives",
    ),
    "inherited": Table(
        Lineage,
        "model inherited.dataset inherited.of_model inherited.distance inherited.said_by"
        " inherited.tasks",
        each="inherited",
    ),
    "evidence": Table(
        EvidenceLine,
        "property value kind confidence state conflict decision quote section source date rule"
        " extractor",
    ),
    "claims": Table(
        Claim,
        "model task split subset self_reported measured difference present self_reported_until"
        " self_reported_mteb_version measured_revision measured_until measured_mteb_version"
        " self_reported_at=self_reported_commit.at"
        " self_reported_commit=self_reported_commit.commit"
        " measured_at=measured_commit.at measured_commit=measured_commit.commit",
    ),
    "papers": Table(Paper, "arxiv_id title published version venue withdrawn n_models"),
    "unmatched": Table(
        Paper,
        "arxiv_id published title proposed.model proposed.reason proposed.strength url",
        each="proposed",
        keep_empty=True,
    ),
    "datasets": Table(
        Dataset,
        "slug name kind what=what.en what_zh=what.zh size=size.en languages=languages.en paper"
        " n_models n_curated n_tasks source confidence",
    ),
    "techniques": Table(
        Technique,
        "term.group term.slug label=term.label.en label_zh=term.label.zh n_models first_seen"
        " first_model top20 models=uses.model term.paper first_on_boards top50",
    ),
    "bases": Table(BaseRow, "base depth model parent ranks best"),
    "tasks": Table(
        TaskInfo,
        "name type metric public languages domains modalities n_boards boards=board_names dataset"
        " revision reference adapted_from superseded_by splits subsets slug registry",
    ),
    "task": Table(
        Task,
        "rows.rank rows.model rows.model_now rows.score rows.exposure rows.parameters rows.licence"
        " rows.open_weights rows.since rows.label task=info.name as_of",
        each="rows",
    ),
    "contamination": Table(
        Contamination,
        "rows.rank rows.model rows.model_now rows.declares_training rows.n_itself rows.n_base"
        " rows.n_sibling rows.n_none rows.n_undeclared rows.mean_task rows.mean_untrained"
        " rows.n_untrained rows.untrained_share rows.rank_untrained rows.label"
        " edition=edition.name as_of registry",
        each="rows",
    ),
    "contamination --cells": Table(
        Contamination,
        "cells.model cells.task cells.exposure cells.base cells.receipt edition=edition.name as_of",
        each="cells",
    ),
    "search": Table(
        Hit, "kind key title=title.en title_zh=title.zh about=about.en about_zh=about.zh"
    ),
    "coverage": Table(
        Coverage,
        "counts.group counts.property models=counts.n counts.documented counts.not_documented"
        " counts.unknown counts.documented_pct counts.answered_pct",
        each="counts",
    ),
    "proposals": Table(Proposal, "model lack missing ready boards"),
    "status": Table(
        SourceStatus,
        "source title licence home last_success last_failure failure data_until snapshots rejected"
        " rows state failing_since missed_days",
    ),
    "runs": Table(UpdateRun, "started finished command outcome new failed reason"),
    "gaps": Table(Gap, "source since until days state reason"),
    "doctor": Table(Finding, "check severity place message remedy"),
    "lint": Table(
        SuspectScore,
        "rule task model split subset value expected reason path mteb_version since commit url"
        " source reason_zh model_now",
    ),
    "curate verify": Table(
        ReceiptLine,
        "model property value kind source locator state read_on position found_at reason",
    ),
}
"""Frames by the name of the method and command that gives them."""


def frame_of(name: str, answers: Iterable[Any], **fields: Iterable[str]) -> pl.DataFrame:
    """Lay out typed answers as the frame of a command; see ``Table.frame``."""
    return TABLES[name].frame(answers, **fields)


def listing_of(name: str, answers: Iterable[Any], **fields: Iterable[str]) -> Listing:
    """Lay out typed answers as the plain columns of a command; see ``Table.listing``."""
    return TABLES[name].listing(answers, **fields)


def why_frame(found: Why, language: str) -> pl.DataFrame:
    """Reasons why a model is not on a board, in ``en`` or ``zh``, one row each."""
    return _why(language).frame([found])
