"""Fetch from sources into the archive, and load the archive into the catalog."""
