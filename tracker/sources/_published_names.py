"""Names on the published boards: which model a line stands for, and which task a column."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

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


def model_id(link: str, label: str) -> str:
    """Public id of the model behind a line: organisation from the link, name as displayed.

    The display text alone is no key (58 names belong to several organisations), nor is the link
    (variants share a repository).
    """
    parts = urlsplit(link)  # may say that the address is none
    path = [part for part in parts.path.split("/") if part]
    host = parts.netloc.lower()
    if host in ("huggingface.co", "github.com") and path and path[0] != "spaces":
        organisation = _BARE_IDS.get(label, "unknown") if len(path) == 1 else path[0]
    else:
        organisation = _HOSTS.get(host, "unknown")
    return f"{organisation}/{label}"
