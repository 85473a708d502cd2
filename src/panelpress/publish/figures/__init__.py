"""Figures of a release: cells computed from its own tables, drawn to SVG and PNG that are the same on every machine."""
