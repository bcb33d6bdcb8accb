"""Raw result files and the registries that say what makes a board of them."""
