"""``metadata/ddi-codebook.xml``: DDI-Codebook 2.5, what social-science archives exchange. Texts in every language.

One ``fileDscr`` a table of answers and one ``var`` a variable and table, with questions, categories, counts, and the missing
reasons as categories marked missing (their codes are those of the coded CSV and SPSS files). Element order follows the XSD.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
from lxml import etree

from panelpress.model.release import Edition
from panelpress.model.table import Field, Table
from panelpress.model.text import LocalText
from panelpress.publish.codebook.distributions import Share, published_shares
from panelpress.publish.standards.facts import creators, describe, publisher, title
from panelpress.publish.tables.sql import quoted
from panelpress.publish.versions.documents import citation_line

FILE = "metadata/ddi-codebook.xml"
NAMESPACE = "ddi:codebook:2_5"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
DESCRIBED = ("responses", "records")


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``metadata/ddi-codebook.xml``."""
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(etree.tostring(codebook(edition, rows), xml_declaration=True, encoding="UTF-8", pretty_print=True))
    return (path,)


def codebook(edition: Edition, rows: duckdb.DuckDBPyConnection) -> Any:
    """The root element."""
    root = etree.Element(f"{{{NAMESPACE}}}codeBook", nsmap={None: NAMESPACE}, version="2.5")
    root.set("ID", f"{edition.project.id}-{edition.version}".replace(".", "-"))
    _study(root, edition)
    tables = [table for table in edition.tables if table.kind in DESCRIBED]
    for number, table in enumerate(tables, start=1):
        _file(root, table, number, rows)
    data = _add(root, "dataDscr")
    counted: dict[tuple[str, str], list[Share]] = defaultdict(list)
    for share in published_shares(edition, rows):
        counted[share.study, share.variable].append(share)
    for number, table in enumerate(tables, start=1):
        for field in table.fields:
            if not field.why_of:
                _variable(data, edition, field, number, counted[table.study or "", field.variable or ""])
    return root


def _add(parent: Any, element_name: str, text: str | None = None, /, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{element_name}", **attributes)
    element.text = text
    return element


def _texts(parent: Any, name: str, text: LocalText, **attributes: str) -> None:
    """One element a language."""
    for language, said in text.by_language.items():
        _add(parent, name, " ".join(said.split()), **attributes).set(LANGUAGE, language)


def _study(root: Any, edition: Edition) -> None:
    project = edition.project
    study = _add(root, "stdyDscr")
    citation = _add(study, "citation")
    titles = _add(citation, "titlStmt")
    first, *others = project.languages
    _add(titles, "titl", title(edition, first)).set(LANGUAGE, first)
    for language in others:
        _add(titles, "parTitl", title(edition, language)).set(LANGUAGE, language)
    _add(titles, "IDNo", f"{project.id}-{edition.version}")
    responsible = _add(citation, "rspStmt")
    for each in creators(edition):
        _add(responsible, "AuthEnty", each.title, **({"affiliation": each.organization} if each.organization else {}))
    _add(_add(citation, "prodStmt"), "producer", publisher(edition))
    distributed = _add(citation, "distStmt")
    _add(distributed, "distrbtr", publisher(edition))
    if project.contact:
        _add(distributed, "contact", project.contact)
    _add(distributed, "distDate", edition.released, date=edition.released)
    _add(_add(citation, "verStmt"), "version", edition.version, date=edition.released)
    _add(citation, "biblCit", citation_line(edition))
    information = _add(study, "stdyInfo")
    subject = _add(information, "subject")
    for keyword in project.keywords:
        _add(subject, "keyword", keyword)
    for language in project.languages:
        _add(information, "abstract", describe(edition, language)).set(LANGUAGE, language)
    summary = _add(information, "sumDscr")
    waves = [wave for each in edition.studies for wave in each.waves]
    for wave in waves:
        _add(summary, "collDate", wave.start, event="start", date=wave.start, cycle=wave.id)
        _add(summary, "collDate", wave.end, event="end", date=wave.end, cycle=wave.id)
    _add(summary, "dataKind", "Simulated survey data" if edition.simulated else "Survey data")
    method = _add(study, "method")
    collection = _add(method, "dataColl")
    for wave in waves:
        _texts(collection, "collMode", wave.mode)
    access = _add(_add(study, "dataAccs"), "useStmt")
    _add(access, "citReq", citation_line(edition))
    _add(access, "conditions", f"{project.licence.title} ({project.licence.path})")
    if edition.simulated:
        _add(access, "disclaimer", describe(edition))


def _file(root: Any, table: Table, number: int, rows: duckdb.DuckDBPyConnection) -> None:
    ((n,),) = rows.execute(f"SELECT count(*) FROM {quoted(table.name)}").fetchall()
    said = _add(_add(root, "fileDscr", ID=f"F{number}", URI=f"../data/csv/{table.name}.csv"), "fileTxt")
    _add(said, "fileName", f"{table.name}.csv", ID=f"F{number}-name")
    _texts(said, "fileCont", LocalText({"en": str(table.description or table.title)}))
    size = _add(said, "dimensns")
    _add(size, "caseQnty", str(n))
    _add(size, "varQnty", str(len(table.fields)))
    _add(said, "fileType", "CSV, UTF-8, header row")


def _variable(data: Any, edition: Edition, field: Field, number: int, shares: list[Share]) -> None:
    continuous = not field.categories and field.type in ("integer", "number", "date")
    interval = "contin" if continuous else "discrete"
    var = _add(data, "var", ID=f"F{number}-{field.name}", name=field.name, files=f"F{number}", intrvl=interval)
    _texts(var, "labl", field.title)
    variable = edition.variable(field.variable) if field.variable else None
    if variable:
        for language, text in variable.question.by_language.items():
            question = _add(var, "qstn")
            question.set(LANGUAGE, language)
            _add(question, "qstnLit", " ".join(text.split()))
    limits = {name: limit for name, limit in (("min", field.minimum), ("max", field.maximum)) if limit is not None}
    if limits:
        units = "INT" if field.type == "integer" else "REAL"
        _add(_add(var, "valrng"), "range", UNITS=units, **limits)
    if variable:
        codes = [str(each.code) for each in edition.missing]
        invalid = _add(var, "invalrng")
        for code in codes:
            _add(invalid, "item", VALUE=code)
        for rule in variable.waves.values():
            if rule.universe:
                _add(var, "universe", f"{rule.wave}: {rule.universe}")
        _categories(var, edition, field, shares)
        _add(var, "concept", variable.concept)
    else:
        for category in field.categories:
            found = _add(var, "catgry")
            _add(found, "catValu", str(category.code))
            _texts(found, "labl", category.label)
    _add(var, "varFormat", type="character" if field.type in ("string", "date") else "numeric")


def _categories(var: Any, edition: Edition, field: Field, shares: list[Share]) -> None:
    """Declared codes, then the reasons that occur, each with its count over all waves."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for share in shares:
        counts[share.kind, share.code] += share.n
    for category in field.categories:
        found = _add(var, "catgry")
        _add(found, "catValu", str(category.code))
        _texts(found, "labl", category.label)
        _add(found, "catStat", str(counts["value", str(category.code)]), type="freq")
    for reason in edition.missing:
        if counts.get(("reason", reason.reason)):
            found = _add(var, "catgry", missing="Y", missType=reason.reason)
            _add(found, "catValu", str(reason.code))
            _texts(found, "labl", reason.text)
            _add(found, "catStat", str(counts["reason", reason.reason]), type="freq")
