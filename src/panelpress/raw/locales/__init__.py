"""Locale packs: what identifiers look like in one country or language, and the control sums of documents. Read by
``detectors.locale``."""
