"""Build a site: workers, caches, MkDocs, and the final folder."""
