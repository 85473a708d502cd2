"""Reads ``schemas/raw/<study>_<wave>.yaml``: what one delivery must look like and what each of its columns may become.

spec: panel-contract/0.1
study: my_study
wave: w1
platform: plain_csv
columns:
- {name: token, role: id}
- {name: q1, role: plain, type: integer, text: {en: "How are you?"}, values: {1: {en: Well}, 2: {en: Badly}}}
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from panelpress.errors import DeclarationError
from panelpress.model.delivery import Consent, Contract, ContractColumn
from panelpress.paths import Places
from panelpress.schemas.checker import Problem, check, refuse
from panelpress.schemas.common import local_text, raw_code
from panelpress.schemas.yaml_reader import Document, read_document


def load_contract(places: Places, study: str, wave: str, languages: tuple[str, ...] = ("en",)) -> Contract:
    """The contract of one delivery. Raises DeclarationError where it is missing, ill-formed or names another wave."""
    return read_contract(places.contracts / f"{study}_{wave}.yaml", places.root, languages)


def load_contracts(places: Places, languages: tuple[str, ...] = ("en",)) -> tuple[Contract, ...]:
    """Every contract of the project in order of file name."""
    return tuple(read_contract(path, places.root, languages) for path in sorted(places.contracts.glob("*.yaml")))


def read_contract(path: Path, root: Path, languages: tuple[str, ...] = ("en",)) -> Contract:
    """One contract file. Raises DeclarationError, naming file and line."""
    document = read_document(path, root)
    refuse(check(document, "contract") or _beyond_schema(document, path))
    given = document.content
    return Contract(
        study=given["study"],
        wave=given["wave"],
        platform=given["platform"],
        declared_in=document.file,
        country_column=given.get("country_column"),
        consent=_consent(given.get("consent")),
        rows=_consent(given.get("rows")),
        part_column=given.get("part_column"),
        row_column=given.get("row_column"),
        columns=tuple(
            ContractColumn(
                name=column["name"],
                role=column["role"],
                text=local_text(column.get("text"), languages),
                type=column.get("type", "string"),
                values={
                    str(raw_code(code)): local_text(label, languages) for code, label in (column.get("values") or {}).items()
                },
                required=bool(column.get("required", False)),
                minimum=raw_code(column.get("minimum")),
                maximum=raw_code(column.get("maximum")),
                cleared=column.get("cleared"),
                parts=tuple(str(raw_code(each)) for each in column.get("parts") or ()),
            )
            for column in given["columns"]
        ),
    )


def _consent(given: Any) -> Consent | None:
    if given is None:
        return None
    return Consent(given["column"], tuple(str(raw_code(code)) for code in given["given"]))


def _beyond_schema(document: Document, path: Path) -> list[Problem]:
    given = document.content
    problems: list[Problem] = []
    if path.stem != f"{given['study']}_{given['wave']}":
        problems.append(
            Problem(
                document.where(given.lines["wave"]),
                f"the file is about {given['study']}, {given['wave']}.",
                f"Name it {given['study']}_{given['wave']}.yaml.",
            )
        )
    names: set[str] = set()
    for column in given["columns"]:
        if column["name"] in names:
            problems.append(
                Problem(document.where(column.line), f"the column `{column['name']}` stands twice.", "Keep one of them.")
            )
        names.add(column["name"])
    ids = [column for column in given["columns"] if column["role"] == "id"]
    if len(ids) != 1:
        problems.append(
            Problem(
                document.where(given.lines["columns"]),
                f"{len(ids)} columns have the role `id`.",
                "Give it to exactly one: the column that tells persons apart.",
            )
        )
    for key in ("consent", "rows"):
        if key in given and given[key]["column"] not in names:
            what = f"no column is called `{given[key]['column']}`."
            problems.append(Problem(document.where(given.lines[key]), what, "Name a listed column."))
    for key in ("country_column", "part_column", "row_column"):
        if given.get(key) is not None and given[key] not in names:
            what = f"no column is called `{given[key]}`."
            problems.append(Problem(document.where(given.lines[key]), what, "Name a listed column."))
    return problems


def find_contract(contracts: tuple[Contract, ...], study: str, wave: str) -> Contract:
    """The contract of ``study`` and ``wave`` among ``contracts``. Raises DeclarationError where there is none."""
    for contract in contracts:
        if (contract.study, contract.wave) == (study, wave):
            return contract
    raise DeclarationError(
        f"schemas/raw/{study}_{wave}.yaml", "is missing.", "`panelpress describe FILE --study S --wave W` drafts the contract."
    )
