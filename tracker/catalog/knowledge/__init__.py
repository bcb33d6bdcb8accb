"""Methods: curated facts, papers, datasets, and what was read out of texts."""
