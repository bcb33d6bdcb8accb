"""Append-only archive of fetched bytes, each with a record of its origin."""
