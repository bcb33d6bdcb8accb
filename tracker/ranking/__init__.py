"""Ranking as pure functions, without database, clock or network."""
