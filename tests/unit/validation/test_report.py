"""The gate report in all its forms: complete, redacted, and loading nothing from elsewhere."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from panelpress.model.findings import Finding
from panelpress.model.rules import Rules, Waiver
from panelpress.validation.checks import finding
from panelpress.validation.gate import GateReport, decide
from panelpress.validation.report.page import page
from panelpress.validation.report.pictures import step
from panelpress.validation.report.write import write_report
from panelpress.validation.structure import check_tables
from panelpress.validation.summary_checks import Summaries, judge_summaries, summarize
from worlds import ROWS, tiny_edition

WAIVER = Waiver("late_list", "table.codes", "the list comes later", "data manager", "2026-12-31")


@pytest.fixture(scope="module")
def judged() -> tuple[GateReport, Summaries]:
    """A release with one blocking fault, one waived, one warning."""
    edition, rows = tiny_edition()
    rows.execute("UPDATE tiny_responses SET trust = 9, gender__why = 'refused' WHERE person_id = 'p3'")
    rules = Rules()
    summaries = summarize(rows, edition, rules)
    found = [*check_tables(rows, edition.tables), *judge_summaries(summaries, rules)]
    found.append(finding("panel.constant", "tiny_responses", "gender", failed=40, total=90))
    found.append(Finding("", "estimates", "duckdb", "estimate.e1", "tiny", "trust", "error", 0, 1, counts_people=False))
    report = decide(found, rules, [WAIVER], run="r1", project="tiny-panel", version="0.1.0", day="2026-01-31", simulated=True)
    return report, summaries


class Links(HTMLParser):
    """Everything in a page that a browser would follow or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"{tag} {name}={value}" for name, value in attrs if name in ("src", "href", "action", "srcset", "data")]
        if tag in ("script", "link", "iframe", "object", "embed", "form"):
            self.found.append(tag)


def test_the_page_says_no_and_every_reason_and_loads_nothing(judged: tuple[GateReport, Summaries]) -> None:
    report, summaries = judged
    text = page(report, summaries)
    assert "NO-GO" in text and "table.one_channel" in text and "tiny_responses › gender, gender__why" in text
    assert "waived: late_list" in text and "panel.constant" in text and "simulated data" in text
    links = Links()
    links.feed(text)
    assert links.found == []
    assert not re.search(r"https?://|url\(|@import", text)
    assert text.count("<svg") == 3


def test_a_go_is_said_as_plainly() -> None:
    report = decide(
        [finding("table.codes", "t", "x", failed=0, total=9)], Rules(), run="r", project="p", version="1.0.0", day="2026-01-31"
    )
    assert ">GO<" in page(report)
    assert "none stands in the way" in page(report)


def test_no_form_of_the_report_holds_a_person_or_a_small_count(judged: tuple[GateReport, Summaries], tmp_path: Path) -> None:
    report, summaries = judged
    written = write_report(report, tmp_path / "reports", summaries)
    assert [path.name for path in written] == ["gate.html", "gate.json", "gate.junit.xml"]
    persons = {row[0] for row in ROWS}
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert not any(re.search(rf"\b{person}\b", text) for person in persons), path.name
    listed = json.loads(written[1].read_text(encoding="utf-8"))["findings"]
    assert {each["n_failed"] for each in listed if each["rule"] == "table.one_channel"} == {"0", "< 11"}
    assert (tmp_path / "reports").stat().st_mode & 0o077 == 0


def test_junit_counts_what_blocks_and_what_is_waived(judged: tuple[GateReport, Summaries], tmp_path: Path) -> None:
    report, _ = judged
    top = ElementTree.fromstring((write_report(report, tmp_path)[2]).read_text(encoding="utf-8"))
    suites = {suite.get("name"): suite for suite in top}
    assert suites["Release tables"].get("failures") == "1"
    assert suites["Release tables"].get("skipped") == "1"
    assert "warning: tiny_responses gender: 40 of 90" in (suites["Panel rules"].findtext("testcase/system-out") or "")


def test_shares_are_drawn_in_coarse_steps() -> None:
    assert [step(share) for share in (0.0, 0.001, 0.02, 0.021, 0.5, 1.0)] == [0, 1, 1, 2, 6, 7]


def test_names_that_look_like_markup_stay_text() -> None:
    sly = finding("table.codes", "<b>t</b>", "<script>", failed=50, total=90, message="<img src=x>")
    report = decide([sly], Rules(), run="r", project="<i>p</i>", version="1.0.0", day="2026-01-31")
    text = page(report)
    assert "<script>" not in text and "<img" not in text and "<i>p" not in text and "<b>t" not in text
