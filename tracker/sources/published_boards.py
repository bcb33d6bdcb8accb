"""The leaderboard as it was published from 2024-07-07 to 2025-02-04, from its git history.

The repository holds one JSON Lines file per table; its first-parent history is the history of
what readers saw. The source stands still since 2025-02-04 and is shown as archived.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson

from tracker import git
from tracker.errors import SourceError
from tracker.records import (
    BoardRow,
    BoardState,
    Edition,
    Listing,
    ModelRecord,
    SourceHeader,
    Standing,
)

HEADER = SourceHeader(
    id="published-boards",
    title="MTEB leaderboard as published 2024-07 to 2025-02",
    licence="none stated: facts and links only",
    home="https://github.com/embeddings-benchmark/leaderboard",
    politeness="one git fetch a run",
    refresh_hours=24 * 365,
)
FOLDER = "boards_data"
_WINDOW = "tracker-window.json"
ARCHIVED_SINCE = "2025-02-04T10:24:11Z"
"""Commit ae7c5d4e, which put the notice of archiving on the board."""

_PATH = re.compile(r"boards_data/([^/]+)/(?:data_overall|data_tasks/([^/]+))/default\.jsonl")
_ANCHOR = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*)</a>', re.DOTALL)
_AVERAGE = re.compile(r"(?:(.+) )?Average \((\d+) datasets\)")
# A restricted mirror of the repository rewrites its commits and names the original in its message.
_ORIGINAL_COMMIT = re.compile(r"source commit ([0-9a-f]{40})\b")

# Everything left of the model's name is the rank and leftovers of pandas that change every run;
# what is right of it identifies the values, so equal tails are parsed once.
_MODEL_KEY = b'"Model":'
_RANK_KEY = b'"Rank":'
_SIZE = "Model Size (Million Parameters)"
_MEMORY = "Memory Usage (GB, fp32)"
_DIMENSIONS = "Embedding Dimensions"
_TOKENS = "Max Tokens"
_PROPERTIES = {_SIZE, _MEMORY, _DIMENSIONS, _TOKENS}

# Organisations behind documentation pages that the board linked instead of a Hub repository.
_HOSTS = {
    "openai.com": "openai",
    "platform.openai.com": "openai",
    "docs.voyageai.com": "voyageai",
    "cloud.google.com": "google",
    "docs.mistral.ai": "mistralai",
    "www.elastic.co": "elastic",
    "docs.aws.amazon.com": "amazon",
    "help.aliyun.com": "aliyun",
    "platform.baichuan-ai.com": "baichuan-ai",
}
# Hub ids without an organisation, as the Hub resolves them today.
_BARE_IDS = {
    "bert-base-uncased": "google-bert",
    "xlm-roberta-base": "FacebookAI",
    "xlm-roberta-large": "FacebookAI",
}

# Names of tasks whose spelling changed while the task stayed the same (2024-07-11, 2024-09-13).
_RENAMED_TASKS = {
    "PawsX (fr)": "PawsXPairClassification (fr)",
    **{
        f"{task} (rus-Cyrl)": f"{task} (ru)"
        for task in (
            "MassiveIntentClassification",
            "MassiveScenarioClassification",
            "MIRACLReranking",
            "MIRACLRetrieval",
            "STS22",
        )
    },
}
_RUSSIAN_SUFFIX = " (rus-Cyrl)"
_CODE_SUFFIX = re.compile(r" \(([^()]*-Code[^()]*)\)$")


class Version(NamedTuple):
    """One version of one table."""

    path: str
    board: str
    task_type: str | None
    commit: str
    """Commit of the published repository."""
    blob: str
    published_at: str


def task_name(printed: str) -> str:
    """A task's present name, whichever of its spellings a version of the board printed."""
    if printed in _RENAMED_TASKS:
        return _RENAMED_TASKS[printed]
    if printed.endswith(_RUSSIAN_SUFFIX):
        return printed.removesuffix(_RUSSIAN_SUFFIX)
    if match := _CODE_SUFFIX.search(printed):
        language = match[1].removesuffix("-Code")
        bare = printed[: match.start()]
        return f"{bare} ({language})" if "_" not in language else bare
    return printed


def edition_name(board: str, task_type: str | None) -> str:
    """Name of a table's edition: ``published/en``, or ``published/en/STS`` for one task type."""
    return f"published/{board}" + (f"/{task_type}" if task_type else "")


