"""Drafts a whole project from delivered files: what ``panelpress init`` writes. Returns texts by path; writes nothing itself.

One study, one wave a file, in the order in which the files are given. The column that tells persons apart is the one whose
values come back in the other waves; how many do is counted, and which is never said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from panelpress.errors import UsageError
from panelpress.model.delivery import KEPT_ROLES, PrivacyRole, RawTable
from panelpress.raw.describe import Description, describe_table
from panelpress.raw.drafting.checklist import checklist
from panelpress.raw.drafting.contract import draft_contract
from panelpress.raw.drafting.drafts import DraftedWave
from panelpress.raw.drafting.names import quoted, slug
from panelpress.raw.drafting.variables import DraftedVariable, draft_variables
from panelpress.raw.matching import Item, Matching, match_waves
from panelpress.raw.readers import read_delivery

MISSING = Path(__file__).parent / "missing.csv"
LICENCE = '{name: CC-BY-4.0, title: CC BY 4.0 International, path: "https://creativecommons.org/licenses/by/4.0/"}'
IGNORED = "/raw/deliveries/\n/releases/\n"


@dataclass(frozen=True, slots=True)
class DraftedProject:
    """Texts by path inside the project, and what they were made from."""

    files: Mapping[str, str]
    waves: tuple[DraftedWave, ...]
    variables: tuple[DraftedVariable, ...]
    matching: Matching


def draft_project(name: str, paths: Sequence[Path], study: str, title: str, language: str) -> DraftedProject:
    """Draft the project ``name`` (its folder's name). Raises what ``read_delivery`` raises, UsageError without a file."""
    if not paths:
        raise UsageError("init", "was given no files.", "Name the files of the waves, the earliest first.")
    if len({path.name for path in paths}) < len(paths):
        raise UsageError("init", "was given two files of the same name.", "Rename one: both go into raw/deliveries.")
    waves = _describe(paths)
    names = [each.wave for each in waves]
    items = {each.wave: _items(each) for each in waves}
    matching = match_waves(items)
    roles: dict[tuple[str, str], PrivacyRole] = {
        (each.wave, column): suggestion.role for each in waves for column, suggestion in each.description.roles.items()
    }
    variables = draft_variables(matching, names, roles, language)
    files = {
        "panelpress.yaml": _project_file(slug(name, "panel").replace("_", "-"), title, language),
        "build/waves.yaml": _waves_file(waves, study, title, language),
        **({} if all(each.description.links for each in waves) else {"raw/linkage.yaml": _linkage_file(study)}),
        **({"build/disclosure.yaml": _disclosure_file(variables, study)} if any(each.key for each in variables) else {}),
        "schemas/missing.csv": MISSING.read_text(encoding="utf-8"),
        ".gitignore": IGNORED,
        "DECIDE.md": checklist(waves, variables, matching, study),
        **{
            f"schemas/raw/{study}_{each.wave}.yaml": draft_contract(each.description, study, each.wave, language)
            for each in waves
        },
        **{f"build/variables/{each.group}/{each.id}.yaml": each.text for each in variables},
    }
    return DraftedProject(files, waves, variables, matching)


def _describe(paths: Sequence[Path]) -> tuple[DraftedWave, ...]:
    """Every file described, with the id column that links most persons to the earlier waves."""
    seen: set[str] = set()
    waves = []
    for number, path in enumerate(paths, start=1):
        table = read_delivery(path)
        described = describe_table(table, path.name)
        linking, returning = _linking(table, described, seen)
        if linking is not None and linking != described.id_column:
            described = describe_table(table, path.name, linking)
        if described.id_column is not None and described.links:
            seen |= set(table.data[described.id_column].drop_nulls().to_list())
        waves.append(DraftedWave(f"w{number}", path, described, returning))
    return tuple(waves)


def _linking(table: RawTable, described: Description, seen: set[str]) -> tuple[str | None, int]:
    """The column that could tell persons apart and holds most ids of earlier waves, and how many; None where none holds any."""
    able = described.ids if described.links else ()
    counts = {name: int(table.data[name].is_in(list(seen)).sum()) for name in able} if seen else {}
    best = max(counts, key=lambda name: counts[name], default=None)
    return (best, counts[best]) if best is not None and counts[best] else (None, 0)


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


def _waves_file(waves: Sequence[DraftedWave], study: str, title: str, language: str) -> str:
    return "\n".join([*_waves_lines(waves, study, title, language), ""])


def _waves_lines(waves: Sequence[DraftedWave], study: str, title: str, language: str) -> Iterator[str]:
    yield "# Studies and their waves. Check the dates: they are the first and last day on which responses came in."
    yield "spec: panel-waves/0.1"
    yield "studies:"
    yield f"- id: {study}"
    yield f"  title: {{{language}: {quoted(title)}}}"
    yield "  kind: panel"
    yield "  waves:"
    for each in waves:
        label = quoted(f"Wave {each.wave.removeprefix('w')} ({each.path.stem})")
        start, end, doubt = _dates(each)
        yield f'  - {{id: {each.wave}, label: {{{language}: {label}}}, start: "{start}", end: "{end}"}}{doubt}'


def _linkage_file(study: str) -> str:
    return "\n".join([
        "# In a wave no column tells persons apart, so nobody can be found again: each response is a person of its own.",
        "# Where the other waves have a stable id, deliver it in this one too, then delete this file.",
        "spec: panel-linkage/0.1",
        f"studies: [{{study: {study}, ids: per_wave}}]",
        "",
    ])  # fmt: skip


def _disclosure_file(variables: Sequence[DraftedVariable], study: str) -> str:
    keys = [f"      {each.id}: {{kind: varying}}" for each in variables if each.key]
    return "\n".join([
        "# What others may know of a respondent. An open variable with `disclosure: quasi` has to be a key; `static` is",
        "# what cannot change between waves. Under keep, declare which keys the open tier must not lose.",
        "spec: panel-disclosure/0.1",
        "studies:",
        f"  {study}:",
        "    keys:",
        *keys,
        "tiers:",
        "  open:",
        "    k: 11",
        "    max_risk: 0.09",
        f"    studies: {{{study}: {{keep: []}}}}",
        "",
    ])  # fmt: skip


def _dates(wave: DraftedWave) -> tuple[str, str, str]:
    if wave.description.period is not None:
        return (*wave.description.period, "")
    year = str(datetime.fromtimestamp(wave.path.stat().st_mtime, tz=UTC).year)
    return year, year, "  # the file does not say when; this is the year of the file"
