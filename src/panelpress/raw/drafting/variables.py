"""Drafts ``build/variables/<group>/<variable>.yaml`` from matched items: every rule of every wave stays ``undetermined``.

spec: panel-crosswalk/0.1
id: trust
label: {en: "Can most people be trusted?"}
concept: draft
type: nominal
categories:
- {code: 1, label: {en: "yes"}}
waves:
  w1: {status: undetermined, source: [q12], map: {"1": 1}, missing: {"99": dont_know, null: no_answer}}

What the draft knows is in the file; what a person has to decide is said in its comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from panelpress.model.delivery import PrivacyRole
from panelpress.raw.answers import same_label, text_similarity
from panelpress.raw.drafting.names import LONGEST, LONGEST_OPTION, LONGEST_SEVERAL, quoted, slug, unused
from panelpress.raw.drafting.scales import is_scale
from panelpress.raw.matching import Item, Matching, Pair
from panelpress.raw.profile import ColumnProfile
from panelpress.raw.shorten import shortened

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
# What a label says of a missing answer; anything else that looks like one is no_answer.
REASONS: tuple[tuple[str, str], ...] = (
    ("dont_know", r"know|not sure|hard to say|не знаю|затрудня|weiß|weiss|ne sait|no sabe"),
    ("refused", r"refus|prefer not|отказ|не хочу|предпочита|keine angabe|no contesta"),
    ("not_applicable", r"not applicable|n/?a\b|неприменимо|trifft nicht"),
    ("skipped", r"skipped|пропущ"),
)
# Characters of a label, whole or as "question: option": Stata holds 80, of which wide files need six for the wave; bytes of a
# code's label that SPSS holds.
LABEL, LABEL_SEVERAL, LABEL_OPTION, LABEL_CODE = 74, 36, 36, 116
NUMBERS = ("integer", "decimal", "date")
DISCLOSURE: dict[PrivacyRole, str] = {"quasi": "quasi", "sensitive": "sensitive"}


@dataclass(frozen=True, slots=True)
class DraftedVariable:
    """One drafted variable: its id, the folder it belongs in, its YAML text, the waves in which an item was found, whether it
    should be a disclosure key, and whether it is a multi-select whose combinations are open."""

    id: str
    group: str
    text: str
    waves: tuple[str, ...]
    key: bool
    combined: bool


def draft_variables(
    matching: Matching,
    waves: Sequence[str],
    roles: Mapping[tuple[str, str], PrivacyRole],
    language: str,
    table: str = "",
    others: Iterable[str] = (),
) -> tuple[DraftedVariable, ...]:
    """A variable for every group of matched items; ``roles`` by wave and column decide the disclosure role. ``table`` is the
    child table whose items they are, ``others`` are the ids of variables that are there already."""
    taken = [*others]
    drafted = []
    for group in matching.groups:
        name = _variable_id(group[0])
        if table and name in taken:
            name = slug(f"{table}_{name}")
        options = _options(group)
        while any(f"{name}_{each}" in taken for each in options.values()):
            name = unused(name, [*taken, name])
        name = unused(name, taken)
        taken += [name, *(f"{name}_{each}" for each in options.values())]
        role = next((role for role in ("sensitive", "quasi") if any(roles[item.key] == role for item in group)), "plain")
        text = "\n".join(_lines(name, group, matching, waves, DISCLOSURE.get(role), language)) + "\n"  # type: ignore[call-overload]
        is_key = role == "quasi" and _type(group) in ("nominal", "ordinal")
        found = tuple(item.wave for item in group)
        combined = role == "plain" and group[0].profile.joined is not None
        drafted.append(DraftedVariable(name, slug(table) if table else role, text, found, is_key, combined))
    return tuple(drafted)


def _variable_id(item: Item) -> str:
    name = item.profile.name
    longest = LONGEST if item.profile.joined is None else LONGEST_SEVERAL
    return slug(name if NAME.fullmatch(name) else item.question, longest=longest)


def _lines(
    name: str, group: tuple[Item, ...], matching: Matching, waves: Sequence[str], disclosure: str | None, language: str
) -> Iterator[str]:
    first = group[0].profile
    yield "# Drafted. Decide for every wave: complete, partial or impossible; nothing is released while a wave is undetermined."
    yield from _doubts(group, matching)
    yield "spec: panel-crosswalk/0.1"
    yield f"id: {name}"
    longest = LABEL if first.joined is None else LABEL_SEVERAL
    if len(group[0].question) > longest:
        yield "# The label is cut to what Stata holds: write a short one. The question stands below in full."
    yield f"label: {{{language}: {quoted(shortened(group[0].question, longest))}}}"
    yield "concept: draft"
    if _type(group) == "ordinal":
        yield "# Ordinal, because the labels look like steps of a scale in the order of their codes; else make it nominal."
    yield f"type: {_type(group)}"
    if disclosure:
        yield f"disclosure: {disclosure}"
    if disclosure == "quasi" and _type(group) in NUMBERS:
        yield "tier: never  # exact numbers find people: open it in bands, as a key with a hierarchy"
    if disclosure == "quasi" and first.joined is not None:
        yield "tier: never  # a rare combination finds people: open it when it is listed under patterns of the study"
    if _type(group) == "text":
        yield "tier: never  # too few people gave any answer to name it: list the categories, make it nominal, choose a tier"
    if first.joined is not None:
        options = _options(group)
        yield "options:"
        labels = _short_labels(options, LABEL_OPTION)
        yield from (f"- {{id: {each}, label: {{{language}: {quoted(labels[text])}}}}}" for text, each in options.items())
        yield "waves:"
        yield from _waves(waves, {item.wave: _joined_rule(item, options) for item in group})
        return
    codes = _categories(group) if first.closed else {}
    if codes:
        yield "categories:"
        labels = _short_labels(codes, LABEL_CODE)
        yield from (f"- {{code: {code}, label: {{{language}: {quoted(labels[label])}}}}}" for label, code in codes.items())
    yield "waves:"
    yield from _waves(waves, {item.wave: _rule(item, codes, language) for item in group})


def _short_labels(texts: Iterable[str], longest: int) -> dict[str, str]:
    """Labels of at most ``longest`` bytes, by text; two that would become one get a number."""
    found: dict[str, str] = {}
    for text in texts:
        found[text] = unused(shortened(text, longest, in_bytes=True), found.values())
    return found


def _doubts(group: tuple[Item, ...], matching: Matching) -> Iterator[str]:
    """Comments: why the items were matched, which namesakes were not, and where answers are missing from the map."""
    for item in group[1:]:
        yield f"# {group[0].wave} and {item.wave}: {matching.why(item)}"
    for item in group:
        if item.profile.codes and item.profile.n_rare:
            yield f"# {item.wave}: {item.profile.n_rare} rare codes are not in the map; add them, else the build stops at them."
    members = {item.key for item in group}
    for pair in matching.traps:
        if members & {pair.left.key, pair.right.key}:
            yield f"# No match: {_named(pair)}"


def _named(pair: Pair) -> str:
    return f"{pair.left.wave} {pair.left.profile.name} and {pair.right.wave} {pair.right.profile.name}: {pair.why}"


def _type(group: tuple[Item, ...]) -> str:
    """The type of the first wave's item, wide enough for numbers that have fractions in another wave."""
    profile = group[0].profile
    if profile.joined is not None:
        return "multi"
    if profile.closed and profile.codes:
        return "ordinal" if _ordered(group) else "nominal"
    if profile.type == "integer" and any(item.profile.type == "number" for item in group):
        return "decimal"
    return {"integer": "integer", "number": "decimal", "date": "date", "datetime": "date"}.get(profile.type, "text")


