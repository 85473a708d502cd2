"""Suggests a privacy role for every column of a delivery, and says why. A person decides; nothing here lets a column in.

Asked in this order: nothing in it, marked by the platform, found by a detector, named like platform paradata or a person's data,
open text, words of the question (``role_words.yaml``). What remains is ``plain``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from panelpress.model.delivery import PrivacyRole
from panelpress.raw.detectors.weigh import Hit
from panelpress.raw.profile import ColumnProfile
from panelpress.schemas.yaml_reader import read_document

WORDS = Path(__file__).parent / "role_words.yaml"
WHOLE_WORDS = 4  # letters; a longer word may go on
NOTHING = r"(?!)"
PUNCTUATION = re.compile(r"[^\w]+|(?<=.)_+")
NAMED_ID = re.compile(r"(^|[\W_])id($|[\W_])|Id$|ID$")
NAME_PARTS = re.compile(r"[\W_]+")
UNNAMED = 1000
SHORTEST_KEY, LONGEST_KEY = 5.0, 40
# Detectors that speak of the platform's own keys and not of a person.
KEYS = frozenset({"response_id", "uuid"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A role for one column and the reason, in words."""

    role: PrivacyRole
    why: str


def suggest_roles(
    profiles: tuple[ColumnProfile, ...], hits: Iterable[Hit], id_column: str | None, consent: str | None = None
) -> dict[str, Suggestion]:
    """A suggestion for every column by name; ``id_column`` tells persons apart, in ``consent`` they agreed to take part."""
    by_column: dict[str, list[Hit]] = {}
    for hit in hits:
        by_column.setdefault(hit.column, []).append(hit)
    found = {each.name: _suggest(each, by_column.get(each.name, []), each.name == id_column) for each in profiles}
    joined = [each.name for each in profiles if each.joined is not None]
    for each in profiles:
        if each.name.rpartition("/")[0] in joined:
            found[each.name] = Suggestion("drop", f"says again what {each.name.rpartition('/')[0]} holds")
    if consent is not None:
        found[consent] = Suggestion("paradata", "is where people agreed to take part")
    return found


def _suggest(profile: ColumnProfile, hits: list[Hit], is_id: bool) -> Suggestion:
    if is_id:
        return Suggestion("id", "tells persons apart")
    if profile.n_filled == 0:
        return Suggestion("drop", "no row holds an answer")
    if profile.column.identifier:
        return Suggestion("direct", "marked as identifying by the platform")
    word = matching_word(profile, "paradata", name_only=True)
    if word:
        return Suggestion("paradata", "is the platform's own column")
    word = matching_word(profile, "direct", name_only=True)
    if word:
        return Suggestion("direct", "is the platform's own column about the person")
    sure = [hit for hit in hits if hit.strength != "possible" and hit.detector not in KEYS]
    if sure and not profile.closed:
        return Suggestion("direct", f"looks like {sure[0].detector.replace('_', ' ')}")
    if any(hit.detector in KEYS for hit in hits):
        return Suggestion("drop", "holds keys of single responses")
    return _by_question(profile)


def _by_question(profile: ColumnProfile) -> Suggestion:
    if profile.column.type == "time":
        return Suggestion("paradata", "holds times of day")
    open_text = profile.type == "string" and not profile.closed and profile.joined is None
    word = matching_word(profile, "direct")
    if word and not profile.closed:
        return Suggestion("direct", f"its question says {word!r}")
    if profile.type == "string" and matching_word(profile, "free_text") and not profile.column.values:
        return Suggestion("free_text", "its question asks for people's own words")
    if open_text:
        return Suggestion("free_text", "holds answers in people's own words; code them before they come in")
    if profile.type == "datetime":
        return Suggestion("paradata", "holds moments, to the minute")
    roles: tuple[PrivacyRole, ...] = ("sensitive", "quasi")
    for role in roles:
        word = matching_word(profile, role)
        if word:
            return Suggestion(role, f"its question says {word!r}")
    if profile.type == "date":
        return Suggestion("quasi", "holds days")
    if profile.unique and profile.n_filled > 1 and not profile.closed and profile.type != "number":
        return Suggestion("drop", "has another value in every row")
    return Suggestion("plain", "nothing speaks for another role")


