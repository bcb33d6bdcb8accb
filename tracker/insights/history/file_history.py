"""Read the history of result files for the rules in ``tracker.insights.history.causes``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import orjson

from tracker.catalog.results import changes as result_changes
from tracker.catalog.results.queries import first_result_at
from tracker.insights.history.causes import MASS_FILES, MASS_MODELS, Cells, History, Version
from tracker.insights.reader import Reader


class _StoredCells(Mapping[int, Cells]):
    """Scores of file contents by id, decoded on access: most are only looked up."""

    def __init__(self, stored: dict[int, tuple[str, str]]) -> None:
        self._stored = stored

    def __getitem__(self, content: int) -> Cells:
        cells, scores = self._stored[content]
        names = (tuple(cell) for cell in orjson.loads(cells))
        return dict(zip(names, orjson.loads(scores), strict=True))

    def __iter__(self) -> Iterator[int]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def __contains__(self, content: object) -> bool:
        return content in self._stored


def read_file_history(
    reader: Reader, since: str, until: str, tasks: Sequence[str] | None = None
) -> History | None:
    """Read all versions that explain the events of a window; ``None`` without result files.

    Args:
        reader: The open catalog.
        since: The window begins after this moment.
        until: Its end.
        tasks: Only events of results of these tasks have to be explained; all by default.
    """
    first_at = first_result_at(reader.connection)
    if first_at is None:
        return None
    rows = result_changes.versions(reader.connection, since, until, tasks)
    versions = [Version(*row) for row in rows]
    in_window = [
        v for v in versions if since < v.since <= until or (v.until and since < v.until <= until)
    ]
    files = {v.file for v in in_window}
    wanted = {v.content for v in versions if v.file in files}
    return History(
        versions,
        _StoredCells(
            {
                id_: (cells, scores)
                for id_, cells, scores in result_changes.contents(reader.connection, wanted)
            }
        ),
        result_changes.beginnings(
            reader.connection, {v.model for v in in_window if v.since > since}
        ),
        {
            at
            for at, n_files, n_models in result_changes.endings(reader.connection, since, until)
            if n_files >= MASS_FILES or n_models >= MASS_MODELS
        },
        first_at,
    )
