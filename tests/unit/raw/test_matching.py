"""Items are matched by name, text, codes and labels together; a shared name alone is a trap, not a match."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest

from panelpress.model.delivery import RawColumn, RawTable
from panelpress.raw.answers import same_label, text_similarity
from panelpress.raw.joined import find_joined
from panelpress.raw.matching import Item, Matching, match_waves
from panelpress.raw.profile import profile_columns

TRUST = {"1": "Most people can be trusted", "2": "Need to be very careful"}
SCALE = {"1": "Not at all", "2": "Rather not", "3": "Rather", "4": "Very much"}


def item(wave: str, name: str, text: str = "", values: Mapping[str, str] | None = None, cells: list[str] | None = None) -> Item:
    answers = cells if cells is not None else list(values or {"1": ""}) * 15
    table = RawTable("plain_csv", (RawColumn(name, text, values or {}),), pl.DataFrame({name: answers}), rows_in=len(answers))
    return Item(wave, profile_columns(table)[0])


def matched(*items: Item) -> Matching:
    waves: dict[str, list[Item]] = {}
    for each in items:
        waves.setdefault(each.wave, []).append(each)
    return match_waves(waves)


def groups(found: Matching) -> list[list[str]]:
    return [[f"{each.wave}.{each.profile.name}" for each in group] for group in found.groups]


def test_one_name_one_text_and_the_same_answers_are_one_item() -> None:
    found = matched(item("w1", "q12", "Can people be trusted?", TRUST), item("w2", "q12", "Can most people be trusted?", TRUST))
    assert groups(found) == [["w1.q12", "w2.q12"]]
    assert "2 of 2 answers in common" in found.why(found.groups[0][0])


def test_another_name_with_the_same_text_is_one_item() -> None:
    found = matched(
        item("w1", "q12", "Can most people be trusted?", TRUST), item("w2", "trust", "Can most people be trusted?", TRUST)
    )
    assert groups(found) == [["w1.q12", "w2.trust"]]


def test_the_same_name_over_other_categories_is_no_match() -> None:
    found = matched(item("w1", "q12", "Well?", TRUST), item("w2", "q12", "Well?", SCALE))
    assert groups(found) == [["w1.q12"], ["w2.q12"]]
    assert [pair.why.split(": ")[1] for pair in found.traps] == ["other categories"]


def test_the_same_name_over_reversed_codes_is_no_match() -> None:
    turned = dict(zip(SCALE, reversed(list(SCALE.values())), strict=True))
    found = matched(item("w1", "happy", "How happy are you?", SCALE), item("w2", "happy", "How happy are you?", turned))
    assert groups(found) == [["w1.happy"], ["w2.happy"]]
    assert "reversed codes" in found.traps[0].why


def test_the_same_answers_under_moved_codes_are_no_match() -> None:
    moved = {str(int(code) + 10): label for code, label in SCALE.items()}
    found = matched(item("w1", "happy", "", SCALE), item("w2", "happy", "", moved))
    assert "the same answers under other codes" in found.traps[0].why


def test_the_same_name_over_another_question_is_no_match() -> None:
    found = matched(
        item("w1", "q5", "Do you own a car?", {"1": "Yes", "2": "No"}),
        item("w2", "q5", "Ever visited Iceland?", {"1": "Yes", "2": "No"}),
    )
    assert groups(found) == [["w1.q5"], ["w2.q5"]]
    assert "another question" in found.traps[0].why


def test_numbers_in_one_wave_and_several_answers_in_a_cell_in_the_other_are_no_match() -> None:
    found = matched(
        item("w1", "media", cells=[str(i) for i in range(60)]), item("w2", "media", cells=["Radio", "Press", "Radio, Press"] * 20)
    )
    assert groups(found) == [["w1.media"], ["w2.media"]]


def test_text_codes_and_labelled_numbers_are_matched_by_what_they_say() -> None:
    found = matched(item("w1", "vote", cells=["Yes", "No"] * 20), item("w2", "vote", values={"1": "Yes", "2": "No"}))
    assert groups(found) == [["w1.vote", "w2.vote"]]


def test_codes_of_missing_answers_do_not_count_as_categories() -> None:
    found = matched(
        item("w1", "q12", "", {**TRUST, "98": "Don't know"}),
        item("w2", "q12", "", {**TRUST, "-1": "Refused", "-2": "Prefer not to say"}),
    )
    assert groups(found) == [["w1.q12", "w2.q12"]]


def test_leftovers_with_the_same_telling_answers_are_proposed_but_not_yes_and_no() -> None:
    telling = matched(item("w1", "gender", cells=["female", "male"] * 20), item("w2", "sex", cells=["female", "male"] * 20))
    assert groups(telling) == [["w1.gender", "w2.sex"]]
    assert "which no other item has" in telling.matches[0].why
    generic = matched(item("w1", "car", cells=["yes", "no"] * 20), item("w2", "dog", cells=["yes", "no"] * 20))
    assert groups(generic) == [["w1.car"], ["w2.dog"]]


def test_three_waves_make_one_group_and_a_wave_never_gives_two() -> None:
    found = matched(
        item("w1", "q12", "Can most people be trusted?", TRUST),
        item("w2", "trust", "Can most people be trusted?", TRUST),
        item("w2", "trust_again", "Can most people be trusted?", TRUST),
        item("w3", "q12", "Can most people be trusted?", TRUST),
    )
    assert [sorted({name.split(".")[0] for name in group}) for group in groups(found)] == [["w1", "w2", "w3"], ["w2"]]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Yes", "yes.", True),
        ("Very favorably", "very favourably", True),
        ("male", "female", False),
        ("comfortable", "uncomfortable", False),
        ("agree", "disagree", False),
        ("10", "100", False),
        ("1", "1", True),
    ],
)
def test_two_labels_say_the_same_only_in_the_same_words(one: str, other: str, same: bool) -> None:
    assert same_label(one, other) is same


def test_text_similarity_is_symmetric_at_its_ends() -> None:
    assert text_similarity("How OLD are you?", "how old are you") == 1.0
    assert text_similarity("abc", "xyz") == 0.0


def counted(cells: list[str]) -> pl.DataFrame:
    return pl.Series("cell", cells).value_counts(name="n")


def test_joined_answers_are_found_and_sentences_are_not() -> None:
    joined = find_joined(counted(["Radio, Press", "Radio", "Press", "Press, Radio"] * 10), 11)
    assert joined is not None and (joined.separator, sorted(joined.options)) == (", ", ["Press", "Radio"])
    assert find_joined(counted(["Yes, definitely", "Yes, partly", "No, never"] * 20), 11) is None
    assert find_joined(counted([f"I moved in {i} because, well, I had to" for i in range(40)]), 11) is None


def test_a_separator_in_brackets_belongs_to_its_answer() -> None:
    cells = ["Radio, Networks (VK, OK)", "Radio", "Networks (VK, OK)", "Press, Radio", "Press"] * 4
    joined = find_joined(counted(cells), 3)
    assert joined is not None and sorted(joined.options) == ["Networks (VK, OK)", "Press", "Radio"]


def test_numbers_with_a_decimal_comma_are_no_joined_codes() -> None:
    assert find_joined(counted(["1,5", "2,5", "1", "2", "5"] * 8), 3) is None
    codes = find_joined(counted(["1,2,3", "1,2", "1", "2", "3"] * 8), 3)
    assert codes is not None and sorted(codes.options) == ["1", "2", "3"]
