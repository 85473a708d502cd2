"""What each attack on a release has to fail at, as entries of the list of checks: name, severity, meaning, next step.

The attacks themselves are in ``panelpress.validation.disclosure``; here is only what the gate says of them. Their units are
attacks, not respondents, so nothing is redacted.
"""

from __future__ import annotations

from panelpress.model.findings import Severity

ATTACKS: tuple[tuple[str, Severity, str, str], ...] = (
    (
        "smallest_class", "error",
        "No group of people whose published keys agree in all waves is smaller than the release states.",
        "This is a fault of the engine if the tier's rules were kept: report it and do not publish.",
    ),
    (
        "minimal_uniques", "error",
        "No three facts that the files show, of any waves, single out one person.",
        "This is a fault of the engine if the tier's rules were kept: report it and do not publish.",
    ),
    (
        "individual_risk", "error",
        "Nobody's risk of being recognized, by sampling weights where there are any, is above the tier's greatest risk.",
        "Raise k, or coarsen the keys in build/disclosure.yaml.",
    ),
    (
        "household_risk", "error",
        "No household holds anyone whom chance would recognize more often than the tier's greatest risk.",
        "Publish no household, or coarsen the keys of its members.",
    ),
    (
        "nosy_neighbour", "error",
        "Who knows every key of a person in one wave finds the record no more often than luck explains.",
        "Coarsen the keys of that wave in build/disclosure.yaml.",
    ),
    (
        "few_facts", "error",
        "Who knows any one, two or three facts of a person finds the record no more often than luck explains.",
        "Coarsen the rarest keys in build/disclosure.yaml.",
    ),
    (
        "path", "error",
        "Who knows one fact of a person in every wave finds the record no more often than luck explains.",
        "Coarsen that key, or declare it varying.",
    ),
    (
        "whole_history", "error",
        "Who knows every key of a person in every wave finds the record no more often than luck explains.",
        "Raise k, or coarsen the keys in build/disclosure.yaml.",
    ),
    (
        "dictionary", "error",
        "No released id is a hash of a private one that an outsider could compute.",
        "Draw the ids under the project key; if a key is known, rotate it.",
    ),
    (
        "row_order", "error",
        "The order of records tells nothing of the order of people in the private files.",
        "Sort the rows by the released id.",
    ),
    (
        "weights", "error",
        "Who knows weight, numbers with decimals, days or times of a person finds the record no more often than luck explains.",
        "Round them until at least k persons share each (months for days), make them keys, or leave them out.",
    ),
    (
        "starred", "error",
        "Nobody predicts starred cells from the other columns much better than by their commonest answer.",
        "Make what predicts them a key, or keep it out of the tier.",
    ),
    (
        "inference", "info",
        "The keys tell little of an open answer: residual risk, told openly.",
        "Weigh whether an answer that the keys give away belongs into the tier.",
    ),
    (
        "attribute_gain", "info",
        "Classes tell little of the answers of those in them beyond what the whole sample tells: residual risk, told openly.",
        "Ask for different answers within classes: `diversity` of the tier, `sensitive` of the study.",
    ),
    (
        "two_releases", "error",
        "Who holds the last release beside this one finds records no more often than luck explains.",
        "Keep the coarser of both recodings, or keep the last release's stars.",
    ),
    (
        "relink", "info",
        "Few records of two releases are the same person by their unchanged answers: residual risk, told openly.",
        "Nothing mends it but fewer answers; k holds on both releases together.",
    ),
    (
        "differencing", "error",
        "No wave gained or lost responses by fewer than k since the last release.",
        "Wait for a batch: the difference of two releases would show the few.",
    ),
)  # fmt: skip
