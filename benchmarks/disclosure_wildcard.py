"""Local suppression as sdcMicro reads it, for comparison only: a star matches anything, so each row may be starred on its own.

panelpress never releases on this reading: whoever counts exact tuples finds rows that stand alone (``benchmarks/README.md``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from disclosure_score import STAR, Row


def star_rows(rows: Sequence[Row], k: int) -> list[Row]:
    """The rows, each with the fewest stars at which ``k`` rows agree with it. Stars of other rows only add matches, so what is
    enough before they are set is enough after."""
    width = len(rows[0])
    sizes = Counter(rows)
    starred: dict[Row, Row] = {row: row for row, n in sizes.items() if n >= k}
    waiting = [row for row, n in sizes.items() if n < k]
    for stars in range(1, width + 1):
        for hidden in combinations(range(width), stars):
            kept = [place for place in range(width) if place not in hidden]
            seen: Counter[Row] = Counter()
            for row, n in sizes.items():
                seen[tuple(row[place] for place in kept)] += n
            for row in waiting:
                if row not in starred and seen[tuple(row[place] for place in kept)] >= k:
                    starred[row] = tuple(STAR if place in hidden else value for place, value in enumerate(row))
        waiting = [row for row in waiting if row not in starred]
    return [starred[row] for row in rows]
