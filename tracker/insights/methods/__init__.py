"""Methods: techniques, datasets, papers, evidence and their coverage."""
