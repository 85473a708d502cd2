"""Columns of the catalogue tables: what a release says about itself, in every language of the project.

``waves``, ``variables``, ``value_labels``, ``missing_reasons``, ``availability``, ``crosswalk``, ``samples`` and
``release_info``. Only their shape stands here; ``panelpress.publish.tables.catalogue`` fills them from declarations and open
tables.
Text that exists per language has one column a language (``label_en``, ``label_ru``).
"""

from __future__ import annotations

from collections.abc import Sequence

from panelpress.model.table import Field, FieldType, ForeignKey, Table
from panelpress.model.text import NO_TEXT, LocalText
from panelpress.schemas.tables import english

_VARIABLE = ForeignKey(("variable",), "variables", ("variable",))
_WAVE = ForeignKey(("wave",), "waves", ("wave",))


def column(name: str, title: str, type: FieldType = "string", required: bool = False, about: str = "") -> Field:
    """One column of a catalogue table."""
    return Field(name, type, english(title), english(about) if about else NO_TEXT, required=required)


def per_language(name: str, title: str, languages: Sequence[str]) -> list[Field]:
    """One text column a language: ``<name>_<language>``."""
    return [Field(f"{name}_{language}", "string", english(f"{title} ({language})")) for language in languages]


def catalogue(
    name: str, title: str, about: str, fields: Sequence[Field], key: Sequence[str], references: Sequence[ForeignKey] = ()
) -> Table:
    """A catalogue table; ``key`` is its primary key and the order of its rows."""
    return Table(
        name=name,
        kind="catalogue",
        title=LocalText({"en": title}),
        description=LocalText({"en": about}),
        fields=tuple(fields),
        primary_key=tuple(key),
        foreign_keys=tuple(references),
    )


def waves_table(languages: Sequence[str]) -> Table:
    fields = [
        column("wave", "Wave", required=True),
        column("study", "Study", required=True),
        column("position", "Position of the wave in its study", "integer", required=True),
        *per_language("study_title", "Title of the study", languages),
        *per_language("label", "Label", languages),
        column("field_start", "Field start", about="As precise as known: day, month or year."),
        column("field_end", "Field end", about="As precise as known: day, month or year."),
        *per_language("mode", "Mode of collection", languages),
        *per_language("note", "Note", languages),
        column("n_responses", "Responses in this release", "integer", required=True),
    ]
    return catalogue(
        "waves", "Waves", "Rounds of data collection of every study, with the responses published.", fields, ["wave"]
    )


def variables_table(languages: Sequence[str]) -> Table:
    fields = [
        column("variable", "Variable", required=True),
        column("tier", "Tier", required=True, about="The finest tier that holds it; others list the variable without data."),
        column("studies", "Studies", about="Studies that have it, separated by blanks."),
        column("concept", "Concept"),
        *per_language("concept_label", "Concept", languages),
        column("type", "Type", required=True),
        column("unit", "Unit"),
        column("minimum", "Least value"),
        column("maximum", "Greatest value"),
        *per_language("label", "Label", languages),
        *per_language("question", "Question", languages),
        *per_language("note", "Note", languages),
        column("disclosure", "Role in disclosure control"),
        column("denominator", "Base of shares", about="valid, valid_plus_dont_know, or all who were asked."),
        column("other_denominators", "Other bases in use", about="Separated by blanks."),
        column("external", "Same item elsewhere", about="scheme:id, separated by blanks."),
        column("replaced_by", "Replaced by", about="The successor of a deprecated variable."),
        column("n_valid", "Valid answers in this release", "integer"),
        column("n_missing", "Missing answers in this release", "integer"),
    ]
    return catalogue("variables", "Variables", "Harmonized variables.", fields, ["variable"])


def value_labels_table(languages: Sequence[str]) -> Table:
    fields = [
        column("variable", "Variable", required=True),
        column("code", "Code", required=True, about="As text, because some variables have letters for codes."),
        column("position", "Position in the code list", "integer", required=True),
        *per_language("label", "Label", languages),
        column("category_group", "Broader heading"),
    ]
    about = "Every code that a variable may hold, whether or not it occurs; from the questionnaire, not from the answers."
    return catalogue("value_labels", "Value labels", about, fields, ["variable", "code"], [_VARIABLE])


