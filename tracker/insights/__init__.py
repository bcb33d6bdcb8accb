"""Insights: answers computed from several rows of the catalog, each read through a ``Reader``."""
