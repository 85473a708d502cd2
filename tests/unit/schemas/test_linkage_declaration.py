"""``raw/linkage.yaml`` is refused where it names what is not there, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from panelpress.errors import DeclarationError
from panelpress.model.linkage import Crosswalk, Fact
from panelpress.model.study import Study, Wave
from panelpress.model.text import LocalText
from panelpress.paths import Places
from panelpress.schemas.linkage import load_linkage

TEXT = LocalText({"en": "x"})
STUDIES = (Study("tiny", TEXT, tuple(Wave(each, "tiny", TEXT, "2023", "2023") for each in ("w1", "w2"))),)
GOOD = """spec: panel-linkage/0.1
studies:
- study: tiny
  ids: per_wave
  within: {w1: country, w2: country}
  crosswalks:
  - {wave: w2, columns: {w1: before}}
  - {file: pairs.csv, columns: {w1: a, w2: b}}
  facts:
  - {id: born, columns: {w1: yob, w2: birth}, tolerance: 1}
"""


def places(tmp_path: Path, text: str | None) -> Places:
    (tmp_path / "raw").mkdir(exist_ok=True)
    if text is not None:
        (tmp_path / "raw" / "linkage.yaml").write_text(text)
    return Places(tmp_path, tmp_path / "work")


def test_a_linkage_reads_as_written(tmp_path: Path) -> None:
    [linkage] = load_linkage(places(tmp_path, GOOD), STUDIES)
    assert linkage.ids == "per_wave" and linkage.within == {"w1": "country", "w2": "country"}
    assert linkage.crosswalks == (Crosswalk({"w1": "before"}, wave="w2"), Crosswalk({"w1": "a", "w2": "b"}, file="pairs.csv"))
    assert linkage.facts == (Fact("born", {"w1": "yob", "w2": "birth"}, 1.0),)


def test_without_a_linkage_ids_are_stable(tmp_path: Path) -> None:
    assert load_linkage(places(tmp_path, None), STUDIES) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("study: tiny", "study: other", "linkage.yaml:3: no study is called `other`"),
        ("{w1: before}", "{w7: before}", "linkage.yaml:7: the study `tiny` has no wave `w7`"),
        ("{w1: before}", "{w2: before}", "names that wave itself"),
        ("{wave: w2, columns", "{columns", "either `wave` or `file`"),
        ("{w1: a, w2: b}", "{w1: a}", "a file of pairs needs ids of two waves"),
        ("pairs.csv", "../pairs.csv", "linkage.yaml:8"),
        ("ids: per_wave", "ids: same", "linkage.yaml:4"),
        ("tolerance", "tolerence", "linkage.yaml:10"),
    ],
)
def test_a_wrong_linkage_is_refused_by_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        load_linkage(places(tmp_path, GOOD.replace(old, new)), STUDIES)
    assert message in str(refused.value)
