"""The registry knows every delivery by a keyed digest and refuses what it cannot vouch for."""

from __future__ import annotations

import pytest
from raw_worlds import register

from panelpress.errors import DeclarationError, IntakeRefused
from panelpress.paths import Places
from panelpress.raw.key import PseudonymKey, new_key
from panelpress.raw.registry import HEADER, find_delivery, read_registry, write_registry

LINE = "w1.csv,aa,10,5,tiny,w1,plain_csv,2024-01-31,not public"


def test_what_is_registered_reads_back_sorted_by_wave(places: Places, key: PseudonymKey) -> None:
    second, first = register(places, key, "w2"), register(places, key, "w1")
    write_registry(places, [second, first])
    assert read_registry(places) == (first, second)
    assert not list(places.raw.glob("*.new"))


def test_a_project_without_registry_has_no_deliveries(places: Places) -> None:
    assert read_registry(places) == ()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["file,digest"], "deliveries.csv:1: has another header"),
        ([",".join(HEADER), "w1.csv,aa,10"], "deliveries.csv:2: has 3 cells"),
        ([",".join(HEADER), LINE.replace("10", "ten")], "`bytes` is not a whole number"),
        ([",".join(HEADER), LINE.replace("aa", "")], "`digest` is empty"),
        ([",".join(HEADER), LINE.replace("w1.csv", "../key")], "leads out of raw/deliveries"),
        ([",".join(HEADER), LINE.replace("w1.csv", "/etc/passwd")], "leads out of raw/deliveries"),
        ([",".join(HEADER), LINE, LINE.replace("w1.csv", "b.csv")], "deliveries.csv:3: tiny, w1 is registered twice"),
        ([",".join(HEADER), LINE, LINE.replace(",w1,", ",w2,")], "the file w1.csv is registered twice"),
        ([",".join(HEADER), 'w1.csv,"aa'], "not valid CSV"),
    ],
)
def test_a_broken_registry_is_refused_by_line(places: Places, lines: list[str], message: str) -> None:
    places.raw.mkdir()
    places.registry.write_text("\n".join(lines))
    with pytest.raises(DeclarationError) as refused:
        read_registry(places)
    assert message in str(refused.value)


def test_a_registry_in_another_encoding_is_refused(places: Places) -> None:
    places.raw.mkdir()
    places.registry.write_bytes("файл".encode("cp1251"))
    with pytest.raises(DeclarationError, match="not UTF-8"):
        read_registry(places)


def test_the_registered_file_is_found(places: Places, key: PseudonymKey) -> None:
    assert find_delivery(places, register(places, key), key) == places.deliveries / "w1.csv"


def test_a_missing_a_longer_and_another_file_are_told_apart(places: Places, key: PseudonymKey) -> None:
    registration = register(places, key)
    path = places.deliveries / registration.file
    content = path.read_bytes()
    path.write_bytes(content + b"x")
    with pytest.raises(IntakeRefused, match="bytes"):
        find_delivery(places, registration, key)
    path.write_bytes(content.replace(b"R1", b"R9"))
    with pytest.raises(IntakeRefused, match="keyed digest"):
        find_delivery(places, registration, key)
    path.unlink()
    with pytest.raises(IntakeRefused, match="missing"):
        find_delivery(places, registration, key)


def test_a_digest_under_another_key_does_not_vouch(places: Places, key: PseudonymKey) -> None:
    with pytest.raises(IntakeRefused, match="keyed digest"):
        find_delivery(places, register(places, key), new_key())
