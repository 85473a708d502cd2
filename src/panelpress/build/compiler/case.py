"""Writes CASE expressions so that they are read like a table: one arm a line."""

from __future__ import annotations

from collections.abc import Sequence


def case(arms: Sequence[tuple[str, str]], otherwise: str | None = None) -> str:
    """CASE with ``arms`` (condition, result); ``otherwise`` (default: a NULL text) where there is no arm."""
    if not arms:
        return otherwise or "CAST(NULL AS VARCHAR)"
    lines = [f"WHEN {test} THEN {given}" for test, given in arms]
    lines += [f"ELSE {otherwise}"] if otherwise else []
    if len(lines) == 1:
        return f"CASE {lines[0]} END"
    return "CASE\n" + "\n".join(f"  {line}" for whole in lines for line in whole.split("\n")) + "\nEND"
