"""The persons of one study: linked over its waves, given pseudonyms, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from panelpress.model.findings import Finding
from panelpress.model.linkage import StudyLinkage
from panelpress.model.study import Study
from panelpress.raw.arrival import Arrived
from panelpress.raw.deidentify import pseudonymize, refuse_person_twice
from panelpress.raw.facts import TOOL, conflicts
from panelpress.raw.key import PseudonymKey
from panelpress.raw.linkage import CrosswalkCounts, Linked, link


@dataclass(frozen=True, slots=True)
class PersonCounts:
    """How many persons a study has, and in how many waves they took part: ``by_waves[0]`` persons in one wave only, and so on."""

    study: str
    persons: int
    responses: int
    by_waves: tuple[int, ...]
    crosswalks: tuple[CrosswalkCounts, ...]

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> PersonCounts:
        """The counts as ``asdict`` and JSON left them."""
        walks = tuple(CrosswalkCounts(**each) for each in given["crosswalks"])
        return cls(given["study"], given["persons"], given["responses"], tuple(given["by_waves"]), walks)


@dataclass(frozen=True, slots=True)
class ToldApart:
    """Wave files under pseudonyms by wave, counts and findings of one study."""

    frames: Mapping[str, pl.DataFrame]
    counts: PersonCounts
    findings: tuple[Finding, ...]


def tell_apart(
    study: Study,
    linkage: StudyLinkage,
    arrived: Mapping[str, Arrived],
    pairs: Mapping[str, pl.DataFrame],
    key: PseudonymKey,
    run: str,
    cleaned: frozenset[str] = frozenset(),
) -> ToldApart:
    """Link the waves that have ``arrived`` and give every person a pseudonym. ``pairs``: crosswalk files by name.

    Raises IntakeRefused where a person stands twice in a wave, or a crosswalk cannot be right.
    """
    waves = {wave: each.responses.data for wave, each in arrived.items()}
    linked = link(linkage, study.wave_ids, waves, {wave: each.ids for wave, each in arrived.items()}, pairs)
    frames = {}
    for wave, each in arrived.items():
        if wave not in cleaned:
            refuse_person_twice(linked.persons[wave], each.registration.file)
        frames[wave] = pseudonymize(each.responses, each.ids, linked.persons[wave], each.contract, key)
    memberships = Counter(person for persons in linked.persons.values() for person in set(persons))
    sizes = Counter(memberships.values())
    by_waves = tuple(sizes[number] for number in range(1, len(arrived) + 1))
    responses = sum(frame.height for frame in frames.values())
    counts = PersonCounts(study.id, len(memberships), responses, by_waves, linked.crosswalks)
    findings = (*_linkage_findings(study, linked, counts, run), *_fact_findings(study, linkage, arrived, linked, run))
    return ToldApart(frames, counts, findings)


def _linkage_findings(study: Study, linked: Linked, counts: PersonCounts, run: str) -> Iterator[Finding]:
    for walk in linked.crosswalks:
        if walk.dangling:
            said = "ids that nobody in the wave has"
            yield _warning(study, run, "crosswalk_dangling", walk.label, walk.dangling, walk.links, said)
    if linked.padded:
        said = "ids like one of an earlier wave but for leading zeros, blanks or capitals: they count as other persons"
        yield _warning(study, run, "id_padding", None, linked.padded, counts.persons, said)


def _warning(study: Study, run: str, rule: str, field: str | None, n: int, total: int, message: str) -> Finding:
    return Finding(run, "intake", TOOL, rule, study.id, field, "warning", n, total, message)


def _fact_findings(
    study: Study, linkage: StudyLinkage, arrived: Mapping[str, Arrived], linked: Linked, run: str
) -> Iterator[Finding]:
    if not linkage.facts:
        return
    number: dict[tuple[str, ...], int] = {}
    rows = {
        wave: each.responses.data.with_columns(
            pl.Series("person_id", [number.setdefault(person, len(number)) for person in linked.persons[wave]])
        )
        for wave, each in arrived.items()
    }
    contracts = {wave: each.contract for wave, each in arrived.items()}
    for fact in linkage.facts:
        yield conflicts(fact, rows, contracts, study.id, run)
