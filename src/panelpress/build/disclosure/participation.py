"""Who took part when is visible in every panel file, and no recoding hides it. This decides whose responses are withheld so
that every participation pattern that is left is shared by enough persons.

Patterns are bit masks over the waves (bit 0 is the first). A response can be withheld, never invented, so a person moves only
to a pattern inside the own one. Groups of persons are split wave by wave, the wave first that costs the fewest responses:
where fewer than k took part, those responses are withheld; where fewer than k did *not*, some who did lose theirs and join
them. Persons end without any response only where no wave has k persons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Amounts = dict[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class Withheld:
    """``moves[(pattern, published pattern)]`` is a number of persons; 0 as published pattern means left out altogether."""

    moves: Mapping[tuple[int, int], int]

    @property
    def responses(self) -> int:
        """Responses withheld."""
        return sum(n * (before.bit_count() - after.bit_count()) for (before, after), n in self.moves.items())

    @property
    def persons(self) -> int:
        """Persons left out altogether."""
        return sum(n for (_, after), n in self.moves.items() if after == 0)


def withhold(patterns: Mapping[int, int], k: int, waves: int) -> Withheld:
    """Publishable patterns for persons counted by ``patterns``. Every published pattern but 0 is shared by ``k`` or more."""
    group: Amounts = {(pattern, pattern): n for pattern, n in patterns.items() if n > 0}
    done: Amounts = {}
    pending = [(group, frozenset(range(waves)))]
    while pending:
        members, waves_left = pending.pop()
        _add(done, {move: n for move, n in members.items() if not (waves_left and move[1])})
        members = {move: n for move, n in members.items() if waves_left and move[1]}
        if not members:
            continue
        wave = min(waves_left, key=lambda each: (_cost(members, each, k), each))
        for part in _split(members, wave, k):
            pending.append((part, waves_left - {wave}))
    return Withheld(_join_small(done, k))


def _cost(members: Amounts, wave: int, k: int) -> int:
    """Responses that splitting by ``wave`` withholds."""
    return min(_ways(members, wave, k).values())


def _ways(members: Amounts, wave: int, k: int) -> dict[str, int]:
    """Ways to make presence in ``wave`` safe, with the responses that each withholds: all of the wave's; of those who did not
    take part, all they have; of some who did, the wave's, so that they join those who did not."""
    present = sum(n for (_, now), n in members.items() if now >> wave & 1)
    absent = sum(members.values()) - present
    ways = {"wave": present}
    if present >= k and not 0 < absent < k:
        ways["nothing"] = 0
    if present >= k and 0 < absent < k:
        ways["absent"] = sum(n * now.bit_count() for (_, now), n in members.items() if not now >> wave & 1)
        if present - (k - absent) >= k:
            ways["some"] = k - absent
    return ways


def _split(members: Amounts, wave: int, k: int) -> list[Amounts]:
    """The groups of persons with and without a response in ``wave``; persons without any response are in neither."""
    present = {move: n for move, n in members.items() if move[1] >> wave & 1}
    absent = {move: n for move, n in members.items() if not move[1] >> wave & 1}
    ways = _ways(members, wave, k)
    way = min(ways, key=lambda each: (ways[each], each))
    if way == "wave":
        _add(absent, _without(present, wave))
        present = {}
    elif way == "absent":
        gone: Amounts = {}
        for (before, _), n in absent.items():
            _add(gone, {(before, 0): n})
        absent = gone
    elif way == "some":
        need = k - sum(absent.values())
        for move in sorted(present, key=lambda each: -present[each]):
            take = min(need, present[move])
            present[move] -= take
            _add(absent, _without({move: take}, wave))
            need -= take
    return [{move: n for move, n in part.items() if n} for part in (present, absent)]


def _without(members: Amounts, wave: int) -> Amounts:
    left: Amounts = {}
    for (before, now), n in members.items():
        _add(left, {(before, now & ~(1 << wave)): n})
    return left


def _add(into: Amounts, more: Amounts) -> None:
    for move, n in more.items():
        if n:
            into[move] = into.get(move, 0) + n


def _join_small(moves: Amounts, k: int) -> Amounts:
    """Published patterns that are still too rare lose their last responses until they meet a common pattern."""
    while True:
        sizes: dict[int, int] = {}
        for (_, now), n in moves.items():
            sizes[now] = sizes.get(now, 0) + n
        rare = [pattern for pattern, n in sizes.items() if pattern and n < k]
        if not rare:
            return moves
        pattern = max(rare, key=lambda each: (each.bit_count(), each))
        common = [each for each, n in sizes.items() if each and each & pattern == each and each != pattern]
        target = max(common, key=lambda each: (each.bit_count(), sizes[each]), default=pattern & (pattern - 1))
        joined: Amounts = {}
        for (before, now), n in moves.items():
            _add(joined, {(before, target if now == pattern else now): n})
        moves = joined
