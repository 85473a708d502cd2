"""The list of everything that the gate checks: one entry a check id, with its owner, severity, meaning and next step.

Findings are made only through ``finding``, so an id that is not listed here cannot be reported and none has two owners.
``docs/reference/checks.md`` describes the same list; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from panelpress.model.constraint import OWNERS, Owner
from panelpress.model.findings import Finding, Severity, Stage
from panelpress.model.rules import ProjectRule
from panelpress.validation.attack_checks import ATTACKS


@dataclass(frozen=True, slots=True)
class Check:
    """``holds`` says in one sentence what is true when the check passes; ``todo`` what to do when it does not.
    ``people`` is false where the counted units are not respondents (columns, files, entries of a declaration)."""

    id: str
    stage: Stage
    owner: Owner
    severity: Severity
    holds: str
    todo: str
    people: bool = True


_KINDS: Mapping[str, tuple[str, str, bool]] = {
    "readable": ("The file exists and can be read as CSV.", "Write the file again.", False),
    "encoding": ("The file is UTF-8.", "Write the file again as UTF-8.", False),
    "header": ("The header names exactly the declared columns.", "Write the columns that the declaration names.", False),
    "row_shape": ("Every row has as many cells as the header.", "Look for stray separators and line breaks.", True),
    "integrity": ("Size and hash of the file are those of the descriptor.", "Publish the file that was described.", False),
    "columns": ("The table has exactly the declared columns in order.", "Compare the table with its declaration.", False),
    "type": ("Every value is of the declared type.", "Mend the type in the declaration or the value's rule.", True),
    "required": ("A required column has no blank cell.", "Mend the source or let the column be blank.", True),
    "pattern": ("Every text has the declared form.", "Mend the rule that writes it.", True),
    "codes": ("Every code is on the declared list.", "Add the code to the list or to the rule that maps it.", True),
    "range": ("Every value lies between minimum and maximum.", "Correct the value or widen the declared range.", True),
    "key_complete": ("No part of a key is blank.", "Find rows without an identifier at their source.", True),
    "key_unique": ("No two rows share a key.", "Find the repeated rows at their source.", True),
    "unique": ("No two rows agree on a declared unique key.", "Find the repeated rows at their source.", True),
    "foreign_key": ("Every reference points to a row that exists.", "Publish the missing row or mend the reference.", True),
    "one_channel": ("A cell holds a value or a reason why not, never both or neither.", "Mend the variable's rule.", True),
    "blank_text": ("No text is empty; an empty text would be read back as missing.", "Make it NULL with a reason.", True),
}
# What is odd in a raw file can often be mended only by a declared correction, so it warns; the build stops what is not mapped.
# A person twice in a wave may be taken out by a declared cleaning rule; the build stops what is left.
_LENIENT = frozenset({"wave.codes", "wave.range", "wave.key_unique"})
_STAGES: Mapping[str, Stage] = {"wave": "wave", "table": "release", "package": "package"}


def _compiled() -> dict[str, Check]:
    found = {}
    for (subject, kind), owner in OWNERS.items():
        name = f"{subject}.{kind}"
        holds, todo, people = _KINDS[kind]
        severity: Severity = "warning" if name in _LENIENT else "error"
        found[name] = Check(name, _STAGES[subject], owner, severity, holds, todo, people)
    return found


_DECLARED = (
    Check(
        "descriptor.profile", "descriptor", "jsonschema", "error",
        "The descriptor fits the Data Package 2.0 profile.",
        "Mend the declaration that the named property comes from.", False,
    ),
    Check(
        "descriptor.references", "descriptor", "linter", "error",
        "Keys, code lists and reasons of the descriptor name things that exist and agree.",
        "Mend the name; the profile cannot see across properties.", False,
    ),
    Check(
        "package.read_in_full", "package", "frictionless", "info",
        "Every published CSV was read to its end by the outsider's validator.",
        "Nothing: DuckDB checked the whole table before it was written; this says how far the outsider's tool read.",
    ),
    Check(
        "package.read_back", "package", "duckdb", "error",
        "A file too large for the outsider's validator has the described size and hash and reads back with its types.",
        "Write the file again.", False,
    ),
    Check(
        "summary.empty_column", "release", "great_expectations", "error",
        "Every variable that a wave asked has an answer in it.",
        "Look at the variable's rule; list it under `empty` if nobody answered.", False,
    ),
    Check(
        "summary.missing_share", "release", "great_expectations", "warning",
        "No variable misses more answers than the threshold `missing`.",
        "Look at the missing codes and the universe of the variable in that wave.", False,
    ),
    Check(
        "summary.suppressed_share", "release", "great_expectations", "warning",
        "Disclosure control removed no more of a variable than the threshold `suppressed`.",
        "Recode the variable coarser instead, or leave it out of this tier.", False,
    ),
    Check(
        "summary.missing_drift", "release", "great_expectations", "warning",
        "No share of missing answers moved more than `missing_change` since the last release.",
        "Explain the change in the notes, or mend what caused it.", False,
    ),
    Check(
        "summary.distribution_drift", "release", "great_expectations", "warning",
        "No distribution moved more than `tvd` since the last release.",
        "Explain the change in the notes, or mend what caused it.", False,
    ),
    Check(
        "summary.stability_index", "release", "great_expectations", "warning",
        "No population stability index against the last release exceeds `psi`.",
        "Explain the change in the notes, or mend what caused it.", False,
    ),
    Check(
        "summary.wave_present", "release", "great_expectations", "error",
        "Every declared wave has responses.", "Take in the delivery, or take the wave out of build/waves.yaml.", False,
    ),
    Check(
        "summary.expected_rows", "release", "great_expectations", "error",
        "A wave has as many responses as its documents state, within `expected`.",
        "Find the lost or added responses, or correct `expected` in build/waves.yaml.", False,
    ),
    Check(
        "summary.rows_drift", "release", "great_expectations", "warning",
        "No wave gained or lost more than the share `rows_change` of its responses since the last release.",
        "Explain the change in the notes, or mend what caused it.", False,
    ),
    Check(
        "summary.retention", "release", "great_expectations", "error",
        "Some persons of each wave answered the next one, and as many as `retention` declares.",
        "If nobody came back, ids of the two waves were not linked; otherwise mend the declared bounds.", False,
    ),
    Check(
        "summary.minimum_cell", "release", "great_expectations", "error",
        "No published count of a listed table lies below its minimum cell.",
        "Merge categories of that aggregate.", False,
    ),
    Check(
        "panel.studies_disjoint", "panel", "duckdb", "error",
        "No person id stands in two studies.", "Studies are independent samples; give each its own id space at intake.",
    ),
    Check(
        "panel.constant", "panel", "duckdb", "warning",
        "A fact that cannot change is the same in all waves of a person.",
        "Correct the odd answer, or raise `conflict_tolerance` if people may answer so.",
    ),
    Check(
        "panel.linkage_conflict", "panel", "duckdb", "error",
        "Nobody contradicts two unchangeable facts: that is rather two people than one.",
        "Review how ids were linked between waves; unlink doubtful pairs.",
    ),
    Check(
        "panel.participation", "panel", "duckdb", "error",
        "Every person took part in a legal set of waves.",
        "Find out how they entered; or list the pattern under `participation`.",
    ),
    Check(
        "panel.field_dates", "panel", "duckdb", "error",
        "Dates of interviews lie inside the field period of their wave.",
        "Correct the dates, or start and end of the wave in build/waves.yaml.",
    ),
    Check("panel.weight_positive", "panel", "duckdb", "error", "Every weight is above zero.", "Compute the weights anew."),
    Check(
        "panel.weight_sum", "panel", "duckdb", "error",
        "The weights of a wave add up to the declared total.", "Scale the weights, or mend the declared total.", False,
    ),
    Check(
        "panel.routing", "panel", "duckdb", "error",
        "An item is not_applicable exactly where its filter says so.",
        "Compare the universe of the variable in the crosswalk with the questionnaire's routing.",
    ),
    Check(
        "estimates.budget", "estimates", "duckdb", "error",
        "The tier carries as many printed numbers of a sample as its budget asks.",
        "Publish an aggregate, coarsen another key, or lower `carried` in build/disclosure.yaml.", False,
    ),
    Check(
        "estimates.kept", "estimates", "duckdb", "error",
        "In every sample, printed numbers about the named variables are carried, and moved no further, as `estimates` asks.",
        "Publish an aggregate, or coarsen a key that matters less; the message names what falls short.", False,
    ),
    Check(
        "diff.version", "diff", "diff", "error",
        "The version is raised at least as far as what changed since the last release demands.",
        "Raise the version in publish/releases.yaml, or undo the change.", False,
    ),
    Check(
        "diff.persons", "diff", "diff", "error",
        "Nobody was added or is gone since the last release, or at least k persons are, in every study.",
        "Wait for a batch: the difference of two releases would show the few.",
    ),
    Check(
        "diff.responses", "diff", "diff", "error",
        "In every wave that both releases have, no response was added or is gone, or at least k are.",
        "Wait for a batch: the difference of two releases would show the few.",
    ),
    Check(
        "diff.restored", "diff", "diff", "error",
        "After a withdrawal no answer of a variable in a wave is removed anew, or at least k are.",
        "Wait for a larger batch, or raise k for one release in build/disclosure.yaml.",
    ),
    Check(
        "diff.errata", "diff", "diff", "error",
        "Every corrected cell is counted by an erratum, and every erratum by the diff.",
        "Write into publish/errata.yaml what was wrong and how many cells differ, or undo the change.",
    ),
    Check(
        "diff.stamp", "diff", "diff", "error",
        "Folder, manifest, descriptor and the data themselves name one version.",
        "Somebody renamed or mixed files: fetch the release again.", False,
    ),
    Check(
        "diff.successor", "diff", "diff", "warning",
        "A variable that is gone is still listed, with what replaces it.",
        "Keep its declaration with `replaced_by` and `tier: never` once it has no data.", False,
    ),
    Check(
        "format.labels_fit", "release", "linter", "error",
        "Names and labels fit SPSS and Stata in every language, so that none is cut.",
        "Shorten them in the declaration: a cut label is a wrong label.", False,
    ),
    Check(
        "gate.waiver_valid", "release", "linter", "warning",
        "No waiver has expired.", "Mend what it excused, or have its owner renew it with a new date.", False,
    ),
    Check(
        "gate.waiver_used", "release", "linter", "info",
        "Every waiver excuses something that fails.", "Delete the waiver.", False,
    ),
)  # fmt: skip
_ATTACKS = tuple(
    Check(f"disclosure.{name}", "disclosure", "attacker", severity, holds, todo, False) for name, severity, holds, todo in ATTACKS
)
CHECKS: dict[str, Check] = {**_compiled(), **{check.id: check for check in (*_DECLARED, *_ATTACKS)}}


def project_check(rule: ProjectRule) -> Check:
    """The check that a project's own rule amounts to; its id is ``project.<id>``."""
    todo = "Correct the answers, or mend the rule in validation/rules.yaml."
    return Check(f"project.{rule.id}", "panel", "duckdb", rule.severity, rule.text.in_language("en") or rule.holds, todo)


def finding(
    check: str,
    resource: str,
    field: str | None = None,
    *,
    failed: int,
    total: int,
    message: str = "",
    severity: Severity | None = None,
) -> Finding:
    """A finding of a listed check. Raises KeyError for an id that is not listed."""
    return finding_of(CHECKS[check], resource, field, failed=failed, total=total, message=message, severity=severity)


def finding_of(
    check: Check,
    resource: str,
    field: str | None,
    *,
    failed: int,
    total: int,
    message: str = "",
    severity: Severity | None = None,
) -> Finding:
    """A finding of ``check``; the run is filled in when the gate decides."""
    return Finding(
        run="",
        stage=check.stage,
        tool=check.owner,
        rule=check.id,
        resource=resource,
        field=field,
        severity=severity or check.severity,
        n_failed=failed,
        n_total=total,
        message=message,
        counts_people=check.people,
    )
