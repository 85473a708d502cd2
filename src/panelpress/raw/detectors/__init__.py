"""Detectors: a tripwire for direct identifiers in every column of a delivery, also those declared harmless.

A tripwire is no guarantee: what keeps identifiers out is that only declared columns come in and that open text is not released.
Start at ``scan``.
"""
