"""Reads ``build/waves.yaml`` (studies and their waves) and ``build/samples.yaml`` (named samples with their base).

spec: panel-waves/0.1
studies:
- id: my_study
  title: {en: My study}
  waves:
  - {id: w1, label: {en: First wave}, start: 2022-03, end: 2022-03}
"""

from __future__ import annotations

from collections.abc import Iterable

from panelpress.model.study import Sample, Study, Wave
from panelpress.paths import Places
from panelpress.schemas.checker import Problem, check, refuse
from panelpress.schemas.common import local_text, texts
from panelpress.schemas.yaml_reader import Document, read_document


def load_studies(places: Places, languages: tuple[str, ...] = ("en",)) -> tuple[Study, ...]:
    """All studies in declared order. Raises DeclarationError where the file is wrong or an id stands twice."""
    document = read_document(places.waves_file, places.root)
    refuse(check(document, "waves") or _twice(document))
    return tuple(
        Study(
            id=study["id"],
            title=local_text(study["title"], languages),
            kind=study.get("kind", "panel"),
            description=local_text(study.get("description"), languages),
            read_by=texts(study.get("read_by")),
            waves=tuple(
                Wave(
                    id=wave["id"],
                    study=study["id"],
                    label=local_text(wave["label"], languages),
                    start=str(wave["start"]),
                    end=str(wave["end"]),
                    mode=local_text(wave.get("mode"), languages),
                    note=local_text(wave.get("note"), languages),
                    expected=wave.get("expected"),
                )
                for wave in study["waves"]
            ),
        )
        for study in document.content["studies"]
    )


def _twice(document: Document) -> list[Problem]:
    problems: list[Problem] = []
    studies: set[str] = set()
    waves: set[str] = set()
    for study in document.content["studies"]:
        if study["id"] in studies:
            problems.append(
                Problem(
                    document.where(study.line), f"the study `{study['id']}` stands twice.", "Give each study a name of its own."
                )
            )
        studies.add(study["id"])
        for wave in study["waves"]:
            if wave["id"] in waves:
                problems.append(
                    Problem(
                        document.where(wave.line),
                        f"the wave `{wave['id']}` stands twice.",
                        "Wave ids are unique in the whole project, so that a rule can name a wave alone.",
                    )
                )
            if str(wave["end"]) < str(wave["start"]):
                problems.append(
                    Problem(document.where(wave.line), f"the wave `{wave['id']}` ends before it starts.", "Swap the dates.")
                )
            waves.add(wave["id"])
        if study.get("kind") == "records" and len(study["waves"]) != 1:
            problems.append(
                Problem(
                    document.where(study.line), f"`{study['id']}` is a list of records with several waves.", "Give it one wave."
                )
            )
    return problems


def load_samples(places: Places, studies: Iterable[Study], languages: tuple[str, ...] = ("en",)) -> tuple[Sample, ...]:
    """All named samples in declared order; an absent file means none. Raises DeclarationError where one is wrong."""
    if not places.samples_file.is_file():
        return ()
    document = read_document(places.samples_file, places.root)
    problems = check(document, "samples")
    refuse(problems)
    known = {study.id for study in studies}
    seen: set[str] = set()
    for sample in document.content["samples"]:
        if sample["study"] not in known:
            problems.append(
                Problem(
                    document.where(sample.lines["study"]),
                    f"no study is called `{sample['study']}`.",
                    f"Known: {', '.join(sorted(known))}.",
                )
            )
        if sample["id"] in seen:
            problems.append(
                Problem(document.where(sample.line), f"the sample `{sample['id']}` stands twice.", "Rename one of them.")
            )
        seen.add(sample["id"])
    refuse(problems)
    return tuple(
        Sample(
            id=sample["id"],
            study=sample["study"],
            label=local_text(sample["label"], languages),
            where=sample["where"],
            unit=sample.get("unit", "response"),
            note=local_text(sample.get("note"), languages),
            line=sample.line,
        )
        for sample in document.content["samples"]
    )
