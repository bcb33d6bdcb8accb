"""Which small model with open weights is best for retrieval, on the multilingual board?"""

import sys

import tracker

board = sys.argv[1] if len(sys.argv) > 1 else "mteb-multilingual"

with tracker.open() as catalog:
    choice = catalog.choice(board, type="Retrieval=2,STS", max_parameters="1B", open_weights=True)

print(f"{choice.edition.name}, {choice.as_of[:10]}: {choice.explained.en}")
for model in choice.models[:10]:
    front = "  (nothing smaller is as good)" if model.on_size_front else ""
    size = f"{model.parameters / 1e6:.0f}M" if model.parameters else "size not known"
    print(f"{model.place:>3}  {model.score:.2f}  {model.model}, {size}{front}")

# A model whose size is not known is left out: nothing is guessed.
unknown = [each for each in choice.dropped if any(why.kind == "unknown" for why in each.reasons)]
print(f"{len(choice.dropped)} models dropped out, {len(unknown)} because something is not known.")
