"""References to papers, in the formats that reference managers read."""
