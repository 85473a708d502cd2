"""Reads how a key may be coarsened: ``hierarchies`` of ``build/disclosure.yaml`` and the CSV files in ``build/hierarchies/``.

Three ways to write one, each nested by construction or refused:

hierarchies:
  age_bands:                       # numbers and days: the lower bounds at which a new band begins
    cuts:
    - {id: ten_years, at: [25, 35, 45, 55]}
    - {id: thirds, at: [35, 45]}   # a coarser level uses some of the bounds of the finer one, never new ones
  schooling:                       # codes: each level groups the codes of the level above it
    levels:
    - {id: two, groups: [{code: 1, label: Below higher, of: [1, 2, 3]}, {code: 2, label: Higher, of: [4, 5]}]}
  countries:
    file: countries.csv            # header: code,<level>,<level>; one row a code, fine to coarse
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from panelpress.errors import DeclarationError
from panelpress.model.disclosure import AS_IS, WITHHELD, Hierarchy, Level, is_day
from panelpress.model.text import LocalText
from panelpress.model.variable import Category, Code
from panelpress.paths import Places
from panelpress.schemas.common import local_text
from panelpress.schemas.yaml_reader import Document

Languages = tuple[str, ...]


def read_hierarchy(name: str, document: Document, places: Places, languages: Languages) -> Hierarchy:
    """The hierarchy called ``name``. Raises DeclarationError where levels do not nest or a code has no parent."""
    content = document.content["hierarchies"][name]
    where = document.where(content.line)
    ways = [way for way in ("cuts", "levels", "file") if way in content]
    if len(ways) != 1:
        raise DeclarationError(where, f"the hierarchy `{name}` is written in {len(ways)} ways.", "Use cuts, levels or file.")
    if ways == ["cuts"]:
        levels = _from_cuts(name, content, document, languages)
    elif ways == ["levels"]:
        levels = _from_groups(name, content, document, languages)
    else:
        levels = _from_file(content, places, where, languages)
    _distinct_names(name, levels, where)
    return Hierarchy(name, tuple(levels))


def _from_cuts(name: str, content: Any, document: Document, languages: Languages) -> list[Level]:
    levels: list[Level] = []
    for number, (entry, line) in enumerate(zip(content["cuts"], content["cuts"].lines, strict=True), start=1):
        where = document.where(line)
        cuts = tuple(str(cut) for cut in entry["at"])
        if [*cuts] != sorted(set(cuts), key=lambda cut: _ordered(cut, name, where)):
            raise DeclarationError(where, f"the bounds of `{entry['id']}` do not rise.", "Write each bound once, lowest first.")
        if levels and not set(cuts) <= set(levels[-1].cuts):
            added = sorted(set(cuts) - set(levels[-1].cuts))
            raise DeclarationError(
                where,
                f"`{name}`: level `{entry['id']}` cuts at {', '.join(added)}, where the finer `{levels[-1].id}` does not, so the "
                "two do not nest and could be intersected.",
                "Use only bounds of the finer level, or add these to it.",
            )
        codes = entry.get("codes") or [100 * number + place for place in range(1, len(cuts) + 2)]
        labels = entry.get("labels") or _band_labels(cuts)
        if not len(codes) == len(set(codes)) == len(labels) == len(cuts) + 1:
            raise DeclarationError(
                where, f"{len(cuts)} bounds make {len(cuts) + 1} bands.", "Give each band one code of its own and one label."
            )
        categories = [Category(code, local_text(label, languages)) for code, label in zip(codes, labels, strict=True)]
        levels.append(Level(entry["id"], local_text(entry.get("title"), languages), tuple(categories), cuts=cuts))
    return levels


def _ordered(cut: str, name: str, where: str) -> Any:
    if is_day(cut):
        return cut
    try:
        return Decimal(cut)
    except InvalidOperation:
        raise DeclarationError(where, f"`{name}` cuts at {cut!r}.", "Write numbers, or days as 2022-09-21.") from None


def _band_labels(cuts: Sequence[str]) -> list[str]:
    """Labels that need no language: ``<25``, ``25-34``, ``35+`` for whole numbers; half-open bounds for all else."""
    whole = all(cut.lstrip("-").isdigit() for cut in cuts)
    between = [
        f"{low}–{int(high) - 1}" if whole and int(high) - 1 > int(low) else low if whole else f"{low} ≤ … < {high}"
        for low, high in pairwise(cuts)
    ]
    return [f"<{cuts[0]}", *between, f"{cuts[-1]}+" if whole else f"≥{cuts[-1]}"]


def _from_groups(name: str, content: Any, document: Document, languages: Languages) -> list[Level]:
    levels: list[Level] = []
    for entry in content["levels"]:
        where = document.where(entry.line)
        below = {category.code for category in levels[-1].categories} if levels else None
        up: dict[Code, Code] = {}
        for group in entry["groups"]:
            for code in group["of"]:
                if code in up:
                    raise DeclarationError(
                        where, f"`{name}`: level `{entry['id']}` puts the code {code} into two groups.", "Keep one of them."
                    )
                if below is not None and code not in below:
                    raise DeclarationError(
                        where,
                        f"`{name}`: level `{entry['id']}` groups the code {code}, which `{levels[-1].id}` does not have.",
                        "Each level groups the codes of the level above it in the file.",
                    )
                up[code] = group["code"]
        missing = sorted(map(str, (below or set()) - set(up)))
        if missing:
            raise DeclarationError(
                where, f"`{name}`: level `{entry['id']}` has a hole at {', '.join(missing)}.", "Put every code into a group."
            )
        codes = [group["code"] for group in entry["groups"]]
        if len(set(codes)) != len(codes):
            raise DeclarationError(where, f"`{name}`: level `{entry['id']}` has the same group twice.", "Merge the groups.")
        parents = {base: up[parent] for base, parent in levels[-1].parents.items()} if levels else up
        categories = tuple(
            Category(group["code"], local_text(group.get("label", group["code"]), languages)) for group in entry["groups"]
        )
        levels.append(Level(entry["id"], local_text(entry.get("title"), languages), categories, parents))
    return levels


def _from_file(content: Any, places: Places, where: str, languages: Languages) -> list[Level]:
    path = places.hierarchies / content["file"]
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            header, *rows = [row for row in csv.reader(stream) if row]
    except (FileNotFoundError, ValueError):
        raise DeclarationError(where, f"`{content['file']}` is not a filled CSV file in build/hierarchies/.", "Add it.") from None
    file = f"build/hierarchies/{path.name}"
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header) or not all(cell.strip() for cell in row):
            raise DeclarationError(f"{file}:{line}", "has a hole.", f"Fill all {len(header)} columns: {', '.join(header)}.")
    codes = [_code(row[0]) for row in rows]
    if len(set(codes)) != len(codes):
        raise DeclarationError(file, "lists a code twice.", "Give each code one row.")
    levels: list[Level] = []
    for column in range(1, len(header)):
        if len({row[column] for row in rows}) == 1:
            continue  # a level with one value shows nothing; every key has that level anyway
        _nests(file, header, rows, column)
        numbers = _numbers([row[column] for row in rows])
        labels = (content.get("labels") or {}).get(header[column], {})
        categories = tuple(
            Category(code, local_text(labels.get(code, labels.get(text, text)), languages)) for text, code in numbers.items()
        )
        parents = {code: numbers[row[column]] for code, row in zip(codes, rows, strict=True)}
        title = (content.get("titles") or {}).get(header[column])
        levels.append(Level(header[column], local_text(title, languages) if title else LocalText(), categories, parents))
    return levels


def _nests(file: str, header: Sequence[str], rows: Sequence[Sequence[str]], column: int) -> None:
    parent: dict[str, str] = {}
    for line, row in enumerate(rows, start=2):
        if column > 1 and parent.setdefault(row[column - 1], row[column]) != row[column]:
            raise DeclarationError(
                f"{file}:{line}",
                f"`{header[column]}` does not nest: it splits {row[column - 1]!r} of `{header[column - 1]}`.",
                "Send each group of a level to exactly one group of the next.",
            )


def _code(text: str) -> Code:
    return int(text) if text.lstrip("-").isdigit() and str(int(text)) == text else text


def _numbers(texts: Sequence[str]) -> dict[str, Code]:
    """Published codes of a level, by text. A column of codes keeps them: whole numbers, or short words as ISO codes are."""
    return {text: _code(text) for text in dict.fromkeys(texts)}


def _distinct_names(name: str, levels: Sequence[Level], where: str) -> None:
    names = [level.id for level in levels]
    if len(set(names)) != len(names) or {AS_IS, WITHHELD} & set(names):
        raise DeclarationError(
            where, f"`{name}` has two levels of one name, or calls one {AS_IS} or {WITHHELD}.", "Give each level its own name."
        )
