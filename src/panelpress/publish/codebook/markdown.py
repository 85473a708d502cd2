"""The codebook as Markdown: for people who read it in a terminal, a repository or a diff. Tables instead of pictures."""

from __future__ import annotations

from collections.abc import Iterator

from panelpress.model.text import LocalText
from panelpress.publish.codebook.content import Codebook, Entry
from panelpress.publish.codebook.flowchart import reason
from panelpress.publish.codebook.picture import percent
from panelpress.publish.codebook.words import words


def markdown(book: Codebook, language: str) -> str:
    """The whole codebook in one language."""
    edition = book.edition
    said = words(language)
    lines = [f"# {edition.project.title.in_language(language)}: {said['codebook']}", ""]
    lines += [
        f"{said['version']} {edition.version}, {said['released']} {edition.released}, {said['tier']} `{edition.tier}`, "
        f"{said['licence']} {edition.project.licence.name}.",
        "",
    ]
    if edition.simulated:
        lines += [f"**{said['simulated']}**", ""]
    lines += [said["two_channels"].replace("<variable>__why", "`<variable>__why`"), ""]
    for concept, entries in book.concepts.items():
        lines += [f"## {edition.project.concept(concept).in_language(language)}", ""]
        for entry in entries:
            lines += [*_entry(entry, language), ""]
    if book.flow:
        lines += [*_flow(book, language)]
    return "\n".join(lines).rstrip() + "\n"


def _flow(book: Codebook, language: str) -> Iterator[str]:
    """Steps from delivered to kept rows of each wave, as one table."""
    said = words(language)
    yield f"## {said['flow']}"
    yield ""
    yield said["flow_note"]
    yield ""
    heads = [said[name] for name in ("wave", "rule", "reason", "excluded")]
    yield _row(heads)
    yield "|---" * len(heads) + "|"
    for wave, steps in book.flow.items():
        for step in steps:
            excluded = f"≈ {step['before']}" if step["kind"] == "delivered" else str(step["excluded"])
            yield _row([f"`{wave}`", str(step["rule"]), reason(step, language), excluded])


def _entry(entry: Entry, language: str) -> Iterator[str]:
    said = words(language)
    variable = entry.variable

    def text(local: LocalText) -> str:
        return _one_line(local.in_language(language))

    yield f"### `{variable.id}`: {text(variable.label)}"
    yield ""
    for each in (variable.question, variable.note):
        if text(each):
            yield text(each)
            yield ""
    unit = f", {variable.unit}" if variable.unit else ""
    yield f"- {said['type']}: {said['type_' + variable.type]}{unit}"
    for external in variable.external:
        yield f"- {said['external']}: {external.scheme} {external.id}"
    yield ""
    heads = [said[name] for name in ("wave", "status", "source", "universe", "breaks", "note")]
    yield _row(heads)
    yield "|---" * len(heads) + "|"
    for wave in entry.waves:
        rule = wave.rule
        source = rule.expr or " ".join(rule.source)
        cells = [f"`{wave.wave.id}`", said["status_" + rule.status], source, rule.universe or "", ", ".join(rule.breaks_with)]
        yield _row([*cells, text(rule.note)])
    if entry.asked:
        yield ""
        yield from _counts(entry, language)


def _counts(entry: Entry, language: str) -> Iterator[str]:
    said = words(language)
    waves = entry.asked
    yield _row([said["code"], said["answer"], *(head for wave in waves for head in (f"{wave.wave.id} n", f"{wave.wave.id} %"))])
    yield "|---|---" + "|--:" * (2 * len(waves)) + "|"
    for kind, listed in (("value", entry.answers), ("reason", entry.reasons)):
        for code, label in listed:
            cells = [code if kind == "value" else f"`{code}`", label.in_language(language)]
            for wave in waves:
                share = entry.share(wave, kind, code)
                cells += [str(share.n), percent(share.share, language)] if share else ["", ""]
            yield _row(cells)
    yield _row(["", said["responses"], *(cell for wave in waves for cell in (str(wave.n), ""))])


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(_one_line(cell).replace("|", "\\|") for cell in cells) + " |"


def _one_line(text: str) -> str:
    return " ".join(text.split())