def model_id(link: str, label: str) -> str:
    """Public id of the model behind a line: organisation from the link, name as displayed.

    The display text alone is no key (58 names belong to several organisations), nor is the link
    (variants share a repository).
    """
    parts = urlsplit(link)
    path = [part for part in parts.path.split("/") if part]
    host = parts.netloc.lower()
    if host in ("huggingface.co", "github.com") and path and path[0] != "spaces":
        organisation = _BARE_IDS.get(label, "unknown") if len(path) == 1 else path[0]
    else:
        organisation = _HOSTS.get(host, "unknown")
    return f"{organisation}/{label}"


def update(location: str, clone: Path) -> str:
    """Bring the clone up to date with a repository and return the head that was read."""
    head = git.update_clone(HEADER.id, location, clone)
    if not git.file_versions(HEADER.id, clone, FOLDER):
        raise SourceError(
            HEADER.id,
            f"no folder {FOLDER}/ in the history of this repository",
            place=location,
            remedy="give the address of the leaderboard repository",
        )
    return head


def set_window(clone: Path, since: str | None, until: str | None) -> None:
    """Remember which part of the history a fetch asked for; without bounds it is all of it."""
    window = clone / _WINDOW
    if since is None and until is None:
        window.unlink(missing_ok=True)
        return
    unfinished = window.with_suffix(".new")
    unfinished.write_bytes(orjson.dumps([since, until]))
    unfinished.replace(window)


def _window(clone: Path) -> tuple[str | None, str | None]:
    try:
        since, until = orjson.loads((clone / _WINDOW).read_bytes())
    except FileNotFoundError:
        return None, None
    return since, until


def known_versions(clone: Path) -> list[Version]:
    """What the clone holds already; nothing where there is none."""
    return versions(clone) if (clone / "HEAD").is_file() else []


def versions(clone: Path) -> list[Version]:
    """Every published version of every table within the window of the last fetch, oldest first."""
    since, until = _window(clone)
    found = []
    for file in git.file_versions(HEADER.id, clone, FOLDER):
        match = _PATH.fullmatch(file.path)
        if not match or file.blob is None:
            continue
        if (since and file.committed_at < since) or (until and file.committed_at > until):
            continue
        original = _ORIGINAL_COMMIT.match(file.message)
        found.append(
            Version(
                file.path,
                match[1],
                match[2],
                original[1] if original else file.commit,
                file.blob,
                file.committed_at,
            )
        )
    return found


def read_versions(clone: Path, wanted: list[Version]) -> Iterator[tuple[Version, bytes | None]]:
    """The raw bytes of versions, streamed; ``None`` where the clone lacks the object."""
    blobs = [version.blob for version in wanted]
    for version, (_, body) in zip(wanted, git.read_blobs(HEADER.id, clone, blobs), strict=True):
        yield version, body


