"""``panelpress describe``: what a delivered file is, what is wrong in it, and a first draft of its contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from panelpress.cli.columns import aligned
from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, refusals, show
from panelpress.errors import UsageError
from panelpress.model.delivery import Repair
from panelpress.paths import places
from panelpress.raw.describe import Description, describe_file
from panelpress.raw.drafting.contract import draft_contract
from panelpress.raw.few import few
from panelpress.raw.profile import ColumnProfile
from panelpress.raw.shorten import shortened

FileArgument = Annotated[Path, typer.Argument(help="The delivered file.", show_default=False)]
PlatformOption = Annotated[str | None, typer.Option("--platform", help="Platform, where recognition errs; `redcap:<event>`.")]
BesideOption = Annotated[list[Path] | None, typer.Option("--beside", help="A file it needs: dictionary, form, structure.")]
EncodingOption = Annotated[str | None, typer.Option("--encoding", help="Encoding of a text file, where the guess errs.")]
StudyOption = Annotated[str | None, typer.Option("--study", help="With --wave: write the drafted contract into the project.")]
WaveOption = Annotated[str | None, typer.Option("--wave", help="With --study: write the drafted contract into the project.")]
LanguageOption = Annotated[str, typer.Option("--language", help="Language of the questions in the file.")]


def register(app: typer.Typer) -> None:
    app.command("describe")(describe)


def describe(
    file: FileArgument,
    platform: PlatformOption = None,
    beside: BesideOption = None,
    encoding: EncodingOption = None,
    study: StudyOption = None,
    wave: WaveOption = None,
    language: LanguageOption = "en",
    project: ProjectOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say what a file from a survey platform holds and what is wrong in it; draft its contract."""
    with refusals(as_json):
        if (study is None) != (wave is None):
            raise UsageError("describe", "needs both --study and --wave to write a contract.", "Name both, or neither.")
        described = describe_file(file, platform, beside or (), encoding)
        facts = facts_of(described)
        if study is not None and wave is not None:
            facts["contract"] = _write(described, places(project).contracts / f"{study}_{wave}.yaml", study, wave, language)
        show(facts, as_json, _tell)


