"""How counts of respondents are printed: never exactly where they, or what is left, are fewer than ``k``.

Counts of columns, files, variables and declared things are printed as they are. No total over several counts is printed anywhere,
because a total and all counts but one give the last one away.
"""

from __future__ import annotations

from panelpress.model.findings import Finding


def shown(n: int, k: int, of: int | None = None) -> str:
    """``n`` respondents for a report: ``0``, ``< k``, ``all but < k`` (of ``of``), or the number."""
    if 0 < n < k:
        return f"< {k}"
    if of is not None and 0 < of - n < k and n > 0:
        return f"all but < {k}"
    return str(n)


def failed(finding: Finding, k: int) -> str:
    """How many units broke the rule, as a report may print it."""
    return shown(finding.n_failed, k, finding.n_total) if finding.counts_people else str(finding.n_failed)


def total(finding: Finding, k: int) -> str:
    """How many units were looked at, as a report may print it."""
    return shown(finding.n_total, k) if finding.counts_people else str(finding.n_total)