class TableReader:
    """Reads the versions of one table; a line that stood before is not parsed again.

    Equal lines of different versions give the same objects, so that a caller can compare whole
    boards by identity.
    """

    def __init__(self, board: str, task_type: str | None) -> None:
        self._board = board
        self._task_type = task_type
        self._lines: dict[bytes, tuple[BoardRow, ModelRecord | None]] = {}
        self._editions: dict[tuple[str, ...], tuple[Edition, list[str], str | None]] = {}
        self._rows: dict[BoardRow, BoardRow] = {}
        self._records: dict[ModelRecord, ModelRecord] = {}
        self._columns: tuple[Edition, list[str], str | None] | None = None

    def read(self, body: bytes, place: str) -> BoardState:
        """One version of the table.

        Args:
            body: The file's bytes.
            place: Where they come from, for messages.

        Raises:
            SourceError: A line is not what the board has always printed.
        """
        lines = body.split(b"\n")
        if not lines[-1]:
            lines.pop()
        if not lines:
            raise SourceError(HEADER.id, "the table is empty", place=place)
        columns = self._header(lines[0], place)
        if columns is not self._columns:
            # Other columns give the same tail another meaning.
            self._lines.clear()
            self._columns = columns
        known = self._lines
        rows, records, ranked, ranks = [], [], [], []
        for number, line in enumerate(lines, 1):
            head, _, tail = line.partition(_MODEL_KEY)
            parsed = known.get(tail)
            if parsed is None:
                parsed = known[tail] = self._parse(line, columns, f"{place}:{number}")
            row, record = parsed
            rows.append(row)
            if record is not None:
                records.append(record)
            if row.mean_task is not None:
                ranked.append(row.listing)
                start = head.rfind(_RANK_KEY)
                ranks.append(head[start + len(_RANK_KEY) : -1])
        try:
            numbers = tuple(map(int, ranks))
        except ValueError:
            raise SourceError(HEADER.id, "a line without a rank", place=place) from None
        plain = numbers == tuple(range(1, len(numbers) + 1))
        return BoardState(
            columns[0],
            tuple(rows),
            Standing(tuple(ranked), None if plain else numbers),
            tuple(records),
        )

    def _header(self, line: bytes, place: str) -> tuple[Edition, list[str], str | None]:
        """The edition that a version's columns make, its score columns and its average column."""
        names = tuple(_read_object(line, place))
        if names not in self._editions:
            self._editions[names] = self._edition(names, place)
        return self._editions[names]

    def _edition(self, names: tuple[str, ...], place: str) -> tuple[Edition, list[str], str | None]:
        if "Model" not in names or "Rank" not in names:
            raise SourceError(HEADER.id, "no column Model or Rank", place=place)
        name = edition_name(self._board, self._task_type)
        values = [n for n in names if n not in _PROPERTIES | {"index", "level_0", "Rank", "Model"}]
        if self._task_type:
            columns = [n for n in values if n != "Average"]
            tasks = tuple(sorted(map(task_name, columns)))
            if not tasks or len(set(tasks)) != len(tasks):
                raise SourceError(HEADER.id, "two columns are the same task", place=place)
            edition = Edition(
                HEADER.id, name, "percent", len(tasks), tasks, ((self._task_type, len(tasks)),)
            )
            return edition, columns, "Average" if "Average" in values else None
        averages = {n: _AVERAGE.fullmatch(n) for n in values}
        total = [n for n, match in averages.items() if match and not match[1]]
        if len(total) != 1 or not all(averages.values()):
            raise SourceError(HEADER.id, "unknown columns in an overall table", place=place)
        types = {n: (m[1], int(m[2])) for n, m in averages.items() if m and m[1]}
        n_tasks = sum(count for _, count in types.values())
        edition = Edition(HEADER.id, name, "percent", n_tasks, (), tuple(types.values()))
        return edition, list(types), total[0]

    def _parse(
        self, line: bytes, columns: tuple[Edition, list[str], str | None], place: str
    ) -> tuple[BoardRow, ModelRecord | None]:
        edition, score_columns, average = columns
        fields = _read_object(line, place)
        match = _ANCHOR.fullmatch(str(fields.get("Model")))
        if not match:
            raise SourceError(HEADER.id, "Model is not the expected link", place=place)
        link, label = match[1], match[2]
        listing = Listing(model_id(link, label), label, link)
        try:
            scores = {column: _number(fields[column]) for column in score_columns}
            mean = _number(fields[average]) if average else None
        except (KeyError, ValueError) as error:
            raise SourceError(HEADER.id, f"unexpected value: {error}", place=place) from None
        if self._task_type:
            by_task = {task_name(column): score for column, score in scores.items()}
            if average is None:
                # A table of one task prints no average: its score is the average.
                mean = next(iter(by_task.values()))
            ordered = [by_task[task] for task in edition.tasks]
            row = BoardRow(
                listing,
                mean,
                None,
                None,
                None,
                _json({self._task_type: mean} if mean is not None else {}),
                _json(ordered),
                sum(s is not None for s in ordered),
                None,
                None,
            )
        else:
            means = {
                type_: scores[column]
                for column, (type_, _) in zip(score_columns, edition.task_types, strict=True)
                if scores[column] is not None
            }
            row = BoardRow(
                listing,
                mean,
                None,
                None,
                None,
                _json(means),
                None,
                # The average is blank as soon as one task is, so an average means all tasks.
                edition.n_tasks if mean is not None else None,
                None,
                None,
            )
        properties = {
            name: value
            for name in sorted(_PROPERTIES)
            if (value := _property(fields.get(name))) is not None
        }
        record = ModelRecord(listing, _json(properties)) if properties else None
        row = self._rows.setdefault(row, row)
        if record is not None:
            record = self._records.setdefault(record, record)
        return row, record


def _read_object(line: bytes, place: str) -> dict[str, Any]:
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise SourceError(HEADER.id, f"not a JSON line ({error})", place=place) from None
    if not isinstance(fields, dict):
        raise SourceError(HEADER.id, "not a JSON object", place=place)
    return fields


def _json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _number(value: Any) -> float | None:
    """A score as printed; blank is missing."""
    if value == "" or value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is not a number")
    return float(value)


def _property(value: Any) -> int | float | None:
    """A size, memory, dimension or token count; blank, ``N/A`` and -1 mean that it is unknown."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if not isinstance(value, int | float) or value < 0:
        return None
    return int(value) if float(value).is_integer() else float(value)
