"""Boards at a moment: the query, the edition and state it means, and the rows."""
