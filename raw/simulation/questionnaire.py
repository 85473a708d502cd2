"""Reads ``raw/questionnaire/*.yaml``: every item once, with its answers and the way each delivery asks and codes it.

    - id: general_trust
      role: plain
      en: Can most people be trusted?
      ru: Можно ли доверять людям?
      values: {1: [Yes, Да], 2: [No, Нет]}
      prior: [50, 50]           # assumed percentages before calibration
      missing: [3, 1, 1]        # assumed percentages of don't know, refused, left blank
      w1: Q20                   # a column, or {column, en, ru, codes, reversed, universe, routing, prefix, separator, none}

Codes that an entry does not give follow the habit of the platform (``habits``). Not here: what people answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from simulation import habits

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "questionnaire"
DELIVERIES = ("w1", "w2", "w3", "okr", "gmf")
REASONS = {"dont_know": -1, "refused": -2, "skipped": -6}
NOT_APPLICABLE = -3


@dataclass(frozen=True, slots=True)
class Label:
    """One text in both languages."""

    en: str
    ru: str


@dataclass(frozen=True, slots=True)
class Routing:
    """A question before the question: its column, the answer that leads on, and the codes that other answers imply."""

    column: str
    text: Label
    asked: str
    implies: dict[int, str]
    values: dict[str, Label]


@dataclass(frozen=True, slots=True)
class Asked:
    """How one delivery asks an item, in the item's words or its own. ``columns`` has one entry, or one an option where the export
    has a column an option. ``codes`` maps harmonized codes (and reasons) to raw codes; blank raw code = left blank."""

    delivery: str
    text: Label
    columns: dict[str, str]
    codes: dict[int | str, str]
    labels: dict[int, Label]
    missing: tuple[float, float, float]
    prior: tuple[float, ...]
    universe: dict[str, tuple[int, ...]] = field(default_factory=dict)
    routing: Routing | None = None
    separator: str | None = None
    none: str | None = None
    date_format: str | None = None
    scheme: str | None = None
    cleared: str | None = None

    @property
    def column(self) -> str:
        """The only column. Raises IndexError where the export spreads the item over several."""
        return next(iter(self.columns.values()))


@dataclass(frozen=True, slots=True)
class Item:
    """One question. ``options`` is filled for several-answer questions: a ``battery`` holds a variable an option."""

    id: str
    kind: str
    role: str
    text: Label
    labels: dict[int, Label]
    options: dict[str, Label]
    asked: dict[str, Asked]
    any_of: str | None
    prior_any: float | None
    minimum: int | None
    maximum: int | None
    note: str

    def variable(self, option: str) -> str:
        """The name under which the answers to one option are kept."""
        return option if self.kind == "battery" else f"{self.id}_{option}"


@cache
def load(folder: Path = FOLDER) -> tuple[Item, ...]:
    """All items in the order of the questionnaire."""
    reader = YAML(typ="safe", pure=True)
    return tuple(_item(entry) for path in sorted(folder.glob("[0-9]*.yaml")) for entry in reader.load(path))


@cache
def deliveries(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """The deliveries with the columns that the platforms add, by contract name (study_wave)."""
    loaded: dict[str, dict[str, Any]] = YAML(typ="safe", pure=True).load(folder / "platform.yaml")
    return loaded


def _labels(given: dict[Any, list[str]] | None) -> dict[Any, Label]:
    return {code: Label(str(pair[0]), str(pair[1])) for code, pair in (given or {}).items()}


def _item(entry: dict[str, Any]) -> Item:
    kind = entry.get("kind", "choice")
    labels = _labels(entry.get("values"))
    options = _labels(entry.get("options"))
    asked = {name: _asked(name, entry, kind, labels, options) for name in DELIVERIES if name in entry}
    return Item(
        id=entry["id"],
        kind=kind,
        role=entry["role"],
        text=Label(entry["en"], entry["ru"]),
        labels=labels,
        options=options,
        asked=asked,
        any_of=entry.get("any"),
        prior_any=entry.get("prior_any"),
        minimum=entry.get("minimum"),
        maximum=entry.get("maximum"),
        note=entry.get("note", ""),
    )


def _asked(name: str, entry: dict[str, Any], kind: str, labels: dict[int, Label], options: dict[str, Label]) -> Asked:
    given = entry[name] if isinstance(entry[name], dict) else {"column": entry[name]}
    labels = _labels(given["values"]) if "values" in given else labels
    missing = tuple(given.get("missing", entry.get("missing", (0, 0, 0))))
    columns = habits.columns(name, given, tuple(options))
    if kind in ("multi", "battery"):
        codes = habits.option_codes(name, given, options)
    elif kind == "choice":
        codes = habits.codes(name, given, labels, missing)
    else:
        codes = {reason: str(code) for reason, code in given.get("codes", {}).items()}
    universe = {variable: tuple(values) for variable, values in given.get("universe", {}).items()}
    return Asked(
        delivery=name,
        text=Label(given.get("en", entry["en"]), given.get("ru", entry["ru"])),
        columns=columns,
        codes=codes,
        labels=labels,
        missing=missing,  # type: ignore[arg-type]
        prior=tuple(given.get("prior", entry.get("prior", ()))),
        universe=universe,
        routing=_routing(given.get("routing")),
        separator=given.get("separator"),
        none=str(given["none"]) if "none" in given else None,
        date_format=given.get("format"),
        scheme=given.get("scheme"),
        cleared=given.get("cleared"),
    )


def _routing(given: dict[str, Any] | None) -> Routing | None:
    if given is None:
        return None
    implies = {code: str(raw) for code, raw in given["implies"].items()}
    values = {str(raw): label for raw, label in _labels(given["values"]).items()}
    text = Label(given["en"], given["ru"])
    return Routing(column=given["column"], text=text, asked=str(given["asked"]), implies=implies, values=values)
