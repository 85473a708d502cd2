"""Which participation patterns belong to which stratum, and which levels a search of each stratum may use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import duckdb

from panelpress.build.disclosure.sql import first_row
from panelpress.errors import DeclarationError, DisclosureRefused
from panelpress.model.disclosure import EVERYONE, Floor, Key, Stratum, StudyKeys, StudyRules
from panelpress.model.study import Study
from panelpress.schemas.expressions import Expression, parse, render


def strata_of(keys: StudyKeys) -> tuple[Stratum, ...]:
    return keys.strata or (EVERYONE,)


def assign(rows: duckdb.DuckDBPyConnection, study: Study, keys: StudyKeys, patterns: Sequence[int]) -> dict[int, str]:
    """The stratum of each participation pattern (bit mask of waves). Raises DeclarationError where a stratum looks at more than
    participation, or where a pattern is in no stratum or in two."""
    found: dict[int, str] = {}
    for stratum in strata_of(keys):
        where = f"build/disclosure.yaml, stratum `{stratum.id}`"
        parsed = parse(stratum.where, "harmonized", where, ())
        if not isinstance(parsed, Expression):
            raise DeclarationError(where, parsed.what, "Strata know participation only: n_waves(), in_wave('x').")
        condition = render(parsed, str, partial(_panel, study, where))
        for pattern in patterns:
            if first_row(rows, f"SELECT {condition} FROM (SELECT {int(pattern)} AS pattern)")[0]:
                if pattern in found:
                    raise DeclarationError(where, f"overlaps with `{found[pattern]}`.", "Let every person be in one stratum.")
                found[pattern] = stratum.id
    if set(patterns) - set(found):
        raise DeclarationError(
            "build/disclosure.yaml", f"some persons of `{study.id}` are in no stratum.", "Let the strata cover n_waves() >= 1."
        )
    return found


def _panel(study: Study, where: str, function: str, arguments: tuple[str, ...]) -> str:
    if function == "n_waves":
        return "bit_count(pattern)"
    if function == "in_wave" and arguments[0] in study.wave_ids:
        return f"((pattern >> {study.wave_ids.index(arguments[0])}) & 1 = 1)"
    raise DeclarationError(where, f"calls {function}({', '.join(arguments)}).", "Use n_waves() and in_wave() of known waves.")


@dataclass(frozen=True, slots=True)
class Binding:
    """A floor that binds a stratum: ``share`` of its persons may see it passed, where strata that it does not bind see it
    passed by all."""

    floor: Floor
    share: float


def binding_floors(
    rules: StudyRules, strata: Sequence[Stratum], shares: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, tuple[Binding, ...]]]:
    """All floors that the plan of each stratum must keep, by stratum and key. ``shares[sample][stratum]`` is the share of the
    sample that lies in the stratum. The smallest strata, as long as they
    hold no more of the sample than may be starred, are free."""
    found: dict[str, dict[str, tuple[Binding, ...]]] = {stratum.id: {} for stratum in strata}
    for floor in rules.floors:
        own = {stratum.id: shares[floor.sample].get(stratum.id, 0.0) for stratum in strata}
        free = 0.0
        bound = []
        for stratum in sorted(own, key=lambda each: own[each]):
            if free + own[stratum] <= floor.starred:
                free += own[stratum]
            elif own[stratum]:
                bound.append(stratum)
        share = (floor.starred - free) / sum(own[stratum] for stratum in bound) if bound else 1.0
        for stratum in bound:
            found[stratum][floor.variable] = (*found[stratum].get(floor.variable, ()), Binding(floor, share))
    return found


def allowed_levels(
    keys: Sequence[Key],
    rules: StudyRules,
    floors: Mapping[str, Mapping[str, tuple[Binding, ...]]],
    stratum: str,
    chosen: Mapping[str, int],
) -> list[list[int]]:
    """Levels (indices) that the search of ``stratum`` may give each key. ``chosen`` are the levels of keys that an earlier
    stratum published: unless a key is local, a later one publishes the same level or withholds it.

    Raises DisclosureRefused where a floor leaves no level."""
    allowed = []
    for key in keys:
        finest = key.level_index(rules.finest[key.variable]) if key.variable in rules.finest else 0
        own = floors[stratum].get(key.variable, ())
        binding = own if key.local else [each for by_key in floors.values() for each in by_key.get(key.variable, ())]
        coarsest = min((key.level_index(each.floor.level) for each in binding), default=key.top)
        levels = list(range(finest, coarsest + 1))
        if key.variable in chosen and not key.local:
            levels = [level for level in levels if level == chosen[key.variable]]
        if key.variable in rules.withhold:
            levels = []
        if not own and key.top not in levels:
            levels.append(key.top)
        if not levels:
            raise DisclosureRefused(
                f"build/disclosure.yaml, key `{key.variable}`",
                f"the floor `{own[0].floor.level}` in `{own[0].floor.sample}` leaves no level to publish.",
                "Let `finest` and `withhold` of the tier agree with its floors.",
            )
        allowed.append(levels)
    return allowed
