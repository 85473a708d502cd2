"""How intake prints counts of people: exactly only where they are no small group."""

from __future__ import annotations

from panelpress.model.small_counts import shown

K = 11


def few(n: int) -> str:
    """``n`` as text; fewer than ``K`` people, but more than none, as ``< 11``."""
    return shown(n, K)
