"""Export the catalog: tables, frames, feeds, notes, curated files and the bundled starter."""
