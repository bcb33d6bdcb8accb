"""Health: source status and data findings."""
