"""Identity of models: copies, renames, and why a model is missing."""
