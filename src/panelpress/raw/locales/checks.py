"""Check digits: what makes a long number an account, a device or a document, and how often chance does the same.

Sources: ISO/IEC 7812-1 annex B (Luhn, used by IMEI and payment cards); the published control sums of the Russian insurance
number (SNILS) and taxpayer number (INN); the control digit of Kazakhstan's individual number (IIN); ISO 13616 (IBAN).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence


def luhn(digits: Sequence[int]) -> bool:
    """Every second digit from the right doubled, digits of the products added: a multiple of ten."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if position % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0 and any(digits)


def snils(digits: Sequence[int]) -> bool:
    """Nine digits weighted 9..1; the rest by 101 stands in the last two (100 is written 00)."""
    if len(digits) != 11 or not any(digits):
        return False
    rest = sum(weight * digit for weight, digit in zip(range(9, 0, -1), digits, strict=False)) % 101 % 100
    return rest == digits[9] * 10 + digits[10]


def _weighted(digits: Sequence[int], weights: Sequence[int]) -> int:
    return sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11 % 10


def inn(digits: Sequence[int]) -> bool:
    """Ten digits with one control digit (organizations) or twelve with two (people)."""
    last = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    if not any(digits):
        return False
    if len(digits) == 10:
        return _weighted(digits, last) == digits[9]
    if len(digits) == 12:
        return _weighted(digits, (7, *last)) == digits[10] and _weighted(digits, (3, 7, *last)) == digits[11]
    return False


def iin(digits: Sequence[int]) -> bool:
    """Twelve digits that begin with a date; weights 1..11, shifted by two where the rest by eleven is ten."""
    if len(digits) != 12 or not (1 <= digits[2] * 10 + digits[3] <= 12 and 1 <= digits[4] * 10 + digits[5] <= 31):
        return False
    rest = sum(weight * digit for weight, digit in zip(range(1, 12), digits, strict=False)) % 11
    if rest == 10:
        rest = sum(weight * digit for weight, digit in zip((3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2), digits, strict=False)) % 11
    return rest == digits[11]


def iban(signs: Sequence[int]) -> bool:
    """Letters count from ten on; the first four signs go to the end; the whole number leaves one when divided by 97."""
    return len(signs) >= 15 and int("".join(map(str, (*signs[4:], *signs[:4])))) % 97 == 1


CHECKS: Mapping[str, Callable[[Sequence[int]], bool]] = {"luhn": luhn, "snils": snils, "inn": inn, "iin": iin, "iban": iban}
# Share of random numbers of the right length that pass; measured in the tests.
BY_CHANCE: Mapping[str, float] = {"luhn": 0.10, "snils": 0.01, "inn": 0.10, "iin": 0.003, "iban": 0.011}


def passes(check: str, text: str) -> bool:
    """Whether the digits of ``text`` (and letters, as 10 to 35) pass ``check``."""
    return CHECKS[check]([int(character, 36) for character in text if character.isascii() and character.isalnum()])
