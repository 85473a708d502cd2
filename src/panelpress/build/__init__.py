"""Turns de-identified waves into harmonized tables and protects the linked history."""
