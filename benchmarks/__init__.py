"""Repeatable measurements of requirements, each as a ratio to a floor or a peer."""
