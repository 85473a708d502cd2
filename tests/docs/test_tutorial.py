"""The tutorial's commands, run as they stand: two foreign CSV files become a release that a browser can query."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

BLOCK = re.compile(r"^```(console|yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# file: (\S+)\n")
SHIM = "#!/bin/sh\nexec {python} -c 'from panelpress.cli.main import main; main()' \"$@\"\n"


def commands(block: str) -> list[tuple[str, list[str]]]:
    """Commands of a console block with the lines of output that it shows."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.strip():
            found[-1][1].append(line)
    return found


@pytest.fixture
def folder(tmp_path: Path, repository: Path) -> Path:
    for path in (repository / "docs" / "tutorial").glob("*.csv"):
        shutil.copy(path, tmp_path)
    shim = tmp_path / "bin" / "panelpress"
    shim.parent.mkdir()
    shim.write_text(SHIM.format(python=shlex.quote(sys.executable)), encoding="utf-8")
    shim.chmod(0o755)
    return tmp_path


@pytest.fixture
def environment(folder: Path, repository: Path) -> dict[str, str]:
    own = {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(repository / "src"),
        "PANELPRESS_WORK": str(folder / "work"),
    }
    return {**{name: value for name, value in os.environ.items() if name != "PANELPRESS_KEY"}, **own}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(address: str, process: subprocess.Popen[str]) -> bytes:
    """What the server answers, once it is up."""
    for _ in range(240):
        if process.poll() is not None:
            raise AssertionError(f"the server stopped: {process.communicate()}")
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                content: bytes = answer.read()
                return content
        except OSError:
            time.sleep(0.25)
    raise AssertionError("the server did not answer")


def serve(command: str, folder: Path, environment: dict[str, str]) -> None:
    port = free_port()
    process = subprocess.Popen(
        shlex.split(command.replace("8001", str(port))),
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        answer = json.loads(fetch(f"http://127.0.0.1:{port}/v0-1-0/movers_responses.json?_shape=array&_size=5", process))
        assert len(answer) == 5
        assert {"trust", "gender", "media_radio"} <= set(answer[0])
        assert not {"email", "token", "comment", "age"} & set(answer[0])
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_foreign_files_become_a_served_release(folder: Path, environment: dict[str, str], repository: Path) -> None:
    text = (repository / "docs" / "tutorial" / "first-release.md").read_text(encoding="utf-8")
    served = False
    for kind, block in BLOCK.findall(text):
        if kind == "yaml":
            named = FILE.match(block)
            assert named is not None
            (folder / named.group(1)).write_text(block[named.end() :], encoding="utf-8")
            continue
        for command, shown in commands(block):
            if command.startswith("panelpress serve"):
                serve(command, folder, environment)
                served = True
                continue
            done = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
            for line in shown:
                assert line in done.stdout, f"{command} does not print {line!r} but\n{done.stdout}"
    assert served
    released = b"".join(path.read_bytes() for path in (folder / "panel" / "releases").rglob("*.csv"))
    assert b"person1@example.org" not in released and b"letters to offices" not in released
