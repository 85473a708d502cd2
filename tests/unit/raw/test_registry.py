"""The registry knows every delivery by a keyed digest and refuses what it cannot vouch for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from raw_worlds import register

from panelpress.errors import DeclarationError, IntakeRefused
from panelpress.paths import Places
from panelpress.raw.identity import delivery_digest
from panelpress.raw.key import PseudonymKey, new_key
from panelpress.raw.registry import HEADER, find_delivery, read_registry, write_registry

SHORT = ",".join(HEADER[:-2])
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
        ([SHORT, "w1.csv,aa,10"], "deliveries.csv:2: has 3 cells"),
        ([SHORT, LINE.replace("10", "ten")], "`bytes` is not a whole number"),
        ([SHORT, LINE.replace("aa", "")], "`digest` is empty"),
        ([SHORT, LINE.replace("w1.csv", "../key")], "a file leads out of raw/deliveries"),
        ([SHORT, LINE.replace("w1.csv", "/etc/passwd")], "leads out of raw/deliveries"),
        ([SHORT, LINE, LINE.replace("w1.csv", "b.csv")], "deliveries.csv:3: tiny, w1 is registered twice"),
        ([SHORT, 'w1.csv,"aa'], "not valid CSV"),
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
    assert find_delivery(places, register(places, key), key).path == places.deliveries / "w1.csv"


def test_the_files_beside_a_delivery_are_checked_too(places: Places, key: PseudonymKey) -> None:
    form = places.deliveries / "form.lss"
    registration = register(places, key)
    form.write_text("<form/>")
    both = replace(registration, companions=f"form.lss={delivery_digest(key, form)}")
    write_registry(places, [both])
    assert find_delivery(places, read_registry(places)[0], key).companions == (form,)
    form.write_text("<form></form>")
    with pytest.raises(IntakeRefused, match=r"form\.lss: its keyed digest"):
        find_delivery(places, both, key)


def test_the_column_of_companions_may_be_left_out(places: Places) -> None:
    places.raw.mkdir()
    places.registry.write_text(",".join(HEADER[:-2]) + "\n" + LINE + "\n")
    assert read_registry(places)[0].companions == ""


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