def find_id(profiles: tuple[ColumnProfile, ...]) -> tuple[str, ...]:
    """Columns that could tell persons apart, the likeliest first: filled and unique, named like an id, first in the file, or
    holding what looks like keys. A measure such as an age may be unique in a small file and is none. Where nothing is unique (a
    file of several events), a column named like an id still is the likeliest; in a child table it is the key of the response
    that its rows belong to. The last resort is a column that counts the rows."""
    filled = {bare(each.name): each.name for each in profiles if not each.n_blank}
    parents = [filled[bare(word[1:])] for word in _words()["parent"] if bare(word[1:]) in filled]
    ranked: list[tuple[int, int, str]] = [(-1, place, name) for place, name in enumerate(parents)]
    repeating: list[tuple[int, int, str]] = []
    for place, profile in enumerate(profiles):
        rank = _id_rank(profile)
        own = rank is None and matching_word(profile, "paradata", name_only=True)
        if (
            profile.n_blank
            or profile.n_filled == 0
            or own
            or profile.name in parents
            or profile.type in ("date", "datetime", "number")
        ):
            continue
        if not profile.unique:
            if rank is not None and profile.n_distinct > 1:
                repeating.append((rank, place, profile.name))
        elif rank is not None or _is_key(profile, first=place == 0):
            ranked.append((rank if rank is not None else UNNAMED, place, profile.name))
    counting = [(0, place, each.name) for place, each in enumerate(profiles) if each.unique and counts_rows(each)]
    return tuple(name for _, _, name in sorted(ranked or repeating or counting))


def counts_rows(profile: ColumnProfile) -> bool:
    """Whether the column only numbers the rows, as R and spreadsheets do: it tells responses apart and links no waves."""
    return matching_word(profile, "counter", name_only=True) is not None


def _id_rank(profile: ColumnProfile) -> int | None:
    """How surely the name says that the column is an id, 0 first; None where it does not."""
    plain = bare(profile.name)
    listed = next((i for i, word in enumerate(_words()["id"]) if bare(word[1:]) == plain), None)
    if listed is not None:
        return listed
    return UNNAMED - 1 if NAMED_ID.search(profile.name) else None


def _is_key(profile: ColumnProfile, first: bool) -> bool:
    if profile.longest > LONGEST_KEY or not profile.one_word or matching_word(profile, "quasi"):
        return False
    return first or profile.mean_length >= SHORTEST_KEY


def find_consent(profiles: tuple[ColumnProfile, ...]) -> tuple[str, tuple[str, ...]] | None:
    """The column in which people agreed to take part and the codes that mean yes, None where that is not plain to see."""
    for profile in profiles:
        if not profile.closed or not matching_word(profile, "consent"):
            continue
        yes = tuple(each.code for each in profile.codes if _affirmative(each.label or each.code))
        if len(yes) == 1:
            return profile.name, yes
    return None


def matching_word(profile: ColumnProfile, role: str, name_only: bool = False) -> str | None:
    """A word of ``role`` that fits the column's name or question. A part of a longer name, ``age`` in ``hh/member_age``, tells
    what was asked; a platform's own columns go by their whole name."""
    words = _vocabulary(role)
    names = [profile.name] if name_only else [profile.name, *NAME_PARTS.split(profile.name)]
    for name in names:
        if (plain := bare(name)) in words.names:
            return words.names[plain]
    if name_only:
        found = words.own.fullmatch(profile.name)
    else:
        found = words.spoken.search(f"{profile.name} {profile.column.text}".lower())
    return found.group(0) if found else None


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """Words of one role: whole names without punctuation, patterns of a platform's own names, words of a question."""

    names: Mapping[str, str]
    own: re.Pattern[str]
    spoken: re.Pattern[str]


@cache
def _vocabulary(role: str) -> _Vocabulary:
    words = _words()[role]
    own = "|".join(word[1:] for word in words if word.startswith("~"))
    spoken = (re.escape(word) + (r"(?!\w)" if len(word) <= WHOLE_WORDS else "") for word in words if word[0] not in "=~")
    return _Vocabulary(
        {bare(word[1:]): word[1:] for word in words if word.startswith("=")},
        re.compile(own or NOTHING),
        re.compile(rf"(?<!\w)(?:{'|'.join(spoken) or NOTHING})"),
    )


def bare(name: str) -> str:
    """``name`` in small letters without blanks and signs, so that ``Response ID`` and ``response_id`` are one; an underscore in
    front stays, because it marks a platform's own column."""
    return PUNCTUATION.sub("", name.lower())


def _affirmative(text: str) -> bool:
    return any(bare(word[1:]) == bare(text) for word in _words()["affirmative"])


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    given = read_document(WORDS).content
    return {role: tuple(str(word) for line in lines for word in line) for role, lines in given.items()}
