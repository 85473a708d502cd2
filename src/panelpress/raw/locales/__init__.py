"""Locale packs: what identifiers look like in one country or language. Data only; ``detectors.locale`` reads it."""
