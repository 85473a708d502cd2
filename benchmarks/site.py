"""CPU of the site per request, beside stock Datasette with its defaults on the same SQLite file, in one run.

    python benchmarks/site.py [project folder]    the newest release of a project (default: this one)
    python benchmarks/site.py million             a made-up release of 1,000,000 person-waves x 30 variables

Both servers run as processes of their own; what counts is the CPU time of the server and all its children, per request, after two
requests to warm up, and the median time until the answer is there. Results: ``README.md``.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from million import ROWS, make_release
from panelpress.paths import Places, places
from panelpress.publish.site.library import Book
from panelpress.publish.site.open import open_library
from served_process import Served, serving_command, serving_process

REQUESTS = 60
WARMING = 2


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing that a visitor does: the address on our site, on stock Datasette, and the most CPU ms that ours may take."""

    what: str
    ours: str
    stock: str
    most: float


def pairs(book: Book) -> list[Pair]:
    """What is compared, for the widest table and its first variable with codes."""
    widest = max(book.survey_tables, key=lambda table: len(book.resources[table]["schema"]["fields"]))
    coded = next(name for name in book.data_tables_of if book.contents.of_variable("value_labels", name))
    table = book.data_tables_of[coded][0]
    ours, stock = f"/{book.name}", f"/{book.release.database.stem.replace('.', '~2E')}"
    count = quote_plus(f'select wave, "{coded}", count(*) from {table} group by 1, 2')
    subject = f"{table}__{book.contents.variables[coded].get('concept') or 'other'}"
    return [
        Pair("20 rows of the widest table", f"{ours}/{widest}", f"{stock}/{widest}", 40),
        Pair("20 rows of one subject", f"{ours}/{subject}", f"{stock}/{widest}", 40),
        Pair(
            "distribution by wave",
            f"{ours}/distribution.json?variable={coded}&_shape=array",
            f"{stock}.json?sql={count}&_shape=array",
            2,
        ),
        Pair("codebook page", f"/codebook/{book.version}/{coded}/", f"{stock}/variables?variable={coded}", 5),
        Pair("search", f"/codebook/{book.version}/search/?q={coded[:4]}", f"{stock}/variables?variable__contains={coded[:4]}", 5),
        Pair("landing page", "/", "/", 5),
    ]


@contextmanager
def stock(database: Path, log: Path) -> Iterator[Served]:
    """Datasette as it comes, on the published file."""
    with serving_command(["-m", "datasette", "serve", "-i", str(database)], log) as served:
        yield served


def cpu_ms(served: Served, address: str, requests: int = REQUESTS) -> tuple[float, float, int]:
    """CPU ms per request, median ms until the answer, bytes. Raises SystemExit where the answer is no 200."""
    for _ in range(WARMING):
        answer = served.get(address, seconds=120)
        if answer.status != 200:
            raise SystemExit(f"{address}: {answer.status} {answer.body[:200]!r}")
    before = served.cpu_seconds()
    times = [served.get(address, seconds=120).seconds for _ in range(requests)]
    return (served.cpu_seconds() - before) / requests * 1000, statistics.median(times) * 1000, len(answer.body)


def compare(here: Places, requests: int, most: int | None = None) -> None:
    """Prints the table; ``most`` keeps the first pairs alone."""
    book = open_library(here).books[0]
    with (
        tempfile.TemporaryDirectory() as folder,
        serving_process(here, Path(folder) / "ours.log") as ours,
        stock(book.release.database, Path(folder) / "stock.log") as other,
    ):
        print(f"{'what':<30}{'CPU ms':>9}{'must':>6}{'stock':>9}{'ratio':>7}{'ms':>8}{'stock ms':>10}{'kB':>7}{'stock kB':>10}")
        for pair in pairs(book)[:most]:
            own, own_ms, own_size = cpu_ms(ours, pair.ours, requests)
            base, base_ms, base_size = cpu_ms(other, pair.stock, max(3, requests // 10))
            print(
                f"{pair.what:<30}{own:>9.1f}{pair.most:>6.0f}{base:>9.1f}{base / own:>7.1f}{own_ms:>8.1f}{base_ms:>10.1f}"
                f"{own_size / 1000:>7.0f}{base_size / 1000:>10.0f}"
            )
        print(f"peak MB: ours {ours.peak_mb():.0f}, stock {other.peak_mb():.0f}")


def main() -> None:
    if sys.argv[1:] == ["million"]:
        with tempfile.TemporaryDirectory() as folder:
            here = Places(root=Path(folder) / "project", work=Path(folder) / "work")
            size = make_release(here.release("1.0.0"))
            print(json.dumps({"person-waves": ROWS, "MB": round(size / 1e6)}))
            compare(here, requests=5, most=2)  # stock takes longer to count than it allows itself
    else:
        compare(places(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1]), REQUESTS)


if __name__ == "__main__":
    main()
