"""Drafts ``schemas/raw/<study>_<wave>.yaml`` from a description: every column with a suggested role, codes and labels.

A draft, not a decision: each suggestion carries its reason as a comment, and codes that few people gave are left for the person
who has the questionnaire.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from panelpress.raw.describe import Description
from panelpress.raw.drafting.names import quoted
from panelpress.raw.drafting.parts import PART, Together
from panelpress.raw.profile import ColumnProfile
from panelpress.raw.roles import Suggestion

# Called so in a contract where no column of the file is an id.
ROW = "row_of_the_file"
KEPT = ("quasi", "sensitive", "plain")


def draft_contract(description: Description, study: str, wave: str, language: str = "en", rows: Together | None = None) -> str:
    """The contract as YAML text; texts and labels stand under ``language``. ``rows`` tells the parts of a wave."""
    parts = rows.parts if rows else ()
    only = rows.only if rows else {}
    return "\n".join([*_head(description, study, wave, parts), *_columns(description, language, parts, only)]) + "\n"


def _head(description: Description, study: str, wave: str, parts: Sequence[str]) -> Iterator[str]:
    yield f"# Drafted from {description.file}. Decide the role of every column: id, direct, free_text, quasi, sensitive, plain,"
    yield "# drop, paradata. Only quasi, sensitive and plain columns come in."
    if description.id_column is None:
        yield f"# No column tells persons apart. If none does, rows are counted: each is a person of its own (`{ROW}`)."
    elif not description.links:
        yield f"# {quoted(description.id_column)} only counts the rows: it tells responses apart and links no waves."
    elif len(description.ids) > 1:
        yield f"# Other columns that tell rows apart: {', '.join(description.ids[1:5])}."
    yield "spec: panel-contract/0.1"
    yield f"study: {study}"
    yield f"wave: {wave}"
    yield f"platform: {description.platform}"
    if description.id_column is None:
        yield f"row_column: {ROW}"
    if parts:
        yield f"part_column: {PART}"
    if description.consent is not None:
        column, yes = description.consent
        yield f"consent: {{column: {quoted(column)}, given: [{', '.join(map(quoted, yes))}]}}"


def _columns(description: Description, language: str, parts: Sequence[str], only: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield "columns:"
    if parts:
        values = ", ".join(f"{quoted(each)}: {{{language}: {quoted(each)}}}" for each in parts)
        yield f"- {{name: {PART}, role: quasi, values: {{{values}}}}}  # which file a row came from; `drop` it if that is nothing"
    if description.id_column is None:
        yield f"- {{name: {ROW}, role: id}}"
    for profile in description.columns:
        suggestion = description.roles[profile.name]
        told = [*_parts(profile, suggestion, language)]
        if profile.name in only:
            told.append(f"parts: [{', '.join(map(quoted, only[profile.name]))}]")
        yield f"- {{{', '.join(told)}}}  # {_comment(profile, suggestion)}"


def _parts(profile: ColumnProfile, suggestion: Suggestion, language: str) -> Iterator[str]:
    yield f"name: {quoted(profile.name)}"
    yield f"role: {suggestion.role}"
    yield f"type: {profile.type}"
    if profile.column.text and profile.column.text != profile.name:
        yield f"text: {{{language}: {quoted(profile.column.text)}}}"
    if suggestion.role in KEPT and profile.codes:
        values = (f"{quoted(each.code)}: {{{language}: {quoted(each.label or each.code)}}}" for each in profile.codes)
        yield f"values: {{{', '.join(values)}}}"


def _comment(profile: ColumnProfile, suggestion: Suggestion) -> str:
    parts = [suggestion.why]
    if profile.joined is not None:
        parts.append(f"several answers in one cell, joined by {quoted(profile.joined.separator)}")
    if suggestion.role in KEPT:
        if profile.n_rare:
            parts.append(f"{profile.n_rare} rare codes are not listed, see the questionnaire")
        missing = sorted({*profile.column.missing, *profile.suspected_missing})
        if missing:
            parts.append(f"perhaps missing answers: {', '.join(missing)}")
    return "; ".join(parts).replace("\n", " ")
