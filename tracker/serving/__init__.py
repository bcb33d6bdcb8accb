"""Servers over the catalog: tools for language models, and the site with a JSON API."""
