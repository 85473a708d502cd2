"""``panelpress init``: a new project from delivered files, with every decision left to a person."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from panelpress.cli.console import JsonOption, out, refusals, show
from panelpress.errors import UsageError
from panelpress.paths import places
from panelpress.raw.drafting.names import slug
from panelpress.raw.drafting.project import DraftedProject, draft_project
from panelpress.raw.few import few

FolderArgument = Annotated[Path, typer.Argument(help="Folder of the new project.", show_default=False)]
FilesArgument = Annotated[
    list[Path],
    typer.Argument(help="One wave each, the earliest first: a file, or a folder with all files of the wave.", show_default=False),
]
StudyOption = Annotated[str | None, typer.Option("--study", help="Short name of the study; the folder's name if left out.")]
TitleOption = Annotated[str | None, typer.Option("--title", help="Title of the project.")]
LanguageOption = Annotated[str, typer.Option("--language", help="Language of the questions in the files.")]


def register(app: typer.Typer) -> None:
    app.command("init")(init)


def init(
    folder: FolderArgument,
    files: FilesArgument,
    study: StudyOption = None,
    title: TitleOption = None,
    language: LanguageOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Draft a project: contracts, waves and a crosswalk in which matched items wait for a decision."""
    with refusals(as_json):
        if (folder / "panelpress.yaml").exists():
            raise UsageError(str(folder), "is a project already.", "Name another folder; nothing is overwritten.")
        name = slug(study or folder.resolve().name, "panel")
        drafted = draft_project(folder.resolve().name, files, name, title or folder.resolve().name, language)
        _write(folder, drafted)
        show(_facts(folder, name, drafted), as_json, _tell)


def _write(folder: Path, drafted: DraftedProject) -> None:
    for path in drafted.files:
        if (folder / path).exists():
            raise UsageError(str(folder / path), "is there already.", "Draft into an empty folder; nothing is overwritten.")
    for path, text in drafted.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    deliveries = places(folder).deliveries
    deliveries.mkdir(parents=True, exist_ok=True)
    for name, file in drafted.copies.items():
        if file.resolve() != (deliveries / name).resolve():
            shutil.copyfile(file, deliveries / name)


def _facts(folder: Path, study: str, drafted: DraftedProject) -> dict[str, Any]:
    groups = drafted.matching.groups
    return {
        "project": str(folder),
        "study": study,
        "waves": [
            {
                "wave": each.wave,
                "study": each.study,
                "file": each.description.file,
                "platform": each.description.platform,
                "rows": each.description.rows,
                "id": each.description.id_column,
                "returning": few(each.returning),
                "child_table": each.table or None,
            }
            for each in drafted.waves
        ],
        "variables": len(drafted.variables),
        "matched": sum(1 for group in groups if len(group) > 1),
        "traps": [f"{p.left.wave} {p.left.profile.name}, {p.right.wave}: {p.why}" for p in drafted.matching.traps],
        "files": sorted(drafted.files),
    }


def _tell(facts: Mapping[str, Any]) -> None:
    for each in facts["waves"]:
        told = f"persons by {each['id']}" if each["id"] else "no column tells persons apart"
        told += f", as {each['study']}" if each["child_table"] else ""
        told += f", {each['returning']} of them in earlier waves" if each["returning"] != "0" else ""
        out.print(f"{each['wave']}  {each['file']}: {each['platform']}, {each['rows']} rows, {told}", markup=False)
    out.print(f"{facts['variables']} variables drafted, {facts['matched']} matched over waves, all undetermined", markup=False)
    for trap in facts["traps"]:
        out.print(f"no match  {trap}", markup=False)
    out.print("next: decide the roles in schemas/raw, then the variables in build/variables; `panelpress lint` checks them")
