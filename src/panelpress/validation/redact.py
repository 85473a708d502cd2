"""How the counts of a finding are printed: those of respondents never exactly where they are small.

Counts of columns, files, variables and declared things are printed as they are. No total over several counts is printed anywhere,
because a total and all counts but one give the last one away.
"""

from __future__ import annotations

from panelpress.model.findings import Finding
from panelpress.model.small_counts import shown


def failed(finding: Finding, k: int) -> str:
    """How many units broke the rule, as a report may print it."""
    return shown(finding.n_failed, k, finding.n_total) if finding.counts_people else str(finding.n_failed)


def total(finding: Finding, k: int) -> str:
    """How many units were looked at, as a report may print it."""
    return shown(finding.n_total, k) if finding.counts_people else str(finding.n_total)