def _ordered(group: tuple[Item, ...]) -> bool:
    """Whether all items have numbers as codes whose labels climb or fall along a known scale."""
    for item in group:
        aside = {*item.profile.column.missing, *item.profile.suspected_missing}
        steps = [each for each in item.profile.codes if each.code not in aside]
        if not all(re.fullmatch(r"-?\d+", each.code) for each in steps):
            return False
        if not is_scale([each.label for each in sorted(steps, key=lambda each: int(each.code))]):
            return False
    return True


def _waves(waves: Sequence[str], rules: Mapping[str, str]) -> Iterator[str]:
    for wave in waves:
        rule = rules.get(wave)
        yield f"  {wave}: {{status: undetermined{', ' + rule if rule else ''}}}" + (
            "" if rule else "  # no item like it was found"
        )


def _rule(item: Item, codes: Mapping[str, int], language: str) -> str:
    profile = item.profile
    parts = [f"source: [{quoted(profile.name)}]"]
    missing = {code: _reason(profile, code) for code in dict.fromkeys((*profile.column.missing, *profile.suspected_missing))}
    if codes:
        mapped = {each.code: _code(each.label or each.code, codes) for each in profile.codes if each.code not in missing}
        parts.append("map: {" + ", ".join(f"{quoted(raw)}: {code}" for raw, code in mapped.items()) + "}")
    else:
        parts.append("copy: true")
        if profile.type == "datetime":
            parts.append('date_format: "%Y-%m-%d %H:%M:%S"')
    given = [*(f"{quoted(code)}: {reason}" for code, reason in missing.items()), "null: no_answer"]
    ranges = [f'"[{low},{high}]": no_answer' for low, high in profile.column.missing_ranges]
    parts.append("missing: {" + ", ".join([*given, *ranges]) + "}")
    if item.profile.column.text and item.profile.column.text != item.profile.name:
        parts.append(f"question: {{{language}: {quoted(item.profile.column.text)}}}")
    return ", ".join(parts)


