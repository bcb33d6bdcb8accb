"""Helpers without a subject of their own: times, progress, text, and shipped folders."""
