"""What can be measured on the files without any truth, as findings: the promise of k itself, and the risks that follow."""

from __future__ import annotations

import polars as pl

from panelpress.model.findings import Finding
from panelpress.model.small_counts import shown
from panelpress.validation.checks import finding
from panelpress.validation.disclosure.measures import Measures, measure
from panelpress.validation.disclosure.released import Histories, ReleasedStudy, by_person

SMALLEST = "disclosure.smallest_class"


def not_attacked(study: str) -> Finding:
    """A study whose keys or rows the attacker does not find in the files: silence would read as safety."""
    return finding(SMALLEST, study, failed=1, total=1, message="not attacked: the files state no keys or hold no rows of it")


def measured(released: ReleasedStudy, known: Histories) -> list[Finding]:
    """Smallest exact class of the linked history and of each wave alone, persons whom three facts single out, greatest risk."""
    weights = households = None
    if released.weight:
        weights = by_person(released, released.weight, known.persons).cast(pl.Float64).fill_null(1.0).to_numpy()
    if released.household:
        households = by_person(released, released.household, known.persons).cast(pl.String).rank("dense").to_numpy()
    found = measure(known, weights, households)
    results = [_class(released, None, found.smallest, f", {_risks(found)}")]
    if len(released.waves) > 1:
        results += [_class(released, wave, smallest, "") for wave, smallest in found.smallest_by_wave.items()]
    alone = f"{shown(found.minimal_uniques, released.class_size)} persons whom at most three facts single out"
    singled = int(found.minimal_uniques > 0)
    results.append(finding("disclosure.minimal_uniques", released.name, failed=singled, total=1, message=alone))
    high = int(found.individual > released.max_risk + 1e-12)
    message = f"greatest {found.individual:.4f}, mean {found.expected:.4f}; {released.max_risk:g} allowed"
    results.append(finding("disclosure.individual_risk", released.name, failed=high, total=1, message=message))
    if found.household is not None:
        message = f"anyone of one household: greatest {found.household:.4f}"
        above = int(found.household > released.max_risk + 1e-12)
        results.append(finding("disclosure.household_risk", released.name, failed=above, total=1, message=message))
    return results


def _class(released: ReleasedStudy, wave: str | None, smallest: int, more: str) -> Finding:
    too_small = int(smallest < released.class_size)
    message = f"smallest class {shown(smallest, released.class_size)}{more}"
    return finding(SMALLEST, released.name, wave, failed=too_small, total=1, message=message)


def _risks(found: Measures) -> str:
    return f"risk: prosecutor {found.prosecutor:.4f}, journalist {found.journalist:.4f}, marketer {found.marketer:.4f}"
