"""Reads ``validation/rules.yaml``: thresholds, severities, panel rules and the project's own rules. No file means the defaults.

spec: panel-rules/0.1
thresholds: {missing: 0.8, tvd: 0.15}
severities: {summary.missing_share: info}
empty: [{variable: income, wave: w1, reason: "lost by the platform, see the notes"}]
panel:
  constant: [birth_year]
  participation: {my_study: [w1, w2, "w1 w2"]}
  routing: [{variable: job, study: my_study, asked_when: "works = 1"}]
rules:
- {id: adults, study: my_study, holds: "age >= 18", text: {en: "Every respondent is an adult."}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from panelpress.model.missing import WHY_SUFFIX
from panelpress.model.rules import Bounds, Listed, ProjectRule, Routing, Rules, Thresholds, Weight
from panelpress.model.study import Study
from panelpress.model.variable import Variable
from panelpress.paths import Places
from panelpress.schemas.checker import Problem, check, refuse
from panelpress.schemas.common import local_text, texts
from panelpress.schemas.expressions import parse
from panelpress.schemas.yaml_reader import Document, read_document


def load_rules(
    places: Places, studies: Sequence[Study], variables: Sequence[Variable], languages: tuple[str, ...] = ("en",)
) -> Rules:
    """The project's rules. Raises DeclarationError, naming file and line, where one is wrong or names what does not exist."""
    if not places.rules_file.is_file():
        return Rules()
    document = read_document(places.rules_file, places.root)
    refuse(check(document, "rules") or list(_beyond_schema(document, studies, variables)))
    given = document.content
    panel = given.get("panel") or {}
    return Rules(
        smallest_count=given.get("smallest_count", Rules().smallest_count),
        thresholds=_thresholds(given.get("thresholds") or {}),
        severities=dict(given.get("severities") or {}),
        empty=tuple(Listed(each["variable"], each.get("wave"), each["reason"]) for each in given.get("empty") or ()),
        retention=tuple(
            Bounds(each["wave"], float(each["minimum"]), float(each["maximum"])) for each in panel.get("retention") or ()
        ),
        participation={study: texts(patterns) for study, patterns in (panel.get("participation") or {}).items()},
        constant=texts(panel.get("constant")),
        field_dates=texts(panel.get("field_dates")),
        weights=tuple(_weight(each) for each in panel.get("weights") or ()),
        routing=tuple(
            Routing(each["variable"], each["study"], each["asked_when"], texts(each.get("waves")))
            for each in panel.get("routing") or ()
        ),
        minimum_cells=dict(given.get("minimum_cells") or {}),
        rules=tuple(_rule(each, languages) for each in given.get("rules") or ()),
        conflict_tolerance=float(panel.get("conflict_tolerance", Rules().conflict_tolerance)),
    )


def _thresholds(given: Mapping[str, Any]) -> Thresholds:
    known = {each.name for each in fields(Thresholds)}
    return Thresholds(**{key: float(value) for key, value in given.items() if key in known})


def _weight(given: Mapping[str, Any]) -> Weight:
    tolerance = float(given.get("tolerance", Weight("", "").tolerance))
    return Weight(given["variable"], given["study"], str(given.get("total", "rows")), tolerance)


def _rule(given: Mapping[str, Any], languages: tuple[str, ...]) -> ProjectRule:
    return ProjectRule(
        id=given["id"],
        study=given["study"],
        holds=given["holds"],
        text=local_text(given["text"], languages),
        severity=given.get("severity", "error"),
        tolerance=float(given.get("tolerance", 0)),
        waves=texts(given.get("waves")),
    )


def _beyond_schema(document: Document, studies: Sequence[Study], variables: Sequence[Variable]) -> Iterator[Problem]:
    given = document.content
    panel: Any = given.get("panel") or {}
    by_id = {study.id: study for study in studies}
    names = {variable.id for variable in variables}
    for each in [*(panel.get("weights") or ()), *(panel.get("routing") or ()), *(given.get("rules") or ())]:
        yield from _about_study(document, each, by_id, variables)
    for entry in given.get("empty") or ():
        if entry["variable"] not in names:
            yield _unknown(document, entry.line, entry["variable"])
    for key in ("constant", "field_dates"):
        for name in panel.get(key) or ():
            if name not in names:
                yield _unknown(document, panel.lines[key], name)
    for study, patterns in (panel.get("participation") or {}).items():
        line = panel["participation"].lines[study]
        if study not in by_id:
            yield Problem(document.where(line), f"no study is called `{study}`.", f"Known: {', '.join(by_id)}.")
            continue
        for wave in {wave for pattern in patterns for wave in str(pattern).split()} - set(by_id[study].wave_ids):
            yield Problem(document.where(line), f"`{study}` has no wave `{wave}`.", f"Known: {', '.join(by_id[study].wave_ids)}.")
    known_waves = {wave for study in studies for wave in study.wave_ids}
    for bounds in panel.get("retention") or ():
        if bounds["wave"] not in known_waves:
            yield Problem(document.where(bounds.line), f"no wave is called `{bounds['wave']}`.", "See build/waves.yaml.")
    ids = [rule["id"] for rule in given.get("rules") or ()]
    for rule in given.get("rules") or ():
        if ids.count(rule["id"]) > 1:
            yield Problem(document.where(rule.line), f"the rule `{rule['id']}` stands twice.", "Rename one of them.")


def _about_study(document: Document, each: Any, studies: Mapping[str, Study], variables: Sequence[Variable]) -> Iterator[Problem]:
    study = studies.get(each["study"])
    if study is None:
        yield Problem(document.where(each.line), f"no study is called `{each['study']}`.", f"Known: {', '.join(studies)}.")
        return
    own = [variable.id for variable in variables if any(wave in variable.waves for wave in study.wave_ids)]
    if "variable" in each and each["variable"] not in own:
        yield _unknown(document, each.line, each["variable"])
    for wave in set(texts(each.get("waves"))) - set(study.wave_ids):
        yield Problem(document.where(each.line), f"`{study.id}` has no wave `{wave}`.", f"Known: {', '.join(study.wave_ids)}.")
    text = each.get("holds") or each.get("asked_when")
    if text:
        readable = [*own, *(f"{name}{WHY_SUFFIX}" for name in own), "wave"]
        parsed = parse(text, "harmonized", document.where(each.line), readable)
        if isinstance(parsed, Problem):
            yield parsed
        elif not parsed.is_logical:
            yield Problem(document.where(each.line), f"`{text}` is no condition.", "Write something that is true or false.")


def _unknown(document: Document, line: int, name: str) -> Problem:
    return Problem(document.where(line), f"no variable is called `{name}` here.", "See build/variables for the names.")
