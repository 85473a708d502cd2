"""Protecting UCI Adult (k = 5, 8 keys, the given hierarchies): quality figures that do not depend on the machine.

``full_domain``: proven optimum with at most 5 % of rows suppressed. ``starred`` and ``local``: nobody suppressed, cells starred or
recoded further. ``arx_node``: the recoding that ARX chooses by default, starred; its stars beside sdcMicro's 1,602, which leave
643 to 778 rows in exact classes below 5.
"""

from __future__ import annotations

from dataclasses import replace

import duckdb

from disclosure_world import MISSING, adult, study
from measure import begin, contenders
from panelpress.build.disclosure.classes import Counter
from panelpress.build.disclosure.crowd import Crowd, gather
from panelpress.build.disclosure.earlier import note_earlier
from panelpress.build.disclosure.encode import by_key, encode
from panelpress.build.disclosure.history import link
from panelpress.build.disclosure.losses import CellLoss
from panelpress.build.disclosure.plan import plan
from panelpress.build.disclosure.search import search
from panelpress.build.disclosure.vocabulary import Vocabulary, read_vocabulary

K = 5
ARX = (0, 3, 0, 0, 1, 1, 1, 2)  # 1,458 rows suppressed, 399 classes, loss 0.2795: the only node with these figures


def world(local: bool = False) -> tuple[list[Vocabulary], Crowd]:
    rows = duckdb.connect()
    keys = adult(rows)
    begin()
    vocabularies = [
        read_vocabulary(rows, "adult_responses", replace(key, local=local), variable, MISSING, K) for key, variable in keys
    ]
    of = study("adult", 1)
    note_earlier(rows, of, "adult_responses", (), K)
    return vocabularies, gather(link(rows, of, "adult_responses", vocabularies), K, 1, ())


def full_domain() -> dict[str, object]:
    vocabularies, crowd = world()
    tuples = by_key(*encode(vocabularies, crowd, [range(each.key.top + 1) for each in vocabularies]))[0]
    found = search(Counter(tuples, K), CellLoss(tuples), limit=0.05)
    assert found is not None
    return {"ncp": round(found.loss, 4), "suppressed": found.residual, "proven": found.optimal, "nodes": found.counted}


def _planned(local: bool, allowed: list[list[int]] | None = None) -> dict[str, object]:
    vocabularies, crowd = world(local)
    made = plan(vocabularies, crowd, allowed or [list(range(each.key.top + 1)) for each in vocabularies], K)
    stars = sum(
        int((made.shown[made.sets][:, place, 0] == each.key.top) @ made.amounts)
        for place, each in enumerate(vocabularies)
        if made.levels[place] != each.key.top
    )
    return {"ncp": round(made.loss, 4), "stars": stars, "levels": made.levels}


def starred() -> dict[str, object]:
    return _planned(local=False)


def local() -> dict[str, object]:
    return _planned(local=True)


def arx_node() -> dict[str, object]:
    return _planned(False, [[level] for level in ARX])


if __name__ == "__main__":
    contenders(__file__, rounds=1, full_domain=full_domain, starred=starred, local=local, arx_node=arx_node)
