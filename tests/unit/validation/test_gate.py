"""Go or no-go, waivers and redaction."""

from __future__ import annotations

import json
from dataclasses import replace

from panelpress.model.findings import Finding, Severity
from panelpress.model.rules import Rules, Waiver
from panelpress.model.small_counts import shown
from panelpress.validation.checks import finding
from panelpress.validation.gate import GateReport, as_data, decide, digest

WAIVER = Waiver("known", "table.codes", "a late code list", "data manager", "2026-06-30", resource="t", field="x")


def fault(severity: Severity = "error", n: int = 5) -> Finding:
    return finding("table.codes", "t", "x", failed=n, total=100, severity=severity)


def report(
    *findings: Finding, rules: Rules | None = None, waivers: tuple[Waiver, ...] = (), day: str = "2026-01-31"
) -> GateReport:
    return decide(findings, rules or Rules(), waivers, run="r1", project="tiny", version="0.1.0", day=day)


def test_an_error_that_nobody_waived_is_a_no_go() -> None:
    assert not report(fault()).go


def test_warnings_and_held_rules_are_a_go() -> None:
    assert report(fault("warning"), fault(n=0)).go


def test_the_project_may_set_the_severity_of_a_check() -> None:
    assert report(fault(), rules=Rules(severities={"table.codes": "warning"})).go
    assert not report(fault("info"), rules=Rules(severities={"table.codes": "error"})).go


def test_a_waiver_takes_the_block_but_not_the_finding() -> None:
    made = report(fault(), waivers=(WAIVER,))
    assert made.go
    assert [each.waived for each in made.failed if each.rule == "table.codes"] == ["known"]


def test_a_waiver_counts_for_nothing_after_its_day_and_says_so() -> None:
    made = report(fault(), waivers=(WAIVER,), day="2026-07-01")
    assert not made.go
    assert any(each.rule == "gate.waiver_valid" and each.failed for each in made.findings)
    assert report(fault(), waivers=(WAIVER,), day="2026-06-30").go


def test_a_waiver_excuses_only_the_field_that_it_names() -> None:
    assert not report(fault(), waivers=(replace(WAIVER, field="y"),)).go


def test_a_waiver_that_excuses_nothing_is_pointed_out() -> None:
    made = report(fault(n=0), waivers=(WAIVER,))
    assert any(each.rule == "gate.waiver_used" and each.failed for each in made.findings)


def test_counts_of_respondents_below_k_are_not_printed_nor_what_is_left() -> None:
    assert [shown(n, 11, 100) for n in (0, 1, 10, 11, 89, 90, 99, 100)] == [
        "0", "< 11", "< 11", "11", "89", "all but < 11", "all but < 11", "100",
    ]  # fmt: skip


def test_the_machine_form_is_redacted_too() -> None:
    assert as_data(report(fault(n=5)))["findings"][0]["n_failed"] == "< 11"
    json.dumps(as_data(report(fault())))


def test_the_digest_ignores_run_and_day_and_nothing_else() -> None:
    one = report(fault())
    assert digest(one) == digest(replace(one, run="r2", day="2026-02-01"))
    assert digest(one) != digest(report(fault(n=50)))
    assert digest(one) != digest(replace(one, version="0.1.1"))
    assert digest(one) != digest(replace(one, inputs={"data": "00"}))
