"""Reads ``raw/linkage.yaml``: how ids link waves, where that is more than one stable id. It holds column names, never ids.

spec: panel-linkage/0.1
studies:
- study: my_study
  ids: per_wave                                   # or stable, the default
  within: {w1: country, w2: country}              # ids are unique only within the values of this column
  crosswalks:
  - {wave: w2, columns: {w1: token_of_w1}}        # the delivery of w2 tells the ids that its people had in w1
  - {file: pairs.csv, columns: {w1: a, w2: b}}    # a private file in raw/deliveries does
  facts:
  - {id: birth_year, columns: {w1: yob, w2: born}, tolerance: 1}
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from panelpress.model.linkage import Crosswalk, Fact, StudyLinkage
from panelpress.model.study import Study
from panelpress.paths import Places
from panelpress.schemas.checker import Problem, check, refuse
from panelpress.schemas.yaml_reader import Document, read_document


def load_linkage(places: Places, studies: Iterable[Study]) -> tuple[StudyLinkage, ...]:
    """The declared linkage of each study that has one; none where the file is absent (ids are then stable). Raises
    DeclarationError, naming file and line."""
    if not places.linkage_file.is_file():
        return ()
    document = read_document(places.linkage_file, places.root)
    refuse(check(document, "linkage"))
    refuse(_beyond_schema(document, {study.id: study for study in studies}))
    return tuple(_study(each) for each in document.content["studies"])


def _study(given: Any) -> StudyLinkage:
    return StudyLinkage(
        study=given["study"],
        ids=given.get("ids", "stable"),
        within=dict(given.get("within") or {}),
        crosswalks=tuple(
            Crosswalk(dict(each["columns"]), each.get("wave"), each.get("file"), dict(each.get("within") or {}))
            for each in given.get("crosswalks") or ()
        ),
        facts=tuple(
            Fact(each["id"], dict(each["columns"]), float(each.get("tolerance", 0))) for each in given.get("facts") or ()
        ),
    )


def _beyond_schema(document: Document, studies: dict[str, Study]) -> list[Problem]:
    problems: list[Problem] = []
    for given in document.content["studies"]:
        study = studies.get(given["study"])
        if study is None:
            what = f"no study is called `{given['study']}`."
            problems.append(Problem(document.where(given.line), what, "Declare it in build/waves.yaml."))
            continue
        for holder in (given, *(given.get("crosswalks") or ()), *(given.get("facts") or ())):
            problems.extend(_unknown_waves(document, holder, study))
        for each in given.get("crosswalks") or ():
            problems.extend(_crosswalk(document, each))
    return problems


def _unknown_waves(document: Document, holder: Any, study: Study) -> Iterable[Problem]:
    named = [*(holder.get("within") or {}), *(holder.get("columns") or {}), holder.get("wave", study.wave_ids[0])]
    for wave in dict.fromkeys(named):
        if wave not in study.wave_ids:
            what = f"the study `{study.id}` has no wave `{wave}`."
            yield Problem(document.where(holder.line), what, f"Its waves are {', '.join(study.wave_ids)}.")


def _crosswalk(document: Document, given: Any) -> Iterable[Problem]:
    if ("wave" in given) == ("file" in given):
        todo = "Name the wave whose delivery holds the other ids, or the file of pairs, not both."
        yield Problem(document.where(given.line), "a crosswalk has either `wave` or `file`.", todo)
    elif given.get("wave") in given["columns"]:
        todo = "Its own ids are in its id column; name other waves only."
        yield Problem(document.where(given.line), f"the crosswalk of `{given['wave']}` names that wave itself.", todo)
    elif "file" in given and len(given["columns"]) < 2:
        yield Problem(document.where(given.line), "a file of pairs needs ids of two waves.", "Name a column for each.")
