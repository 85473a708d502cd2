"""Reads ``build/cleaning.yaml`` (rules that exclude rows, public) and ``corrections/*.yaml`` of the work folder (private).

spec: panel-cleaning/0.1
rules:
- {id: previews, study: my_study, waves: [w1], kind: drop, columns: [Status], where: "Status = 'Survey Preview'",
   reason: {en: "Rows that the team made while testing."}}
- {id: twice, study: my_study, waves: [w1], kind: duplicates, order_by: [EndDate], keep: last, reason: {en: "..."}}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from panelpress.model.cleaning import CleaningRule, Correction
from panelpress.model.study import Study
from panelpress.paths import Places
from panelpress.schemas.checker import Problem, check, refuse
from panelpress.schemas.common import local_text, raw_code, texts
from panelpress.schemas.expressions import parse
from panelpress.schemas.yaml_reader import Document, read_document

# What each kind needs beside the common keys, and why it would be dangerous without.
NEEDS: dict[str, tuple[str, ...]] = {
    "drop": ("where", "columns"),
    "duplicates": ("order_by",),
    "speeders": ("columns", "below"),
    "straight_lining": ("columns", "at_least"),
}


def load_cleaning(places: Places, studies: Sequence[Study], languages: tuple[str, ...] = ("en",)) -> tuple[CleaningRule, ...]:
    """All rules in the order in which they apply; no file means none. Raises DeclarationError."""
    if not places.cleaning_file.is_file():
        return ()
    document = read_document(places.cleaning_file, places.root)
    refuse(check(document, "cleaning") or _problems(document, studies))
    return tuple(
        CleaningRule(
            id=rule["id"],
            study=rule["study"],
            waves=texts(rule["waves"]),
            kind=rule["kind"],
            reason=local_text(rule["reason"], languages),
            where=rule.get("where"),
            columns=texts(rule.get("columns")),
            order_by=texts(rule.get("order_by")),
            keep=rule.get("keep", "last"),
            below=raw_code(rule.get("below")),
            at_least=rule.get("at_least"),
            declared_in=document.where(rule.line),
        )
        for rule in document.content["rules"]
    )


def _problems(document: Document, studies: Sequence[Study]) -> list[Problem]:
    problems = []
    waves = {study.id: study.wave_ids for study in studies}
    seen: set[str] = set()
    for rule in document.content["rules"]:
        where = document.where(rule.line)
        if rule["id"] in seen:
            problems.append(Problem(where, f"the rule `{rule['id']}` stands twice.", "Give each rule a name of its own."))
        seen.add(rule["id"])
        if rule["study"] not in waves:
            problems.append(Problem(where, f"no study is called `{rule['study']}`.", f"Known: {', '.join(waves)}."))
            continue
        problems += [
            Problem(where, f"`{rule['study']}` has no wave `{wave}`.", f"Known: {', '.join(waves[rule['study']])}.")
            for wave in rule["waves"]
            if wave not in waves[rule["study"]]
        ]
        problems += [
            Problem(
                where,
                f"`{rule['id']}` is of kind {rule['kind']} and lacks `{key}`.",
                "Add it; without it the rule means nothing.",
            )
            for key in NEEDS[rule["kind"]]
            if key not in rule
        ]
        if rule.get("where"):
            parsed = parse(rule["where"], "raw", where, texts(rule.get("columns")))
            if isinstance(parsed, Problem):
                problems.append(parsed)
    return problems


def load_corrections(places: Places, languages: tuple[str, ...] = ("en",)) -> tuple[Correction, ...]:
    """All corrections of the work folder, files by name. Raises DeclarationError."""
    corrections: list[Correction] = []
    seen: set[str] = set()
    for path in sorted(places.corrections.glob("*.yaml")):
        document = read_document(path, places.work)
        problems = check(document, "corrections")
        refuse(problems)
        for given in document.content["corrections"]:
            if given["id"] in seen:
                problems.append(
                    Problem(document.where(given.line), f"the rule `{given['id']}` stands twice.", "Rename one of them.")
                )
            seen.add(given["id"])
            corrections.append(_correction(document, given, languages))
        refuse(problems)
    return tuple(corrections)


def _correction(document: Document, given: Any, languages: tuple[str, ...]) -> Correction:
    return Correction(
        id=given["id"],
        study=given["study"],
        wave=given["wave"],
        record=given["record"],
        column=given["column"],
        expect=raw_code(given["expect"]),
        value=raw_code(given["set"]),
        reason=local_text(given["reason"], languages),
        source=given["source"],
        declared_in=document.where(given.line),
    )
