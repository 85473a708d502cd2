"""Identifiers that a pattern alone can tell: e-mail, handles, profile links, network addresses, devices, coordinates.

Patterns are written for Rust's regular expressions (no look-around); ``when`` is a cheap test that spares most values the
pattern. Each runs over the different values of all columns at once.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

import polars as pl

from panelpress.raw.detectors.cells import Cells

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
_DEGREES = r"-?[0-9]{1,3}\.[0-9]{3,}"
_PROFILE = (
    r"(?i)(?:^|[^\w.])(?:(?:t|telegram)\.me/|telegram\.dog/|tg://|wa\.me/|viber://|(?:m\.|www\.)?(?:vk\.com|vkontakte\.ru|ok\.ru"
    r"|facebook\.com|fb\.com|fb\.me|instagram\.com|linkedin\.com/in|twitter\.com|x\.com|tiktok\.com|github\.com)/)[\w@+.?=-]{2,}"
)

# "telegram: anna_k" as a whole cell: a messenger, a colon, and one word of small Latin letters, digits and underscores.
_NAMED_HANDLE = (
    r"^\s*(?i:telegram|tg|instagram|insta|vk|skype|discord|signal|whatsapp|wechat|телеграмм?|тг|инстаграмм?|инста|вк|скайп|дискорд)"
    r"\s*[:=]\s*@?[a-z][a-z0-9_.]{4,31}\s*$"
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A detector made of one regular expression over values that pass ``when``."""

    id: str
    when: pl.Expr
    regex: str


PATTERNS = (
    Pattern("email", pl.col("at"), r"[\p{L}0-9._%+-]+@[\p{L}0-9-]+(?:\.[\p{L}0-9-]+)+"),
    Pattern(
        "email",
        pl.col("lettered"),
        r"(?i)[a-z0-9._-]{2,}\s*[(\[{]\s*(?:at|a|собака)\s*[)\]}]\s*[a-z0-9-]+\s*(?:\.|[(\[{]\s*(?:dot|точка)\s*[)\]}])\s*[a-z]{2,}",
    ),
    Pattern(
        "email",
        pl.col("value").str.contains_any([" dot ", " точка ", " DOT "]),
        r"(?i)(?:^|[^a-z0-9])[a-z0-9._-]{2,} (?:at|собака) [a-z0-9-]+ (?:dot|точка) [a-z]{2,}(?:$|[^a-z])",
    ),
    Pattern("email", pl.col("at"), r"[\p{L}0-9._%+-]+ ?@ ?[\p{L}0-9-]+(?:\.[\p{L}0-9-]+)*\.\p{L}{2,}"),
    Pattern("handle", pl.col("value").str.contains_any([":", "="]), _NAMED_HANDLE),
    Pattern("handle", pl.col("at"), r"(?:^|[^\w.@/%+-])@[A-Za-z][A-Za-z0-9_]{3,31}(?:$|[^\w.]|\.(?:$|\s))"),
    Pattern("profile_link", pl.col("lettered"), _PROFILE),
    Pattern("ip_address", pl.col("digits") >= 4, rf"(?:^|[^0-9.])(?:{_OCTET}\.){{3}}{_OCTET}(?:$|[^0-9.]|\.(?:$|\s))"),
    Pattern(
        "device_id",
        pl.col("value").str.len_bytes() >= 17,
        r"(?i)(?:^|[^0-9a-f])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|[0-9a-f]{32})(?:$|[^0-9a-f])",
    ),
    Pattern("response_id", pl.col("lettered"), r"(?:^|\W)R_[A-Za-z0-9]{15,17}(?:$|\W)"),
    Pattern(
        "user_agent",
        pl.col("lettered"),
        r"Mozilla/[0-9]|AppleWebKit/|Opera/[0-9]|Dalvik/|okhttp/|CFNetwork/|Chrome/[0-9]+\.|Safari/[0-9]+\.",
    ),
    Pattern("coordinates", pl.col("digits") >= 8, rf"(?:^|[^0-9.-]){_DEGREES}\s*[,;/ ]\s*{_DEGREES}(?:$|[^0-9])"),
    Pattern(
        "coordinates",
        pl.col("digits") >= 10,
        r"(?:^|[^0-9.,-])-?[0-9]{1,3},[0-9]{4,}\s*[;/ ]\s*-?[0-9]{1,3},[0-9]{4,}(?:$|[^0-9])",
    ),
    Pattern(
        "coordinates",
        pl.col("digits") >= 10,
        r"(?:^|[^0-9.,-])-?[0-9]{1,3},[0-9]{4,}, +-?[0-9]{1,3},[0-9]{4,}(?:$|[^0-9])",
    ),
    Pattern(
        "coordinates",
        pl.col("digits") >= 8,
        rf"(?i)[NS]\s*{_DEGREES}\s*[,;]?\s*[EW]\s*{_DEGREES}|{_DEGREES}\s*°?\s*[NS]\s*[,;]?\s*{_DEGREES}\s*°?\s*[EW]\b",
    ),
    Pattern("coordinates", pl.col("digits") >= 4, r"[0-9]{1,3}\s*°\s*[0-9]{1,2}(?:[.,][0-9]+)?\s*['′’]"),
    Pattern(
        "coordinates",
        pl.col("lettered"),
        r"(?i)(?:geo:-?[0-9]|(?:maps\.google|google\.[a-z.]+/maps|goo\.gl/maps|maps\.app\.goo|yandex\.[a-z]+/maps|openstreetmap\.org))",
    ),
)


def matched(cells: Cells, pattern: Pattern) -> pl.DataFrame:
    """The rows of ``cells.values`` in which ``pattern`` occurs."""
    return cells.values.filter(pattern.when).filter(pl.col("value").str.contains(pattern.regex))


def ipv6(cells: Cells) -> pl.DataFrame:
    """Values that hold an IPv6 address. Times of day have colons too, so candidates are parsed."""
    colons = pl.col("value").str.count_matches(":", literal=True)
    candidates = cells.values.filter((colons >= 7) | pl.col("value").str.contains("::", literal=True))
    return candidates.filter(pl.col("value").map_elements(_holds_ipv6, return_dtype=pl.Boolean))


def _holds_ipv6(text: str) -> bool:
    for word in text.replace(",", " ").replace(";", " ").split():
        address = word.strip("[()<>\"'").partition("]")[0].partition("%")[0].partition("/")[0]
        try:
            if ":" in address and ipaddress.IPv6Address(address) and len(address) > SHORTEST_IPV6:
                return True
        except ValueError:
            continue
    return False


# "::1" and "a::b" are addresses to a parser, and smileys or C++ names to a reader.
SHORTEST_IPV6 = 6
