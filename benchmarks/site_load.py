"""What the site bears: hostile queries one by one, eight clients with endless ones, and the static copy beside plain files.

    python benchmarks/site_load.py hostile|neighbours|static [project folder]

Times are of a loaded machine where it is loaded; the load average is printed beside them. Results: ``README.md``.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from hostile import hostile_queries
from panelpress.paths import Places, places
from panelpress.publish.site.export import export
from panelpress.publish.site.open import open_library
from served_process import Served, serving_process
from web_front import DEPLOY, configured, fronting

ENDLESS = ".json?sql=with+recursive+t(x)+as+(select+1+union+all+select+x%2B1+from+t)+select+count(*)+from+t"
ATTACKERS = 8
SECONDS = 15
ROUNDS = 20
PLAIN = "server {{ listen 80; access_log off; root {root}; sendfile on; tcp_nopush on; open_file_cache max=10000; }}"


def hostile(here: Places, folder: Path) -> None:
    """Every hostile query: status, seconds, peak MB of server and runners, and ms until a light page afterwards."""
    release = open_library(here).books[0].name
    slowest, largest, next_page = 0.0, 0.0, 0.0
    with serving_process(here, folder / "log") as site:
        site.get(f"/{release}.json?sql=select+1")
        print(f"{'query':<72}{'status':>7}{'s':>7}{'MB':>6}{'next ms':>9}")
        for query in hostile_queries():
            site.forget_peaks()
            answer = site.get(f"/{release}{query.address}")
            peak = site.peak_mb()
            light = site.get(f"/{release}/waves.json").seconds * 1000
            slowest, largest, next_page = max(slowest, answer.seconds), max(largest, peak), max(next_page, light)
            print(f"{query.name[:71]:<72}{answer.status:>7}{answer.seconds:>7.2f}{peak:>6.0f}{light:>9.0f}")
    print(f"most: {slowest:.2f} s, {largest:.0f} MB, next page {next_page:.0f} ms")


def neighbours(here: Places, folder: Path) -> None:
    """A light page while eight clients send endless queries, on one and on two server processes."""
    release = open_library(here).books[0].name
    for workers in ("1", "2"):
        with serving_process(here, folder / "log", "--workers", workers) as site:
            site.get(f"/{release}/waves")
            quiet = [_light(site, release) for _ in range(100)]
            stop = threading.Event()
            attackers = [threading.Thread(target=_attack, args=(site, release, stop)) for _ in range(ATTACKERS)]
            for attacker in attackers:
                attacker.start()
            time.sleep(2)
            end = time.monotonic() + SECONDS
            under: list[float] = []
            while time.monotonic() < end:
                under.append(_light(site, release))
                time.sleep(0.02)
            stop.set()
            for attacker in attackers:
                attacker.join()
        print(f"{workers} process(es), idle: {_summary(quiet)}; under attack: {_summary(under)}")


def static(here: Places, folder: Path) -> None:
    """The static copy by ``publish/deploy/static.conf`` beside the same files by the plainest configuration."""
    export(open_library(here), folder / "static")
    page = sorted((folder / "static/codebook").glob("*/*/index.html"))[0].parent.relative_to(folder / "static")
    ours = configured(folder / "ours", (DEPLOY / "static.conf").read_text(encoding="utf-8"), here.root, folder / "static")
    plain = configured(folder / "plain", PLAIN.format(root=folder / "static"), here.root, folder / "static")
    with fronting(ours) as own, fronting(plain) as other:
        rates: dict[str, list[float]] = {"static.conf": [], "plain": []}
        for _ in range(ROUNDS):
            for name, served in (("static.conf", own), ("plain", other)):
                rates[name].append(_cpu_us(served, f"/{page}/"))
        own_us, plain_us = (min(rates[name]) for name in ("static.conf", "plain"))  # the round that others disturbed least
        print(f"CPU of nginx per request: static.conf {own_us:.1f} us, plain {plain_us:.1f} us, ratio {own_us / plain_us:.2f}")


def _light(site: Served, release: str) -> float:
    answer = site.get(f"/{release}/waves")
    if answer.status != 200:
        raise SystemExit(f"a light page answered {answer.status}")
    return answer.seconds * 1000


def _attack(site: Served, release: str, stop: threading.Event) -> None:
    while not stop.is_set():
        if site.get(f"/{release}{ENDLESS}", seconds=60).status == 503:
            stop.wait(0.5)


def _summary(times: list[float]) -> str:
    p95 = statistics.quantiles(times, n=20)[-1]
    return f"p50 {statistics.median(times):.0f} ms, p95 {p95:.0f}, most {max(times):.0f} ({len(times)} pages)"


def _cpu_us(served: Served, address: str, requests: int = 1000) -> float:
    """CPU microseconds of nginx for one request, over connections that are kept."""
    connection = HTTPConnection("127.0.0.1", served.port)
    before = served.cpu_seconds()
    for _ in range(requests):
        connection.request("GET", address)
        answer = connection.getresponse()
        if answer.status != 200 or not answer.read():
            raise SystemExit(f"{address}: {answer.status}")
    connection.close()
    return (served.cpu_seconds() - before) / requests * 1e6


def main() -> None:
    what = {"hostile": hostile, "neighbours": neighbours, "static": static}[sys.argv[1]]
    here = places(Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).parents[1])
    with tempfile.TemporaryDirectory() as folder:
        what(here, Path(folder))
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
