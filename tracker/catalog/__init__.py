"""The catalog: an SQL database derived from the archive, the clones and the curated files."""
