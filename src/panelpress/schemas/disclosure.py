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
    EVERYONE,
    Budget,
    DisclosureDeclaration,
    EstimateDemand,
    Floor,
    StudyKeys,
    StudyRules,
    TierRules,
)
from panelpress.model.study import Sample, Study
from panelpress.model.variable import Tier, Variable
from panelpress.paths import Places
from panelpress.schemas.checker import check, refuse
from panelpress.schemas.disclosure_keys import read_study_keys, refuse_line
from panelpress.schemas.hierarchies import read_hierarchy
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
        name: read_study_keys(name, entry, document, by_id, tuple(variables), hierarchies)
        for name, entry in content["studies"].items()
    }
    waves = {study: by_id[study].wave_ids for study in declared}
    known_samples = {study: {sample.id for sample in samples if sample.study == study} for study in declared}
    tiers = {name: _tier(name, entry, document, declared, known_samples, waves) for name, entry in content["tiers"].items()}
    _tiers_nest(tiers, document)
    return DisclosureDeclaration(declared, tiers, hierarchies, declared_in=document.file)


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
        refuse_line(document, content.lines["max_risk"], f"max_risk is {risk}.", "Write a share above 0, such as 0.09.")
    rules: dict[str, StudyRules] = {}
    for study, entry in (content.get("studies") or {}).items():
        if study not in studies:
            refuse_line(document, entry.line, f"`{study}` declares no keys above.", f"Known: {', '.join(sorted(studies))}.")
        rules[study] = _rules(study, entry, document, studies[study], samples[study], waves[study])
    diversity = content.get("diversity", 1)
    if diversity > 1 and not any(keys.sensitive for keys in studies.values()):
        refuse_line(
            document,
            content.lines["diversity"],
            f"the tier asks for {diversity} different answers, but no study says of which variables.",
            "List them under `sensitive` of their study.",
        )
    return TierRules(name, content["k"], risk, diversity, content.get("loss", "ncp"), rules)


def _rules(
    study: str, content: Any, document: Document, keys: StudyKeys, samples: set[str], waves: tuple[str, ...]
) -> StudyRules:
    known = samples | {stratum.id for stratum in keys.strata or (EVERYONE,)}
    for block in ("keep", "budgets"):
        for entry in content.get(block) or ():
            if entry["sample"] not in known:
                refuse_line(
                    document,
                    entry.line,
                    f"no sample of `{study}` is called `{entry['sample']}`.",
                    f"Known: {', '.join(sorted(known))}.",
                )
    named = [(entry["key"], entry["level"], entry.line) for entry in content.get("keep") or ()]
    finest = content.get("finest") or {}
    named += [(key, level, content.lines["finest"]) for key, level in finest.items()]
    named += [(key, "withheld", content.lines["withhold"]) for key in content.get("withhold") or ()]
    for variable, level, line in named:
        try:
            keys.key(variable).level_index(level)
        except KeyError as error:
            refuse_line(
                document, line, f"`{study}` has no key or level {error}.", "Name a key of the study and one of its levels."
            )
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
        refuse_line(document, content.line, f"`{study}` has no wave `{content['wave']}`.", f"Known: {', '.join(waves)}.")
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
        refuse_line(
            document, document.content["tiers"].line, "the open tier is less safe than the licensed one.", "Swap their k."
        )
