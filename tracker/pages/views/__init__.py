"""Page contexts: one module a kind of page."""
