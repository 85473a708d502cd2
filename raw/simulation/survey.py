"""The answers of one simulated study while they are being decided: who stands in which row, and what is known so far.

Rows are questionnaires (a person in a wave). Codes are harmonized; answers that are no answers are the negative codes of
``schemas/missing.csv``. ``ask`` decides one item, ``any_of`` a group of yes/no items together with their union. Which number
an item must reproduce stands in ``targets``; what is decided earlier may be named in conditions of what comes later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simulation import calibrate, draw
from simulation.calibrate import Goal, Question
from simulation.draw import Flags, Floats, Ints
from simulation.samples import SAMPLES, Sample
from simulation.targets import Clause, Target

NOT_ASKED = -4
NOT_APPLICABLE = -3
REASONS = (-1, -2, -6)


@dataclass(slots=True)
class Survey:
    """``person`` and ``wave`` say whose row it is; rows are sorted by wave, then person. ``leanings`` are person-level numbers
    from [0, 1) (politics, fear, trust, wealth, ...) that make a person's answers agree with each other."""

    seed: int
    study: str
    waves: tuple[str, ...]
    person: Ints
    wave: Ints
    targets: tuple[Target, ...]
    leanings: dict[str, Floats] = field(default_factory=dict)
    values: dict[str, Ints] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return len(self.person)

    @property
    def persons(self) -> int:
        return int(self.person.max()) + 1

    def in_waves(self, *waves: str) -> Flags:
        """Rows of these waves."""
        return np.isin(self.wave, [self.waves.index(wave) for wave in waves])

    def took_part(self, wave: str) -> Flags:
        """Rows of persons who have a row in ``wave``."""
        taken = np.zeros(self.persons, dtype=np.bool_)
        taken[self.person[self.in_waves(wave)]] = True
        return taken[self.person]

    def n_waves(self) -> Ints:
        """Number of waves of the person of each row."""
        return np.bincount(self.person, minlength=self.persons)[self.person]

    def at_wave(self, variable: str, wave: str) -> Ints:
        """The value that the person of each row gave in ``wave``; not asked where there is none."""
        found = np.full(self.persons, NOT_ASKED, dtype=np.int64)
        rows = self.in_waves(wave)
        found[self.person[rows]] = self.values[variable][rows]
        return found[self.person]

    def holds(self, clauses: Sequence[Clause]) -> Flags:
        """Rows for which every clause holds."""
        flags = np.ones(self.rows, dtype=np.bool_)
        for clause in clauses:
            value = self.at_wave(clause.variable, clause.wave) if clause.wave else self.values[clause.variable]
            flags &= np.isin(value, clause.codes)
        return flags

    def select(self, sample: str, wave: str, valid: Flags, condition: Sequence[Clause] = ()) -> Ints:
        """Rows of a named sample with a valid answer; of a person sample the latest row of each person."""
        rule: Sample = SAMPLES[sample]
        flags = rule.where(self) & valid & self.holds(condition)
        if wave:
            flags &= self.in_waves(wave)
        rows = np.flatnonzero(flags)
        if not rule.by_person:
            return rows
        latest = np.full(self.persons, -1, dtype=np.int64)
        np.maximum.at(latest, self.person[rows], rows)
        return np.sort(latest[latest >= 0])

    def score(self, name: str, pulls: Mapping[str, float], keep: float = 1.0, noise: float = 0.6) -> Floats:
        """One number a row: the person's leanings weighted, a lasting taste for this item, and chance."""
        lasting = draw.uniform(self.seed, f"{self.study}/{name}/person", self.persons)
        total = keep * lasting[self.person] + noise * draw.uniform(self.seed, f"{self.study}/{name}/row", self.rows)
        for leaning, weight in pulls.items():
            total = total + weight * self.leanings[leaning][self.person]
        return total

    def missing(self, name: str, shares: Mapping[str, Sequence[float]], asked: Flags) -> Ints:
        """0 for a row that answers, else the reason. A person without an answer in one wave has none in the others, as far as
        the wave's shares (percent of don't know, refused, left blank) go: bases of changes stay the same people."""
        chance = 100 * draw.uniform(self.seed, f"{self.study}/{name}/missing", self.persons)[self.person]
        found = np.zeros(self.rows, dtype=np.int64)
        for wave, given in shares.items():
            rows = self.in_waves(wave) & asked
            low = 0.0
            for reason, share in zip(REASONS, given, strict=True):
                found[rows & (chance >= low) & (chance < low + share)] = reason
                low += share
        found[~asked] = NOT_ASKED
        return found

    def ask(
        self,
        name: str,
        codes: Sequence[int],
        priors: Sequence[Sequence[float]] | Floats,
        *,
        asked: Flags,
        missing: Ints | None = None,
        applies: Flags | None = None,
        lasting: bool = False,
        stratum: Ints | None = None,
        allowed: Flags | None = None,
        score: Floats | None = None,
    ) -> Ints:
        """Decide ``name`` for the rows ``asked``, keep and return it.

        ``lasting``: one answer a person, the same in all waves. ``priors``: percentages by stratum and answer. ``allowed``:
        rows x answers. Raises rounding.NoRounding where the targets contradict each other."""
        applies = np.ones(self.rows, dtype=np.bool_) if applies is None else applies
        reasons = np.zeros(self.rows, dtype=np.int64) if missing is None else missing
        valid = asked & applies & (reasons == 0)
        value = self.values.get(name, np.full(self.rows, NOT_ASKED, dtype=np.int64)).copy()
        value[asked] = np.where(applies, reasons, NOT_APPLICABLE)[asked]
        self.values[name] = value  # conditions of targets may name the same item in an earlier wave
        score = self.score(name, {}) if score is None else score
        stratum = np.zeros(self.rows, dtype=np.int64) if stratum is None else stratum
        allowed = np.ones((self.rows, len(codes)), dtype=np.bool_) if allowed is None else allowed
        rows = np.flatnonzero(asked & applies) if lasting else np.flatnonzero(valid)
        firsts = rows[np.unique(self.person[rows], return_index=True)[1]] if lasting else rows
        if len(firsts) == 0:
            return value
        unit_of_row = np.full(self.rows, -1, dtype=np.int64)
        if lasting:
            unit_of_person = np.full(self.persons, -1, dtype=np.int64)
            unit_of_person[self.person[firsts]] = np.arange(len(firsts))
            unit_of_row[rows] = unit_of_person[self.person[rows]]
        else:
            unit_of_row[rows] = np.arange(len(rows))
        goals = self._goals(name, codes, valid, value, unit_of_row)
        found = calibrate.decide(
            Question(
                name=f"{self.study}/{name}",
                priors=np.asarray(priors, dtype=np.float64),
                stratum=stratum[firsts],
                allowed=allowed[firsts],
                score=score[firsts],
                goals=goals,
            )
        )
        given = np.flatnonzero(valid)
        value[given] = np.asarray(codes, dtype=np.int64)[found[unit_of_row[given]]]
        self.values[name] = value
        return value

    def _goals(self, name: str, codes: Sequence[int], valid: Flags, before: Ints, unit_of_row: Ints) -> tuple[Goal, ...]:
        goals = []
        for target in self.targets:
            if target.variable != name or target.study != self.study or target.statistic not in ("share", "change"):
                continue
            members = self._members(target.sample, target.wave, target, valid, unit_of_row)
            if len(members) == 0:
                continue
            rows = self.select(target.sample, target.wave, valid, target.condition)
            counted = unit_of_row[rows[self.holds(target.within)[rows]]]
            low, high, against = target.low, target.high, None
            if target.statistic == "change":
                against = self._members(target.minus_sample, target.minus_wave, target, valid, unit_of_row)
                if len(against) == 0:  # decided in an earlier step
                    earlier = self.select(target.minus_sample, target.minus_wave, before >= 0, target.condition)
                    share = 100 * float(np.isin(before[earlier], target.categories).mean())
                    low, high, against = low + share, high + share, None
            answers = np.isin(np.asarray(codes), target.categories)
            goals.append(Goal(members, counted, answers, low, high, against))
        return tuple(goals)

    def _members(self, sample: str, wave: str, target: Target, valid: Flags, unit_of_row: Ints) -> Ints:
        return unit_of_row[self.select(sample, wave, valid, target.condition)]
