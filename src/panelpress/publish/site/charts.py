"""Pictures of distributions by wave as inline SVG, drawn by the codebook's hand.

Colours work on light and dark ground; each picture says its numbers to those who hear it, and a table stands below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from panelpress.model.text import LocalText
from panelpress.publish.codebook.distributions import Share
from panelpress.publish.codebook.picture import picture
from panelpress.publish.site.contents import Row
from panelpress.publish.site.frame import Frame


@dataclass(frozen=True, slots=True)
class Drawn:
    """A distribution of one wave: the wave's label and the picture."""

    label: str
    svg: Markup


def pictures(rows: Sequence[Row], page: Frame) -> list[Drawn]:
    """One picture for each wave that has numbers, in the order of the waves."""
    by_wave: dict[str, list[Row]] = {}
    for row in rows:
        by_wave.setdefault(str(row["wave"]), []).append(row)
    order = list(page.book.contents.waves) if page.book else []
    found = []
    for wave in sorted(by_wave, key=lambda each: order.index(each) if each in order else len(order)):
        shares = [_share(row) for row in sorted(by_wave[wave], key=lambda row: (row["kind"] != "value", row["position"]))]
        label = page.wave(wave, by_wave)
        found.append(Drawn(label, Markup(picture(shares, label, page.language))))
    return found


def _share(row: Row) -> Share:
    label = LocalText({name[6:]: str(value) for name, value in row.items() if name.startswith("label_") and value is not None})
    return Share(
        row["variable"], row["study"], row["wave"], row["kind"], row["position"], row["code"], label, row["n"], row["share"]
    )
