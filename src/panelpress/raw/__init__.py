"""Receives deliveries: reads platform exports, removes identifiers, keeps the registry."""
