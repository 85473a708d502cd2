"""Drafts ``DECIDE.md``: what a person has to decide before a drafted project can be taken in and released, in order.

Names columns and counts; holds no answers. It is deleted when everything in it is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from panelpress.model.delivery import KEPT_ROLES
from panelpress.raw.describe import Description
from panelpress.raw.drafting.drafts import DraftedWave
from panelpress.raw.drafting.variables import DraftedVariable
from panelpress.raw.matching import Matching
from panelpress.raw.shorten import shortened

SHOWN = 12
LONGEST = 70


def checklist(waves: Sequence[DraftedWave], variables: Sequence[DraftedVariable], matching: Matching, study: str) -> str:
    """The list as Markdown."""
    return "\n".join([*_head(), *_contracts(waves, study), *_crosswalk(variables, matching), *_rest(waves, variables, study), ""])


def _head() -> Iterator[str]:
    yield "# What is left to decide"
    yield ""
    yield "Drafted by `panelpress init`; delete what is done. `panelpress lint` checks every file."
    yield "Nothing is released while a wave of a variable is `undetermined`."
    yield ""


def _contracts(waves: Sequence[DraftedWave], study: str) -> Iterator[str]:
    yield "## 1. Who may be found: the role of every column"
    for each in waves:
        described = each.description
        roles = Counter(suggestion.role for suggestion in described.roles.values())
        told = ", ".join(f"{n} {role}" for role, n in sorted(roles.items(), key=lambda pair: (-pair[1], pair[0])))
        yield ""
        yield f"`schemas/raw/{study}_{each.wave}.yaml` ({each.path.name}, {described.platform}, {described.rows} rows): {told}"
        yield ""
        yield f"- [ ] {_persons(described)}"
        yield "- [ ] every role is right; columns in people's own words stay out, or are coded by hand first"
        if described.consent is not None:
            yield f"- [ ] only rows in which `{_short(described.consent[0])}` is {' or '.join(described.consent[1])} come in"
        yield from _hits(described)
        yield from (
            f"- [ ] child table {_short(name)}: {child.rows} rows, not drafted" for name, child in described.children.items()
        )


def _persons(described: Description) -> str:
    if described.id_column is None:
        return "no column tells persons apart: ask for ids, or let each row be a person (as drafted)"
    said = "tells persons apart" if described.links else "only counts the rows: nobody is found again in another wave"
    return f"`{_short(described.id_column)}` {said}"


def _hits(described: Description) -> Iterator[str]:
    """Suspected identifiers in columns that would come in; intake stops at them."""
    hits = [hit for hit in described.hits if hit.strength != "possible" and described.roles[hit.column].role in KEPT_ROLES]
    for hit in hits[:SHOWN]:
        looks = hit.detector.replace("_", " ")
        yield f"- [ ] `{_short(hit.column)}` looks like {looks}: another role, or `cleared` with a reason"


def _crosswalk(variables: Sequence[DraftedVariable], matching: Matching) -> Iterator[str]:
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
    yield "- [ ] missing codes mean what the drafts say; rare codes are added from the questionnaire"


def _rest(waves: Sequence[DraftedWave], variables: Sequence[DraftedVariable], study: str) -> Iterator[str]:
    yield ""
    yield "## 3. The project"
    yield ""
    yield "- [ ] title, description, licence and contributors in `panelpress.yaml`; dates in `build/waves.yaml`"
    drafted = "" if any(each.key for each in variables) else " (not drafted: no question looked like one)"
    yield f"- [ ] keys in `build/disclosure.yaml`{drafted}: what others may know of a respondent, and whether it can change"
    yield ""
    yield "## 4. Then"
    yield ""
    yield "```console"
    yield "$ panelpress lint"
    yield "$ panelpress key init"
    for each in waves:
        yield f"$ panelpress register raw/deliveries/{each.path.name} --study {study} --wave {each.wave}"
    yield "$ panelpress intake"
    yield "$ panelpress run"
    yield "```"


def _short(text: str) -> str:
    return shortened(text, LONGEST)
