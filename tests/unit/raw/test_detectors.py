"""Detectors find identifiers in every column, and say how sure they are, without repeating them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import phonenumbers
import pytest
from raw_worlds import raw_table

from panelpress.model.delivery import Contract, ContractColumn, PrivacyRole, RawTable
from panelpress.model.text import LocalText
from panelpress.raw.detectors.locale import load_locales
from panelpress.raw.detectors.phones import national_pattern
from panelpress.raw.detectors.scan import judge, scan
from panelpress.raw.locales.checks import BY_CHANCE, CHECKS

HARMLESS = [
    "Yes, sure",
    "no opinion",
    "18-24",
    "2022-03-04 12:30:45",
    "1985",
    "3.14",
    "Strongly agree",
    "n/a",
    "99999999999999",
    ".0049374912",
    "-3.00493749",
]


def column(values: Sequence[str | None], name: str = "q1") -> RawTable:
    return raw_table([[value] for value in values], [name])


def found(values: Sequence[str | None], name: str = "q1") -> dict[str, str]:
    return {hit.detector: hit.strength for hit in scan(column(values, name))}


def contract_of(role: PrivacyRole = "plain", **more: object) -> Contract:
    return Contract("tiny", "w1", "plain_csv", (replace(ContractColumn("q1", role), **more),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("detector", "value"),
    [
        ("email", "write to ivan.petrov@example.org please"),
        ("email", "иван@почта.рф"),
        ("email", "ivan (at) example.org"),
        ("handle", "@some_person"),
        ("handle", "мой телеграм @some_person."),
        ("profile_link", "https://t.me/some_person"),
        ("profile_link", "vk.com/id12345"),
        ("phone", "+995 555 12 34 56"),
        ("phone", "звоните +7(916)123-45-67"),
        ("phone", "00995555123456"),
        ("phone", "8-916-123-45-67"),
        ("phone", "8 (916) 123 45 67"),
        ("ip_address", "203.0.113.77"),
        ("ip_address", "from 203.0.113.77."),
        ("ip_address", "2001:db8::8a2e:370:7334"),
        ("coordinates", "41.71514, 44.82709"),
        ("coordinates", "41.71514 44.82709 0 0"),
        ("coordinates", "41°42'54\"N 44°49'37\"E"),
        ("coordinates", "https://maps.app.goo.gl/abcdef"),
        ("device_id", "123e4567-e89b-12d3-a456-426614174000"),
        ("device_id", "00:1A:2B:3C:4D:5E"),
        ("response_id", "R_2dhOpwLAHG3FJqn"),
        ("user_agent", "Mozilla/5.0 (X11; Linux x86_64)"),
        ("snils", "112-233-445 95"),
        ("passport", "паспорт 4510 123456"),
        ("passport", "мой паспорт: 4510123456"),
        ("passport", "серия 4510 номер 123456"),
        ("snils", "112 233 445 95"),
        ("coordinates", "41,71514, 44,82709"),
        ("coordinates", "N41.71514 E44.82709"),
        ("coordinates", "41.7151° N, 44.8271° E"),
        ("ip_address", "[2001:db8::1]:8080"),
        ("national_id", "AB 12 34 56 C"),
        ("postal_code", "SW1A 1AA"),
        ("postal_code", "I live at SW1A 1AA now"),
        ("postal_code", "K1A 0B1"),
        ("postal_code", "1012 AB"),
        ("postal_code", "94103-1234"),
        ("email", "anna at example dot org"),
        ("email", "anna @ example.org"),
        ("handle", "telegram: anna_k"),
        ("device_id", "123e4567e89b12d3a456426614174000"),
        ("iban", "DE89 3704 0044 0532 0130 00"),
        ("coordinates", "41,71514 44,82713"),
        ("phone", "0532 123 45 67"),
        ("phone", "030/12345678"),
    ],
)
def test_what_gives_itself_away_is_found_among_harmless_answers(detector: str, value: str) -> None:
    hits = found([*HARMLESS, value])
    assert hits.get(detector) in ("certain", "likely"), hits


def test_harmless_answers_raise_no_alarm() -> None:
    assert not {detector: strength for detector, strength in found(HARMLESS).items() if strength != "possible"}


@pytest.mark.parametrize(
    "code",
    [
        "101000",
        "10115",
        "0108",
        "8001",
        "380 00",
        "00-950",
        "1010001",
        "SW1A 1AA",
        "1010",
        "sw1a1aa",
        "10115 Berlin",
        "Тбилиси, 0108",
    ],
)
def test_one_postal_code_in_an_otherwise_empty_column_is_found(code: str) -> None:
    assert found([None] * 400 + [code] + [None] * 99, name="v17").get("postal_code") in ("certain", "likely")


def test_a_year_or_a_code_in_an_otherwise_empty_column_is_not_a_postal_code() -> None:
    assert "postal_code" not in found([None] * 400 + ["1987"])
    labelled = replace(column([None] * 400 + ["10115"]), columns=(replace(column(["x"]).columns[0], values={"10115": "ten"}),))
    assert scan(labelled) == ()


@pytest.mark.parametrize("number", ["89161234567", "555123456", "0532 123 45 67", "052-123-4567"])
def test_one_telephone_number_in_an_otherwise_empty_column_is_found(number: str) -> None:
    assert found([None] * 400 + [number], name="v17").get("phone") in ("certain", "likely")


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("income", [str(15_001 + 173 * i) for i in range(400)]),
        ("v1", [str(2_000 + 7 * i * i) for i in range(400)]),
        ("v2", [f"{2014 + i % 10}{i % 12 + 1:02d}" for i in range(400)]),
        ("v3", [str(100_001 + i) for i in range(400)]),
        ("v4", ["10000-20000", "20000-30000", "30001-40000"] * 100),
        ("v5", [f"1.0{i:010d}" for i in range(400)]),
    ],
    ids=["named a quantity", "of several lengths", "months", "counted up", "bands", "with fractions"],
)
def test_amounts_months_counters_and_bands_block_nothing(name: str, numbers: list[str]) -> None:
    assert not {detector: strength for detector, strength in found(numbers, name).items() if strength != "possible"}


def test_a_number_among_words_is_somebodys() -> None:
    words = [
        f"{first} {second}" for first in ("often", "seldom", "never", "daily") for second in ("home", "work", "school", "shop")
    ]
    assert found([*words, "89161234567"])["phone"] == "likely"
    assert "likely" not in found([str(100000000 + 977 * i) for i in range(40)]).values()


def test_postal_codes_of_a_whole_column_are_found_by_their_look() -> None:
    codes = [f"{(7919 * i) % 89_999 + 10_000}" for i in range(300)]
    assert found(codes, name="v1").get("postal_code") == "likely"


def test_digits_are_weighed_by_the_column_they_stand_in() -> None:
    codes = [f"{number:06d}" for number in random.Random(1).sample(range(101000, 680000), 50)]
    incomes = [str(number * 1000) for number in range(101, 151)]
    assert found(codes)["postal_code"] == "likely"
    assert found(incomes)["postal_code"] == "possible"
    assert found(["word", "other word", "third word", "fourth", "101000"])["postal_code"] == "possible"
    assert found(["word", "other word", "third word", "fourth", "101000"], name="Ваш индекс")["postal_code"] == "likely"
    assert found(["1010", "1020", "1030", "9010"], name="zip_code")["postal_code"] == "likely"
    assert "postal_code" not in found(["1010", "1020", "1030", "9010"], name="spending")


def test_a_declared_range_makes_digits_a_quantity() -> None:
    raw = column([str(number * 7 + 100003) for number in range(50)])
    bounded = contract_of(type="integer", minimum="0", maximum="1000000")
    assert {hit.strength for hit in scan(raw, bounded)} == {"possible"}
    assert "likely" in {hit.strength for hit in scan(raw, contract_of(type="integer"))}


def test_coordinates_in_two_columns_are_found_by_the_columns_names() -> None:
    assert found(["41.71514", "40.18111"], name="LocationLatitude") == {"coordinates": "likely"}
    assert found(["41.71514", "40.18111"], name="factor_score") == {}


def imei(start: str) -> str:
    return next(start + str(digit) for digit in range(10) if CHECKS["luhn"]([int(each) for each in start + str(digit)]))


def test_control_sums_tell_devices_and_documents_from_chance() -> None:
    devices = [imei(str(35209900176148 + number)) for number in range(30)]
    assert found(devices)["imei"] == "likely"
    numbers = [str(random.Random(7).randrange(10**14, 10**15) + number) for number in range(300)]
    assert found(numbers).get("imei") == "possible"
    assert found(["text", "снилс 11223344595 мой"])["snils"] == "likely"
    assert found(["ИНН 500100732259"])["inn"] == "likely"


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_the_share_that_passes_by_chance_is_what_the_weighing_assumes(check: str) -> None:
    length = {"luhn": 15, "snils": 11, "inn": 10, "iin": 12, "iban": 20}[check]
    draw = random.Random(3)
    tries = 20_000
    passed = sum(CHECKS[check]([draw.randrange(10) for _ in range(length)]) for _ in range(tries))
    assert passed / tries == pytest.approx(BY_CHANCE[check], rel=0.4)


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_zeros_and_numbers_of_another_length_are_no_documents(check: str) -> None:
    assert not CHECKS[check]([0] * 12) and (check == "luhn" or not CHECKS[check]([1, 2, 3]))


def phone_world(values: Sequence[str], country: str, labels: dict[str, str] | None = None) -> dict[str, str]:
    raw = raw_table([[value, country] for value in values], ["q1", "country"])
    named = {code: LocalText({"ru": label}) for code, label in (labels or {}).items()}
    columns = (ContractColumn("q1", "plain"), ContractColumn("country", "quasi", values=named))
    contract = Contract("tiny", "w1", "plain_csv", columns, country_column="country")
    return {hit.detector: hit.strength for hit in scan(raw, contract) if hit.column == "q1"}


def test_a_local_number_is_read_by_the_plan_of_the_respondents_country() -> None:
    assert phone_world(["555123456"], "GE")["phone"] == "likely"
    assert phone_world(["555123456"], "Georgia")["phone"] == "likely"
    assert phone_world(["555123456"], "17", {"17": "Грузия"})["phone"] == "likely"
    assert "phone" not in phone_world(["555123456"], "DE")
    assert "phone" not in found(["555123456", "yes", "no", "perhaps"])


@pytest.mark.parametrize(
    "value", ["20220315", "203.0.113.77", "Mozilla/5.0 (Linux) Chrome/120.0.6099.144", "2022-03-15 10:20:30"]
)
def test_dates_addresses_and_versions_are_nobody_to_call(value: str) -> None:
    assert "phone" not in found([value]) and "phone" not in phone_world([value], "AM")


@pytest.mark.parametrize("region", ["RU", "GE", "AM", "KZ", "DE", "GB", "US", "RS", "TR", "IL", "FR"])
def test_the_patterns_agree_with_the_library_on_its_example_numbers(region: str) -> None:
    import re

    for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE):
        number = phonenumbers.example_number_for_type(region, kind)
        national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        pattern = national_pattern(region)
        assert pattern and re.match(pattern, re.sub(r"\D", "", national)), f"{region}: {national}"
        abroad = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        assert found(["a", "b", abroad])["phone"] == "certain"


@pytest.mark.parametrize(
    "name",
    [
        "Иван Петров",
        "John Smith",
        "Petrov Ivan",
        "звонила Анна Николаевна",
        "Ivanovich",
        "Татьяна",
        "Петров И. И.",
        "Giorgi Beridze",
    ],
)
def test_names_only_warn(name: str) -> None:
    assert found([*HARMLESS, name]) == {"name": "possible"} | found(HARMLESS)


def test_a_hit_in_a_column_that_comes_in_is_an_error_until_it_is_cleared() -> None:
    raw = column(["a@example.org", "fine", None])
    for role in ("plain", "quasi", "sensitive"):
        [finding] = judge(scan(raw), raw, contract_of(role), "run")
        assert (finding.severity, finding.n_failed, finding.n_total, finding.field) == ("error", 1, 2, "q1")
        assert "example" not in finding.message
    [finding] = judge(scan(raw), raw, contract_of("plain", cleared="addresses of offices"), "run")
    assert finding.severity == "info" and "addresses of offices" in finding.message


@pytest.mark.parametrize("role", ["id", "direct", "free_text", "drop", "paradata"])
def test_a_hit_in_a_column_that_is_dropped_only_confirms_its_role(role: PrivacyRole) -> None:
    raw = column(["a@example.org"])
    assert [finding.severity for finding in judge(scan(raw), raw, contract_of(role), "run")] == ["info"]


def test_declared_codes_are_nobodys_identifiers() -> None:
    raw = column(["101000", "101000"])
    assert scan(raw, contract_of(values={"101000": LocalText({"en": "first"})})) == ()


def test_every_pattern_of_the_packs_compiles_and_captures_nothing() -> None:
    import polars as pl

    for shape in (*load_locales().documents, *load_locales().postal):
        pl.Series(["1"]).str.contains(shape.pattern)
        assert shape.pattern.count("(") == shape.pattern.count("(?:"), shape
        assert shape.check is None or shape.check in CHECKS


def test_hits_count_cells_and_values_and_hold_neither() -> None:
    [hit] = scan(column(["a@example.org", "a@example.org", "b@example.org"]))
    assert (hit.cells, hit.values) == (3, 2)
    assert "example" not in repr(hit)
