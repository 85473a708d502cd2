"""What protection costs as files grow: CPU seconds beyond imports, peak memory, and distinct tuples beside rows.

``adult_*``: UCI Adult's 8 keys, k = 5, 5 % suppression: reading, counting tuples, exact search. Enlarged, a person is drawn from
Adult and each cell taken from another person with probability 0.08, so that distinct tuples grow with rows; ``few`` (0) and
``many`` (0.3) hold the rows and change the tuples. ``adult_3m_protected`` and
``panel_1m``: the whole way to a finished table, its classes counted again; the panel is invented (1,000,000 persons, all in 3
waves, 10 keys). Data are made beforehand by another process and lie in a file, as the secure database of a project does.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

import duckdb

from disclosure_world import ADULT, MISSING, NOISE, adult, adult_key, panel, panel_keys, study
from measure import begin, contenders
from panelpress.build.disclosure.classes import Counter
from panelpress.build.disclosure.crowd import gather
from panelpress.build.disclosure.demand import Demand
from panelpress.build.disclosure.earlier import note_earlier
from panelpress.build.disclosure.encode import by_key, encode
from panelpress.build.disclosure.history import link
from panelpress.build.disclosure.losses import CellLoss
from panelpress.build.disclosure.protect import protect
from panelpress.build.disclosure.search import search
from panelpress.build.disclosure.vocabulary import read_vocabulary
from panelpress.build.load import connect
from panelpress.model.disclosure import DisclosureDeclaration, Key, StudyKeys, TierRules
from panelpress.model.variable import Variable

K = 5
MEMORY = "600MB"


def data(world: str, n: int | None, noise: float = NOISE) -> duckdb.DuckDBPyConnection:
    """A connection that sees the table of ``world`` in a file that another process has written."""
    file = Path(tempfile.gettempdir()) / f"panelpress-{world}-{n}-{noise}.duckdb"
    if not file.exists():
        subprocess.run([sys.executable, __file__, "make", world, str(n or 0), str(noise), str(file)], check=True)
    rows = connect(":memory:", file.with_suffix(".spill"), MEMORY)
    rows.execute(f"ATTACH '{file}' AS made (READ_ONLY)")
    rows.execute(f"CREATE VIEW {world}_responses AS SELECT * FROM made.main.{world}_responses")
    return rows


def make(world: str, n: int, noise: float, file: str) -> None:
    rows = duckdb.connect(file + ".part")
    if world == "adult":
        adult(rows, n or None, noise)
    else:
        panel(rows, n)
    rows.execute("DROP TABLE IF EXISTS drawn")
    rows.close()
    Path(file + ".part").rename(file)


def searched(n: int | None, noise: float = NOISE) -> dict[str, object]:
    rows, keys, of = data("adult", n, noise), [adult_key(name) for name in ADULT], study("adult", 1)
    begin()
    vocabularies = [read_vocabulary(rows, "adult_responses", key, variable, MISSING, K) for key, variable in keys]
    note_earlier(rows, of, "adult_responses", (), K)
    crowd = gather(link(rows, of, "adult_responses", vocabularies), Demand(K), 1, (), ADULT)
    counted = process_time()
    tuples = by_key(*encode(vocabularies, crowd, [range(each.key.top + 1) for each in vocabularies]))[0]
    found = search(Counter(tuples, Demand(K)), CellLoss(tuples), limit=0.05)
    assert found is not None
    return {
        "rows": tuples.persons,
        "search alone": round(process_time() - counted, 2),
        "tuples": len(tuples.counts),
        "ncp": round(found.loss, 4),
        "suppressed": found.residual,
        "proven": found.optimal,
        "nodes": f"{found.counted} of {found.nodes}",
    }


def protected(world: str, n: int | None, waves: int, keys: list[tuple[Key, Variable]]) -> dict[str, object]:
    rows, of = data(world, n), study(world, waves)
    declared = DisclosureDeclaration(
        {world: StudyKeys(world, tuple(key for key, _ in keys))}, {"open": TierRules("open", K, 1.0)}
    )
    begin()
    result = protect(rows, of, [variable for _, variable in keys], declared, "open", MISSING)
    cost = result.costs[0]
    return {
        "persons": result.persons,
        "responses": result.responses,
        "smallest class": result.smallest_class,
        "ncp": round(cost.ncp, 4),
        "starred": round(cost.starred, 4),
        "withheld": result.responses_withheld,
    }


def adult_30k() -> dict[str, object]:
    return searched(None)


def adult_300k() -> dict[str, object]:
    return searched(300_000)


def adult_3m() -> dict[str, object]:
    return searched(3_000_000)


def adult_3m_few() -> dict[str, object]:
    return searched(3_000_000, 0.0)


def adult_3m_many() -> dict[str, object]:
    return searched(3_000_000, 0.3)


def adult_3m_protected() -> dict[str, object]:
    return protected("adult", 3_000_000, 1, [adult_key(name) for name in ADULT])


def panel_1m() -> dict[str, object]:
    return protected("panel", 1_000_000, 3, panel_keys())


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        make(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), sys.argv[5])
    else:
        contenders(
            __file__,
            rounds=1,
            adult_30k=adult_30k,
            adult_300k=adult_300k,
            adult_3m=adult_3m,
            adult_3m_few=adult_3m_few,
            adult_3m_many=adult_3m_many,
            adult_3m_protected=adult_3m_protected,
            panel_1m=panel_1m,
        )
