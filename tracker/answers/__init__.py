"""Typed answers: frozen dataclasses shared by the Python API, the pages and the command line."""
