"""Reads ``map_from``: a map too long for a variable's file, kept as one more column of its code list.

    categories_from: countries.csv
    waves:
      w3: {status: complete, source: [C3], map_from: {list: countries.csv, column: iso3}, missing: {null: skipped}}

The row says which raw code (column ``iso3``) is which harmonized code (column ``code``). Pairs written in ``map`` win, so a
typing error of one wave is corrected beside the list. A blank cell means that the wave has no such code.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from panelpress.schemas.checker import Problem
from panelpress.schemas.yaml_reader import Document, Mapping


def with_list(document: Document, given: Any, codelists: Path) -> tuple[Any, list[Problem]]:
    """``given`` (the block of one wave) with the pairs of its list as ``map``, and what is wrong with the list."""
    asked = given.get("map_from")
    if not asked:
        return given, []
    where = document.where(given.lines["map_from"])
    file, column = asked["list"], asked["column"]
    try:
        with (codelists / file).open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except FileNotFoundError:
        return given, [Problem(where, f"build/codelists/{file} is missing.", "Write it: columns code, label_en and one a wave.")]
    if not rows or not {"code", column} <= set(rows[0]):
        return given, [Problem(where, f"build/codelists/{file} lacks `code` or `{column}`.", "Correct the name of the column.")]
    pairs: dict[str, Any] = {}
    for row in rows:
        raw = row[column]
        if raw in pairs:
            return given, [Problem(where, f"the raw code {raw} stands twice in `{column}`.", "A code can mean one thing only.")]
        if raw:
            pairs[raw] = _code(row["code"])
    written = {str(key): code for key, code in (given.get("map") or {}).items()}
    return _with_map(given, pairs | written), []


def _code(text: str) -> int | str:
    return int(text) if text.lstrip("-").isdigit() and str(int(text)) == text else text


def _with_map(given: Any, pairs: dict[str, Any]) -> Mapping:
    block = Mapping({key: value for key, value in given.items() if key not in ("map", "map_from")})
    block.line, line = given.line, given.lines["map_from"]
    block["map"] = Mapping(pairs)
    block["map"].line = line
    block["map"].lines = dict.fromkeys(pairs, line)
    block.lines = {key: given.lines.get(key, line) for key in block}
    return block