def _reason(profile: ColumnProfile, code: str) -> str:
    said = next((each.label for each in profile.codes if each.code == code), "") or code
    return next((reason for reason, pattern in REASONS if re.search(pattern, said, re.IGNORECASE)), "no_answer")


def _categories(group: tuple[Item, ...]) -> dict[str, int]:
    """Harmonized code by label: the raw codes where all of them are whole numbers, else 1, 2, 3 in order of appearance.

    Answers of one wave are never merged with each other, only with those of the waves before."""
    labels: dict[str, str] = {}
    for item in group:
        aside = {*item.profile.column.missing, *item.profile.suspected_missing}
        before = dict(labels)
        for each in item.profile.codes:
            if each.code not in aside and _similar(each.label or each.code, before) is None:
                labels[each.label or each.code] = each.code
    raw = list(labels.values())
    if all(re.fullmatch(r"-?\d{1,9}", code) for code in raw) and len(set(raw)) == len(raw):
        return {label: int(code) for label, code in labels.items()}
    return {label: number for number, label in enumerate(labels, start=1)}


def _similar(label: str, labels: Mapping[str, object]) -> str | None:
    """The entry of ``labels`` that says the same: exactly, or in other spelling; numbers must be equal."""
    if label in labels:
        return label
    alike = [each for each in labels if same_label(label, each)]
    return max(alike, key=lambda each: text_similarity(label, each)) if alike else None


def _code(label: str, codes: Mapping[str, int]) -> int:
    return codes[_similar(label, codes) or label]


def _options(group: tuple[Item, ...]) -> dict[str, str]:
    """Option id by raw text, over all waves."""
    options: dict[str, str] = {}
    for item in group:
        for text in item.profile.joined.options if item.profile.joined else ():
            if text not in options:
                options[text] = unused(slug(text, "option", LONGEST_OPTION), options.values())
    return options


def _joined_rule(item: Item, options: Mapping[str, str]) -> str:
    joined = item.profile.joined
    if joined is None:
        return f"source: [{quoted(item.profile.name)}]"
    given = ", ".join(f"{quoted(text)}: {options[text]}" for text in joined.options)
    separator = quoted(joined.separator)
    return f"source: [{quoted(item.profile.name)}], separator: {separator}, options: {{{given}}}, missing: {{null: no_answer}}"