def missing_reasons_table(languages: Sequence[str]) -> Table:
    fields = [
        column("reason", "Reason", required=True),
        column("code", "Numeric code", "integer", required=True),
        column("stata", "Stata missing value", required=True),
        column("class", "Class", required=True),
        *per_language("label", "Label", languages),
        column("meaning", "Meaning"),
    ]
    return catalogue("missing_reasons", "Missing reasons", "Why a value may be missing.", fields, ["reason"])


def availability_table(languages: Sequence[str]) -> Table:
    fields = [
        column("variable", "Variable", required=True),
        column("wave", "Wave", required=True),
        column("status", "Status", required=True, about="complete, partial or impossible."),
        column("detail", "Detail"),
        column("rule", "Kind of rule", required=True, about="map, copy, multi, expr or none."),
        column("source", "Raw columns", about="Separated by blanks."),
        column("expression", "Expression of a derived variable"),
        column("universe", "Who was asked", about="Everyone else is not_applicable."),
        column("coverage", "Codes that this wave can hold", about="Separated by blanks; empty where it can hold all."),
        column("breaks_with", "Not comparable with waves", about="Separated by blanks."),
        column("scale_points", "Points of the scale", "integer"),
        column("scale_direction", "Direction of the scale"),
        column("scale_midpoint", "Whether the scale has a midpoint", about="yes or no"),
        column("dont_know_offered", "Whether don't know was offered", about="yes or no"),
        column("mode", "Mode"),
        *per_language("question", "Question of this wave", languages),
        *per_language("note", "Note", languages),
        column("n_rows", "Responses in this release", "integer"),
        column("n_valid", "Valid answers in this release", "integer"),
        column("n_suppressed", "Answers removed to protect respondents", "integer"),
    ]
    about = "Variable by wave: where it comes from, how comparable it is, how many answers this release holds."
    return catalogue("availability", "Availability", about, fields, ["variable", "wave"], [_VARIABLE, _WAVE])


def crosswalk_table() -> Table:
    fields = [
        column("variable", "Variable", required=True),
        column("wave", "Wave", required=True),
        column("position", "Position in the rule", "integer", required=True),
        column("source", "Raw columns"),
        column("raw", "Raw code", required=True, about="In brackets what is no code: a blank cell, a condition, any other code."),
        column("code", "Harmonized code"),
        column("reason", "Missing reason"),
    ]
    about = (
        "How every raw code becomes a harmonized code or a missing reason, before disclosure control. The first row that fits "
        "decides; a joined cell is 1 where any of its texts is."
    )
    return catalogue("crosswalk", "Crosswalk", about, fields, ["variable", "wave", "position"], [_VARIABLE, _WAVE])


def samples_table(languages: Sequence[str]) -> Table:
    fields = [
        column("sample", "Sample", required=True),
        column("study", "Study", required=True),
        *per_language("label", "Label", languages),
        column("rule", "Rule", about="Which responses belong to the sample; empty: all."),
        column("unit", "Unit counted", required=True),
        *per_language("note", "Note", languages),
    ]
    return catalogue("samples", "Named samples", "Sets of responses with a stated base.", fields, ["sample"])


def views_table(languages: Sequence[str]) -> Table:
    fields = [
        column("view", "View", required=True),
        column("kind", "Kind", required=True, about="all: over all studies; sample: a named sample; trend: comparable waves."),
        column("study", "Study"),
        column("variable", "Variable of a trend"),
        column("waves", "Waves that it can hold", required=True, about="Separated by blanks."),
        column("left_out", "Waves left out", about="Those that a break excludes, separated by blanks."),
        *per_language("description", "Description", languages),
    ]
    return catalogue("views", "Views", "Views of the SQLite and DuckDB files.", fields, ["view"])


def release_info_table() -> Table:
    fields = [column("item", "Item", required=True), column("value", "Value")]
    return catalogue("release_info", "About this release", "What this file is: version, date, tier, licence.", fields, ["item"])


def catalogue_tables(languages: Sequence[str]) -> tuple[Table, ...]:
    """All catalogue tables in publication order."""
    return (
        waves_table(languages),
        variables_table(languages),
        value_labels_table(languages),
        missing_reasons_table(languages),
        availability_table(languages),
        crosswalk_table(),
        samples_table(languages),
        release_info_table(),
    )
