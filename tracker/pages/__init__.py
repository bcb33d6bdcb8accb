"""The static site: page contexts, templates, data files, and the MkDocs run that joins them."""
