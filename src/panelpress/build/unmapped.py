"""Finds raw codes that no rule covers and says so without giving anyone away.

A code is printed only if the contract lists it, or if it is short, has no blanks, and at least ``k`` people gave it. All others
are counted, and written to a private file that the message names.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from panelpress.build.compiler.quote import name, text
from panelpress.build.compiler.wave import raw_table
from panelpress.errors import BuildRefused
from panelpress.model.delivery import Contract
from panelpress.model.study import Study
from panelpress.model.variable import Variable

SHORT = 12


@dataclass(frozen=True, slots=True)
class UnmappedCode:
    """A raw code of one column that leaves cells of a variable empty."""

    study: str
    wave: str
    variable: str
    column: str
    code: str | None
    n: int


def find_unmapped(
    rows: duckdb.DuckDBPyConnection, study: Study, variables: Sequence[Variable], waves: Sequence[str]
) -> list[UnmappedCode]:
    """Every raw code behind a cell with neither value nor reason."""
    found: list[UnmappedCode] = []
    key = study.key[0]
    for variable in variables:
        for wave in waves:
            rule = variable.waves[wave]
            where = f"h.{name(variable.id)} IS NULL AND h.{name(variable.why)} IS NULL"
            if study.kind != "records":
                where += f" AND h.wave = {text(wave)}"
            if rule.source:
                column = rule.map_on or rule.source[0]
                codes = rows.execute(
                    f"SELECT r.{name(column)}, count(*) FROM {name(study.table)} h JOIN {raw_table(study, wave)} r USING ({key}) "
                    f"WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1"
                ).fetchall()
                found += [UnmappedCode(study.id, wave, variable.id, column, code, n) for code, n in codes]
            elif rule.expr:
                n = rows.execute(f"SELECT count(*) FROM {name(study.table)} h WHERE {where}").fetchall()[0][0]
                found += [UnmappedCode(study.id, wave, variable.id, "(derived)", None, n)] if n else []
    return found


def refuse_unmapped(
    unmapped: Sequence[UnmappedCode], contracts: Sequence[Contract], variables: Sequence[Variable], k: int, folder: Path
) -> None:
    """Raises BuildRefused where any code is unmapped, and writes all of them to a private file in ``folder``."""
    if not unmapped:
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "unmapped_codes.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["study", "wave", "variable", "column", "code", "n"])
        writer.writerows([each.study, each.wave, each.variable, each.column, each.code, each.n] for each in unmapped)
    first = unmapped[0]
    declared = next((variable.declared_in for variable in variables if variable.id == first.variable), "build/variables")
    code = (
        "a blank cell" if first.code is None else f"raw code {first.code!r}" if printable(first, contracts, k) else "a raw code"
    )
    count = f"{first.n} row(s)" if first.n >= k else f"fewer than {k} rows"
    others = f" {len(unmapped) - 1} more such code(s)." if len(unmapped) > 1 else ""
    raise BuildRefused(
        declared,
        f"`{first.variable}` has no rule for {code} of column `{first.column}` in wave {first.wave} of {first.study} "
        f"({count}).{others}",
        f"Add it to `map` or to `missing`; all unmapped codes stand in {folder.name}/{path.name} of the work folder (private).",
    )


def printable(code: UnmappedCode, contracts: Sequence[Contract], k: int) -> bool:
    """True where the code itself may be named in a message."""
    if code.code is None:
        return True
    for contract in contracts:
        if (contract.study, contract.wave) == (code.study, code.wave):
            for column in contract.columns:
                if column.name == code.column and code.code in column.values:
                    return True
    return len(code.code) <= SHORT and not any(character.isspace() for character in code.code) and code.n >= k
