"""Typed answers: frozen dataclasses shared by the Python API, the pages and the command line.

Scores are percent (0 to 100), unrounded. Moments are UTC text (``YYYY-MM-DDTHH:MM:SSZ``), days are
``YYYY-MM-DD``. Missing is ``None``. ``tracker.answers.frames`` derives polars frames from them.
"""
