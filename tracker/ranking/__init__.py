"""Ranking as pure functions: no database, no clock."""
