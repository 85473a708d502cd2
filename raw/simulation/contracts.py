"""Writes what follows from the questionnaire: ``schemas/raw/<study>_<wave>.yaml`` and ``raw/items.csv``.

Run ``python raw/simulation/contracts.py`` after a change of the questionnaire; a test asserts that both are fresh.
``items.csv`` names, for every raw column and code, the variable of the inventory and what the code means there: the facts a
crosswalk needs, one line a code. Not here: roles and texts themselves (the questionnaire holds them).
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # run as a script: make the package importable
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from simulation import countries, questionnaire
from simulation.questionnaire import Asked, Item, Label

ROOT = Path(__file__).resolve().parents[2]
HEADER = ("variable", "study", "wave", "raw_column", "raw_code", "harmonized", "meaning", "kind", "universe", "note")
REASONS = ("dont_know", "refused", "skipped")


def contracts() -> dict[str, str]:
    """The text of every contract by file name."""
    return {f"{name}.yaml": _contract(entry) for name, entry in questionnaire.deliveries().items()}


def items() -> str:
    """The text of ``items.csv``."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(HEADER)
    for entry in questionnaire.deliveries().values():
        where = (entry["study"], entry["wave"])
        for column in entry["columns"]:
            if "item" in column:
                codes = column.get("values") or {"": ("", "")}
                for code, label in codes.items():
                    out.writerow((column["item"], *where, column["name"], code, "", label[0], "platform", "", ""))
        for item in questionnaire.load():
            asked = item.asked.get(entry["key"])
            if asked is not None:
                for row in _once(_item_rows(item, asked)):
                    out.writerow((row[0], *where, *row[1:], _universe(asked), item.note))
    return text.getvalue()


