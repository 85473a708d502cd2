"""Reads the keys of a study in ``build/disclosure.yaml``: what identifies its people, and how each key may be coarsened.

studies:
  my_panel:
    keys:
      gender: {kind: static}
      age: {kind: varying, hierarchy: age_bands, importance: 2}
    sensitive: [vote]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from panelpress.model.disclosure import Hierarchy, Key, Stratum, StudyKeys, is_day
from panelpress.model.study import Study
from panelpress.model.variable import Variable
from panelpress.schemas.checker import Problem, refuse
from panelpress.schemas.uncounted import uncounted, uncounted_combinations
from panelpress.schemas.yaml_reader import Document


def refuse_line(document: Document, line: int | None, what: str, todo: str) -> None:
    """Raises DeclarationError for ``line`` of ``document``."""
    refuse([Problem(document.where(line), what, todo)])


def read_study_keys(
    name: str,
    content: Any,
    document: Document,
    studies: Mapping[str, Study],
    variables: tuple[Variable, ...],
    hierarchies: Mapping[str, Hierarchy],
) -> StudyKeys:
    """The keys of the study ``name`` and all else that is declared of its people. Raises DeclarationError for the first mistake,
    for an identifying variable of a published tier that nobody made a key, and for open multi-selects that nobody counts."""
    if name not in studies:
        refuse_line(document, content.line, f"no study is called `{name}`.", f"Known: {', '.join(sorted(studies))}.")
    waves = set(studies[name].wave_ids)
    of_study = {variable.id: variable for variable in variables if waves & set(variable.waves)}
    keys = []
    for variable, entry in content["keys"].items():
        line = content["keys"].lines[variable]
        if variable not in of_study:
            refuse_line(document, line, f"`{name}` has no variable `{variable}`.", "Write the id of a harmonized variable.")
        keys.append(_key(of_study[variable], entry, document, line, hierarchies))
    _refuse_unknown(name, content, document, of_study)
    found = StudyKeys(
        study=name,
        keys=tuple(keys),
        strata=tuple(Stratum(entry["id"], entry["where"]) for entry in content.get("strata") or ()),
        sensitive=tuple(content.get("sensitive") or ()),
        patterns=tuple(content.get("patterns") or ()),
        harmless=dict(content.get("harmless") or {}),
        weight=content.get("weight"),
        household=content.get("household"),
    )
    for each in uncounted(found, of_study.values()):
        refuse_line(
            document,
            content.lines["keys"],
            f"`{each.id}` of `{name}` is in the tier `{each.tier}` and `disclosure: {each.disclosure}`, but no key.",
            f"Make `{each.id}` a key, keep it from every tier (`never`), or list it under `harmless` with the reason.",
        )
    for multi in uncounted_combinations(found, of_study.values()):
        refuse_line(
            document,
            content.lines["keys"],
            f"the options of `{multi}` of `{name}` are in the open tier, where a rare combination of them finds a person.",
            f"List `{multi}` under `patterns`, keep it from the open tier, or list its options under `harmless` with the reason.",
        )
    return found


def _key(variable: Variable, entry: Any, document: Document, line: int, hierarchies: Mapping[str, Hierarchy]) -> Key:
    hierarchy = entry.get("hierarchy")
    if hierarchy is not None and hierarchy not in hierarchies:
        refuse_line(document, line, f"no hierarchy is called `{hierarchy}`.", f"Known: {', '.join(sorted(hierarchies))}.")
    key = Key(
        variable=variable.id,
        kind=entry["kind"],
        hierarchy=hierarchies[hierarchy] if hierarchy else None,
        importance=float(entry.get("importance", 1)),
        local=entry.get("local", False),
        reasons=entry.get("reasons", "kept"),
        star=entry.get("star", "history"),
    )
    _covers(key, variable, document, line)
    return key


def _refuse_unknown(name: str, content: Any, document: Document, of_study: Mapping[str, Variable]) -> None:
    """Raises where a block beside the keys names what the study does not have, or a key as sensitive."""
    multi = {variable.multi_of for variable in of_study.values() if variable.multi_of}
    named = {block: content.get(block) or () for block in ("sensitive", "patterns", "harmless")}
    named |= {role: [content[role]] for role in ("weight", "household") if content.get(role)}
    for block, listed in named.items():
        known = multi if block == "patterns" else set(of_study)
        for each in listed:
            if each not in known:
                refuse_line(
                    document,
                    content.lines[block],
                    f"`{block}` names `{each}`, which `{name}` does not have.",
                    "Correct the name.",
                )
    for each in named["sensitive"]:
        if each in content["keys"]:
            refuse_line(
                document,
                content.lines["sensitive"],
                f"`{each}` is a key: people of a class show the same, so its answers cannot differ within one.",
                "List as `sensitive` what is no key.",
            )


def _covers(key: Key, variable: Variable, document: Document, line: int) -> None:
    """Raises where the hierarchy of ``key`` does not fit its variable: a hole would publish a code as nothing."""
    if key.hierarchy is None:
        return
    first = key.hierarchy.levels[0]
    if first.cuts:
        if variable.type not in (("date",) if is_day(first.cuts[0]) else ("integer", "decimal")):
            refuse_line(
                document,
                line,
                f"`{key.variable}` is {variable.type}, but `{key.hierarchy.id}` cuts at {first.cuts[0]}.",
                "Use cuts for numbers and days, groups for codes.",
            )
        if key.local and len(key.levels) > 1 and len(_all_codes(key)) < sum(len(level.categories) for level in key.levels):
            refuse_line(
                document, line, f"`{key.variable}` mixes levels whose codes coincide.", "Give each band a code of its own."
            )
        return
    holes = [category.code for category in variable.categories if first.parent(category.code) is None]
    if holes or (not variable.categories and variable.type not in ("integer", "text")):
        refuse_line(
            document,
            line,
            f"the hierarchy `{key.hierarchy.id}` has a hole: no parent for {', '.join(map(str, holes)) or variable.type} of "
            f"`{key.variable}`.",
            f"Put every code of `{key.variable}` into a group of `{first.id}`.",
        )
    if key.local:
        _codes_keep_their_meaning(key, variable, document, line)


def _all_codes(key: Key) -> set[Any]:
    return {category.code for level in key.levels for category in level.categories}


def _codes_keep_their_meaning(key: Key, variable: Variable, document: Document, line: int) -> None:
    """With ``local``, codes of several levels stand in one column: a code may stand for one set of answers only."""
    meaning: dict[Any, frozenset[Any]] = {category.code: frozenset({category.code}) for category in variable.categories}
    for level in key.levels:
        for category in level.categories:
            members = frozenset(code for code, parent in level.parents.items() if parent == category.code)
            if meaning.setdefault(category.code, members) != members:
                refuse_line(
                    document,
                    line,
                    f"`{key.variable}` mixes levels, and {category.code} means something else at `{level.id}` than below.",
                    "Give groups codes that no finer level uses, or leave out `local`.",
                )
