"""Immutable versions: written whole, put in place by one rename, listed by hash, remembered in the ledger."""
