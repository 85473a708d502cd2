"""How many of the printed numbers about keys and work the open tier of a published project carries, and how far protection moved
them, by sample: the release beside the secure tables it was made from.

    panelpress run && python benchmarks/estimates_carried.py [PROJECT]

Reads the newest release of PROJECT (default: this checkout) and the secure database in its work folder (``PANELPRESS_WORK``).
Counted are the numbers that ``estimates: about`` of the open tier names in build/disclosure.yaml, wherever the secure tables can
compute them. Must, in every sample: 60 % carried, half moved by at most 2 points, nine tenths by at most 5.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb

from panelpress.paths import places
from panelpress.publish.gate.estimates_kept import compare
from panelpress.publish.versions.shelf import newest_release
from panelpress.schemas.declarations import load_declarations
from panelpress.schemas.disclosure import load_disclosure
from panelpress.validation.estimates.carried import Carried, Compared, about, by_sample, shortfalls, summarize
from panelpress.validation.estimates.check import recompute_all
from panelpress.validation.estimates.register import load_register

HEAD = f"{'sample':<28}{'numbers':>8}{'carried':>9}{'share':>8}{'by rows':>9}{'median':>8}{'90th':>8}{'most':>8}"


def line(found: Carried, verdict: str = "") -> str:
    """One row of the table."""
    moves = "".join(f"{found.quantile(share):>8.2f}" for share in (0.5, 0.9, 1.0))
    return f"{found.sample:<28}{found.numbers:>8}{found.carried:>9}{found.share:>8.0%}{found.from_rows:>9}{moves}  {verdict}"


def left_out(everything: Sequence[Compared], counted: Sequence[Compared]) -> Sequence[Compared]:
    """Printed numbers that are not counted, though the secure tables can compute them."""
    asked = {each.number.id for each in counted}
    return [each for each in everything if each.number.id not in asked]


def main(root: Path) -> None:
    here = places(root)
    version = newest_release(here)
    if version is None:
        raise SystemExit(f"{root} has no release: run `panelpress run` first.")
    declared = load_declarations(here)
    samples = {sample.id: sample for sample in declared.samples}
    demands = load_disclosure(here, declared.studies, declared.variables, declared.samples).tiers["open"].studies
    register = load_register(here.estimates_file, declared)
    with duckdb.connect(str(here.secure_database), read_only=True) as secure:
        judged = recompute_all(secure, declared, register)
    with duckdb.connect(str(next(here.release(version).glob("*.duckdb"))), read_only=True) as released:
        everything = compare(judged, released)
    print(f"release {version}: {len(register)} printed numbers, {len(everything)} computable in the secure tables\n")
    counted: list[Compared] = []
    print(HEAD)
    for study, rules in demands.items():
        if rules.estimates is not None:
            own = about([each for each in everything if each.number.study == study], rules.estimates.about, samples)
            counted += own
            for found in by_sample(own):
                print(line(found, "; ".join(shortfalls(found, rules.estimates)) or "kept"))
    print(line(summarize("counted, all samples", counted)))
    others = summarize("", left_out(everything, counted))
    about_others = "about other answers, or facts about the survey's design"
    print(f"\nnot counted: {others.numbers}, of which {others.carried} carried ({about_others})")
    lost = [each.number.id for each in counted if each.released is None]
    print(f"counted, not carried: {', '.join(lost) or 'none'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1])
