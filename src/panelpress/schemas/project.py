"""Reads ``panelpress.yaml``: what the project is, in which languages, under which licence, and whether its people exist.

spec: panel-project/0.1
id: my-panel
title: {en: My panel}
simulated: true
languages: [en]
licence: {name: CC-BY-4.0, title: ..., path: ...}
contributors: [{title: ..., role: author}]
"""

from __future__ import annotations

from panelpress.errors import UsageError
from panelpress.model.project import Contributor, Licence, ProjectFacts
from panelpress.paths import Places
from panelpress.schemas.checker import check, refuse
from panelpress.schemas.common import local_text, texts
from panelpress.schemas.yaml_reader import read_document


def load_project(places: Places) -> ProjectFacts:
    """The facts of the project at ``places``. Raises UsageError where no project stands there, DeclarationError where its
    file is wrong."""
    if not places.project_file.is_file():
        raise UsageError(
            str(places.root),
            f"holds no {places.project_file.name}.",
            "Name the project's folder with --project, or run `panelpress init`.",
        )
    document = read_document(places.project_file, places.root)
    refuse(check(document, "project"))
    given = document.content
    languages = texts(given["languages"])
    licence = given["licence"]
    return ProjectFacts(
        id=given["id"],
        title=local_text(given["title"], languages),
        description=local_text(given["description"], languages),
        simulated=given["simulated"],
        languages=languages,
        licence=Licence(licence["name"], licence["title"], licence["path"]),
        contributors=tuple(
            Contributor(each["title"], each["role"], each.get("orcid"), each.get("organization"))
            for each in given["contributors"]
        ),
        keywords=texts(given.get("keywords")),
        homepage=given.get("homepage"),
        contact=given.get("contact"),
        citation=given.get("citation"),
        demo_key=given.get("demo_key"),
        concepts={name: local_text(title, languages) for name, title in given.get("concepts", {}).items()},
    )
