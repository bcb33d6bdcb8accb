"""Build the site: content, worker processes, layouts from MkDocs, and the cache."""
