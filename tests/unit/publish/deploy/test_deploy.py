"""The files of ``publish/deploy`` do what they say: nginx in front of the site, a static copy, a switch without a dropped request."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from panelpress.paths import Places
from panelpress.publish.site.export import export
from panelpress.publish.site.library import Tombstone, read_library
from panelpress.publish.site.shelf import read_shelf
from releasing import project, release
from served_process import Served, serving_process
from web_front import DEPLOY, NGINX, Front, configured, fronting

pytestmark = [pytest.mark.slow, pytest.mark.skipif(NGINX is None, reason="nginx is not installed")]
CHANGE = "UPDATE tiny_responses SET trust = 1 WHERE person_id = 'p3'"
TABLE = "data/csv/tiny_responses.csv"


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    found = project(tmp_path_factory.mktemp("deployed"))
    release(found, "0.1.0")
    return found


@pytest.fixture(scope="module")
def behind(places: Places) -> Iterator[Served]:
    with serving_process(places, places.work / "serve.log", "--workers", "2") as served:
        yield served


@pytest.fixture(scope="module")
def front(places: Places, behind: Served) -> Front:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    found = configured(places.work / "nginx", text, places.root, places.work / "none")
    told = " ".join(command_of("deploy.md", "echo")).split("'")[1]
    found.upstream.write_text(told.replace("8001", str(behind.port)) + "\n", encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def site(front: Front) -> Iterator[Served]:
    with fronting(front) as served:
        yield served


def test_nginx_accepts_the_configuration(front: Front) -> None:
    done = front.check()
    assert done.returncode == 0, done.stderr


def test_pages_come_through_with_their_headers(site: Served) -> None:
    page = site.get("/codebook/0.1.0/trust/", {"Accept-Encoding": "gzip"})
    assert (page.status, page.headers["content-encoding"]) == (200, "gzip")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert site.get("/latest/tiny_responses").headers["location"].endswith("/v0-1-0/tiny_responses")


def test_a_file_is_checked_by_the_site_and_sent_by_nginx(site: Served, places: Places) -> None:
    content = (places.release("0.1.0") / TABLE).read_bytes()
    whole = site.get(f"/files/0.1.0/{TABLE}")
    assert (whole.status, whole.body) == (200, content)
    assert whole.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert whole.headers["x-content-type-options"] == "nosniff"
    part = site.get(f"/files/0.1.0/{TABLE}", {"Range": "bytes=3-9"})
    assert (part.status, part.body) == (206, content[3:10])
    again = site.get(f"/files/0.1.0/{TABLE}", {"If-None-Match": whole.headers["etag"]})
    assert again.status == 304


@pytest.mark.parametrize(
    "path",
    [
        "/checked-files/0.1.0/README.md",
        "/files/0.1.0/nothing.csv",
        "/files/0.1.0/../../publish/ledger.jsonl",
        "/-/databases.json",
        "/-/threads.json",
        "/-/metadata.json",
        "/-/plugins.json",
    ],
)
def test_what_is_not_of_a_release_is_not_sent(site: Served, path: str) -> None:
    assert site.get(path).status in (400, 404)


def test_the_door_that_tells_the_version_is_open(site: Served) -> None:
    assert json.loads(site.get("/-/versions.json").body)["datasette"]


def test_who_sends_many_queries_is_held_back_and_reads_pages_all_the_same(site: Served) -> None:
    queries = [site.get(f"/v0-1-0.json?sql=select+{number}").status for number in range(12)]
    pages = [site.get(f"/v0-1-0/waves?_size={number}").status for number in range(1, 13)]
    assert queries[0] == 200
    assert queries.count(429) >= 4
    assert pages == [200] * 12


def test_sql_under_a_name_in_disguise_is_counted_all_the_same(site: Served) -> None:
    for name in ("%73ql", "s%71l", "_wher%65"):
        assert [site.get(f"/v0-1-0/waves.json?{name}=1").status for _ in range(12)].count(429) >= 4


def test_every_answer_carries_each_header_once_whoever_gave_it(site: Served) -> None:
    asked = (site.get("/v0-1-0.json?sql=select+1") for _ in range(40))
    held_back = next(answer for answer in asked if answer.status == 429)
    kept = [site.get("/v0-1-0/waves") for _ in range(2)][1]
    for answer in (held_back, kept, site.get("/-/threads.json"), site.get(f"/files/0.1.0/{TABLE}")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["content-security-policy"].count("default-src") == 1


def test_an_address_that_looks_like_another_when_decoded_does_not_take_its_place(site: Served) -> None:
    assert site.get("/v0-1-0/waves%3F_size=3").status != 200
    assert site.get("/v0-1-0/waves?_size=3").status == 200


def test_nothing_of_a_request_is_written_down(site: Served, front: Front, behind: Served) -> None:
    site.get("/v0-1-0.json?sql=select+nobody+from+nothing", {"Referer": "https://elsewhere.example/nobody"})
    for log in (site.log, behind.log):
        assert "nobody" not in log.read_text(encoding="utf-8")
    assert not list(front.folder.glob("access*"))


def test_the_static_copy_answers_as_the_site_does(places: Places, tmp_path: Path) -> None:
    gone = Tombstone("0.0.1", "2026-01-31", {"en": "A person withdrew."}, "0.1.0")
    export(read_library(read_shelf(places.releases), places.site_cache, (gone,)), tmp_path / "static")
    text = (DEPLOY / "static.conf").read_text(encoding="utf-8")
    front = configured(tmp_path / "nginx", text, places.root, tmp_path / "static")
    done = front.check()
    assert done.returncode == 0, done.stderr
    with fronting(front) as site:
        for path in ("/", "/ru/", "/codebook/0.1.0/trust/", "/releases/0.1.0/"):
            page = site.get(path)
            assert page.status == 200
            assert "default-src 'none'" in page.headers["content-security-policy"]
        assert site.get(f"/files/0.1.0/{TABLE}").body == (places.release("0.1.0") / TABLE).read_bytes()
        for path in ("/releases/0.0.1/", "/ru/codebook/0.0.1/trust/", "/files/0.0.1/README.md", "/v0-0-1/t.csv", "/v0-0-1"):
            answer = site.get(path)
            assert answer.status == 410
            assert b"A person withdrew." in answer.body
        for path in ("/withdrawn.conf", "/files/0.1.0/.hidden", "/files/.staging/README.md", "/files/0.0.10/x", "/nothing/"):
            answer = site.get(path)
            assert (answer.status, answer.headers["x-content-type-options"]) == (404, "nosniff")


def test_a_new_release_is_switched_to_without_a_dropped_request(
    front: Front, site: Served, behind: Served, places: Places
) -> None:
    """Clients ask all the time, each on a connection of its own, while the new server starts, nginx turns and the old one stops."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    release(places, "0.2.0", CHANGE)
    stop = threading.Event()
    answers: list[int] = []

    def ask(number: int) -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            answers.append(site.get(f"/v0-1-0/waves?_size=5&_ttl={number}{turn}").status)  # never from the cache

    clients = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
    for client in clients:
        client.start()
    try:
        with serving_process(places, places.work / "new.log") as new:
            reload = " ".join(front.command("-s", "reload"))
            told = command_of("switch-to-a-release.md", "switch.sh")
            switch = [*places_here(told, front, new.port), reload]
            done = subprocess.run(switch, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            wait_for_more(answers, 30)
            behind.process.terminate()
            behind.process.wait(timeout=30)
            wait_for_more(answers, 60)
            assert site.get("/releases/0.2.0/").status == 200
            stop.set()
            for client in clients:
                client.join()
    finally:
        stop.set()
    assert set(answers) == {200}


def command_of(page: str, word: str) -> list[str]:
    """The command with ``word`` in the console blocks of a how-to."""
    text = (DEPLOY.parents[1] / "docs/how-to" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL)
    return next(line.split() for block in blocks for line in block.splitlines() if word in line)


def places_here(command: list[str], front: Front, port: int) -> list[str]:
    """``command`` with the places of a server replaced by those of this test."""
    here = {"publish/deploy/switch.sh": str(DEPLOY / "switch.sh"), "/etc/panelpress/upstream.conf": str(front.upstream)}
    return [str(port) if word == "8002" else here.get(word, word) for word in command]


def wait_for_more(answers: list[int], count: int) -> None:
    """Until ``count`` more requests were answered. Raises TimeoutError after a minute."""
    wanted, end = len(answers) + count, time.monotonic() + 60
    while len(answers) < wanted:
        if time.monotonic() > end:
            raise TimeoutError("the clients get no answers")
        time.sleep(0.05)


def test_the_unit_limits_memory_and_processor_and_starts_the_command() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(DEPLOY / "panelpress@.service", encoding="utf-8")
    service = unit["Service"]
    assert (service["MemoryMax"], service["CPUQuota"], service["ProtectSystem"]) == ("1G", "180%", "strict")
    command = service["ExecStart"].replace("%i", "8001").split()
    told = (DEPLOY.parents[1] / "docs/how-to/deploy.md").read_text(encoding="utf-8")
    assert " ".join(["panelpress", *command[1:]]) in told
    assert command[0].endswith("/panelpress")
    said = subprocess.run(
        [sys.executable, "-c", "from panelpress.cli.main import main; main()", "serve", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(filter(None, sys.path)), "COLUMNS": "200"},
    ).stdout
    container = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    for option in ("--project", "--port", "--workers"):
        assert option in command
        assert option in said
        assert f'"{option}"' in container
