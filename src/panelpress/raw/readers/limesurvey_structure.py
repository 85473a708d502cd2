"""LimeSurvey structure file (.lss, XML): question texts and answer labels by question code, for both generations of the format.

Until version 3 texts stand in ``questions`` and ``answers``; from version 4 on in ``question_l10ns`` and ``answer_l10ns``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from panelpress.errors import DeliveryError
from panelpress.raw.readers.redcap_dictionary import plain_text

Row = Mapping[str, str]
# Answer codes that LimeSurvey fixes by question type.
FIXED: dict[str, dict[str, str]] = {
    "Y": {"Y": "Yes", "N": "No"}, "G": {"M": "Male", "F": "Female"}, "M": {"Y": "Yes"}, "P": {"Y": "Yes"},
    "C": {"Y": "Yes", "U": "Uncertain", "N": "No"}, "E": {"I": "Increase", "S": "Same", "D": "Decrease"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Structure:
    """Texts and answer labels by column code (``G01Q02[SQ001]``), and column codes by database field (``12X3X45SQ001``)."""

    texts: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]]
    fields: Mapping[str, str]
    title: str = ""


def read_structure(name: str, content: bytes) -> Structure:
    """Parse a structure file. Raises DeliveryError where it is no LimeSurvey survey."""
    root = parse_xml(name, content)
    if (root.findtext("LimeSurveyDocType") or "").strip() != "Survey":
        raise DeliveryError(name, "is no LimeSurvey survey structure.", "Export the survey as .lss.")
    language = (root.findtext("languages/language") or "").strip()
    questions = _localized(rows_of(root, "questions"), rows_of(root, "question_l10ns"), "qid", language)
    below = _localized(rows_of(root, "subquestions"), rows_of(root, "question_l10ns"), "qid", language)
    _refuse_gaps(name, questions, "questions", ("qid", "sid", "gid", "title"))
    _refuse_gaps(name, below, "subquestions", ("parent_qid", "title"))
    answers = _localized(rows_of(root, "answers"), rows_of(root, "answer_l10ns"), "aid", language)
    _refuse_gaps(name, answers, "answers", ("qid", "code"))
    choices: dict[str, dict[str, str]] = {}
    for answer in answers:
        choices.setdefault(answer["qid"], {})[answer["code"]] = plain_text(answer.get("answer", ""))
    titles = rows_of(root, "surveys_languagesettings")
    return _structure(questions, below, choices, plain_text(titles[0].get("surveyls_title", "")) if titles else "")


def _refuse_gaps(name: str, rows: list[dict[str, str]], section: str, fields: tuple[str, ...]) -> None:
    for field in fields:
        if any(field not in row for row in rows):
            raise DeliveryError(name, f"has {section} without `{field}`; the structure was damaged.", "Export it again.")


def parse_xml(name: str, content: bytes) -> Any:
    """Root element, without resolving entities or touching the network. Raises DeliveryError for broken XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        raise DeliveryError(f"{name}{line}", "is broken XML; the file was cut off or edited.", "Export it again.") from error


def rows_of(root: Any, section: str) -> list[dict[str, str]]:
    """Rows of one section, as field name to text."""
    return [{cell.tag: (cell.text or "").strip() for cell in row} for row in root.findall(f"{section}/rows/row")]


def _localized(rows: list[dict[str, str]], texts: list[dict[str, str]], key: str, language: str) -> list[dict[str, str]]:
    """Rows in the survey's first language, with their texts from the separate section of newer files."""
    own = [row for row in rows if row.get("language", language) == language]
    translated = {row.get(key, ""): row for row in texts if row.get("language", language) == language}
    return [row | {k: v for k, v in translated.get(row.get(key, ""), {}).items() if k in ("question", "answer")} for row in own]


def _structure(
    questions: list[dict[str, str]], below: list[dict[str, str]], choices: Mapping[str, dict[str, str]], title: str
) -> Structure:
    texts: dict[str, str] = {}
    labels: dict[str, Mapping[str, str]] = {}
    fields: dict[str, str] = {}
    for question in questions:
        code, kind, text = question["title"], question.get("type", ""), plain_text(question.get("question", ""))
        answers = choices.get(question["qid"]) or FIXED.get(kind, {})
        field = "{sid}X{gid}X{qid}".format(**question)
        for suffix, name in (("", ""), ("other", "[other]"), ("comment", "[comment]")):
            texts[code + name], fields[field + suffix] = text, code + name
        labels[code] = answers
        for part in (each for each in below if each.get("parent_qid") == question["qid"]):
            inner = f"{code}[{part['title']}]"
            texts[inner] = f"{text} [{plain_text(part.get('question', ''))}]"
            fields[field + part["title"]] = inner
            labels[inner] = answers
    return Structure(texts, {code: found for code, found in labels.items() if found}, fields, title)
