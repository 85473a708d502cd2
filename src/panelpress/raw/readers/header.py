"""Column names from a header row: stripped of what cannot be seen, never blank, never twice. Every change is reported.

Not a judge of names: what a column means is said in the contract.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from panelpress.model.delivery import Repair

INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
BREAKS = re.compile(r"\s*[\r\n]+\s*")
BLANKS = re.compile(r"[\s\u00a0]+")


def tidy(text: str) -> str:
    """``text`` without invisible characters, line ends and doubled blanks."""
    return BLANKS.sub(" ", BREAKS.sub(" ", INVISIBLE.sub("", text))).strip()


def column_names(header: Sequence[str]) -> tuple[tuple[str, ...], tuple[Repair, ...]]:
    """Unique, non-blank names for the cells of ``header``, and what was done to get them.

    A blank cell becomes ``column_<position>``; the second ``q1`` becomes ``q1__2``."""
    repairs: list[Repair] = []
    names = [tidy(cell) for cell in header]
    _report(
        repairs,
        "newline_in_header",
        "header cells held line ends, now blanks",
        sum(1 for cell in header if BREAKS.search(cell.strip())),
    )
    _report(
        repairs,
        "invisible_in_header",
        "header cells held invisible characters (U+FEFF and the like), now removed",
        sum(1 for cell in header if INVISIBLE.search(cell)),
    )
    blank = [index for index, name in enumerate(names) if not name]
    for index in blank:
        names[index] = f"column_{index + 1}"
    _report(
        repairs,
        "blank_header",
        "header cells were blank; the columns are called by their position",
        len(blank),
        names[blank[0]] if blank else None,
    )
    return _unique(names, repairs), tuple(repairs)


def _unique(names: Sequence[str], repairs: list[Repair]) -> tuple[str, ...]:
    taken = set(names)
    seen: Counter[str] = Counter()
    result: list[str] = []
    for name in names:
        seen[name] += 1
        if seen[name] == 1:
            result.append(name)
            continue
        number = seen[name]
        while (candidate := f"{name}__{number}") in taken:
            number += 1
        taken.add(candidate)
        result.append(candidate)
    for name, n in seen.items():
        if n > 1:
            repairs.append(
                Repair(
                    "duplicate_header",
                    "the same header stands over several columns; the later ones got a number",
                    n - 1,
                    column=name,
                )
            )
    return tuple(result)


def _report(repairs: list[Repair], code: str, message: str, n: int, column: str | None = None) -> None:
    if n:
        repairs.append(Repair(code, message, n, column=column))
