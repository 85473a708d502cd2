"""nginx with the configuration of ``publish/deploy`` on this machine: its addresses and folders changed, nothing else."""

from __future__ import annotations

import getpass
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from served_process import Served, free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
DEPLOY = Path(__file__).parents[1] / "publish" / "deploy"
AROUND = """
daemon off; user {user}; pid {folder}/nginx.pid; error_log stderr warn; worker_processes 1;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Front:
    """A configuration in a folder of its own. ``upstream`` is the file that names the server behind."""

    folder: Path
    port: int

    @property
    def upstream(self) -> Path:
        return self.folder / "upstream.conf"

    @property
    def configuration(self) -> Path:
        return self.folder / "nginx.conf"

    def command(self, *options: str) -> list[str]:
        return [str(NGINX), "-e", "stderr", "-p", str(self.folder), "-c", str(self.configuration), *options]

    def check(self) -> subprocess.CompletedProcess[str]:
        """``nginx -t``."""
        return subprocess.run(self.command("-t"), capture_output=True, text=True, check=False)


def configured(folder: Path, text: str, public: Path, static: Path) -> Front:
    """``text`` is a configuration of ``publish/deploy``, served from ``public`` and ``static``."""
    front = Front(folder, free_port())
    folder.mkdir(parents=True, exist_ok=True)
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{front.port};",
        "/etc/panelpress/upstream.conf": str(front.upstream),
        "/var/cache/panelpress": str(folder / "cache"),
        "/srv/panelpress/public": str(public),
        "/srv/panelpress/static": str(static),
    }.items():
        text = text.replace(old, new)
    (folder / "site.conf").write_text(text, encoding="utf-8")
    front.configuration.write_text(AROUND.format(folder=folder, user=getpass.getuser()), encoding="utf-8")
    return front


@contextmanager
def fronting(front: Front) -> Iterator[Served]:
    """nginx while the block runs."""
    with (front.folder / "nginx.log").open("wb") as log:
        process = subprocess.Popen(front.command(), stdout=log, stderr=subprocess.STDOUT)
    try:
        _until_it_listens(front.port)
        yield Served(front.port, process, front.folder / "nginx.log")
    finally:
        process.terminate()
        process.wait(timeout=20)


def _until_it_listens(port: int, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            HTTPConnection("127.0.0.1", port, timeout=5).connect()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
