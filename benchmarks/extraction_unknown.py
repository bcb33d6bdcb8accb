"""What the extractor says of models that the catalog does not know, for a person to judge.

``python -m benchmarks.extraction_unknown CLONE`` reads a clone of the repository of cards that
``extraction_texts.yaml`` names :data:`CARDS`: those that Sentence Transformers can load and whose
model is neither curated nor of a family of the development list, in an order that a seed fixes.
The first :data:`LEARNED` of them taught rules; what is said of the others was only judged. There
is no curated truth here, so precision alone can be told, and no recall.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.extraction import PROPERTIES
from benchmarks.extraction_texts import read_list
from tracker.catalog.knowledge.candidates import cue_extractor
from tracker.common.paths import resource
from tracker.curated import read_curated
from tracker.evidence.card_metadata import front_candidates
from tracker.evidence.markdown import card_document
from tracker.sources import model_cards

CARDS = "YinanWusoymilk/hf-readme"
FOLDER = "training_and_application/readme_files/"
LEARNED = 60
_FAMILIES = (
    "intfloat_", "BAAI_", "Snowflake_", "Alibaba-NLP_", "McGill-NLP_", "hkunlp_", "Salesforce_",
    "moka-ai_", "DMetaSoul_", "nomic-ai_", "nvidia_", "thenlper_", "jinaai_jina-embeddings-v3",
)  # fmt: skip
_FRONT = re.compile(r"\s*---\n(.*?)\n---", re.DOTALL)
_LOADABLE = re.compile(r"sentence-similarity|sentence-transformers")


def cards(clone: str, known: set[str]) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the cards to read.

    Args:
        clone: Folder of the clone.
        known: Names of curated models as the repository writes them, in lower case.
    """
    commit = next(
        place.partition("@")[2]
        for place in read_list()["repositories"].values()
        if place.startswith(CARDS)
    )
    git = ["git", "-C", clone]
    listed = [*git, "-c", "core.quotepath=off", "ls-tree", "-r", "--name-only", commit, FOLDER]
    found = []
    for path in subprocess.check_output(listed, text=True).splitlines():
        name = path.removeprefix(FOLDER).removesuffix(".md")
        if not path.endswith(".md") or name.casefold() in known:
            continue
        body = subprocess.check_output([*git, "show", f"{commit}:{path}"]).replace(b"\r\n", b"\n")
        front = _FRONT.match(body.decode("utf-8", errors="replace"))
        if front and _LOADABLE.search(front[1]):
            found.append((name, body))
    found.sort(key=lambda card: f"{card[0]}.md")
    random.Random(20261125).shuffle(found)
    yield from (card for card in found if not card[0].startswith(_FAMILIES))


def main() -> None:
    """Print every answer of high or medium confidence."""
    if len(sys.argv) != 2:
        sys.exit("name a clone: python -m benchmarks.extraction_unknown CLONE")
    curated = read_curated(resource("db/curated"))
    extractor = cue_extractor(curated)
    # Two models have moved to another organisation since.
    known = {model.name.replace("/", "_").casefold() for model in curated.models}
    known |= {name.replace("novasearch_", "dunzhang_") for name in known}
    for number, (name, body) in enumerate(cards(sys.argv[1], known), 1):
        model = name.replace("_", "/", 1)
        card = model_cards.parse_card(name, body)
        said = [*front_candidates(model, name, card.front)]
        said += extractor.extract(card_document(model, name, card.text))
        part = "learned" if number <= LEARNED else "judged"
        for one in said:
            if one.confidence != "low" and one.property in PROPERTIES:
                print(f"{part}: {model}: {one.property} = {one.value} [{one.rule}]: {one.quote}")


if __name__ == "__main__":
    main()
