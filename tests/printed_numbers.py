"""A printed number and named samples, for tests of what becomes of printed numbers."""

from __future__ import annotations

from dataclasses import replace

from panelpress.model.estimate import PrintedNumber
from panelpress.model.study import Sample
from worlds import both

SAMPLES = (
    Sample("everyone", "tiny", both("Everyone", "Все"), None),
    Sample("persons", "tiny", both("Persons", "Люди"), None, unit="person"),
    Sample("twice", "tiny", both("Both waves", "Обе волны"), "n_waves() >= 2"),
    Sample("women", "tiny", both("Women", "Женщины"), "gender = 1", unit="person"),
    Sample("men", "tiny", both("Men", "Мужчины"), "gender = 2", unit="person"),
)


def printed(**changes: object) -> PrintedNumber:
    base = PrintedNumber(
        id="one", fact_key="fact", scope="survey", study="tiny", locator="1:1", figure="", printed="50%", value=50, unit="percent",
        op="eq", rounding=0.5, statistic="share", samples=("everyone",), versus=None, variable="trust", answer="high", waves=(),
        from_wave=None, where=None, denominator="valid", inconsistency="", note="",
    )  # fmt: skip
    return replace(base, **changes)
