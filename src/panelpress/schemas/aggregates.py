"""Reads ``publish/aggregates.yaml``: the fixed list of margins that may be published of variables outside the open tier.

spec: panel-aggregates/0.1
minimum_cell: 30
partitions: [{whole: everybody, parts: [north, south]}]
margins:
- {variables: [fear], answers: [afraid], samples: [everybody, north, south], waves: [w2, w3]}
- {variables: [age], answers: mean, samples: [everybody]}

Refused: a variable of the open tier (its shares are a function of the open tables; a second source would give away the starred
people), one that does not exist, an answer that is neither top box nor code, samples of different studies.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from panelpress.model.aggregate import MEAN, AggregatePlan, Margin
from panelpress.model.estimate import Base
from panelpress.model.study import Sample
from panelpress.model.variable import Code, Variable
from panelpress.schemas.checker import Problem, check, refuse
from panelpress.schemas.declarations import Declarations
from panelpress.schemas.yaml_reader import read_document

ALL = "all"


def load_aggregates(declarations: Declarations) -> AggregatePlan | None:
    """The plan of the project; None where it has none. Raises DeclarationError with file and line."""
    places = declarations.places
    if not places.aggregates_file.is_file():
        return None
    document = read_document(places.aggregates_file, places.root)
    refuse(check(document, "aggregates"))
    variables = {variable.id: variable for variable in declarations.variables}
    samples = {sample.id: sample for sample in declarations.samples}
    waves = {wave: study.id for study in declarations.studies for wave in study.wave_ids}
    margins: list[Margin] = []
    problems: list[Problem] = []
    for given in document.content["margins"]:
        where = document.where(given.line)
        wrong = _wrong(given, variables, samples, waves)
        problems += [Problem(where, what, todo) for what, todo in wrong]
        if not wrong:
            margins += _margins(given, variables, samples, where)
    refuse(problems)
    partitions = tuple((each["whole"], tuple(each["parts"])) for each in document.content.get("partitions") or ())
    return AggregatePlan(tuple(margins), document.content["minimum_cell"], partitions)


def _wrong(
    given: Any, variables: Mapping[str, Variable], samples: Mapping[str, Sample], waves: Mapping[str, str]
) -> list[tuple[str, str]]:
    problems = []
    for name in given["variables"]:
        if name not in variables:
            problems.append((f"no variable is called `{name}`.", "Correct the name."))
        elif variables[name].tier == "open":
            problems.append((f"`{name}` is in the open tier.", "Its shares follow from the open tables; take it out."))
        elif given["answers"] == MEAN:
            if variables[name].type not in ("integer", "decimal"):
                problems.append((f"`{name}` is {variables[name].type} and has no mean.", "Name its answers."))
        elif not variables[name].is_categorical:
            problems.append((f"`{name}` has no categories.", "Derive classes and publish those, or its mean."))
        elif given["answers"] != ALL:
            known = {*variables[name].top_box, *(str(category.code) for category in variables[name].categories)}
            problems += [
                (f"`{answer}` is neither a top box nor a code of `{name}`.", f"Known: {', '.join(sorted(known))}.")
                for answer in given["answers"]
                if str(answer) not in known
            ]
    unknown = [name for name in given["samples"] if name not in samples]
    problems += [(f"no sample is called `{name}`.", "See build/samples.yaml.") for name in unknown]
    studies = {samples[name].study for name in given["samples"] if name in samples}
    for wave in given.get("waves") or ():
        if {waves.get(wave)} != studies:
            problems.append((f"`{wave}` is no wave of the study of these samples.", "One study a margin."))
    if len(studies) > 1:
        problems.append(("the samples belong to different studies.", "Write one margin a study."))
    return problems


def _margins(given: Any, variables: Mapping[str, Variable], samples: Mapping[str, Sample], where: str) -> list[Margin]:
    made = []
    for name in given["variables"]:
        variable = variables[name]
        for sample in given["samples"]:
            for wave in given.get("waves") or (None,):
                base = Base((sample,), wave, given.get("where"), given.get("denominator", "valid"))
                boxes = tuple(_box(variable, answer) for answer in _answers(given["answers"], variable))
                made.append(Margin(name, samples[sample].study, base, boxes, given["answers"] == ALL, where))
    return made


def _answers(given: Any, variable: Variable) -> list[str]:
    if given == MEAN:
        return [MEAN]
    return [str(category.code) for category in variable.categories] if given == ALL else [str(answer) for answer in given]


def _box(variable: Variable, answer: str) -> tuple[str, tuple[Code, ...]]:
    if answer in variable.top_box:
        return answer, variable.top_box[answer]
    if not variable.is_categorical:
        return answer, ()
    return answer, (answer if variable.codes_are_text else int(answer),)
