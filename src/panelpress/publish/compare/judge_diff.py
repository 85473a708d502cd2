"""Judges what changed since the last release: is the version raised far enough, is every corrected cell accounted for, could the
difference of the two releases show single persons. Gives findings; the gate decides on them together with all others."""

from __future__ import annotations

from collections.abc import Sequence

from panelpress.model.chain import Erratum
from panelpress.model.changes import PeopleChange, ReleaseDiff
from panelpress.model.findings import Finding
from panelpress.model.version import Version, parse_version
from panelpress.publish.compare.errata import check_errata, corrected_cells
from panelpress.validation.checks import finding


def least_version(diff: ReleaseDiff) -> Version:
    """The least version that the newer release may carry."""
    return parse_version(diff.before).raised(diff.weight)


def judge(diff: ReleaseDiff, errata: Sequence[Erratum] = ()) -> tuple[Finding, ...]:
    """One finding a check and resource, failed or not."""
    return (
        _version(diff),
        *(_people(each, diff.k) for each in diff.people),
        *_restored(diff),
        *_errata(diff, errata),
        _stamps(diff),
        *_successors(diff),
    )


def _version(diff: ReleaseDiff) -> Finding:
    least = least_version(diff)
    low = parse_version(diff.after) < least
    message = ""
    if low:
        heavy = next((each for each in diff.structure if each.weight == diff.weight), None)
        why = ""
        if heavy:
            why = f", because of {heavy.kind.replace('_', ' ')} ({_named(heavy.table, heavy.variable, heavy.item)})"
        message = f"{diff.after} is too low: after {diff.before} it must be {least} or higher{why}"
    return finding("diff.version", "release", failed=int(low), total=1, message=message)


def _named(*parts: str | None) -> str:
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _people(change: PeopleChange, k: int) -> Finding:
    """Fails where few were added or few are gone; whoever joins the first time in a new wave is compared with nobody."""
    new_wave = change.wave is not None and not change.kept and not change.gone
    few = sum(n for n in (change.added, change.gone) if 0 < n < k and not new_wave)
    total = change.added + change.gone + change.kept
    check = "diff.persons" if change.wave is None else "diff.responses"
    return finding(check, change.study, change.wave, failed=few, total=total)


def _restored(diff: ReleaseDiff) -> list[Finding]:
    """Fails where fewer than k answers of a variable were removed because people withdrew: the few would be seen."""
    if not diff.withdrawn:
        return []
    return [
        finding("diff.restored", study, variable, failed=n if n < diff.k else 0, total=n)
        for (study, variable, _), n in sorted(diff.hidden.items())
    ] or [finding("diff.restored", "release", failed=0, total=0)]


def _errata(diff: ReleaseDiff, errata: Sequence[Erratum]) -> list[Finding]:
    wrong = {(each.study, each.variable, each.wave): each for each in check_errata(diff, errata)}
    counts = corrected_cells(diff)
    found = []
    for study, variable, wave in sorted(wrong.keys() | counts.keys()):
        each = wrong.get((study, variable, wave))
        n = counts.get((study, variable, wave), 0)
        failed = max(n, 1) if each else 0
        message = f"{wave}: {each.what}" if each else ""
        found.append(finding("diff.errata", study, variable, failed=failed, total=max(n, 1), message=message))
    return found or [finding("diff.errata", "release", failed=0, total=0)]


def _stamps(diff: ReleaseDiff) -> Finding:
    return finding("diff.stamp", "release", failed=len(diff.stamps), total=4, message="; ".join(diff.stamps))


def _successors(diff: ReleaseDiff) -> list[Finding]:
    """A variable whose column went is looked for among those that name a successor."""
    gone = {each.variable for each in diff.structure if each.kind == "column_removed" and each.variable}
    return [
        finding("diff.successor", "variables", variable, failed=int(variable not in diff.listed), total=1)
        for variable in sorted(gone)
    ]
