"""Which single-byte code page a text was written in, told from how its words look when read with each.

Short survey exports defeat general detectors (19 Russian letters in KOI8-R are taken for windows-1251), so the common code
pages are compared by letter frequency and by capitals that stand inside words. Anything that none of them fits is left to
charset-normalizer, which knows the multi-byte encodings. A guess in any case: whoever asks must report it.
"""

from __future__ import annotations

import numpy as np
from charset_normalizer import from_bytes
from numpy.typing import NDArray

SAMPLE = 1 << 16
FEWEST = 4  # fewer bytes beyond ASCII say nothing
NEIGHBOURING = 0.6
PLAUSIBLE = 0.35
# A tie between Western code pages is the commonest of them.
PREFERENCE = 0.15

# Letters from frequent to rare; capitals are judged by their small letter.
CYRILLIC = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґ"
GREEK = "αοιετσνηυρπκμλωςγδχθφβξζψάέήίόύώϊϋΐΰ"
HEBREW = "יוהלאמרתבשנכעדחקפסגטצזםןךףץ"
ARABIC = "ايلمنوترهبسعدفحكقجطصشةضخذزثغظأإؤئءىآ"
NON_LATIN = {
    "cp1251": CYRILLIC, "koi8_r": CYRILLIC, "cp866": CYRILLIC, "mac_cyrillic": CYRILLIC,
    "cp1253": GREEK, "cp1255": HEBREW, "cp1256": ARABIC,
}  # fmt: skip
WESTERN = {
    "cp1252": ("éèàçêôâîûëïäöüßñóíáúãõåæœ", "ìòùøýþð"),
    "cp1250": ("ąćęłńóśźżčďěňřšťůžýáéíúőűăâîşţäöüß", "ĺľŕôç"),
    "cp1254": ("ığşçöüâî", "éû"),
}
SYMBOLS = "«»„“”‘’—–…№°€£©§\u00a0"
LIBRARY = ("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "cp949", "iso8859_2", "iso8859_5", "cp1257", "cp1258", "tis_620")


def code_page(data: bytes, high: NDArray[np.int64]) -> str:
    """Python's name of the most likely code page of ``data``; ``high`` are the offsets of its bytes beyond ASCII.

    Words of other scripts are runs of high bytes; Western accents stand alone between ASCII letters."""
    if len(high) < FEWEST:
        return "cp1252"
    sample = telling_lines(data, high)
    if int(np.count_nonzero(np.diff(high) == 1)) < NEIGHBOURING * (len(high) - 1):
        scores = {codec: _western(sample, codec) + (PREFERENCE if codec == "cp1252" else 0) for codec in WESTERN}
    else:
        scores = {codec: _non_latin(sample, codec) for codec in NON_LATIN}
    best = max(scores, key=lambda codec: scores[codec])
    if scores[best] >= PLAUSIBLE:
        return best
    found = from_bytes(sample, cp_isolation=list(LIBRARY)).best()
    return found.encoding if found is not None else best


def _non_latin(sample: bytes, codec: str) -> float:
    """Mean frequency weight of the letters beyond ASCII; capitals inside words and strange signs count against it."""
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError:
        return -1.0
    letters = NON_LATIN[codec]
    weight = {letter: 1 - i / len(letters) for i, letter in enumerate(letters)}
    total, n = 0.0, 0
    for before, character in zip(" " + text, text, strict=False):
        if ord(character) < 128:
            continue
        n += 1
        small = character.lower()
        if character in SYMBOLS:
            total += 0.4
        elif small not in weight or (character != small and before.islower()):
            total -= 0.5
        else:
            total += weight[small]
    return total / n if n else 0.0


def _western(sample: bytes, codec: str) -> float:
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError:
        return -1.0
    common, rare = WESTERN[codec]
    seen = [character.lower() for character in text if ord(character) >= 128]
    points = [1.0 if c in common else 0.5 if c in rare or c in SYMBOLS else 0.0 for c in seen]
    return sum(points) / len(points) if points else 0.0


def telling_lines(data: bytes, high: NDArray[np.int64]) -> bytes:
    """The text around the bytes beyond ASCII, at most SAMPLE bytes: the rest of an export is digits and commas."""
    parts: list[bytes] = []
    size, until = 0, 0
    for index in map(int, high):
        if index < until:
            continue
        start = max(data.rfind(b"\n", 0, index) + 1, index - 200)
        end = data.find(b"\n", index, index + 200)
        until = index + 200 if end < 0 else end
        parts.append(data[start:until])
        size += until - start
        if size > SAMPLE:
            break
    return b"\n".join(parts)
