"""One model: names, metadata, claims, comparison, and why it is missing."""
