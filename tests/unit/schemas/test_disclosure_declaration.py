"""``build/disclosure.yaml``: everything wrong in it is refused when it is read, with file and line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from language_world import write
from panelpress.errors import DeclarationError
from panelpress.model.disclosure import Budget, DisclosureDeclaration, EstimateDemand
from panelpress.model.study import Sample, Study, Wave
from panelpress.model.text import LocalText
from panelpress.model.variable import Category, Variable, WaveRule
from panelpress.paths import Places
from panelpress.schemas.disclosure import load_disclosure
from panelpress.schemas.lint import lint

STUDY = Study("tiny", LocalText({"en": "Tiny"}), (Wave("a", "tiny", LocalText({"en": "a"}), "2022", "2022"),))
RULES = {"a": WaveRule("a", "complete", source=("q",))}
REGION = Variable(
    "region",
    LocalText({"en": "Region"}),
    "place",
    "nominal",
    "open",
    RULES,
    categories=tuple(Category(code, LocalText({"en": str(code)})) for code in (1, 2, 3, 4)),
)
AGE = Variable("age", LocalText({"en": "Age"}), "person", "integer", "open", RULES)
LEFT = Variable("left", LocalText({"en": "Left"}), "move", "date", "open", RULES)
SAMPLE = Sample("all", "tiny", LocalText({"en": "All"}), None)
HEAD = """\
spec: panel-disclosure/0.1
hierarchies:
  regions:
    levels:
    - {id: two, groups: [{code: 10, label: West, of: [1, 2]}, {code: 20, label: East, of: [3, 4]}]}
  ages:
    cuts:
    - {id: decades, at: [20, 30, 40]}
    - {id: halves, at: [30]}
  days:
    cuts: [{id: before_after, at: ["2022-09-21"]}]
"""
STUDIES = """\
studies:
  tiny:
    keys:
      region: {kind: varying, hierarchy: regions, importance: 2}
      age: {kind: static, hierarchy: ages}
      left: {kind: static, hierarchy: days}
"""
TIERS = """\
tiers:
  open:
    k: 11
    max_risk: 0.09
    studies:
      tiny:
        keep: [{sample: all, key: region, level: two, starred: 0.05}]
        budgets: [{sample: all, ncp: 0.4}]
        finest: {age: decades}
  scientific_use: {k: 5, max_risk: 0.20}
