"""Editors complete and check every declaration of this checkout: each file has one JSON Schema, and holds to it by any validator."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from panelpress.schemas.yaml_reader import read_documents

FOLDERS = ("build", "raw", "schemas", "validation", "publish")


def mapped(repository: Path) -> dict[Path, list[Path]]:
    """The schemas that the editor's settings give to each file."""
    settings = json.loads((repository / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    found: dict[Path, list[Path]] = {}
    for schema, patterns in settings["yaml.schemas"].items():
        for pattern in patterns:
            for file in repository.glob(pattern):
                found.setdefault(file, []).append(repository / schema)
    return found


def test_every_declaration_has_one_schema_and_holds_to_it(repository: Path) -> None:
    projects = [repository, *sorted((repository / "examples").iterdir())]
    declared = {each / "panelpress.yaml" for each in projects}
    declared |= {file for each in projects for folder in FOLDERS for file in (each / folder).rglob("*.yaml")}
    # what stood otherwise in earlier releases, what the site is deployed with, and drawn questionnaires are no declarations
    declared = {each for each in declared if not {"editions", "deploy", "simulation", "questionnaire"} & set(each.parts)}
    schemas = mapped(repository)
    assert {file: len(schemas.get(file, ())) for file in declared} == dict.fromkeys(declared, 1)
    for file in declared:
        validator = Draft202012Validator(json.loads(schemas[file][0].read_text(encoding="utf-8")))
        for document in read_documents(file):
            # as an editor sees it: keys are texts
            assert not list(validator.iter_errors(json.loads(json.dumps(document.content)))), file


def test_every_schema_of_a_file_with_a_place_of_its_own_is_given_to_it(repository: Path) -> None:
    spec = repository / "src" / "panelpress" / "schemas" / "spec"
    settings = json.loads((repository / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    given = {Path(schema).name for schema in settings["yaml.schemas"]}
    # the request of a grant may lie anywhere
    assert given == {each.name for each in spec.glob("*.schema.json")} - {"grant.schema.json"}
