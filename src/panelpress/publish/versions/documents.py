"""The two plain documents at the top of every release: README.md and CITATION.cff. Simulated data is called so in the first
line of both."""

from __future__ import annotations

import duckdb
import yaml

from panelpress.model.release import Edition
from panelpress.publish.protection.protection_facts import Relinked, study_protections
from panelpress.publish.tables.sql import quoted

SIMULATED = "Simulated data: no respondent exists. Nothing in it is evidence about people."
TWO_CHANNELS = "Every variable has two columns: `<variable>` is the value, empty when missing; `<variable>__why` is the reason."
NOT_ANONYMOUS_ON = (
    "The file is **not** anonymous on its other columns, the answers: whoever knows several of a person may find the row, "
    "and unchanged answers tell which rows of two releases are one person. So k is counted on all releases together."
)


def readme(edition: Edition, rows: duckdb.DuckDBPyConnection) -> str:
    """What a person reads first: what this is, what is in it, how it was protected, how to check and cite it."""
    project = edition.project
    parts = [f"# {project.title.in_language('en')}, version {edition.version}", ""]
    if edition.simulated:
        parts += [f"**{SIMULATED}**", ""]
    parts += [project.description.in_language("en"), ""]
    parts += [
        f"Released {edition.released}, tier `{edition.tier}`, licence [{project.licence.title}]({project.licence.path}).",
        "",
    ]
    parts += ["## Tables", "", "| table | rows | columns | what it is |", "|---|---|---|---|"]
    for table in edition.tables:
        ((n_rows,),) = rows.execute(f"SELECT count(*) FROM {quoted(table.name)}").fetchall()
        about = table.description.in_language("en") or table.title.in_language("en")
        parts.append(f"| `{table.name}` | {n_rows} | {len(table.fields)} | {about.strip()} |")
    parts += ["", TWO_CHANNELS, ""]
    parts += _protection(edition)
    parts += ["## Check what you downloaded", "", "```", "sha256sum --check SHA256SUMS", "```", ""]
    parts += ["## Cite", "", citation_line(edition), ""]
    return "\n".join(parts)


def _protection(edition: Edition) -> list[str]:
    """How respondents are protected, in the words and numbers of the public statement, with the query that checks it."""
    stated = study_protections(edition.disclosure)
    if not stated:
        return []
    lines = ["## Protection of respondents", ""]
    for each in stated:
        keys = ", ".join(f"`{name}`" for name in each.keys) or "participation alone"
        lines.append(f"- `{each.study}`: over all waves together, everybody is like at least {each.k - 1} others on {keys}.")
    lines += ["", "Anybody can check it in the SQLite or DuckDB file; no class may be smaller than stated:"]
    for each in stated:
        if each.query:
            lines += ["", "```sql", each.query, "```"]
    lines += ["", NOT_ANONYMOUS_ON, ""]
    again = [f"- `{each.study}`: {relinked_line(each.relinked)}" for each in stated if each.relinked]
    return [*lines, "What remains, as measured before this release was published:", "", *again, ""] if again else lines


def relinked_line(said: Relinked) -> str:
    """How many persons of the release before can be found in this one again."""
    true = f"; {said.right:.1%} of these links are right" if said.right is not None else ""
    whom = f"{said.linked:.1%} of {said.persons} persons of version {said.since}"
    return f"{whom} can be found again by answers that did not change{true}."


def citation_line(edition: Edition) -> str:
    """One line to cite the release by."""
    project = edition.project
    people = "; ".join(dict.fromkeys(each.title for each in project.contributors))
    where = f" {project.homepage}" if project.homepage else ""
    return f"{people} ({edition.released[:4]}). {project.title.in_language('en')}, version {edition.version} [data set].{where}"


def citation_file(edition: Edition) -> str:
    """``CITATION.cff`` (Citation File Format 1.2.0)."""
    project = edition.project
    authors = [each for each in project.contributors if each.role == "author"] or list(project.contributors)
    abstract = project.description.in_language("en").strip()
    content: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": f"{SIMULATED} Cite it as below." if edition.simulated else "If you use these data, cite them as below.",
        "type": "dataset",
        "title": project.title.in_language("en"),
        "version": edition.version,
        "date-released": edition.released,
        "license": project.licence.name,
        "authors": [{"name": each.title} for each in authors],
    }
    if project.keywords:
        content["keywords"] = list(project.keywords)
    if project.homepage:
        content["url"] = project.homepage
    if abstract:
        content["abstract"] = abstract
    return str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000))
