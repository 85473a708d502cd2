"""Renders a gate report as JUnit XML, the form that CI servers show: a suite a stage, a case a check and table.

Warnings are printed output of a passed case; waived failures are skipped cases that name the waiver.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from panelpress.model.findings import Finding
from panelpress.validation import redact
from panelpress.validation.gate import GateReport
from panelpress.validation.report.view import STAGES


def junit(report: GateReport) -> str:
    """The XML text."""
    top = Element("testsuites", name=f"{report.project} {report.version}")
    for stage, title in STAGES.items():
        own = [each for each in report.findings if each.stage == stage]
        if own:
            _suite(top, title, own, report.smallest_count)
    indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(top, encoding="unicode") + "\n"


def _suite(top: Element, title: str, findings: list[Finding], k: int) -> None:
    cases: dict[tuple[str, str, str], list[Finding]] = {}
    for found in findings:
        cases.setdefault((found.tool, found.rule, found.resource), []).append(found)
    blocked = sum(any(each.blocks for each in case) for case in cases.values())
    skipped = sum(_skipped(case) for case in cases.values())
    suite = SubElement(top, "testsuite", name=title, tests=str(len(cases)), failures=str(blocked), skipped=str(skipped))
    for (tool, rule, resource), case in cases.items():
        element = SubElement(suite, "testcase", classname=f"{tool}.{rule}", name=resource)
        failing = [each for each in case if each.failed]
        lines = "\n".join(_line(each, k) for each in failing)
        if any(each.blocks for each in case):
            SubElement(element, "failure", message=f"{rule} broken", type="error").text = lines
        elif _skipped(case):
            waivers = ", ".join(sorted({each.waived for each in failing if each.waived}))
            SubElement(element, "skipped", message=f"waived: {waivers}")
        elif failing:
            SubElement(element, "system-out").text = lines


def _skipped(case: list[Finding]) -> bool:
    return not any(each.blocks for each in case) and any(each.waived for each in case)


def _line(found: Finding, k: int) -> str:
    place = f"{found.resource} {found.field}" if found.field else found.resource
    counted = f"{redact.failed(found, k)} of {redact.total(found, k)}"
    return f"{found.severity}: {place}: {counted}" + (f": {found.message}" if found.message else "")
