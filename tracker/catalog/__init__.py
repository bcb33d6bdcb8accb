"""The catalog: one SQL database derived from the archive, the clones and the curated files."""
