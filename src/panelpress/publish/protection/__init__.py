"""Protects the tiers of a release with all that was published before, and tells what it cost."""
