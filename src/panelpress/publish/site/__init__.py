"""Serves releases through Datasette: what a visitor sees, and what a hostile visitor cannot do."""
