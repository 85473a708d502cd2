"""Writes all forms of a gate report into a private folder: ``gate.html``, ``gate.json``, ``gate.junit.xml``."""

from __future__ import annotations

import json
from pathlib import Path

from panelpress.model.rules import Rules
from panelpress.validation.gate import GateReport, as_data
from panelpress.validation.report.junit import junit
from panelpress.validation.report.page import page
from panelpress.validation.summary_checks import Summaries

HTML, JSON, JUNIT = "gate.html", "gate.json", "gate.junit.xml"


def write_report(
    report: GateReport, folder: Path, summaries: Summaries | None = None, rules: Rules | None = None
) -> tuple[Path, ...]:
    """The files written, HTML first. An earlier report in ``folder`` is replaced."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    texts = {
        HTML: page(report, summaries, rules),
        JSON: json.dumps(as_data(report), ensure_ascii=False, indent=1) + "\n",
        JUNIT: junit(report),
    }
    written = []
    for name, content in texts.items():
        path = folder / name
        path.write_text(content, encoding="utf-8")
        written.append(path)
    return tuple(written)
