"""Export the catalog: tables, frames, feeds, notes, curated files, starter; and backups."""
