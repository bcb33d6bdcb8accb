"""Build page contexts from the catalog's answers: one module per kind of page."""
