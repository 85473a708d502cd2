"""How intake prints counts of people: exactly only where they are no small group."""

from __future__ import annotations

K = 11


def few(n: int) -> str:
    """``n`` as text; fewer than ``K`` people, but more than none, as ``< 11``."""
    return f"< {K}" if 0 < n < K else str(n)
