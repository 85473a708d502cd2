"""Child tables that no registration takes in: named with their rows, so that nothing of a delivery is lost unseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from panelpress.model.findings import Finding
from panelpress.raw.arrival import Arrived

TOOL = "panelpress.intake"
RULE = "child_table_left_out"


def left_out(arrived: Iterable[Arrived], run: str) -> Iterator[Finding]:
    """A warning for every child table of the ``arrived`` files that is not registered as a delivery of its own."""
    listed = tuple(arrived)
    taken = {(each.registration.file, each.registration.platform.rpartition(":")[2]) for each in listed}
    for each in listed:
        for name, child in each.raw.children.items():
            if (each.registration.file, name) in taken:
                continue
            said = f"rows of this child table are not taken in; register it as a study with --platform {each.raw.platform}:{name}"
            resource = f"{each.contract.study}_{each.contract.wave}"
            yield Finding(run, "intake", TOOL, RULE, resource, name, "warning", child.rows_in, child.rows_in, said)
