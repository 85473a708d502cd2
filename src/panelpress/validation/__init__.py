"""Refuses what must not be seen: structure, panel rules, expectations, attacks, the gate."""
