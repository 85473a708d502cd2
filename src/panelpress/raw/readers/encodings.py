"""Names the character encoding of a text export: by its byte order mark, by being valid UTF-8, else by how its words look.

A guess is never silent: ``Encoding.certain`` is False and the reader reports it. Not a decoder of damaged text: a file that
is UTF-8 in most places and not in one is refused with the line, because any single-byte reading would garble the rest.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from panelpress.errors import DeliveryError
from panelpress.raw.readers.codepages import code_page

CHUNK = 1 << 22
HEAD = 1 << 16
PUBLIC_NAMES = {
    "cp1250": "windows-1250",
    "cp1251": "windows-1251",
    "cp1252": "windows-1252",
    "cp1253": "windows-1253",
    "cp1254": "windows-1254",
    "cp1255": "windows-1255",
    "cp1256": "windows-1256",
    "koi8_r": "koi8-r",
    "mac_cyrillic": "x-mac-cyrillic",
    "cp866": "ibm866",
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """``codec`` for Python, ``name`` for people (IANA), whether it is sure, and how many bytes beyond ASCII spoke for it."""

    codec: str
    name: str
    certain: bool = True
    high_bytes: int = 0


def name_encoding(path: Path, declared: str | None = None) -> Encoding:
    """The encoding of the text file ``path``; ``declared`` overrules everything but a byte order mark.

    Raises DeliveryError where the text is damaged: NUL bytes, UTF-8 with foreign bytes in it, or cut inside a character.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    marked = _by_mark(head)
    if marked is not None:
        return _checked(path, marked)
    if declared is not None:
        return _checked(path, _declared(path, declared))
    wide = _without_mark_utf16(head)
    if wide is not None:
        return _checked(path, wide)
    offset = _first_byte_that_is_not_utf8(path)
    if offset is None:
        return Encoding("utf-8", "utf-8")
    return _single_byte(path, offset)


def _by_mark(head: bytes) -> Encoding | None:
    if head.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8-sig", "utf-8 with byte order mark")
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return Encoding("utf-32", "utf-32")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16", "utf-16")
    return None


def _without_mark_utf16(head: bytes) -> Encoding | None:
    """UTF-16 by its NUL bytes, where reading it so gives lines of text without control characters."""
    if head.count(0) < 0.02 * len(head):
        return None
    for codec, name in (("utf-16-le", "utf-16le"), ("utf-16-be", "utf-16be")):
        text = head[: len(head) // 2 * 2].decode(codec, errors="replace")
        lines = text.count("\n") + text.count("\r")
        controls = sum(1 for character in text if ord(character) < 32 and character not in "\t\r\n")
        delimited = any(delimiter in text for delimiter in ",;\t|")
        if lines and delimited and controls == 0 and text.count("\ufffd") <= 1:
            return Encoding(codec, name, certain=False)
    return None


def _declared(path: Path, declared: str) -> Encoding:
    try:
        return Encoding(codecs.lookup(declared).name, declared)
    except LookupError as error:
        raise DeliveryError(
            path.name, f"the encoding {declared!r} is not known.", "Name one such as utf-8 or windows-1251."
        ) from error


def _checked(path: Path, encoding: Encoding) -> Encoding:
    """``encoding`` where every byte of the file fits it."""
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    lines = 1
    with path.open("rb") as file:
        while True:
            block = file.read(CHUNK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                raise DeliveryError(
                    f"{path.name}:{lines + block[: error.start].count(10)}",
                    f"a byte is not {encoding.name}; the file is damaged or cut off.",
                    "Download the export again, or name its encoding.",
                ) from error
            if not block:
                return encoding
            if "\x00" in text:
                line = lines + text[: text.index("\x00")].count("\n")
                raise DeliveryError(
                    f"{path.name}:{line}", "holds a NUL character; the file is damaged.", "Download the export again."
                )
            lines += text.count("\n")


def _first_byte_that_is_not_utf8(path: Path) -> int | None:
    """Offset of the first byte that is no UTF-8, None where all is. Raises DeliveryError on a NUL byte."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset, line = 0, 1
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            nul = block.find(0)
            if nul >= 0:
                raise DeliveryError(
                    f"{path.name}:{line + block[:nul].count(10)}",
                    "holds a NUL byte; the file is damaged or not text.",
                    "Download the export again.",
                )
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return offset - pending + error.start
            offset += len(block)
            line += block.count(10)
    return offset if decoder.getstate()[0] else None


def _single_byte(path: Path, offset: int) -> Encoding:
    data = path.read_bytes()
    high = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) > 127)
    whole = _characters_of_utf8(data)
    if whole > 2 and whole > len(high) // 4:
        raise _mixed(f"{path.name}:{data[:offset].count(10) + 1}", data[offset : offset + 4])
    codec = code_page(data, high)
    try:
        data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(10) + 1
        raise DeliveryError(
            f"{path.name}:{line}",
            "its encoding cannot be told: neither UTF-8, UTF-16 nor a code page fits.",
            "Export again as CSV UTF-8, or name the encoding.",
        ) from error
    return Encoding(codec, PUBLIC_NAMES.get(codec, codec), certain=False, high_bytes=len(high))


def _mixed(where: str, found: bytes) -> DeliveryError:
    """The refusal of a file that is UTF-8 up to the bytes ``found``: cut off inside a character, or joined with another."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(found)
    except UnicodeDecodeError:
        todo = "If it was joined from two files, convert both to UTF-8 first; else download the export again."
        return DeliveryError(where, "is UTF-8 text with bytes in it that are not.", todo)
    return DeliveryError(where, "ends inside a character: it was cut off.", "Download the export again.")


def _characters_of_utf8(data: bytes) -> int:
    """How many characters beyond ASCII the bytes hold if all that is no UTF-8 is passed over."""
    text = data.decode("utf-8", errors="ignore")
    return len(text) - len(text.encode("ascii", errors="ignore"))
