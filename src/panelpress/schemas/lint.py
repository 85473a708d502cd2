"""Holds the declarations of a project against the language, without data, and tells all mistakes at once.

The register of printed numbers is not read here: ``validation`` knows what can be judged.

What others refer to is read first: waves, reasons, contracts, the crosswalk. Where these are wrong, the declarations that name
them (protection, rules, figures, releases, ...) are not read yet; their mistakes would mostly be echoes.
"""

from __future__ import annotations

from collections.abc import Callable

from panelpress.errors import DeclarationError
from panelpress.paths import Places
from panelpress.schemas.aggregates import load_aggregates
from panelpress.schemas.checker import Problem, Refused
from panelpress.schemas.cleaning import load_cleaning
from panelpress.schemas.contracts import read_contract
from panelpress.schemas.crosswalk import lint_crosswalk
from panelpress.schemas.data_protection import load_data_protection
from panelpress.schemas.declarations import Declarations, sample_problems
from panelpress.schemas.disclosure import load_disclosure
from panelpress.schemas.errata import load_errata
from panelpress.schemas.figures import load_figures
from panelpress.schemas.linkage import load_linkage
from panelpress.schemas.methodology import load_methodology
from panelpress.schemas.missing import load_missing
from panelpress.schemas.project import load_project
from panelpress.schemas.releases import load_releases
from panelpress.schemas.rules import load_rules
from panelpress.schemas.waivers import load_waivers
from panelpress.schemas.waves import load_samples, load_studies


def lint(places: Places) -> list[Problem]:
    """Every mistake in these declarations, found without data, in the order a reader would mend them."""
    try:
        project = load_project(places)
        studies = load_studies(places, project.languages)
        missing = load_missing(places)
    except DeclarationError as error:
        return told(error)
    problems: list[Problem] = []
    contracts = []
    for path in sorted(places.contracts.glob("*.yaml")):
        try:
            contracts.append(read_contract(path, places.root, project.languages))
        except DeclarationError as error:
            problems += told(error)
    crosswalk, wrong = lint_crosswalk(places, studies, missing, contracts, project.languages)
    problems += wrong
    try:
        samples = load_samples(places, studies, project.languages)
        problems += sample_problems(samples, crosswalk)
        cleaning = load_cleaning(places, studies, project.languages)
    except DeclarationError as error:
        return problems + told(error)
    return problems or _beyond_the_crosswalk(Declarations(places, project, crosswalk, samples, cleaning))


def _beyond_the_crosswalk(declared: Declarations) -> list[Problem]:
    """Mistakes of what protects, judges, pictures and publishes; each is read, whether or not another is wrong."""
    places, studies, variables, languages = declared.places, declared.studies, declared.variables, declared.project.languages
    readers: tuple[Callable[[], object], ...] = (
        lambda: places.disclosure_file.is_file() and load_disclosure(places, studies, variables, declared.samples, languages),
        lambda: load_linkage(places, studies),
        lambda: load_rules(places, studies, variables, languages),
        lambda: load_waivers(places),
        lambda: load_releases(places, studies, languages),
        lambda: load_errata(places, studies, variables, languages),
        lambda: load_aggregates(declared),
        lambda: load_figures(declared),
        lambda: load_methodology(places, languages),
        lambda: load_data_protection(places, languages),
    )
    problems: list[Problem] = []
    for read in readers:
        try:
            read()
        except DeclarationError as error:
            problems += told(error)
    return problems


def told(error: DeclarationError) -> list[Problem]:
    """The mistakes that ``error`` tells."""
    if isinstance(error, Refused):
        return list(error.problems)
    return [Problem(error.where, error.what, error.todo)]
