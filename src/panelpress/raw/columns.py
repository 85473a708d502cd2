"""The allow-list: a delivery's columns held against its contract. What nobody declared does not come in.

Column names are printed only where the first row of the file is certainly a header: in a file without one the "names" are the
first respondent's answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from panelpress.errors import IntakeRefused
from panelpress.model.delivery import Contract, RawTable
from panelpress.raw.registry import PURGED

RESERVED = ("person_id", "record_id", "wave", "study")
_SHOWN = 5
_LONGEST_NAME = 60


def refuse_columns(raw: RawTable, contract: Contract, where: str) -> None:
    """Raises IntakeRefused where the file comes from another platform than declared, has a column without a role, or lacks a
    declared one; or where two kept columns would be one column to SQL."""
    if contract.platform != raw.platform and not where.endswith(PURGED):
        todo = f"Correct `platform` in {contract.declared_in}, or deliver the right file."
        raise IntakeRefused(where, f"is a {raw.platform} export; its contract says {contract.platform}.", todo)
    declared = {each.name for each in contract.columns}
    given = [each.name for each in raw.columns]
    present = [each.name for each in contract.columns if each.name in set(given)]
    unknown = [name for name in given if name not in declared]
    if unknown:
        shown = name_columns(unknown, given, certain=2 * len(present) >= len(declared))
        todo = f"Give each a role in {contract.declared_in} (`drop` if it should not come in), or correct the file's header."
        raise IntakeRefused(where, f"{_count(len(unknown))} without a role: {shown}.", todo)
    absent = [name for name in declared if name not in set(given)]
    if absent:
        shown = name_columns([each.name for each in contract.columns if each.name in absent], [], certain=True)
        todo = f"Ask for a full export, or take them out of {contract.declared_in}."
        raise IntakeRefused(where, f"{_count(len(absent))} missing that the contract declares: {shown}.", todo)
    _refuse_collisions(contract)


def _refuse_collisions(contract: Contract) -> None:
    seen = set(RESERVED)
    for column in contract.kept:
        if column.name.casefold() in seen:
            todo = "Give one of them the role `drop`, or rename it in the export."
            what = f"the kept column `{column.name}` has the name of another, or a reserved one ({', '.join(RESERVED)})."
            raise IntakeRefused(contract.declared_in, what, todo)
        seen.add(column.name.casefold())


def name_columns(names: Sequence[str], header: Sequence[str], certain: bool) -> str:
    """How a message names columns: by name where the header is ``certain`` to be one, else by position in ``header``."""
    if certain:
        shown = [f"`{_short(name)}`" for name in names[:_SHOWN]]
    else:
        position = {name: number for number, name in enumerate(header, start=1)}
        shown = [f"number {position[name]}" for name in names[:_SHOWN]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _short(name: str) -> str:
    flat = " ".join(name.split())
    return flat if len(flat) <= _LONGEST_NAME else flat[: _LONGEST_NAME - 1] + "…"


def _count(number: int) -> str:
    return "a column" if number == 1 else f"{number} columns"
