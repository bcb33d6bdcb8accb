"""The result files of a moment, and findings in them as answers."""

from __future__ import annotations

from tracker.answers.common import Bilingual
from tracker.answers.health import SuspectScore
from tracker.catalog.results.queries import ScoreFile, has_results, present_score_files
from tracker.errors import NoDataError
from tracker.insights.reader import Folders, Reader, memoised
from tracker.ranking.suspect_rules import Rule, RuleBook


@memoised
def files_at(reader: Reader, at: str) -> tuple[ScoreFile, ...]:
    """Read the files with scores of a moment, by task and path.

    Raises:
        NoDataError: The catalog has no result files.
    """
    if not has_results(reader.connection):
        raise NoDataError(
            "the catalog has no result files", remedy="run: tracker fetch result-files, then load"
        )
    return tuple(present_score_files(reader.connection, at))


@memoised
def read_rule_book(reader: Reader) -> RuleBook:
    """Read excluded tasks and evaluator errors from the curated folder."""
    # Other questions need no curated files, and their records take long to import.
    from tracker.curated.suspects import read_suspects_file

    return read_suspects_file(folders_of(reader).curated).rule_book()


def folders_of(reader: Reader) -> Folders:
    """Where the files lie that a reader of suspect scores needs."""
    assert reader.folders is not None, "the reader was opened without folders"
    return reader.folders


def suspect(
    rule: Rule,
    file: ScoreFile,
    reason: Bilingual,
    split: str = "",
    subset: str = "",
    *,
    value: float | None = None,
    expected: float | None = None,
    source: str | None = None,
    cells: tuple[tuple[str, str], ...] | None = None,
) -> SuspectScore:
    """Make the answer for a finding in a file; without a subset it is about the whole file.

    ``cells`` are the splits and subsets that it is about, where they are several but not all.
    """
    if cells is None:
        cells = ((split, subset),) if split else ()
    return SuspectScore(
        rule=rule,
        task=file.task,
        model=file.model,
        split=split,
        subset=subset,
        value=value,
        expected=expected,
        reason=reason.en,
        reason_zh=reason.zh,
        path=file.path,
        mteb_version=file.mteb_version,
        since=file.valid_from,
        commit=file.commit,
        url=file.url,
        source=source,
        content_id=file.content_id,
        model_now=file.model,
        cells=cells,
    )
