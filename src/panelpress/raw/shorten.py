"""Shortens long questions in the middle: what tells the items of one battery apart stands at their ends."""

from __future__ import annotations

GAP = "…"
HEAD = 0.6


def shortened(text: str, longest: int, in_bytes: bool = False) -> str:
    """``text`` in at most ``longest`` characters (bytes of UTF-8 with ``in_bytes``), with its beginning and its end."""
    length = _bytes if in_bytes else len
    if length(text) <= longest:
        return text
    room = min(longest, len(text)) - 1
    while True:
        head = round(room * HEAD)
        short = text[:head].rstrip() + GAP + text[len(text) - (room - head) :].lstrip()
        if length(short) <= longest or room == 0:
            return short
        room -= 1


def _bytes(text: str) -> int:
    return len(text.encode())
