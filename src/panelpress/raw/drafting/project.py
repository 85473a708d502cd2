"""Drafts a whole project from delivered files: what ``panelpress init`` writes. Returns texts by path; writes nothing itself.

One study, its waves in the order in which they are given, and a list of records for each child table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from panelpress.model.delivery import KEPT_ROLES, PrivacyRole
from panelpress.raw.drafting.checklist import checklist
from panelpress.raw.drafting.contract import draft_contract
from panelpress.raw.drafting.drafts import DraftedWave
from panelpress.raw.drafting.given import given_waves
from panelpress.raw.drafting.names import quoted, slug
from panelpress.raw.drafting.parts import PART
from panelpress.raw.drafting.variables import DraftedVariable, draft_variables
from panelpress.raw.drafting.waves import read_waves
from panelpress.raw.drafting.waves_file import waves_file
from panelpress.raw.matching import Item, Matching, joined, match_waves

MISSING = Path(__file__).parent / "missing.csv"
LICENCE = '{name: CC-BY-4.0, title: CC BY 4.0 International, path: "https://creativecommons.org/licenses/by/4.0/"}'
IGNORED = "/raw/deliveries/\n/releases/\n"


@dataclass(frozen=True, slots=True)
class DraftedProject:
    """Texts by path inside the project, the delivered files by their name in raw/deliveries, and what it was made from."""

    files: Mapping[str, str]
    copies: Mapping[str, Path]
    waves: tuple[DraftedWave, ...]
    variables: tuple[DraftedVariable, ...]
    matching: Matching


def draft_project(name: str, paths: Sequence[Path], study: str, title: str, language: str) -> DraftedProject:
    """Draft the project ``name`` (its folder's name) from ``paths``, one wave each. Raises what ``given_waves`` and
    ``read_waves`` raise."""
    given = given_waves(paths)
    waves = read_waves(given, study)
    variables: list[DraftedVariable] = []
    matchings = []
    for table in dict.fromkeys(each.table for each in waves):
        own = [each for each in waves if each.table == table]
        matching = match_waves({each.wave: _items(each) for each in own})
        roles: dict[tuple[str, str], PrivacyRole] = {
            (each.wave, column): suggestion.role for each in own for column, suggestion in each.description.roles.items()
        }
        others = [each.id for each in variables]
        variables += draft_variables(matching, [each.wave for each in own], roles, language, table, others)
        matchings.append(matching)
    whole = joined(matchings)
    panel = [each for each in waves if not each.table]
    keys = _keys(waves, variables)
    linkage = _linkage(panel)
    files = {
        "panelpress.yaml": _project_file(slug(name, "panel").replace("_", "-"), title, language),
        "build/waves.yaml": waves_file(waves, study, title, language),
        **({"raw/linkage.yaml": _linkage_file(study, linkage)} if linkage else {}),
        **({"build/disclosure.yaml": _disclosure_file(keys, _combined(waves, variables))} if keys else {}),
        "schemas/missing.csv": MISSING.read_text(encoding="utf-8"),
        ".gitignore": IGNORED,
        "DECIDE.md": checklist(waves, variables, whole),
        **{each.contract: draft_contract(each.description, each.study, each.wave, language, each.rows) for each in waves},
        **{f"build/variables/{each.group}/{each.id}.yaml": each.text for each in variables},
    }
    copies = {target: source for each in given for source, target in each.kept_as.items()}
    return DraftedProject(files, copies, waves, tuple(variables), whole)


def _items(wave: DraftedWave) -> list[Item]:
    roles = wave.description.roles
    return [Item(wave.wave, each) for each in wave.description.columns if roles[each.name].role in KEPT_ROLES]


def _project_file(name: str, title: str, language: str) -> str:
    return "\n".join([
        "# What the project is. Correct title, description, licence and contributors; `simulated`: no respondent exists.",
        "spec: panel-project/0.1",
        f"id: {name}",
        f"title: {{{language}: {quoted(title)}}}",
        f"description: {{{language}: {quoted('Say who was asked, how they were found, and what the answers can show.')}}}",
        "simulated: false",
        f"languages: [{language}]",
        f"licence: {LICENCE}",
        "contributors:",
        "- {title: Name the authors, role: author}",
        "",
    ])  # fmt: skip


def _linkage(panel: Sequence[DraftedWave]) -> str:
    """How the ids of the panel link its waves, "" where each is the same person in every wave."""
    within = [each.wave for each in panel if each.rows.parts and _numbered_anew(each)]
    told = ["ids: per_wave"] if within or not all(each.description.links for each in panel) else []
    return ", ".join([*told, *([f"within: {{{', '.join(f'{wave}: {PART}' for wave in within)}}}"] if within else [])])


def _numbered_anew(wave: DraftedWave) -> bool:
    """Whether the parts of a wave give the same ids to different people."""
    column = wave.description.id_column
    return column is not None and not wave.description.column(column).unique


def _linkage_file(study: str, linkage: str) -> str:
    return "\n".join([
        "# In a wave nothing tells persons apart, or each of its files numbers them anew: nobody can be found again in another.",
        "# Where the other waves have a stable id, deliver it in this one too, then delete this file.",
        "spec: panel-linkage/0.1",
        f"studies: [{{study: {study}, {linkage}}}]",
        "",
    ])  # fmt: skip


def _keys(waves: Sequence[DraftedWave], variables: Sequence[DraftedVariable]) -> dict[str, list[str]]:
    """Disclosure keys by study: the kind of each stands behind its name."""
    kind = {each.wave: "static" if each.table else "varying" for each in waves}
    keys: dict[str, list[str]] = {}
    for each in waves:
        for variable in variables:
            line = f"{variable.id}: {{kind: {kind[each.wave]}}}"
            if variable.key and each.wave in variable.waves and line not in keys.setdefault(each.study, []):
                keys[each.study].append(line)
    return {study: lines for study, lines in keys.items() if lines}


def _combined(waves: Sequence[DraftedWave], variables: Sequence[DraftedVariable]) -> dict[str, list[str]]:
    """Open multi-selects by study, whose combinations have to be counted."""
    found: dict[str, list[str]] = {}
    for variable in variables:
        for study in dict.fromkeys(each.study for each in waves if variable.combined and each.wave in variable.waves):
            found.setdefault(study, []).append(variable.id)
    return found


def _study_lines(study: str, keys: Sequence[str], combined: Sequence[str]) -> Iterator[str]:
    yield f"  {study}:"
    yield "    keys:"
    yield from (f"      {line}" for line in keys)
    if combined:
        yield f"    patterns: [{', '.join(combined)}]  # no combination of their options may be rarer than k"


def _disclosure_file(keys: Mapping[str, Sequence[str]], combined: Mapping[str, Sequence[str]]) -> str:
    return "\n".join([
        "# What others may know of a respondent. An open variable with `disclosure: quasi` has to be a key; `static` is",
        "# what cannot change between waves. Under keep, declare which keys the open tier must not lose.",
        "spec: panel-disclosure/0.1",
        "studies:",
        *(line for each, lines in keys.items() for line in _study_lines(each, lines, combined.get(each, ()))),
        "tiers:",
        "  open:",
        "    k: 11",
        "    max_risk: 0.09",
        f"    studies: {{{', '.join(f'{each}: {{keep: []}}' for each in keys)}}}",
        "",
    ])  # fmt: skip
