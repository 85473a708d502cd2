"""Reads ``publish/errata.yaml``: which published cells were wrong, in which release they are put right, and how many they are.

spec: panel-errata/0.1
errata:
- id: trust_reversed
  version: 0.2.1
  study: my_study
  variable: trust
  waves: {w2: 143}
  reason: {en: "The scale of wave 2 was read upside down."}

The diff counts the cells itself and refuses a release whose count differs: an erratum that says less than happened would hide
a change, one that says more would frighten for nothing. A count below k is written ``few``.
"""

from __future__ import annotations

from collections.abc import Sequence

from panelpress.model.chain import Erratum
from panelpress.model.study import Study
from panelpress.model.variable import Variable
from panelpress.paths import Places
from panelpress.schemas.checker import Problem, check, refuse
from panelpress.schemas.common import local_text
from panelpress.schemas.tables import of_study
from panelpress.schemas.yaml_reader import Document, read_document


def load_errata(
    places: Places, studies: Sequence[Study], variables: Sequence[Variable], languages: tuple[str, ...] = ("en",)
) -> tuple[Erratum, ...]:
    """All errata, one a variable and wave; no file means none. Raises DeclarationError where one is wrong."""
    if not places.errata_file.is_file():
        return ()
    document = read_document(places.errata_file, places.root)
    refuse(check(document, "errata") or _problems(document, studies, variables))
    return tuple(
        Erratum(
            id=each["id"],
            version=each["version"],
            study=each["study"],
            variable=each["variable"],
            wave=wave,
            cells=cells,
            reason=local_text(each["reason"], languages),
            declared_in=document.where(each.line),
        )
        for each in document.content["errata"]
        for wave, cells in each["waves"].items()
    )


def _problems(document: Document, studies: Sequence[Study], variables: Sequence[Variable]) -> list[Problem]:
    by_id = {study.id: study for study in studies}
    problems: list[Problem] = []
    seen: set[str] = set()
    for each in document.content["errata"]:
        where = document.where(each.line)
        if each["id"] in seen:
            problems.append(Problem(where, f"the erratum `{each['id']}` stands twice.", "Give each erratum a name of its own."))
        seen.add(each["id"])
        study = by_id.get(each["study"])
        if study is None:
            problems.append(Problem(where, f"no study is called `{each['study']}`.", f"Known: {', '.join(by_id)}."))
            continue
        if each["variable"] not in {variable.id for variable in of_study(study, variables)}:
            todo = "Name the variable as it is called in the release that corrects it."
            problems.append(Problem(where, f"`{study.id}` has no variable `{each['variable']}`.", todo))
        problems += [
            Problem(where, f"`{study.id}` has no wave `{wave}`.", f"Known: {', '.join(study.wave_ids)}.")
            for wave in each["waves"]
            if wave not in study.wave_ids
        ]
    return problems
