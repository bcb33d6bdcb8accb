"""Shared helpers: times, progress callbacks, names and slugs, paths of shipped folders."""
