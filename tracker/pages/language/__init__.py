"""Site words in every language, and the template filters that format values."""
