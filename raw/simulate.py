"""Writes all deliveries of the reference project: simulated answers of people who do not exist, in the formats of six platforms.

    python raw/simulate.py raw/deliveries --seed 1
    python raw/simulate.py --withdrawals | panelpress withdraw

The second prints the tokens of people who ask to be taken out; they are never written to a file.
The same seed gives the same bytes on every machine. The answers are calibrated to ``raw/targets.csv``; what the documents leave
open is chosen in ``raw/ASSUMPTIONS.md``. Nothing here is evidence about people.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from simulation import contracts, deliveries, rows, targets, withdrawals
from simulation.platforms import google_forms, limesurvey, plain, qualtrics, spss, stata
from simulation.rows import Raw

TITLE = "SIMULATED data, no respondent exists"


def main(folder: Path, seed: int = 1) -> None:
    """Write the six deliveries into ``folder``, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for raw in deliveries.make(seed, targets.load()).values():
        _write(folder / raw.entry["file"], raw)


def _write(path: Path, raw: Raw) -> None:
    table = rows.table(raw)
    columns = contracts.described(raw.entry)
    texts = {name: each["label"] for name, each in columns.items()}
    match raw.entry["platform"]:
        case "qualtrics_csv":
            qualtrics.write(path, table, {name: each["english"] for name, each in columns.items()})
        case "spss_sav":
            spss.write(path, table, columns, TITLE)
        case "limesurvey_csv":
            limesurvey.write(path, table, texts)
        case "google_forms_xlsx":
            google_forms.write(path, table, "simulated", TITLE)
        case "stata_dta":
            stata.write(path, table, _in_english(columns), TITLE)
        case _:
            plain.write(path, table)


def _in_english(columns: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: each | {"label": each["english"], "values": each["english_values"]} for name, each in columns.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).resolve().parent / "deliveries")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--withdrawals", action="store_true", help="print who asks to withdraw instead")
    given = parser.parse_args()
    if given.withdrawals:
        print("\n".join(withdrawals.requests(given.seed)))
    else:
        main(given.folder, given.seed)
