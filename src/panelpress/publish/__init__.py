"""Writes, compares, documents and serves immutable releases."""
