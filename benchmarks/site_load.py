"""What the site bears: hostile queries one by one, eight clients with endless ones, and the static copy beside plain files.

    python benchmarks/site_load.py hostile|neighbours|static [project folder]

``neighbours`` starts what ``publish/deploy`` starts: two server processes, with and without nginx before them. Each prints the worst
beside what it must not exceed. The load average is printed with it: times on a machine that does other work are too long.
Results: ``README.md``.
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
SHIPPED = ("--workers", "2")  # as in publish/deploy/panelpress@.service
SECONDS = 15
ROUNDS = 20
PLAIN = "server {{ listen 80; access_log off; root {root}; sendfile on; tcp_nopush on; open_file_cache max=10000; }}"


def hostile(here: Places, folder: Path) -> None:
    """Every hostile query: status, seconds, peak MB of server and runners, and ms until a light page afterwards."""
    release = open_library(here).books[0].name
    measured: dict[str, tuple[float, float, float]] = {}
    with serving_process(here, folder / "log") as site:
        site.get(f"/{release}.json?sql=select+1")
        print(f"{'query':<72}{'status':>7}{'s':>7}{'MB':>6}{'next ms':>9}")
        for query in hostile_queries():
            site.forget_peaks()
            answer = site.get(f"/{release}{query.address}")
            peak = site.peak_mb()
            light = site.get(f"/{release}/waves.json").seconds * 1000
            measured[query.name] = answer.seconds, peak, light
            print(f"{query.name[:71]:<72}{answer.status:>7}{answer.seconds:>7.2f}{peak:>6.0f}{light:>9.0f}")
    print(f"the worst of {len(measured)} queries:")
    for place, (what, must) in enumerate((("s", 2), ("MB", 300), ("ms until the next page", 100))):
        name = max(measured, key=lambda each: measured[each][place])
        print(f"  {measured[name][place]:.2f} {what} (must: < {must}): {name}")


def neighbours(here: Places, folder: Path) -> None:
    """A light page while eight clients, each with an address of its own, send endless queries."""
    release = open_library(here).books[0].name
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    front = configured(folder / "nginx", text, here.root, folder / "none")
    with serving_process(here, folder / "log", *SHIPPED) as site:
        _beside("two processes, no nginx", site, release)
        front.upstream.write_text(f"upstream panelpress {{ server 127.0.0.1:{site.port}; }}", encoding="utf-8")
        with fronting(front) as outside:
            _beside("as deployed, behind nginx", outside, release)


def _beside(what: str, site: Served, release: str) -> None:
    for _ in range(10):  # every process has shown the page once
        _light(site, release)
    quiet = [_light(site, release) for _ in range(100)]
    stop = threading.Event()
    attackers = [
        threading.Thread(target=_attack, args=(site, release, f"127.0.0.{number + 2}", stop)) for number in range(ATTACKERS)
    ]
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
    print(f"{what}: idle {_summary(quiet)}; under attack {_summary(under)} (must: p95 < 200)")


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
        own_us, plain_us = rates["static.conf"], rates["plain"]
        ratios = [own / other for own, other in zip(own_us, plain_us, strict=True)]
        print(f"CPU of nginx per request, {ROUNDS} rounds in turn, us:")
        for what, of in (("best", min), ("median", statistics.median)):
            print(f"  {what:<7} static.conf {of(own_us):.1f}, plain {of(plain_us):.1f}, ratio {of(own_us) / of(plain_us):.2f}")
        print(f"  median of the ratios of each round: {statistics.median(ratios):.2f} (must: < 1.10)")


def _light(site: Served, release: str) -> float:
    """Milliseconds until a page is there that no cache has: its address is new every time."""
    answer = site.get(f"/{release}/waves?_ttl={time.monotonic_ns() % 10**9}")
    if answer.status != 200:
        raise SystemExit(f"a light page answered {answer.status}")
    return answer.seconds * 1000


def _attack(site: Served, release: str, address: str, stop: threading.Event) -> None:
    """One after another, from ``address``; who is turned away comes back after a tenth of a second."""
    while not stop.is_set():
        if site.get(f"/{release}{ENDLESS}", seconds=60, source=address).status in (429, 503):
            stop.wait(0.1)


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
