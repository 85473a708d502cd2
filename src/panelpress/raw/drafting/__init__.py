"""Drafts of declarations from described deliveries: contracts, waves, crosswalk. Every draft says what a person has to decide."""
