"""Single tasks: what they are, who leads them, and who was trained on them."""
