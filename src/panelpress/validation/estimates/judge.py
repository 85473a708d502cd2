"""Decides what a recomputed value says about a printed number. Knows no data and no files.

A number that does not hold is *contradicted in print* only where two things meet: the register says to which entry of the list
of inconsistencies the place belongs, and another place prints the same fact with a value that does hold. Anything else that
does not hold is *not reproduced*, or *not carried by the open tier* where the data are those of a release.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from panelpress.model.estimate import Judged, PrintedNumber, Recomputed, Verdict

# Below this two values are the same number; floating point of a share of 10^4 people is exact to 10^-12.
_SAME = 1e-9
# "Up to", "about", "almost": how far beyond the rounding the wording itself still reaches, in units of the rounding.
_WORDING = 2.0


def holds(number: PrintedNumber, found: Recomputed) -> Verdict | None:
    """``reproduced`` or ``within wording`` where the value keeps what the print says, else None."""
    if found.value is None:
        return None
    off, room = found.value - number.value, number.rounding + found.slack + _SAME
    if number.op in ("eq", "approx"):
        if abs(off) <= room:
            return "reproduced"
        return "within wording" if number.op == "approx" and abs(off) <= _WORDING * room else None
    if number.op == "approx_below":
        return "reproduced" if -room <= off < found.slack else None
    if number.op == "le":
        return "reproduced" if abs(off) <= room else ("within wording" if off <= found.slack + _SAME else None)
    if number.op == "ge":
        return "reproduced" if off >= -found.slack - _SAME else None
    return "reproduced" if (off > -found.slack if number.op == "gt" else off < found.slack) else None


def judge(pairs: Iterable[tuple[PrintedNumber, Recomputed]], release: bool = False) -> tuple[Judged, ...]:
    """A verdict for every pair. ``release`` says that the values come from the open tables of a release."""
    first = [_alone(number, found, release) for number, found in pairs]
    return tuple(_contradicted(each, first) for each in first)


def _alone(number: PrintedNumber, found: Recomputed, release: bool) -> Judged:
    verdict = holds(number, found)
    if verdict is not None:
        return Judged(number, found, verdict)
    if number.statistic == "none":
        return Judged(number, found, "not computable", number.note)
    if release:
        why = found.why or "cells removed for protection move it"
        return Judged(number, found, "not carried by the open tier", why)
    if found.value is None:
        return Judged(number, found, "not computable", found.why)
    return Judged(number, found, "not reproduced")


def _contradicted(each: Judged, all_of_them: Sequence[Judged]) -> Judged:
    if each.kept or not each.number.inconsistency or each.found.value is None:
        return each
    others = [
        other for other in all_of_them if other.kept and other.number.fact_key == each.number.fact_key and other is not each
    ]
    if not others:
        return each
    why = f"the same document prints {others[0].number.printed} elsewhere ({others[0].number.locator})"
    return replace(each, verdict="contradicted in print", why=why)


def tally(judged: Iterable[Judged]) -> dict[str, int]:
    """How many numbers got which verdict, in the order of the verdicts."""
    order: tuple[Verdict, ...] = (
        "reproduced",
        "within wording",
        "contradicted in print",
        "not carried by the open tier",
        "not computable",
        "not reproduced",
    )
    given = [each.verdict for each in judged]
    return {verdict: given.count(verdict) for verdict in order}
