"""Drafts ``DECIDE.md``: what a person has to decide before a drafted project can be taken in and released, in order.

Names columns and counts; holds no answers. It is deleted when everything in it is done.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence

from panelpress.model.delivery import KEPT_ROLES
from panelpress.raw.describe import Description
from panelpress.raw.drafting.drafts import DraftedWave
from panelpress.raw.drafting.parts import PART
from panelpress.raw.drafting.variables import DraftedVariable
from panelpress.raw.few import K, few
from panelpress.raw.matching import Matching
from panelpress.raw.profile import ColumnProfile
from panelpress.raw.shorten import shortened

SHOWN = 12
LONGEST = 70


def checklist(waves: Sequence[DraftedWave], variables: Sequence[DraftedVariable], matching: Matching) -> str:
    """The list as Markdown."""
    return "\n".join([*_head(), *_contracts(waves), *_crosswalk(waves, variables, matching), *_rest(waves, variables), ""])


def _head() -> Iterator[str]:
    yield "# What is left to decide"
    yield ""
    yield "Drafted by `panelpress init`; delete what is done. `panelpress lint` checks every file."
    yield "Nothing is released while a wave of a variable is `undetermined`."
    yield ""


def _contracts(waves: Sequence[DraftedWave]) -> Iterator[str]:
    yield "## 1. Who may be found: the role of every column"
    for each in waves:
        described = each.description
        roles = Counter(suggestion.role for suggestion in described.roles.values())
        told = ", ".join(f"{n} {role}" for role, n in sorted(roles.items(), key=lambda pair: (-pair[1], pair[0])))
        yield ""
        yield f"`{each.contract}` ({described.file}, {described.platform}, {described.rows} rows): {told}"
        yield ""
        yield f"- [ ] {_persons(described)}"
        yield from _parts(each)
        yield "- [ ] every role is right; columns in people's own words stay out, or are coded by hand first"
        if described.consent is not None:
            yield f"- [ ] only rows in which `{_short(described.consent[0])}` is {' or '.join(described.consent[1])} come in"
        yield from _hits(described)


def _persons(described: Description) -> str:
    if described.id_column is None:
        return "no column tells persons apart: ask for ids, or let each row be a person (as drafted)"
    said = "tells persons apart" if described.links else "only counts the rows: nobody is found again in another wave"
    return f"`{_short(described.id_column)}` {said}"


def _parts(wave: DraftedWave) -> Iterator[str]:
    """What joins the rows of a wave in several files, or of a child table, to the others."""
    if wave.rows.parts:
        yield f"- [ ] `{PART}` names the file of a row; a column of the files may say the same"
    for column in wave.rows.differing[:SHOWN]:
        yield f"- [ ] `{_short(column)}`: the files label its codes differently; their codes must mean the same, else rename one"
    if wave.table and wave.foreign:
        told = "each is a person of its own" if wave.description.id_column is None else "who withdraws there stays here"
        yield f"- [ ] {few(wave.foreign)} of its rows hold no id that {wave.parent} has: {told}; give both the same id"


def _hits(described: Description) -> Iterator[str]:
    """Suspected identifiers in columns that would come in; intake stops at them."""
    hits = [hit for hit in described.hits if hit.strength != "possible" and described.roles[hit.column].role in KEPT_ROLES]
    for hit in hits[:SHOWN]:
        looks = hit.detector.replace("_", " ")
        yield f"- [ ] `{_short(hit.column)}` looks like {looks}: another role, or `cleared` with a reason"


def _crosswalk(waves: Sequence[DraftedWave], variables: Sequence[DraftedVariable], matching: Matching) -> Iterator[str]:
    matched = sum(1 for group in matching.groups if len(group) > 1)
    yield ""
    yield "## 2. What is the same question: the crosswalk"
    yield ""
    yield f"{len(variables)} variables in `build/variables`, {matched} of them matched over waves; each comment says why."
    yield ""
    yield "- [ ] every matched pair is one question; its status is `complete`, `partial` (with a note) or `impossible`"
    yield "- [ ] every variable that one wave alone has is `impossible` in the others, or is joined with its other name"
    for pair in matching.traps[:SHOWN]:
        names = f"{pair.left.wave} `{_short(pair.left.profile.name)}`, {pair.right.wave} `{_short(pair.right.profile.name)}`"
        yield f"- [ ] {names} are not matched: {pair.why}"
    if len(matching.traps) > SHOWN:
        more = len(matching.traps) - SHOWN
        yield f"- [ ] {more} more pairs of one name and another meaning: see the comments in `build/variables`"
    yield "- [ ] missing codes mean what the drafts say"
    rare = [f"{each.wave} `{_short(column.name)}`" for each in waves for column in _with_rare_codes(each.description)]
    if rare:
        others = f" and {len(rare) - SHOWN} more" if len(rare) > SHOWN else ""
        yield f"- [ ] answers that fewer than {K} people gave are in no draft: {', '.join(rare[:SHOWN])}{others}."
        yield "  Add them from the questionnaire to `map` and `categories`, or the build stops at them; after intake they stand"
        yield "  in `waves/unlisted_codes.json` of the work folder (private)"


def _with_rare_codes(described: Description) -> Iterator[ColumnProfile]:
    return (each for each in described.columns if each.codes and each.n_rare and described.roles[each.name].role in KEPT_ROLES)


def _rest(waves: Sequence[DraftedWave], variables: Sequence[DraftedVariable]) -> Iterator[str]:
    yield ""
    yield "## 3. The project"
    yield ""
    yield "- [ ] title, description, licence and contributors in `panelpress.yaml`; dates in `build/waves.yaml`"
    yield "- [ ] keys in `build/disclosure.yaml`: what others may know of a respondent, and whether it can change"
    keyed = {wave for each in variables if each.key for wave in each.waves}
    for study in dict.fromkeys(each.study for each in waves):
        if not any(each.study == study and each.wave in keyed for each in waves):
            yield f"- [ ] `{study}` has no key yet (no question looked like one): a study without keys is not released"
    yield ""
    yield "## 4. Then"
    yield ""
    yield "```console"
    yield "$ panelpress lint"
    yield "$ panelpress key init"
    for each in waves:
        yield from registering(each)
    yield "$ panelpress intake"
    yield "$ panelpress run"
    yield "```"


def registering(wave: DraftedWave) -> Iterator[str]:
    """The commands that note the files of a wave in the registry."""
    told = [f" --platform {shlex.quote(wave.platform)}"] if wave.platform else []
    told += [f" --beside {shlex.quote(f'raw/deliveries/{each}')}" for each in wave.beside]
    for part, file in wave.files.items():
        words = [f"$ panelpress register {shlex.quote(f'raw/deliveries/{file}')} --study {wave.study} --wave {wave.wave}"]
        yield "".join([*words, *([f" --part {part}"] if part else []), *told])


def _short(text: str) -> str:
    return shortened(text, LONGEST)