"""


def load(folder: Path, text: str, files: dict[str, str] | None = None) -> DisclosureDeclaration:
    places = Places(folder, folder / "work")
    places.hierarchies.mkdir(parents=True, exist_ok=True)
    places.disclosure_file.write_text(text, encoding="utf-8")
    for name, content in (files or {}).items():
        (places.hierarchies / name).write_text(content, encoding="utf-8")
    return load_disclosure(places, (STUDY,), (REGION, AGE, LEFT), (SAMPLE,))


def test_a_declaration_is_read_whole(tmp_path: Path) -> None:
    declared = load(tmp_path, HEAD + STUDIES + TIERS)
    keys = declared.studies["tiny"]
    assert [key.variable for key in keys.keys] == ["region", "age", "left"]
    assert keys.key("region").importance == 2
    assert [category.label.in_language() for category in keys.key("age").levels[0].categories] == ["<20", "20–29", "30–39", "40+"]
    assert declared.tiers["open"].rules("tiny").floors[0].starred == 0.05


def test_a_study_without_strata_has_one_sample_called_everyone(tmp_path: Path) -> None:
    floors = (
        load(tmp_path, HEAD + STUDIES + TIERS.replace("sample: all", "sample: everyone")).tiers["open"].studies["tiny"].floors
    )
    assert [floor.sample for floor in floors] == ["everyone"]
    strata = STUDIES + "    strata: [{id: once, where: n_waves() = 1}]\n"
    with pytest.raises(DeclarationError, match="no sample of `tiny` is called `everyone`"):
        load(tmp_path, HEAD + strata + TIERS.replace("sample: all", "sample: everyone"))


def test_bands_and_groups_find_the_published_code(tmp_path: Path) -> None:
    declared = load(tmp_path, HEAD + STUDIES + TIERS).hierarchies
    assert [declared["ages"].levels[0].parent(age) for age in (19, 20, 39, 40)] == [101, 102, 103, 104]
    assert [declared["days"].levels[0].parent(day) for day in ("2022-09-20", "2022-09-21")] == [101, 102]
    assert declared["regions"].levels[0].parent(3) == 20


def test_a_greatest_risk_of_nine_percent_needs_twelve_persons_not_eleven(tmp_path: Path) -> None:
    tiers = load(tmp_path, HEAD + STUDIES + TIERS).tiers
    assert (tiers["open"].class_size, tiers["scientific_use"].class_size) == (12, 5)


def test_a_hierarchy_may_stand_in_a_csv_file(tmp_path: Path) -> None:
    head = "spec: panel-disclosure/0.1\nhierarchies:\n  regions: {file: regions.csv}\n"
    studies = "studies: {tiny: {keys: {region: {kind: varying, hierarchy: regions}}}}\n"
    tiers = "tiers: {open: {k: 3, max_risk: 0.5}}\n"
    table = "code,side,everything\n1,west,*\n2,west,*\n3,east,*\n4,east,*\n"
    declared = load(tmp_path, head + studies + tiers, {"regions.csv": table})
    assert [level.id for level in declared.hierarchies["regions"].levels] == ["side"]
    assert declared.hierarchies["regions"].levels[0].parent(4) == "east"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("of: [3, 4]", "of: [3]", "has a hole: no parent for 4"),
        ("of: [3, 4]", "of: [3, 4, 2]", "puts the code 2 into two groups"),
        ("at: [30]", "at: [35]", "do not nest"),
        ("at: [20, 30, 40]", "at: [20, 40, 30]", "do not rise"),
        ('at: ["2022-09-21"]', "at: [12]", "`left` is date, but `days` cuts at 12"),
        ("hierarchy: regions", "hierarchy: region", "no hierarchy is called `region`"),
        ("age: {kind: static", "ages: {kind: static", "`tiny` has no variable `ages`"),
        ("sample: all, key", "sample: al, key", "no sample of `tiny` is called `al`"),
        ("level: two", "level: three", "has no key or level 'three'"),
        ("kind: varying", "kind: varyng", "Did you mean `varying`?"),
        ("max_risk: 0.09", "max_risk: 9", "max_risk is 9.0"),
        ("k: 11", "k: 4", ""),
        ("k: 11", "k: 11\n    diversity: 2", "but no study says of which variables"),
        ("    keys:", "    sensitive: [region]\n    keys:", "`region` is a key"),
        ("    keys:", "    sensitive: [vote]\n    keys:", "`sensitive` names `vote`"),
        ("  tiny:\n    keys", "  tiny2:\n    keys", "no study is called `tiny2`"),
    ],
)
def test_what_is_wrong_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (HEAD + STUDIES + TIERS).replace(old, new, 1)
    if not said:
        text = text.replace("max_risk: 0.09", "max_risk: 0.5")
        said = "less safe than the licensed one"
    with pytest.raises(DeclarationError) as refused:
        load(tmp_path, text)
    assert said in f"{refused.value.what} {refused.value.todo}"
    assert refused.value.where.startswith("build/disclosure.yaml:")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("code,side\n1,west\n2,west\n3,east\n4,\n", "has a hole"),
        ("code,side\n1,west\n2,west\n3,east\n3,east\n", "lists a code twice"),
        ("code,part,side\n1,a,west\n2,a,east\n3,b,east\n4,b,east\n", "does not nest"),
    ],
)
def test_a_csv_hierarchy_with_a_hole_or_not_nested_is_refused(tmp_path: Path, table: str, said: str) -> None:
    text = (HEAD + STUDIES + TIERS).split("  regions:")[0] + "  regions: {file: regions.csv}\n"
    text += HEAD.split("(unused)")[0].split("  ages:")[1].join(["  ages:", ""]) + STUDIES + TIERS
    with pytest.raises(DeclarationError, match=said):
        load(tmp_path, text, {"regions.csv": table})


def test_a_local_key_may_not_give_one_code_two_meanings(tmp_path: Path) -> None:
    text = (HEAD + STUDIES + TIERS).replace("code: 10", "code: 1").replace("importance: 2", "local: true")
    with pytest.raises(DeclarationError, match="means something else"):
        load(tmp_path, text)


OCCUPATION = Variable("occupation", LocalText({"en": "Occupation"}), "work", "text", "open", RULES, disclosure="quasi")


def load_with(folder: Path, more: Sequence[Variable], text: str) -> DisclosureDeclaration:
    places = Places(folder, folder / "work")
    places.hierarchies.mkdir(parents=True, exist_ok=True)
    places.disclosure_file.write_text(text, encoding="utf-8")
    return load_disclosure(places, (STUDY,), (REGION, AGE, LEFT, *more), (SAMPLE,))


@pytest.mark.parametrize("role", ["quasi", "observable_act"])
@pytest.mark.parametrize("tier", ["open", "scientific_use"])
def test_a_variable_that_identifies_has_to_be_a_key_of_every_tier_that_holds_it(tmp_path: Path, tier: str, role: str) -> None:
    held = replace(OCCUPATION, tier=tier, disclosure=role)  # type: ignore[arg-type]
    with pytest.raises(DeclarationError) as refused:
        load_with(tmp_path, (held,), HEAD + STUDIES + TIERS)
    assert f"`occupation` of `tiny` is in the tier `{tier}`" in refused.value.what
    assert "key" in refused.value.todo and "tier" in refused.value.todo and "`harmless`" in refused.value.todo


def test_no_tier_a_reason_or_no_such_role_lets_it_pass(tmp_path: Path) -> None:
    for other in (replace(OCCUPATION, tier="never"), replace(OCCUPATION, disclosure="none")):
        load_with(tmp_path, (other,), HEAD + STUDIES + TIERS)
    harmless = STUDIES + "    harmless: {occupation: All were students.}\n"
    assert "occupation" in load_with(tmp_path, (OCCUPATION,), HEAD + harmless + TIERS).studies["tiny"].harmless


def test_combinations_of_open_options_have_to_be_counted(tmp_path: Path) -> None:
    options = tuple(replace(OCCUPATION, id=f"news_{each}", multi_of="news", disclosure="none") for each in ("web", "tv"))
    with pytest.raises(DeclarationError, match="the options of `news` of `tiny` are in the open tier"):
        load_with(tmp_path, options, HEAD + STUDIES + TIERS)
    harmless = "    harmless: {news_web: Everybody reads it., news_tv: Everybody sees it.}\n"
    for said in ("    patterns: [news]\n", harmless):
        load_with(tmp_path, options, HEAD + STUDIES + said + TIERS)
    load_with(tmp_path, options[:1], HEAD + STUDIES + TIERS)
    load_with(tmp_path, tuple(replace(each, tier="scientific_use") for each in options), HEAD + STUDIES + TIERS)


def test_what_printed_numbers_have_to_come_through_is_read(tmp_path: Path) -> None:
    asked = "carried: 0.8}]\n        estimates: {about: [region], carried: 0.6, median: 2, ninth_decile: 5}"
    text = HEAD + STUDIES + TIERS.replace("ncp: 0.4}]", f"ncp: 0.4, {asked}")
    rules = load(tmp_path, text).tiers["open"].rules("tiny")
    assert rules.budgets == (Budget("all", ncp=0.4, carried=0.8),)
    assert rules.estimates == EstimateDemand(("region",), 0.6, 2.0, 5.0)


def test_weights_and_households_name_variables_of_the_study(tmp_path: Path) -> None:
    keys = load(tmp_path, HEAD + STUDIES + "    weight: age\n    household: left\n" + TIERS).studies["tiny"]
    assert (keys.weight, keys.household) == ("age", "left")
    with pytest.raises(DeclarationError, match="`weight` names `nothing`"):
        load(tmp_path, HEAD + STUDIES + "    weight: nothing\n" + TIERS)


def test_lint_reads_it_without_data(tmp_path: Path) -> None:
    here = write(tmp_path)
    assert lint(here) == []
    asked = "studies: {little: {keys: {nothing: {kind: static}}}}\ntiers: {open: {k: 11, max_risk: 0.09}}\n"
    here.disclosure_file.write_text(f"spec: panel-disclosure/0.1\n{asked}", encoding="utf-8")
    assert [each.what for each in lint(here)] == ["`little` has no variable `nothing`."]
