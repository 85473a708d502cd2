"""Loads the whole crosswalk: every file below ``build/variables``, each a document of the crosswalk language.

``load_crosswalk`` raises on the first mistake; ``lint_crosswalk`` returns all of them. Order of variables: folders and files by
name, documents as written; that is the order of columns in release tables.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from panelpress.errors import DeclarationError
from panelpress.model.delivery import Contract
from panelpress.model.missing import MissingReasons
from panelpress.model.study import Study
from panelpress.model.variable import Rate, Variable
from panelpress.paths import Places
from panelpress.schemas.checker import Problem, refuse
from panelpress.schemas.crosswalk_checks import cross_checks
from panelpress.schemas.variable_reader import read_variables
from panelpress.schemas.yaml_reader import read_documents


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """All variables of a project, with what they refer to."""

    variables: tuple[Variable, ...]
    studies: tuple[Study, ...]
    missing: MissingReasons
    contracts: tuple[Contract, ...]

    def study(self, identifier: str) -> Study:
        """The study called ``identifier``. Raises KeyError where there is none."""
        for study in self.studies:
            if study.id == identifier:
                return study
        raise KeyError(identifier)

    def of_study(self, identifier: str) -> tuple[Variable, ...]:
        """Variables with a rule for any wave of the study, in crosswalk order."""
        waves = self.study(identifier).wave_ids
        return tuple(variable for variable in self.variables if any(wave in variable.waves for wave in waves))


def load_crosswalk(
    places: Places, studies: Sequence[Study], missing: MissingReasons, contracts: Sequence[Contract], languages: tuple[str, ...]
) -> Crosswalk:
    """The crosswalk of the project. Raises DeclarationError for the first mistake, saying how many more there are."""
    crosswalk, problems = lint_crosswalk(places, studies, missing, contracts, languages)
    refuse(problems)
    return crosswalk


def lint_crosswalk(
    places: Places, studies: Sequence[Study], missing: MissingReasons, contracts: Sequence[Contract], languages: tuple[str, ...]
) -> tuple[Crosswalk, list[Problem]]:
    """The crosswalk as far as it can be read, and every mistake in it, in file order."""
    problems: list[Problem] = []
    variables: list[Variable] = []
    for path in sorted(places.variables.rglob("*.yaml")):
        try:
            for document in read_documents(path, places.root):
                if document.content is None:
                    problems.append(Problem(document.file, "is empty.", "Declare a variable in it or delete it."))
                    continue
                read, wrong = read_variables(document, places.codelists, languages)
                problems += wrong
                variables += read
        except DeclarationError as error:
            problems.append(Problem(error.where, error.what, error.todo))
    rated_variables = []
    for variable in variables:
        rated, wrong = with_rates(variable, places.units)
        problems += wrong
        rated_variables.append(rated)
    crosswalk = Crosswalk(tuple(rated_variables), tuple(studies), missing, tuple(contracts))
    if not variables and not problems:
        problems.append(
            Problem("build/variables", "holds no variable.", "Write one YAML file a variable; `panelpress init` drafts them.")
        )
    problems += cross_checks(crosswalk.variables, crosswalk.studies, missing, crosswalk.contracts)
    return crosswalk, problems


def with_rates(variable: Variable, folder: Path) -> tuple[Variable, list[Problem]]:
    """``variable`` with the rows of its dated unit tables read in."""
    rules = dict(variable.waves)
    for wave, rule in variable.waves.items():
        if rule.units is None or rule.units.table is None:
            continue
        file = f"build/units/{rule.units.table}"
        try:
            with (folder / rule.units.table).open(encoding="utf-8-sig", newline="") as stream:
                rates = tuple(Rate(row["key"], row["start"], row["end"], row["factor"]) for row in csv.DictReader(stream))
        except FileNotFoundError:
            return variable, [Problem(file, "is missing.", "Write the table: columns key, start, end, factor.")]
        except KeyError as error:
            return variable, [Problem(f"{file}:1", f"lacks the column {error}.", "Columns: key, start, end, factor.")]
        rules[wave] = replace(rule, units=replace(rule.units, rates=rates))
    return replace(variable, waves=rules), []
