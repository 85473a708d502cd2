"""Loads all declarations of a project that the build needs, once, in the order in which they refer to each other."""

from __future__ import annotations

from dataclasses import dataclass

from panelpress.model.cleaning import CleaningRule
from panelpress.model.delivery import Contract
from panelpress.model.missing import MissingReasons
from panelpress.model.project import ProjectFacts
from panelpress.model.study import Sample, Study
from panelpress.model.variable import Variable
from panelpress.paths import Places
from panelpress.schemas.checker import Problem, refuse
from panelpress.schemas.cleaning import load_cleaning
from panelpress.schemas.contracts import load_contracts
from panelpress.schemas.crosswalk import Crosswalk, load_crosswalk
from panelpress.schemas.expressions import parse
from panelpress.schemas.missing import load_missing
from panelpress.schemas.project import load_project
from panelpress.schemas.waves import load_samples, load_studies


@dataclass(frozen=True, slots=True)
class Declarations:
    """What a project says of itself, beside the data."""

    places: Places
    project: ProjectFacts
    crosswalk: Crosswalk
    samples: tuple[Sample, ...]
    cleaning: tuple[CleaningRule, ...]

    @property
    def studies(self) -> tuple[Study, ...]:
        return self.crosswalk.studies

    @property
    def variables(self) -> tuple[Variable, ...]:
        return self.crosswalk.variables

    @property
    def missing(self) -> MissingReasons:
        return self.crosswalk.missing

    @property
    def contracts(self) -> tuple[Contract, ...]:
        return self.crosswalk.contracts


def load_declarations(places: Places) -> Declarations:
    """Everything the build needs. Raises DeclarationError or UsageError for the first mistake."""
    project = load_project(places)
    languages = project.languages
    studies = load_studies(places, languages)
    missing = load_missing(places)
    contracts = load_contracts(places, languages)
    crosswalk = load_crosswalk(places, studies, missing, contracts, languages)
    samples = load_samples(places, studies, languages)
    refuse(sample_problems(samples, crosswalk))
    return Declarations(places, project, crosswalk, samples, load_cleaning(places, studies, languages))


def sample_problems(samples: tuple[Sample, ...], crosswalk: Crosswalk) -> list[Problem]:
    """Conditions of named samples that cannot be read or name what the study does not have."""
    problems = []
    for sample in samples:
        if sample.where is not None:
            known = [variable.id for variable in crosswalk.of_study(sample.study)]
            parsed = parse(sample.where, "harmonized", f"build/samples.yaml:{sample.line}", [*known, "wave"])
            if isinstance(parsed, Problem):
                problems.append(parsed)
                continue
            known_waves = crosswalk.study(sample.study).wave_ids
            problems += [
                Problem(
                    f"build/samples.yaml:{sample.line}",
                    f"`{sample.where}` names the wave `{wave}`.",
                    f"Waves of {sample.study}: {', '.join(known_waves)}.",
                )
                for wave in parsed.waves
                if wave not in known_waves
            ]
    return problems
