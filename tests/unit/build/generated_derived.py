"""Draws variables that are derived from others, of the same row or of the person's other waves, and whole crosswalks of two waves.

Like ``generated``, each says in plain Python what it means: three-valued logic, precedence of reasons, panel functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from generated import NOT_IN_B, ORDER, REASONS, Drawn, Outcome, Person, Row, amounts, boxes, categories, choices, days, maps
from hypothesis import strategies as st

WAVES = ("a", "b")
Truth = bool | None


def strongest(whys: Sequence[str | None], precedence: Sequence[str], otherwise: str) -> str:
    """The reason that wins where several sources are missing."""
    order = [*precedence, *(each for each in ORDER if each not in precedence)]
    return min((why for why in whys if why is not None), key=order.index, default=otherwise)


@st.composite
def derived(draw: st.DrawFn, name: str, one: str, other: str) -> Drawn:
    """A derived variable over two others: three-valued logic, precedence of reasons, a universe over harmonized variables."""
    k, m = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    form = draw(st.sampled_from(["and", "or", "not", "in", "sum", "merged"]))
    precedence = draw(st.lists(st.sampled_from(REASONS), max_size=3, unique=True))
    asked = draw(st.sampled_from([None, k]))
    expr = {
        "and": f"{one} = {k} AND {other} <= {m}",
        "or": f"{one} = {k} OR {other} <= {m}",
        "not": f"NOT ({one} = {k} AND {other} <= {m})",
        "in": f"{one} IN ({k}, {m}) AND {other} IS NOT NULL",
        "sum": f"{one} + 2 * {other}",
        "merged": f"COALESCE({one}, {other})",
    }[form]

    def truth(x: int | None, y: int | None) -> Truth | int:
        first: Truth = None if x is None else x == k
        second: Truth = None if y is None else y <= m
        if form == "merged":
            return y if x is None else x
        if form == "sum":
            return None if x is None or y is None else x + 2 * y
        if form == "in":
            first, second = (None if x is None else x in (k, m)), y is not None
        if form == "or":
            return True if first is True or second is True else None if first is None or second is None else False
        both: Truth = False if first is False or second is False else None if first is None or second is None else True
        return both if form != "not" else None if both is None else not both

    def means(_: Row, person: Person) -> Outcome:
        x, y = (person.here[each] or (None, None) for each in (one, other))
        if asked is not None and x[0] != asked:
            return (None, "not_applicable")
        value = truth(x[0], y[0])
        if value is not None:
            return (int(value), None)
        return (None, strongest([x[1], y[1]], precedence, "uncodeable"))

    codes = {"sum": None, "merged": [1, 2, 3, 4]}.get(form, [0, 1])
    kind = "type: integer\n" if codes is None else f"type: nominal\n{categories(codes)}"
    first = f"precedence: [{', '.join(precedence)}]\n" if precedence else ""
    universe = f', universe: "{one} = {asked}"' if asked is not None else ""
    text = f'id: {name}\n{kind}{first}expr: "{expr}"\nwaves:\n  a: {{status: complete{universe}}}\n{NOT_IN_B}'
    return Drawn(text, {}, {name: means}, codes)


def seen(person: Person, variable: str, wave: str | None) -> tuple[Any, str | None]:
    """Value and reason of ``variable`` in another wave of the person; neither where there is no such wave."""
    return person.waves[wave].get(variable) or (None, None) if wave in person.waves else (None, None)


@st.composite
def across(draw: st.DrawFn, name: str, one: str, other: str) -> Drawn:
    """A variable that looks at the person's other waves: every panel function, alone and in an expression."""
    k, wave = draw(st.integers(1, 4)), draw(st.sampled_from(WAVES))
    form = draw(st.sampled_from(["n_waves", "in_wave", "first_wave", "previous", "at_wave", "change", "both"]))
    precedence = draw(st.lists(st.sampled_from(REASONS), max_size=3, unique=True))
    asked = draw(st.sampled_from([None, *WAVES]))
    expr, codes = {
        "n_waves": ("n_waves()", None),
        "in_wave": (f"in_wave('{wave}')", [0, 1]),
        "first_wave": (f"first_wave() = '{wave}'", [0, 1]),
        "previous": (f"previous({one})", [1, 2, 3, 4]),
        "at_wave": (f"at_wave({one}, '{wave}')", [1, 2, 3, 4]),
        "change": (f"{one} - previous({other})", None),
        "both": (f"{one} = {k} AND at_wave({other}, '{wave}') > 2", [0, 1]),
    }[form]

    def means(_: Row, person: Person) -> Outcome:
        if asked is not None and asked not in person.waves:
            return (None, "not_applicable")
        taken = [each for each in WAVES if each in person.waves]
        here = person.here[one] or (None, None)
        before = seen(person, other if form == "change" else one, "a" if taken == [*WAVES] and person.wave == "b" else None)
        there = seen(person, other if form == "both" else one, wave)
        if form in ("n_waves", "in_wave", "first_wave"):
            return ({"n_waves": len(taken), "in_wave": int(wave in taken), "first_wave": int(taken[0] == wave)}[form], None)
        if form in ("previous", "at_wave"):
            value, why = before if form == "previous" else there
            return (value, None) if value is not None else (None, why or "not_applicable")
        second = before if form == "change" else there
        if form == "change" and here[0] is not None and second[0] is not None:
            return (here[0] - second[0], None)
        if form == "both":
            tests = [None if here[0] is None else here[0] == k, None if second[0] is None else second[0] > 2]
            if False in tests or None not in tests:
                return (int(False not in tests), None)
        return (None, strongest([here[1], second[1]], precedence, "not_applicable"))

    kind = "type: integer\n" if codes is None else f"type: nominal\n{categories(codes)}"
    first = f"precedence: [{', '.join(precedence)}]\n" if precedence else ""
    universe = f""", universe: "in_wave('{asked}')\"""" if asked else ""
    text = f'id: {name}\n{kind}{first}expr: "{expr}"\nwaves:\n  a: {{status: complete{universe}}}\n{NOT_IN_B}'
    return Drawn(text, {}, {name: means}, codes)


@st.composite
def crosswalks(draw: st.DrawFn, size: int) -> list[Drawn]:
    """``size`` declarations of all kinds; the first two are maps, which the derived ones read. Wave b asks some of it again."""
    found = [draw(maps("v0")), draw(maps("v1"))][:size]
    for at in range(2, size):
        kind = draw(st.sampled_from([maps, amounts, days, choices, boxes, derived, across]))
        found.append(draw(kind(f"v{at}", "v0", "v1") if kind in (derived, across) else kind(f"v{at}")))
    return [each.asked_again() if draw(st.booleans()) else each for each in found]


def tables(drawn: Sequence[Drawn]) -> st.SearchStrategy[list[dict[str, Row]]]:
    """One to eight persons; of each the raw rows, by wave, for the columns that ``drawn`` read: wave a, wave b or both."""
    row = st.fixed_dictionaries({name: st.sampled_from(codes) for each in drawn for name, codes in each.columns.items()})
    persons = st.one_of(*(st.fixed_dictionaries(dict.fromkeys(waves, row)) for waves in (("a",), ("b",), WAVES)))
    return st.lists(persons, min_size=1, max_size=8)


def plain(value: Any) -> Any:
    """A harmonized value as the oracle writes it."""
    return value if value is None or isinstance(value, int | date) else Decimal(value).quantize(Decimal("0.000001"))
