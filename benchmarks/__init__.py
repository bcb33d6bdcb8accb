"""Repeatable measurements: what a demand costs, as a ratio to its floor or peer, in one run."""
