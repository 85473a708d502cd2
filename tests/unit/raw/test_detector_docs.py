"""The reference page names every role, detector, rule and key that intake knows, and no detector that it does not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from panelpress.model.delivery import PrivacyRole
from panelpress.raw.detectors.locale import WORDS, load_locales
from panelpress.raw.detectors.patterns import PATTERNS

DETECTORS = (
    {pattern.id for pattern in PATTERNS} | {shape.id for shape in load_locales().documents} | {"phone", "postal_code", "name"}
)


def test_the_reference_page_names_everything(repository: Path) -> None:
    page = (repository / "docs" / "reference" / "roles-and-detectors.md").read_text(encoding="utf-8")
    for name in (*get_args(PrivacyRole), *DETECTORS, *WORDS):
        assert f"`{name}`" in page, name
    table = page.split("| detector |")[1].split("\n\n")[0]
    assert set(re.findall(r"`([a-z_]+)`", "".join(line.split("|")[1] for line in table.splitlines()[2:]))) == DETECTORS


def test_every_rule_of_intake_is_in_the_reference(repository: Path) -> None:
    page = (repository / "docs" / "reference" / "roles-and-detectors.md").read_text(encoding="utf-8")
    source = (repository / "src" / "panelpress" / "raw").rglob("*.py")
    rules = {rule for path in source for rule in re.findall(r'rule="([a-z_.]+)"', path.read_text(encoding="utf-8"))}
    for rule in {*rules, "crosswalk_dangling", "id_padding"}:
        assert f"`{rule}`" in page, rule
