"""Reads ``build/disclosure.yaml``: what identifies people, how it may be coarsened, and what each tier must keep.

spec: panel-disclosure/0.1
studies:
  my_panel:
    keys:
      gender: {kind: static}
      age: {kind: varying, hierarchy: age_bands, importance: 2}
tiers:
  open:
    k: 11
    max_risk: 0.09
    studies:
      my_panel:
        keep: [{sample: combined, key: gender, level: as_is, starred: 0.05}]

Everything is declared before any search, so that a search can only find the best table or say that there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from panelpress.model.disclosure import (
    Budget,
    DisclosureDeclaration,
    EstimateDemand,
    Floor,
    Hierarchy,
    Key,
    Stratum,
    StudyKeys,
    StudyRules,
    TierRules,
    is_day,
)
from panelpress.model.study import Sample, Study
from panelpress.model.variable import Tier, Variable
from panelpress.paths import Places
from panelpress.schemas.checker import Problem, check, refuse
from panelpress.schemas.hierarchies import read_hierarchy
from panelpress.schemas.uncounted import uncounted
from panelpress.schemas.yaml_reader import Document, read_document


def load_disclosure(
    places: Places,
    studies: Iterable[Study],
    variables: Iterable[Variable],
    samples: Iterable[Sample],
    languages: tuple[str, ...] = ("en",),
) -> DisclosureDeclaration:
    """The declaration of the project. Raises DeclarationError for the first thing wrong, naming file and line."""
    document = read_document(places.disclosure_file, places.root)
    refuse(check(document, "disclosure"))
    content = document.content
    hierarchies = {name: read_hierarchy(name, document, places, languages) for name in (content.get("hierarchies") or {})}
    by_id = {study.id: study for study in studies}
    declared = {
        name: _study(name, entry, document, by_id, tuple(variables), hierarchies) for name, entry in content["studies"].items()
    }
    waves = {study: by_id[study].wave_ids for study in declared}
    known_samples = {study: {sample.id for sample in samples if sample.study == study} for study in declared}
    tiers = {name: _tier(name, entry, document, declared, known_samples, waves) for name, entry in content["tiers"].items()}
    _tiers_nest(tiers, document)
    return DisclosureDeclaration(declared, tiers, hierarchies, declared_in=document.file)


def _refuse(document: Document, line: int | None, what: str, todo: str) -> None:
    refuse([Problem(document.where(line), what, todo)])


def _study(
    name: str,
    content: Any,
    document: Document,
    studies: Mapping[str, Study],
    variables: tuple[Variable, ...],
    hierarchies: Mapping[str, Hierarchy],
) -> StudyKeys:
    if name not in studies:
        _refuse(document, content.line, f"no study is called `{name}`.", f"Known: {', '.join(sorted(studies))}.")
    waves = set(studies[name].wave_ids)
    of_study = {variable.id: variable for variable in variables if waves & set(variable.waves)}
    keys = []
    for variable, entry in content["keys"].items():
        line = content["keys"].lines[variable]
        if variable not in of_study:
            _refuse(document, line, f"`{name}` has no variable `{variable}`.", "Write the id of a harmonized variable.")
        hierarchy = entry.get("hierarchy")
        if hierarchy is not None and hierarchy not in hierarchies:
            _refuse(document, line, f"no hierarchy is called `{hierarchy}`.", f"Known: {', '.join(sorted(hierarchies))}.")
        key = Key(
            variable=variable,
            kind=entry["kind"],
            hierarchy=hierarchies[hierarchy] if hierarchy else None,
            importance=float(entry.get("importance", 1)),
            local=entry.get("local", False),
            reasons=entry.get("reasons", "kept"),
            star=entry.get("star", "history"),
        )
        _covers(key, of_study[variable], document, line)
        keys.append(key)
    multi = {variable.multi_of for variable in of_study.values() if variable.multi_of}
    named = {block: content.get(block) or () for block in ("sensitive", "patterns", "harmless")}
    named |= {role: [content[role]] for role in ("weight", "household") if content.get(role)}
    for block, listed in named.items():
        known = multi if block == "patterns" else set(of_study)
        for each in listed:
            if each not in known:
                _refuse(document, content.lines[block], f"`{block}` names `{each}`, which `{name}` does not have.", "Mend it.")
    for each in content.get("sensitive") or ():
        if each in content["keys"]:
            _refuse(
                document,
                content.lines["sensitive"],
                f"`{each}` is a key: people of a class show the same, so its answers cannot differ within one.",
                "List as `sensitive` what is no key.",
            )
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
    for variable in uncounted(found, of_study.values()):
        _refuse(
            document,
            content.lines["keys"],
            f"`{variable.id}` of `{name}` is in the tier `{variable.tier}` and `disclosure: {variable.disclosure}`, but no key.",
            f"Make `{variable.id}` a key, keep it from every tier (`never`), or list it under `harmless` with the reason.",
        )
    return found


def _covers(key: Key, variable: Variable, document: Document, line: int) -> None:
    """Raises where the hierarchy of ``key`` does not fit its variable: a hole would publish a code as nothing."""
    if key.hierarchy is None:
        return
    first = key.hierarchy.levels[0]
    if first.cuts:
        if variable.type not in (("date",) if is_day(first.cuts[0]) else ("integer", "decimal")):
            _refuse(
                document,
                line,
                f"`{key.variable}` is {variable.type}, but `{key.hierarchy.id}` cuts at {first.cuts[0]}.",
                "Use cuts for numbers and days, groups for codes.",
            )
        if key.local and len(key.levels) > 1 and len(_all_codes(key)) < sum(len(level.categories) for level in key.levels):
            _refuse(document, line, f"`{key.variable}` mixes levels whose codes coincide.", "Give each band a code of its own.")
        return
    holes = [category.code for category in variable.categories if first.parent(category.code) is None]
    if holes or (not variable.categories and variable.type not in ("integer", "text")):
        _refuse(
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
                _refuse(
                    document,
                    line,
                    f"`{key.variable}` mixes levels, and {category.code} means something else at `{level.id}` than below.",
                    "Give groups codes that no finer level uses, or leave out `local`.",
                )


def _tier(
    name: Tier,
    content: Any,
    document: Document,
    studies: Mapping[str, StudyKeys],
    samples: Mapping[str, set[str]],
    waves: Mapping[str, tuple[str, ...]],
) -> TierRules:
    risk = float(content["max_risk"])
    if not 0 < risk <= 1:
        _refuse(document, content.lines["max_risk"], f"max_risk is {risk}.", "Write a share above 0, such as 0.09.")
    rules: dict[str, StudyRules] = {}
    for study, entry in (content.get("studies") or {}).items():
        if study not in studies:
            _refuse(document, entry.line, f"`{study}` declares no keys above.", f"Known: {', '.join(sorted(studies))}.")
        rules[study] = _rules(study, entry, document, studies[study], samples[study], waves[study])
    diversity = content.get("diversity", 1)
    if diversity > 1 and not any(keys.sensitive for keys in studies.values()):
        _refuse(
            document,
            content.lines["diversity"],
            f"the tier asks for {diversity} different answers, but no study says of which variables.",
            "List them under `sensitive` of their study.",
        )
    return TierRules(name, content["k"], risk, diversity, content.get("loss", "ncp"), rules)


def _rules(
    study: str, content: Any, document: Document, keys: StudyKeys, samples: set[str], waves: tuple[str, ...]
) -> StudyRules:
    known = samples | {stratum.id for stratum in keys.strata}
    for block in ("keep", "budgets"):
        for entry in content.get(block) or ():
            if entry["sample"] not in known:
                _refuse(
                    document, entry.line, f"no sample of `{study}` is called `{entry['sample']}`.", f"Known: {sorted(known)}."
                )
    named = [(entry["key"], entry["level"], entry.line) for entry in content.get("keep") or ()]
    finest = content.get("finest") or {}
    named += [(key, level, content.lines["finest"]) for key, level in finest.items()]
    named += [(key, "withheld", content.lines["withhold"]) for key in content.get("withhold") or ()]
    for variable, level, line in named:
        try:
            keys.key(variable).level_index(level)
        except KeyError as error:
            _refuse(document, line, f"`{study}` has no key or level {error}.", "Name a key of the study and one of its levels.")
    return StudyRules(
        study=study,
        floors=tuple(
            Floor(entry["sample"], entry["key"], entry["level"], float(entry.get("starred", 0)))
            for entry in content.get("keep") or ()
        ),
        budgets=tuple(
            Budget(entry["sample"], *(_share(entry.get(part)) for part in ("ncp", "starred", "withheld", "carried")))
            for entry in content.get("budgets") or ()
        ),
        estimates=_estimates(content.get("estimates")),
        finest=dict(finest),
        withhold=tuple(content.get("withhold") or ()),
        before=tuple(_before(study, entry, document, keys, samples, waves) for entry in content.get("before") or ()),
    )


def _before(
    study: str, content: Any, document: Document, keys: StudyKeys, samples: set[str], waves: tuple[str, ...]
) -> tuple[str, StudyRules]:
    if content["wave"] not in waves:
        _refuse(document, content.line, f"`{study}` has no wave `{content['wave']}`.", f"Known: {', '.join(waves)}.")
    return content["wave"], _rules(study, content, document, keys, samples, waves)


def _estimates(content: Any) -> EstimateDemand | None:
    if content is None:
        return None
    most = (_share(content.get(part)) for part in ("median", "ninth_decile"))
    return EstimateDemand(tuple(content["about"]), float(content["carried"]), *most)


def _share(value: Any) -> float | None:
    return None if value is None else float(value)


def _tiers_nest(tiers: Mapping[Any, TierRules], document: Document) -> None:
    """The open tier is made from the scientific-use tier, so it can never be the less safe of the two."""
    if len(tiers) == 2 and tiers["open"].class_size < tiers["scientific_use"].class_size:
        _refuse(document, document.content["tiers"].line, "the open tier is less safe than the licensed one.", "Swap their k.")
