"""What the catalog knows of one model apart from its ranks."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.answers.models import Fact, MetadataValue, PaperLink
from tracker.catalog import queries
from tracker.common.vocabulary import NOT_DOCUMENTED
from tracker.insights.models.metadata import newest_values, read_fixes
from tracker.insights.models.model import read_facts, read_paper_links
from tracker.insights.models.names import read_former, read_names
from tracker.insights.reader import Reader, memoised
from tracker.sources.published_boards import HEADER as PUBLISHED


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """Metadata, facts and papers of a model under all its names."""

    name: str
    names: tuple[str, ...]
    """Public ids, the present one first."""
    metadata: tuple[MetadataValue, ...]
    facts: tuple[Fact, ...]
    papers: tuple[PaperLink, ...]

    @property
    def page(self) -> str:
        """Address of the model on the Hugging Face Hub."""
        return f"https://huggingface.co/{self.name}"

    def values(self, *properties: str) -> dict[str, str]:
        """Everything that is known of some properties: address of the receipt by value."""
        found: dict[str, str] = {}
        for fact in self.facts:
            if fact.property in properties and fact.value != NOT_DOCUMENTED:
                found.setdefault(fact.value, fact.evidence[0].link if fact.evidence else self.page)
        for known in self.metadata:
            if known.property in properties and known.value is not None:
                if found and known.source == PUBLISHED.id:
                    continue  # sizes on the archived boards are unreliable
                found.setdefault(str(known.value), known.url or self.page)
        return found


@memoised
def read_record(reader: Reader, model: int) -> ModelRecord:
    """Read what is known of a model, also under its former names."""
    names = read_names(reader)
    family = (model, *sorted(read_former(reader).get(model, ())))
    records = [row for id_ in family for row in queries.all_model_records(reader.connection, id_)]
    name = names[model].name
    return ModelRecord(
        name,
        tuple(names[id_].name for id_ in family),
        newest_values(records, read_fixes(reader).get(name, {})),
        tuple(fact for id_ in family for fact in read_facts(reader, id_).get(id_, ())),
        tuple(link for id_ in family for link in read_paper_links(reader, id_).get(id_, ())),
    )