def _write(described: Description, path: Path, study: str, wave: str, language: str) -> str:
    if path.exists():
        raise UsageError(path.name, "is there already.", "Move it away first; a contract that somebody edited is never replaced.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(draft_contract(described, study, wave, language), encoding="utf-8")
    return path.name


def facts_of(described: Description) -> dict[str, Any]:
    """What may be printed of a description: counts of people below ``K`` as ``< 11``, no code that few people gave."""
    return {
        "file": described.file,
        "platform": described.platform,
        "encoding": described.encoding,
        "title": described.title,
        "rows_in": described.rows_in,
        "rows": described.rows,
        "refused": dict(described.refused),
        "n_columns": len(described.columns),
        "id": described.id_column,
        "id_links": described.links,
        "consent": _consent(described),
        "period": list(described.period) if described.period else None,
        "children": {name: facts_of(child) for name, child in described.children.items()},
        "repairs": _repairs(described.repairs),
        "identifiers": [
            {"column": hit.column, "looks_like": hit.detector, "strength": hit.strength, "cells": few(hit.cells)}
            for hit in described.hits
        ],
        "columns": [_column(each, described) for each in described.columns],
    }


def _consent(described: Description) -> dict[str, Any] | None:
    if described.consent is None:
        return None
    column, given = described.consent
    agreed = sum(each.n for each in described.column(column).codes if each.code in given)
    return {"column": column, "given": list(given), "agreed": few(agreed)}


def _column(profile: ColumnProfile, described: Description) -> dict[str, Any]:
    suggestion = described.roles[profile.name]
    shown = suggestion.role in ("quasi", "sensitive", "plain", "paradata")
    return {
        "name": profile.name,
        "text": profile.column.text if profile.column.text != profile.name else "",
        "type": profile.type,
        "role": suggestion.role,
        "why": suggestion.why,
        "filled": few(profile.n_filled),
        "blank": few(profile.n_blank),
        "distinct": profile.n_distinct,
        "codes": [{"code": c.code, "label": c.label, "n": few(c.n)} for c in profile.codes] if shown else [],
        "rare_codes": profile.n_rare if shown else 0,
        "unlabelled_codes": profile.unlabelled,
        "missing": [*profile.column.missing, *(f"{low} to {high}" for low, high in profile.column.missing_ranges)],
        "suspected_missing": [code for code in profile.suspected_missing if code not in profile.column.missing],
    }


def _repairs(repairs: tuple[Repair, ...]) -> list[dict[str, Any]]:
    """One entry a kind: how often, in which columns, from which line on."""
    grouped: dict[str, list[Repair]] = defaultdict(list)
    for each in repairs:
        grouped[each.code].append(each)
    return [
        {
            "code": code,
            "message": found[0].message,
            "n": sum(each.n for each in found),
            "repaired": all(each.repaired for each in found),
            "line": next((each.line for each in found if each.line), None),
            "columns": [each.column for each in found if each.column],
        }
        for code, found in grouped.items()
    ]


def _tell(facts: Mapping[str, Any]) -> None:
    kind = f"{facts['platform']}, {facts['encoding']}" if facts["encoding"] else facts["platform"]
    out.print(f"{facts['file']}: {kind}{'; ' + facts['title'] if facts['title'] else ''}", markup=False)
    refused = "".join(f", {n} refused: {reason}" for reason, n in facts["refused"].items())
    out.print(f"{facts['rows_in']} rows, {facts['rows']} kept{refused}; {facts['n_columns']} columns", markup=False)
    out.print(f"persons are told apart by: {_id(facts)}", markup=False)
    if facts["consent"]:
        consent = facts["consent"]
        out.print(
            f"people agreed in: {consent['column']} = {', '.join(consent['given'])} ({consent['agreed']} rows)", markup=False
        )
    for name, child in facts["children"].items():
        counts = f"{child['rows_in']} rows, {child['rows']} kept; {child['n_columns']} columns"
        out.print(f"child table {name}: {counts}; described by --platform {facts['platform']}:{name}", markup=False)
    _tell_repairs(facts["repairs"])
    _tell_columns(facts["columns"])
    if facts["identifiers"]:
        roles = {each["name"]: each["role"] for each in facts["columns"]}
        found = [
            (hit["column"], hit["looks_like"], hit["strength"], hit["cells"], roles[hit["column"]])
            for hit in facts["identifiers"]
        ]
        aligned("suspected identifiers", [("column", "looks like", "how sure", "cells", "role"), *found])
    out.print()
    if "contract" in facts:
        out.print(f"drafted schemas/raw/{facts['contract']}: decide every role in it", markup=False)
    else:
        out.print("with --study and --wave the contract is drafted into the project", markup=False)


def _id(facts: Mapping[str, Any]) -> str:
    """What tells persons apart, and where that is less than an id of their own."""
    name = facts["id"]
    if name is None:
        return "no column; each row would be a person"
    if not facts["id_links"]:
        return f"{name}, which only counts the rows"
    distinct = next(each["distinct"] for each in facts["columns"] if each["name"] == name)
    return name if distinct == facts["rows"] else f"{name}, {distinct} of them in {facts['rows']} rows"


def _tell_repairs(repairs: list[dict[str, Any]]) -> None:
    for each in repairs:
        columns = each["columns"]
        where = f" from line {each['line']} on" if each["line"] else ""
        named = (
            f" in {shortened(columns[0], 44)}" + (f" and {len(columns) - 1} other columns" if len(columns) > 1 else "")
            if columns
            else ""
        )
        out.print(
            f"{'mended ' if each['repaired'] else 'look at'}  {each['code']} x {each['n']}{named}{where}: {each['message']}",
            markup=False,
        )


def _tell_columns(columns: list[dict[str, Any]]) -> None:
    rows = [("column", "role", "type", "filled", "codes", "perhaps missing")]
    for each in columns:
        codes = ", ".join([*(f"{c['code']} {c['label']}".strip() for c in each["codes"]), *_rare(each["rare_codes"])])
        missing = ", ".join([*each["missing"], *each["suspected_missing"]])
        rows.append((each["name"], each["role"], each["type"], each["filled"], codes, missing))
    aligned("columns (why a role is suggested stands in the draft)", rows)


def _rare(n: int) -> list[str]:
    return [f"{n} rare"] if n else []
