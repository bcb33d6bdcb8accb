"""Knowledge of methods: curated facts, papers, datasets, and statements extracted from texts."""
