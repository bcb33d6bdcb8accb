"""Push an export to a data set repository of the Hugging Face Hub."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tracker.errors import SourceError, UsageError, missing_package, one_line
from tracker.settings import Settings

_TARGET = re.compile(r"hf://(?:datasets/)?([\w.-]+/[\w.-]+)/?")


def parse_target(target: str) -> str:
    """Return the repository of ``hf://owner/name``.

    Raises:
        UsageError: The address has another form.
    """
    match = _TARGET.fullmatch(target)
    if match is None:
        raise UsageError(f"cannot push to {target!r}", remedy="write hf://OWNER/NAME")
    return match[1]


def push(folder: Path, files: Sequence[str], target: str, settings: Settings) -> str:
    """Upload files in one commit; the repository is created if it does not exist.

    Args:
        folder: The export.
        files: Paths of its files.
        target: ``hf://owner/name``.
        settings: Address of the Hub. The token is the one of ``hf auth login`` or ``HF_TOKEN``.

    Returns:
        Address of the commit.

    Raises:
        UsageError: The address is wrong, the package is missing, or the tracker is offline.
        SourceError: The Hub refuses or cannot be reached.
    """
    name = parse_target(target)
    settings.check_online(target)
    try:
        from huggingface_hub import CommitOperationAdd, HfApi
    except ModuleNotFoundError as error:
        raise missing_package(error.name, "hub") from None
    api = HfApi(endpoint=settings.hub_url)
    # An earlier push may have left files that this export does not have.
    operations = [
        CommitOperationAdd(path_in_repo=path, path_or_fileobj=folder / path) for path in files
    ]
    try:
        api.create_repo(name, repo_type="dataset", exist_ok=True)
        done = api.create_commit(
            name, operations, repo_type="dataset", commit_message="Write the exported catalog again"
        )
    except Exception as error:  # of the client and of the libraries under it
        raise SourceError(
            "hub",
            f"cannot push to {name}: {one_line(error)[:300]}",
            remedy="is HF_TOKEN set, with the right to write?",
        ) from None
    return str(done.commit_url)
