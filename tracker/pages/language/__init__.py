"""Words of both languages, and the filters that format values."""
