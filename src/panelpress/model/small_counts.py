"""How counts of people are told: never exactly where they, or those who are left, are fewer than ``k``."""

from __future__ import annotations


def shown(n: int, k: int, of: int | None = None) -> str:
    """``n`` people as text: ``0``, ``< k``, ``all but < k`` (of ``of``), or the number."""
    if 0 < n < k:
        return f"< {k}"
    if of is not None and 0 < of - n < k and n > 0:
        return f"all but < {k}"
    return str(n)
