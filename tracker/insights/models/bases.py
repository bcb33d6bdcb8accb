"""What each model was made from, as far as the catalog knows both."""

from __future__ import annotations

from tracker.insights.models.model import read_facts
from tracker.insights.models.names import read_names
from tracker.insights.models.registered import read_registered_properties
from tracker.insights.reader import Reader, memoised


@memoised
def read_bases(reader: Reader) -> dict[str, tuple[str, ...]]:
    """Public ids of the models that a model was made from, by its public id.

    A fact counts before what the registry declares. Only models that the catalog knows; texts that
    name no model are left out.
    """
    names = {id_: row.name for id_, row in read_names(reader).items()}
    spelled = {name.casefold(): name for name in names.values()}
    stated = {
        names[model]: [fact.value for fact in facts if fact.property == "base_model"]
        for model, facts in read_facts(reader).items()
    }
    for name, known in read_registered_properties(reader).items():
        if not stated.get(name) and (declared := known.get("adapted_from")):
            stated[name] = [declared]
    found = {}
    for name, values in stated.items():
        bases = dict.fromkeys(spelled.get(value.casefold(), name) for value in values)
        found[name] = tuple(base for base in bases if base != name)
    return found
