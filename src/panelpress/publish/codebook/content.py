"""Everything that a codebook page shows, gathered once from an edition and its open tables; pages only lay it out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from panelpress.model.release import Edition
from panelpress.model.study import Study, Wave
from panelpress.model.text import LocalText
from panelpress.model.variable import Variable, WaveRule
from panelpress.publish.codebook.distributions import Share, published_shares
from panelpress.publish.codebook.flowchart import Step, flow_steps


@dataclass(frozen=True, slots=True)
class WaveEntry:
    """One variable in one wave: how the wave yields it and how its answers spread. Counts are of open tables."""

    study: Study
    wave: Wave
    rule: WaveRule
    distribution: tuple[Share, ...]

    @property
    def n(self) -> int:
        return sum(each.n for each in self.distribution)

    @property
    def n_valid(self) -> int:
        return sum(each.n for each in self.distribution if each.kind == "value")

    @property
    def asked(self) -> bool:
        return self.rule.status != "impossible"


@dataclass(frozen=True, slots=True)
class Entry:
    """One variable of the codebook. ``answers`` and ``reasons`` are the rows of its table: every code, every reason that
    occurs in any wave."""

    variable: Variable
    waves: tuple[WaveEntry, ...]
    answers: tuple[tuple[str, LocalText], ...]
    reasons: tuple[tuple[str, LocalText], ...]
    index: Mapping[tuple[str, str, str], Share]

    @property
    def asked(self) -> tuple[WaveEntry, ...]:
        """The waves that could ask."""
        return tuple(each for each in self.waves if each.asked)

    def share(self, wave: WaveEntry, kind: str, code: str) -> Share | None:
        """The row of ``wave`` for a code or reason; None where it does not occur there."""
        return self.index.get((wave.wave.id, kind, code))

    def question(self, wave: WaveEntry) -> LocalText:
        """The wording of ``wave``, else the common one."""
        return wave.rule.question or self.variable.question


@dataclass(frozen=True, slots=True)
class Codebook:
    """The whole content: variables by concept, in declared order; by wave, the steps from delivered to kept rows."""

    edition: Edition
    concepts: Mapping[str, tuple[Entry, ...]]
    flow: Mapping[str, Sequence[Step]] = field(default_factory=dict)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for entries in self.concepts.values() for entry in entries)

    def asked_in(self, wave: str) -> tuple[tuple[Entry, WaveEntry], ...]:
        """Variables that come from a question of ``wave``, with their entry of that wave; derived ones do not."""
        asked = ((entry, each) for entry in self.entries for each in entry.asked)
        return tuple((entry, each) for entry, each in asked if each.wave.id == wave and each.rule.source)


def gather(edition: Edition, rows: duckdb.DuckDBPyConnection) -> Codebook:
    """The content of the codebook of ``edition``. Variables without data in this tier are not part of it."""
    by_wave: dict[tuple[str, str], list[Share]] = defaultdict(list)
    for each in published_shares(edition, rows):
        by_wave[each.variable, each.wave].append(each)
    fields = [each for table in edition.tables for each in table.fields if each.variable]
    held = {each.variable for each in fields}
    coded = {each.variable for each in fields if each.categories}
    concepts: dict[str, list[Entry]] = defaultdict(list)
    for variable in edition.variables:
        if variable.id in held:
            concepts[variable.concept].append(_entry(edition, variable, by_wave, variable.id in coded))
    return Codebook(edition, {concept: tuple(entries) for concept, entries in concepts.items()}, flow_steps(edition, rows))


def _entry(edition: Edition, variable: Variable, by_wave: Mapping[tuple[str, str], Sequence[Share]], coded: bool) -> Entry:
    waves = tuple(
        WaveEntry(study, wave, variable.waves[wave.id], tuple(by_wave.get((variable.id, wave.id), ())))
        for study in edition.studies
        for wave in study.waves
        if wave.id in variable.waves
    )
    answers: dict[str, LocalText] = {}
    reasons: dict[str, LocalText] = {}
    for each in waves:
        for one in each.distribution if each.asked else ():
            (answers if one.kind == "value" else reasons).setdefault(one.code, one.label)
    order = [reason.reason for reason in edition.missing]
    ranked = sorted(reasons.items(), key=lambda each: order.index(each[0]))
    if not coded:
        answers = dict(sorted(answers.items(), key=lambda each: _natural(each[0])))
    index = {(each.wave, each.kind, each.code): each for entry in waves for each in entry.distribution}
    return Entry(variable, waves, tuple(answers.items()), tuple(ranked), index)


def _natural(code: str) -> tuple[float, str]:
    """Classes of numbers in the order of their lower bounds."""
    first = code.strip("[").partition(",")[0]
    try:
        return float(first), code
    except ValueError:
        return 0.0, code
