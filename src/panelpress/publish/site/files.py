"""Sends files of releases and of the site itself, with ranges, so that a Parquet reader fetches only what it needs.

Only what a manifest lists is sent; an address never becomes a path. Behind nginx, which says so by a header, a file of a release
is only checked here and nginx sends its bytes.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from panelpress.publish.site.library import Library

Send = Callable[[dict[str, Any]], Awaitable[None]]
STATIC = Path(__file__).with_name("static")
CHUNK = 256 * 1024
ACCELERATED = "x-accel-files"  # header of nginx.conf: it sends files itself, from CHECKED
CHECKED = "/checked-files"
FOREVER = b"public, max-age=31536000, immutable"
UNLISTED = ("manifest.json", "SHA256SUMS", "datapackage.json")
mimetypes.add_type("application/vnd.apache.parquet", ".parquet")
mimetypes.add_type("application/vnd.sqlite3", ".sqlite")


@dataclass(frozen=True)
class FileResponse:
    """A response that streams ``path``; Datasette calls ``asgi_send`` on what a view returns."""

    path: Path
    asked: Mapping[str, str]
    etag: str
    method: str = "GET"
    checked: str = ""  # where nginx finds it once it was checked

    async def asgi_send(self, send: Send) -> None:
        if self.checked and self.asked.get(ACCELERATED) == "on":
            await self._leave_to_nginx(send)
        else:
            await self._send_bytes(send)

    async def _leave_to_nginx(self, send: Send) -> None:
        headers = [
            (b"x-accel-redirect", quote(self.checked).encode()),
            (b"content-type", self._kind()),
            (b"cache-control", FOREVER),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _kind(self) -> bytes:
        kind = mimetypes.guess_type(self.path.name)[0] or "application/octet-stream"
        return (kind + "; charset=utf-8" if kind.startswith("text/") or kind == "application/json" else kind).encode()

    async def _send_bytes(self, send: Send) -> None:
        size = self.path.stat().st_size
        start, stop, status = wanted(self.asked.get("range", ""), size)
        if self.asked.get("if-none-match") == f'"{self.etag}"':
            status, start, stop = 304, 0, 0
        headers = [
            (b"content-type", self._kind()),
            (b"content-length", str(stop - start).encode()),
            (b"accept-ranges", b"bytes"),
            (b"cache-control", FOREVER),
            (b"etag", f'"{self.etag}"'.encode()),
        ]
        if status == 206:
            headers.append((b"content-range", f"bytes {start}-{stop - 1}/{size}".encode()))
        if status == 416:
            headers.append((b"content-range", f"bytes */{size}".encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        with self.path.open("rb") as source:
            source.seek(start)
            left = stop - start if self.method != "HEAD" else 0
            while left > 0 and (chunk := source.read(min(CHUNK, left))):
                left -= len(chunk)
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def wanted(header: str, size: int) -> tuple[int, int, int]:
    """First byte, byte after the last, and status for a ``Range`` header (RFC 9110: one range; others get the whole file)."""
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", header.strip())
    if not match or not any(match.groups()):
        return 0, size, 200
    first, last = match.groups()
    start = int(first) if first else max(0, size - int(last))
    stop = min(size, int(last) + 1) if first and last else size
    return (start, stop, 206) if start < stop else (0, 0, 416)


def release_file(library: Library, version: str, path: str) -> tuple[Path, str] | None:
    """Where the file ``path`` of a release is and its hash; None where the manifest does not list it."""
    book = library.by_version.get(version)
    if book is None:
        return None
    listed = book.file_paths.get(path)
    if listed is not None:
        return book.release.folder / listed.path, listed.sha256
    own = book.release.folder / path
    return (own, book.release.manifest["data_version"] + path) if path in UNLISTED and own.is_file() else None


@cache
def style_address() -> str:
    """Address of the style sheet, with its hash, so that it may be kept for ever."""
    return f"/assets/site.{sha256((STATIC / 'site.css').read_bytes()).hexdigest()[:12]}.css"
