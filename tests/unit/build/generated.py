"""Draws declarations of every kind that reads raw columns, with possible raw codes, and says what they mean.

Each ``Drawn`` reads raw columns of its own, named after its id, and evaluates itself in plain Python: the oracle shares no code
with the compiler or with the built-in checks. An outcome is (value, reason), or None where no rule covers the raw code.
``generated_derived`` draws what is computed from these, and whole crosswalks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from hypothesis import strategies as st

Row = Mapping[str, str | None]
Outcome = tuple[Any, str | None] | None
RAW_CODES = ["0", "1", "2", "3", "9", "-1", "a", "B c", "it's", "⟦0⟧", "да", "2.5", "two\nlines"]
NUMBERS = ["0", "1", "17", "18", "30", "99", "100", "-3", "2.5", "12.25", "x", "999", "1e2", " 7"]
DAYS = ["24.02.2022", "1.3.2022", "31.12.1999", "2022-02-24", "30.02.2022", "never", "9"]
OPTIONS = ["War", "War, of course", "Money", "Other, please say", "it's", "да, конечно"]
REASONS = ["dont_know", "refused", "skipped", "uncodeable"]
ORDER = ["dont_know", "refused", "not_applicable", "not_asked", "skipped", "uncodeable", "wave_nonresponse", "late_entrant"]
NOT_IN_B = "  b: {status: impossible, reason: not_asked}\n"
RATES = {"RUB": Decimal("0.012"), "EUR": Decimal("1.05"), "USD": Decimal("1")}


@dataclass(frozen=True)
class Person:
    """One person in one wave: the outcomes so far, by variable, of each wave that the person took part in."""

    wave: str
    waves: Mapping[str, Mapping[str, Outcome]]

    @property
    def here(self) -> Mapping[str, Outcome]:
        return self.waves[self.wave]


@dataclass(frozen=True)
class Drawn:
    """One declaration: YAML without its head, possible raw codes by column, and what each variable it declares comes to.

    ``means`` are functions of (raw row, person) by variable; they hold in wave b too where ``in_b``, else it never asked."""

    text: str
    columns: Mapping[str, Sequence[str | None]]
    means: Mapping[str, Callable[[Row, Person], Outcome]]
    codes: Sequence[int] | None = None
    in_b: bool = False

    def asked_again(self) -> Drawn:
        """The same declaration where wave b asked as wave a did."""
        (rule,) = re.findall(r"^  a: .*$", self.text, re.MULTILINE)
        return replace(self, text=self.text.replace(NOT_IN_B, rule.replace("  a:", "  b:", 1) + "\n"), in_b=True)


def quoted(text: str | None) -> str:
    return "null" if text is None else json.dumps(text, ensure_ascii=False)


def number(code: str | None) -> Decimal | None:
    try:
        return Decimal(code) if code is not None else None
    except InvalidOperation:
        return None


def block(pairs: Mapping[str | None, Any]) -> str:
    return "{" + ", ".join(f"{quoted(key)}: {target}" for key, target in pairs.items()) + "}"


def categories(codes: Sequence[int]) -> str:
    return "categories: [" + ", ".join(f"{{code: {code}, label: {{en: C{code}}}}}" for code in codes) + "]\n"


@st.composite
def maps(draw: st.DrawFn, name: str) -> Drawn:
    """A total or partial map: codes, intervals, reasons, a universe, one or two filters."""
    keys = draw(st.lists(st.sampled_from(RAW_CODES), min_size=1, max_size=6, unique=True))
    split = draw(st.integers(1, len(keys)))
    codes: dict[str | None, int] = {key: draw(st.integers(1, 4)) for key in keys[:split]}
    reasons: dict[str | None, str] = {key: draw(st.sampled_from(REASONS)) for key in keys[split:]}
    blank = draw(st.sampled_from(["nothing", "map", "missing"]))
    if blank == "map":
        codes[None] = draw(st.integers(1, 4))
    elif blank == "missing":
        reasons[None] = "skipped"
    spans: list[tuple[str, Callable[[Decimal], bool], int | str]] = []
    if draw(st.booleans()):
        spans.append(("[0,2)", lambda n: 0 <= n < 2, draw(st.integers(1, 4))))
        spans.append(("[2,inf)", lambda n: n >= 2, draw(st.integers(1, 4))))
    if draw(st.booleans()):
        spans.append(("(-inf,0)", lambda n: n < 0, draw(st.sampled_from(REASONS))))
    asked = draw(st.sampled_from([None, "0", "1"]))
    routes = draw(st.lists(st.tuples(st.sampled_from(["0", "1"]), st.integers(1, 4)), max_size=2))
    u, f = f"{name}_u", f"{name}_f"
    pairs = {**codes, **{text: target for text, _, target in spans if isinstance(target, int)}}
    left = {**reasons, **{text: target for text, _, target in spans if isinstance(target, str)}}
    parts = ["status: complete", f"source: [{name}_q, {u}, {f}]", f"map_on: {name}_q", f"map: {block(pairs)}"]
    parts += [f"missing: {block(left)}"] if left else []
    parts += [f'universe: "{u} = {asked}"'] if asked else []
    listed = ", ".join(f'{{expr: "{f} = {code}", value: {value}}}' for code, value in routes)
    parts += [f"filter: [{listed}]"] if routes else []

    def means(row: Row, _: Person) -> Outcome:
        if asked and row[u] != asked:
            return (None, "not_applicable")
        for code, value in routes:
            if row[f] == code:
                return (value, None)
        raw = row[f"{name}_q"]
        if raw in reasons:
            return (None, reasons[raw])
        if raw in codes:
            return (codes[raw], None)
        amount = number(raw)
        for _text, holds, target in spans if amount is not None else ():
            if holds(amount):
                return (target, None) if isinstance(target, int) else (None, target)
        return None

    text = f"id: {name}\ntype: ordinal\n{categories([1, 2, 3, 4])}waves:\n  a: {{{', '.join(parts)}}}\n{NOT_IN_B}"
    yes_no = ["0", "1", None]
    return Drawn(text, {f"{name}_q": [*RAW_CODES, None], u: yes_no, f: yes_no}, {name: means}, [1, 2, 3, 4])


@st.composite
def amounts(draw: st.DrawFn, name: str) -> Drawn:
    """Numbers that are copied: bounds, reasons, a factor or a dated table of rates."""
    kind = draw(st.sampled_from(["integer", "decimal"]))
    unit = draw(st.sampled_from(["none", "factor", "table"])) if kind == "decimal" else "none"
    low, high = draw(st.sampled_from([(None, None), (18, 99), (0, 100)])) if unit == "none" else (None, None)
    reasons: dict[str | None, str] = draw(st.sampled_from([{}, {"999": "refused", None: "skipped"}, {None: "skipped"}]))
    parts = ["status: complete", f"source: [{name}_q]", "copy: true"]
    parts += [f"missing: {block(reasons)}"] if reasons else []
    if unit == "factor":
        parts.append("units: {source: inch, target: cm, factor: 2.54}")
    elif unit == "table":
        parts.append(f"units: {{source: any, target: USD, table: rates.csv, key: {name}_k}}")
    bounds = "" if low is None else f"minimum: {low}\nmaximum: {high}\n"

    def means(row: Row, _: Person) -> Outcome:
        raw = row[f"{name}_q"]
        if raw in reasons:
            return (None, reasons[raw])
        amount = number(raw)
        if amount is None or (kind == "integer" and not str(raw).lstrip("-").isdigit()):
            return None
        if unit == "factor":
            amount *= Decimal("2.54")
        elif unit == "table":
            rate = RATES.get(row[f"{name}_k"] or "")
            if rate is None:
                return None
            amount *= rate
        if low is not None and not low <= amount <= high:
            return None
        return (int(amount) if kind == "integer" else amount.quantize(Decimal("0.000001")), None)

    text = f"id: {name}\ntype: {kind}\n{bounds}waves:\n  a: {{{', '.join(parts)}}}\n{NOT_IN_B}"
    columns: dict[str, Sequence[str | None]] = {f"{name}_q": [*NUMBERS, None]}
    if unit == "table":
        columns[f"{name}_k"] = [*RATES, "GBP", None]
    return Drawn(text, columns, {name: means})


@st.composite
def days(draw: st.DrawFn, name: str) -> Drawn:
    """Days in a declared form."""
    reasons: dict[str | None, str] = draw(st.sampled_from([{"9": "refused", None: "skipped"}, {None: "skipped"}]))

    def means(row: Row, _: Person) -> Outcome:
        raw = row[f"{name}_q"]
        if raw in reasons:
            return (None, reasons[raw])
        try:
            return (datetime.strptime(raw or "", "%d.%m.%Y").date(), None)
        except ValueError:
            return None

    rule = f"status: complete, source: [{name}_q], copy: true, date_format: '%d.%m.%Y', missing: {block(reasons)}"
    return Drawn(f"id: {name}\ntype: date\nwaves:\n  a: {{{rule}}}\n{NOT_IN_B}", {f"{name}_q": [*DAYS, None]}, {name: means})


def told_apart(cell: str, options: Sequence[str]) -> tuple[set[str], bool]:
    """Options in a joined cell, the longest taken first and only whole, and whether anything is left."""
    tokens: list[str | None] = list(cell.split(", "))
    found: set[str] = set()
    for option in sorted(options, key=lambda each: (-len(each), each)):
        wanted = option.split(", ")
        at = 0
        while at + len(wanted) <= len(tokens):
            if tokens[at : at + len(wanted)] == wanted:
                tokens[at : at + len(wanted)] = [None]
                found.add(option)
            at += 1
    return found, any(token is not None and token.strip() for token in tokens)


@st.composite
def choices(draw: st.DrawFn, name: str) -> Drawn:
    """A multi-select in one joined cell, whose options may hold the separator."""
    texts = draw(st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=5, unique=True))
    ids = {text: draw(st.sampled_from(["x", "y", "none"])) for text in texts}
    rest = draw(st.sampled_from([None, "x", "none"]))
    asked = draw(st.booleans())
    listed = {**ids, **({"~": rest} if rest else {})}
    source = f"[{name}_q, {name}_u]" if asked else f"[{name}_q]"
    parts = ["status: complete", f"source: {source}", "separator: ', '", f"options: {block(listed)}", "missing: {null: skipped}"]
    parts += [f"map_on: {name}_q", f'universe: "{name}_u = 1"'] if asked else []

    def option(identifier: str) -> Callable[[Row, Person], Outcome]:
        def means(row: Row, _: Person) -> Outcome:
            if identifier not in listed.values():
                return (None, "not_asked")
            if asked and row[f"{name}_u"] != "1":
                return (None, "not_applicable")
            cell = row[f"{name}_q"]
            if cell is None:
                return (None, "skipped")
            found, left = told_apart(cell, texts)
            if left and rest is None:
                return None
            return (int(any(ids[text] == identifier for text in found) or (left and rest == identifier)), None)

        return means

    cells = draw(
        st.lists(st.lists(st.sampled_from([*texts, "Unlisted"]), min_size=1, max_size=3, unique=True), min_size=1, max_size=4)
    )
    columns: dict[str, Sequence[str | None]] = {f"{name}_q": [*(", ".join(cell) for cell in cells), None]}
    if asked:
        columns[f"{name}_u"] = ["0", "1", None]
    options = "options: [{id: x, label: {en: X}}, {id: y, label: {en: Y}}]\n"
    text = f"id: {name}\ntype: multi\n{options}waves:\n  a: {{{', '.join(parts)}}}\n{NOT_IN_B}"
    return Drawn(text, columns, {f"{name}_{each}": option(each) for each in ("x", "y")}, [0, 1])


@st.composite
def boxes(draw: st.DrawFn, name: str) -> Drawn:
    """A multi-select with a column an option, one of which the wave may not have offered."""
    offered = draw(st.sampled_from([["x", "y"], ["x"]]))
    codes = {"1": 1, "0": 0, **draw(st.sampled_from([{}, {"Yes": 1}]))}
    listed = ", ".join(f"{each}: {name}_{each}_c" for each in offered)

    def option(identifier: str) -> Callable[[Row, Person], Outcome]:
        def means(row: Row, _: Person) -> Outcome:
            if identifier not in offered:
                return (None, "not_asked")
            raw = row[f"{name}_{identifier}_c"]
            return (None, "skipped") if raw is None else (codes[raw], None) if raw in codes else None

        return means

    rule = f"status: complete, columns: {{{listed}}}, map: {block(codes)}, missing: {{null: skipped}}"
    options = "options: [{id: x, label: {en: X}}, {id: y, label: {en: Y}}]\n"
    text = f"id: {name}\ntype: multi\n{options}waves:\n  a: {{{rule}}}\n{NOT_IN_B}"
    columns = {f"{name}_{each}_c": ["0", "1", "Yes", None] for each in offered}
    return Drawn(text, columns, {f"{name}_{each}": option(each) for each in ("x", "y")}, [0, 1])
