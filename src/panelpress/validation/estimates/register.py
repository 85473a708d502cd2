"""Reads ``validation/estimates.csv``, the register of printed numbers: one row a place where a document prints a number.

Columns: id, fact_key, scope, study, locator, figure, printed, value, unit, op, rounding, statistic, sample, versus, variable,
answer, wave, from_wave, where, denominator, inconsistency, note. ``sample`` and ``wave`` may list several, joined by ``|``;
``answer`` is a top box of the variable or codes joined by ``|``. Blank cells mean: nothing, or the default.

The register is refused where a number does not stand in its own ``printed`` text, a name is unknown, or a row cannot be judged.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from panelpress.errors import DeclarationError
from panelpress.model.estimate import Op, PrintedNumber, Statistic
from panelpress.model.study import Sample
from panelpress.model.variable import Variable
from panelpress.schemas.declarations import Declarations
from panelpress.validation.estimates.printed import says

COLUMNS = (
    "id", "fact_key", "scope", "study", "locator", "figure", "printed", "value", "unit", "op", "rounding", "statistic", "sample",
    "versus", "variable", "answer", "wave", "from_wave", "where", "denominator", "inconsistency", "note",
)  # fmt: skip
_SHARES = ("share", "change", "difference", "lowest_share", "highest_share")
_WITHOUT_VARIABLE = ("n", "lowest_n", "none")


def load_register(path: Path, declarations: Declarations) -> tuple[PrintedNumber, ...]:
    """All printed numbers in file order; no file means none. Raises DeclarationError with file and line."""
    if not path.is_file():
        return ()
    file = f"validation/{path.name}"
    samples = {sample.id: sample for sample in declarations.samples}
    variables = {variable.id: variable for variable in declarations.variables}
    waves = {wave for study in declarations.studies for wave in study.wave_ids}
    numbers: list[PrintedNumber] = []
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise DeclarationError(f"{file}:1", "has other columns than the register.", f"Write: {', '.join(COLUMNS)}.")
        for row in reader:
            where = f"{file}:{reader.line_num}"
            number = _read(row, where)
            wrong = _wrong(number, samples, variables, waves)
            if wrong:
                raise DeclarationError(where, f"{number.id}: {wrong}", "Correct the row; see docs/reference/estimates.md.")
            if any(other.id == number.id for other in numbers):
                raise DeclarationError(where, f"the id `{number.id}` stands twice.", "One row a printed place.")
            numbers.append(number)
    return tuple(numbers)


def _read(row: Mapping[str, str], where: str) -> PrintedNumber:
    try:
        value, rounding = float(row["value"]), float(row["rounding"] or 0)
    except ValueError:
        raise DeclarationError(where, "value or rounding is no number.", "Write them with a dot.") from None
    return PrintedNumber(
        id=row["id"],
        fact_key=row["fact_key"],
        scope=row["scope"],
        study=row["study"],
        locator=row["locator"],
        figure=row["figure"],
        printed=row["printed"],
        value=value,
        unit=row["unit"],
        op=row["op"],  # type: ignore[arg-type]
        rounding=rounding,
        statistic=row["statistic"],  # type: ignore[arg-type]
        samples=_list(row["sample"]),
        versus=row["versus"] or None,
        variable=row["variable"] or None,
        answer=row["answer"],
        waves=_list(row["wave"]),
        from_wave=row["from_wave"] or None,
        where=row["where"] or None,
        denominator=row["denominator"] or "valid",
        inconsistency=row["inconsistency"],
        note=row["note"],
        declared_in=where,
    )


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _wrong(number: PrintedNumber, samples: Mapping[str, Sample], variables: Mapping[str, Variable], waves: set[str]) -> str:
    """What is wrong with a row, or nothing."""
    if not says(number.printed, number.value):
        return f"the text `{number.printed}` does not print {number.value:g}."
    if number.op not in get_args(Op) or number.statistic not in get_args(Statistic):
        return f"`{number.op}` or `{number.statistic}` is no operator or statistic of the register."
    if number.statistic == "none":
        return "" if number.note else "it is not computable and no note says why."
    if number.op in ("eq", "approx", "approx_below") and number.rounding <= 0 and number.unit in ("percent", "pp", "years"):
        return "it needs a rounding, or any value would differ."
    asked = (*number.samples, *((number.versus,) if number.versus else ()))
    unknown = [name for name in asked if name not in samples] + [name for name in number.waves if name not in waves]
    if not number.samples or unknown:
        return f"no sample or wave is called `{', '.join(unknown)}`." if unknown else "it names no sample."
    if len({samples[name].study for name in asked}) > 1:
        return "its samples belong to different studies."
    if number.statistic in _WITHOUT_VARIABLE:
        return ""
    if number.variable is None or number.variable not in variables:
        return f"no variable is called `{number.variable}`."
    return _wrong_answer(number, variables[number.variable]) if number.statistic in _SHARES else ""


def _wrong_answer(number: PrintedNumber, variable: Variable) -> str:
    if number.statistic == "change" and not number.from_wave:
        return "a change needs from_wave."
    if number.statistic == "difference" and not number.versus:
        return "a difference needs versus."
    codes = {str(category.code) for category in variable.categories} or None
    if number.answer in variable.top_box:
        return ""
    if codes is not None and not set(number.answer.split("|")) <= codes:
        return f"`{number.answer}` is neither a top box nor codes of {variable.id}."
    return "" if number.answer else "it names no answer."