def _once(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """One row a raw code: where a platform leaves blank for several reasons, the last (left blank) is what can be known."""
    kept: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for row in rows:
        kept[row[0], row[1], row[2]] = row
    return list(kept.values())


def _universe(asked: Asked) -> str:
    return " AND ".join(f"{name} IN ({', '.join(map(str, values))})" for name, values in asked.universe.items())


def _item_rows(item: Item, asked: Asked) -> Iterator[tuple[str, str, str, str, str, str]]:
    """(variable, raw column, raw code, harmonized code or reason, meaning, kind) for every code of one delivery."""
    if item.kind in ("multi", "battery"):
        yield from _option_rows(item, asked)
        return
    if item.kind == "country":
        for country in countries.load():
            yield item.id, asked.column, country.code(asked.scheme or "iso2"), country.iso2, country.en, item.kind
        yield item.id, asked.column, "", "skipped", "left blank or routed past", item.kind
        return
    if item.kind == "date":
        yield item.id, asked.column, "", "skipped", f"date written {asked.date_format}", item.kind
        return
    if asked.routing is not None:
        for code, raw in asked.routing.implies.items():
            yield item.id, asked.routing.column, raw, str(code), asked.labels[code].en, "routing"
        yield item.id, asked.routing.column, asked.routing.asked, "", f"asked {asked.column}", "routing"
    if item.kind == "number":
        yield item.id, asked.column, "", "skipped", "left blank; any other number is the answer itself", item.kind
    for code, raw in asked.codes.items():
        meaning = code if isinstance(code, str) else asked.labels[code].en
        yield item.id, asked.column, raw, str(code), meaning, item.kind


def _option_rows(item: Item, asked: Asked) -> Iterator[tuple[str, str, str, str, str, str]]:
    for option, label in item.options.items():
        name = item.variable(option)
        if asked.separator:
            kind = f"{item.kind}, one column, separator {json.dumps(asked.separator)}"
            yield name, asked.column, asked.codes[option], "1", label.en, kind
            continue
        meanings = {1: label.en, 0: f"not: {label.en}"} | {reason: reason for reason in REASONS}
        for code, meaning in meanings.items():
            yield name, asked.columns[option], asked.codes[code], str(code), meaning, item.kind
    if asked.separator:
        if asked.none is not None:
            yield item.id, asked.column, asked.none, "0", "none of the options", item.kind
        for reason in REASONS:
            yield item.id, asked.column, asked.codes[reason], reason, reason, item.kind


def _contract(entry: dict[str, Any]) -> str:
    lines = [
        f"# What {entry['file']} must look like, and what each column may become.",
        "# Written by raw/simulation/contracts.py from raw/questionnaire/; change it there. Simulated data.",
        "spec: panel-contract/0.1",
        f"study: {entry['study']}",
        f"wave: {entry['wave']}",
        f"platform: {entry['platform']}",
        f"note: {_texts(Label(entry['note']['en'], entry['note']['ru']))}",
        f"country_column: {_quoted(entry['country_column'])}",
        *_consent(entry),
        "columns:",
    ]
    own = [column for column in entry["columns"] if column.get("place") != "end"]
    last = [column for column in entry["columns"] if column.get("place") == "end"]
    lines += [_platform_column(column) for column in own]
    for item in questionnaire.load():
        asked = item.asked.get(entry["key"])
        if asked is not None:
            lines += list(_item_columns(item, asked))
    lines += [_platform_column(column) for column in last]
    return "\n".join(lines) + "\n"


def _consent(entry: dict[str, Any]) -> list[str]:
    """The question by which people agreed, where the survey asks it."""
    if "consent" not in entry:
        return []
    given = ", ".join(_quoted(code) for code in entry["consent"]["given"])
    return [f"consent: {{column: {_quoted(entry['consent']['column'])}, given: [{given}]}}"]


def _platform_column(column: dict[str, Any]) -> str:
    values = {str(code): Label(*pair) for code, pair in (column.get("values") or {}).items()}
    return _column(column["name"], column["role"], column.get("type", "string"), Label(column["en"], column["ru"]), values)


def _item_columns(item: Item, asked: Asked) -> Iterator[str]:
    if asked.routing is not None:
        yield _column(asked.routing.column, item.role, "integer", asked.routing.text, asked.routing.values)
    for option, name in asked.columns.items():
        text = asked.text
        if option:
            text = Label(f"{text.en} {item.options[option].en}", f"{text.ru} {item.options[option].ru}")
        values = raw_values(item, asked)
        limits = (item.minimum, item.maximum)
        yield _column(name, item.role, raw_type(item, asked), text, values, limits, asked.cleared)


def raw_type(item: Item, asked: Asked) -> str:
    """The contract's type of a raw column: integer where every code is one."""
    if item.kind == "date":
        return "date" if asked.delivery == "w2" else "string"
    if item.kind == "number":
        return "integer"
    if item.kind == "country":
        return "integer" if asked.scheme in ("number", "position") else "string"
    if asked.separator:
        return "string"
    return "integer" if all(_whole(raw) for raw in asked.codes.values() if raw) else "string"


def _whole(raw: str) -> bool:
    return raw.isdigit() or raw in (".a", ".b")


def raw_values(item: Item, asked: Asked) -> dict[str, Label]:
    """Raw code to label, as the export's code list or the codebook of the survey has it."""
    words = {
        "dont_know": Label("Don't know", "Затрудняюсь ответить"),
        "refused": Label("Prefer not to say", "Предпочитаю не отвечать"),
        "skipped": Label("Left blank", "Без ответа"),
    }
    if item.kind == "country":
        return {country.code(asked.scheme or "iso2"): Label(country.en, country.ru) for country in countries.load()}
    if item.kind == "number" or item.kind == "date":
        return {raw: words[str(reason)] for reason, raw in asked.codes.items() if raw}
    if item.kind in ("multi", "battery"):
        if asked.separator:
            return {}  # a cell joins several codes, so no list of cells can be complete; items.csv lists the codes
        yes_no = {asked.codes[1]: Label("Chosen", "Выбрано"), asked.codes[0]: Label("Not chosen", "Не выбрано")}
        return yes_no | {asked.codes[reason]: words[reason] for reason in REASONS if asked.codes[reason]}
    return {raw: words[code] if isinstance(code, str) else asked.labels[code] for code, raw in asked.codes.items() if raw}


def _column(
    name: str,
    role: str,
    kind: str,
    text: Label,
    values: dict[str, Label],
    limits: tuple[int | None, int | None] = (None, None),
    cleared: str | None = None,
) -> str:
    facts = [f"name: {_quoted(name)}", f"role: {role}", f"type: {kind}", f"text: {_texts(text)}"]
    if limits[0] is not None:
        facts += [f"minimum: {limits[0]}", f"maximum: {limits[1]}"]
    if cleared is not None:
        facts.append(f"cleared: {_quoted(cleared)}")
    if values:
        listed = ", ".join(f"{_quoted(raw)}: {_texts(label)}" for raw, label in values.items())
        facts.append(f"values: {{{listed}}}")
    return f"- {{{', '.join(facts)}}}"


def described(entry: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Type, Russian and English label, and value labels of every column of a delivery, for formats that hold them."""
    found = {}
    for column in entry["columns"]:
        values = {str(code): Label(*pair) for code, pair in (column.get("values") or {}).items()}
        found[column["name"]] = _description(column.get("type", "string"), Label(column["en"], column["ru"]), values)
    for item in questionnaire.load():
        asked = item.asked.get(entry["key"])
        if asked is None:
            continue
        if asked.routing is not None:
            found[asked.routing.column] = _description("integer", asked.routing.text, asked.routing.values)
        for option, name in asked.columns.items():
            text = asked.text
            if option:
                text = Label(f"{text.en} [{item.options[option].en}]", f"{text.ru} [{item.options[option].ru}]")
            found[name] = _description(raw_type(item, asked), text, raw_values(item, asked))
    return found


def _description(kind: str, text: Label, values: dict[str, Label]) -> dict[str, Any]:
    return {
        "type": kind,
        "label": text.ru,
        "english": text.en,
        "values": {code: label.ru for code, label in values.items()},
        "english_values": {code: label.en for code, label in values.items()},
    }


def _texts(label: Label) -> str:
    return f"{{en: {_quoted(label.en)}, ru: {_quoted(label.ru)}}}"


def _quoted(text: str) -> str:
    return json.dumps(str(text), ensure_ascii=False)


def write(root: Path = ROOT) -> None:
    """Write all contracts and ``items.csv`` into the project at ``root``."""
    (root / "schemas" / "raw").mkdir(parents=True, exist_ok=True)
    for name, text in contracts().items():
        (root / "schemas" / "raw" / name).write_text(text, encoding="utf-8", newline="\n")
    (root / "raw" / "items.csv").write_text(items(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
