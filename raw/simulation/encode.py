"""From harmonized answers to raw cells: one list of text cells a raw column, in the order of the questionnaire.

A cell is the raw code as text, or "" for blank (left blank, or routed past). Which code stands for what is declared in the
questionnaire; nothing here knows an item.
"""

from __future__ import annotations

from collections.abc import Callable

from simulation import countries, outrush_people, questionnaire
from simulation.draw import Ints
from simulation.questionnaire import NOT_APPLICABLE, Asked, Item

REASON_NAMES = {code: name for name, code in questionnaire.REASONS.items()}
Values = Callable[[str], Ints]
Cells = dict[str, list[str]]


def cells(delivery: str, values: Values) -> Cells:
    """Raw cells of every item that ``delivery`` asks. ``values`` gives the answers to a variable, one a row."""
    found: Cells = {}
    for item in questionnaire.load():
        asked = item.asked.get(delivery)
        if asked is not None:
            found |= _item(item, asked, values)
    return found


def _item(item: Item, asked: Asked, values: Values) -> Cells:
    if item.kind in ("multi", "battery"):
        return _options(item, asked, values)
    answers = values("departure_day" if item.kind == "date" else item.id).tolist()
    if item.kind == "date":
        return {asked.column: [outrush_people.day(at).strftime(str(asked.date_format)) for at in answers]}
    if item.kind == "number":
        return {asked.column: [str(at) if at >= 0 else _reason(asked, at) for at in answers]}
    if item.kind == "country":
        listed = [country.code(str(asked.scheme)) for country in countries.load()]
        return {asked.column: [listed[at] if at >= 0 else "" for at in answers]}
    if asked.routing is None:
        return {asked.column: [_code(asked, at) for at in answers]}
    implied = asked.routing.implies
    first = [implied.get(at, asked.routing.asked) if at != NOT_APPLICABLE else "" for at in answers]
    second = ["" if at in implied else _code(asked, at) for at in answers]
    return {asked.routing.column: first, asked.column: second}


def _code(asked: Asked, answer: int) -> str:
    return asked.codes[answer] if answer >= 0 else _reason(asked, answer)


def _reason(asked: Asked, answer: int) -> str:
    """The raw code of a reason; blank for people routed past, and where the platform has no code of its own."""
    if answer == NOT_APPLICABLE:
        return ""
    return asked.codes.get(REASON_NAMES[answer], asked.codes.get("skipped", ""))


def _options(item: Item, asked: Asked, values: Values) -> Cells:
    chosen = {option: values(item.variable(option)).tolist() for option in item.options}
    if asked.separator is None:
        return {asked.columns[option]: [_code(asked, at) for at in answers] for option, answers in chosen.items()}
    rows = zip(*chosen.values(), strict=True)
    return {asked.column: [_joined(item, asked, row) for row in rows]}


def _joined(item: Item, asked: Asked, row: tuple[int, ...]) -> str:
    if row[0] < 0:
        return _reason(asked, row[0])
    texts = [asked.codes[option] for option, answer in zip(item.options, row, strict=True) if answer == 1]
    return str(asked.separator).join(texts) if texts else (asked.none or "")
