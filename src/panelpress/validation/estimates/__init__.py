"""Recomputes the numbers that documents print from a database of responses, and says which of them hold."""
