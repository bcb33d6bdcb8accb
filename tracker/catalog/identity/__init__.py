"""Identity of models: copies, renames, and queries on why a model is missing from a board."""
