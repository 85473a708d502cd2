"""Each metadata standard is held against its own validator, and says of the release what the release says of itself."""

from __future__ import annotations

import csv as text_csv
import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import rdflib
from datacite import schema45
from lxml import etree
from rdflib.namespace import DCAT, DCTERMS
from rocrate.rocrate import ROCrate
from ruamel.yaml import YAML

from labelled_world import whole
from panelpress.publish.formats import csv, parquet
from panelpress.publish.standards import croissant, datacite, dcat, ddi, ro_crate, schema_org
from panelpress.publish.versions.documents import citation_file
from worlds import tiny_edition

MODULES = (ddi, datacite, dcat, schema_org, croissant, ro_crate)
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
SCHEMA = rdflib.Namespace("https://schema.org/")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    edition, rows = whole()
    csv.write(edition, rows, folder)
    parquet.write(edition, rows, folder)
    for module in MODULES:
        module.write(edition, rows, folder)
    return folder


@pytest.fixture(scope="module")
def standards(repository: Path) -> Path:
    folder = Path(os.environ.get("PANELPRESS_STANDARDS", repository / ".standards"))
    if not folder.is_dir():
        pytest.skip("schemas of DDI and CFF are not here; bin/fetch-standards fetches them")
    return folder


def read(release: Path, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((release / name).read_text(encoding="utf-8"))
    return content


def hashes(release: Path) -> dict[str, str]:
    return {
        path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in release.rglob("*")
        if path.is_file()
    }


def test_ddi_is_valid_for_the_schema_of_the_alliance(release: Path, standards: Path) -> None:
    path = standards / "ddi-2.5" / "codebook.xsd"
    if not path.is_file():
        pytest.skip("the XML Schema of DDI-Codebook 2.5 is not here; bin/fetch-standards fetches it")
    schema = etree.XMLSchema(etree.parse(path))
    schema.assertValid(etree.parse(release / "metadata/ddi-codebook.xml"))


def test_ddi_counts_every_category_and_reason(release: Path) -> None:
    names = {"d": "ddi:codebook:2_5"}
    tree = etree.parse(release / "metadata/ddi-codebook.xml")
    found = {}
    for category in tree.xpath("//d:var[@name='trust']/d:catgry", namespaces=names):
        value, label, n = (
            category.xpath(f"string(d:{name})", namespaces=names) for name in ("catValu", "labl[@xml:lang='ru']", "catStat")
        )
        found[value] = (label, n, category.get("missing"))
    assert found["2"] == ("Отчасти", "3", None)
    assert found["-2"] == ("", "1", "Y")
    questions = tree.xpath("//d:var[@name='trust']/d:qstn/d:qstnLit/text()", namespaces=names)
    assert questions == ["Can most people be trusted?", "Можно ли доверять людям?"]
    assert tree.xpath("string(//d:fileDscr//d:caseQnty)", namespaces=names) == "7"


def test_datacite_is_valid_for_its_schema(release: Path) -> None:
    content = read(release, "metadata/datacite.json")
    schema45.validator.validate(content)
    assert content["titles"][1] == {"title": "Маленькая панель (симуляция)", "lang": "ru", "titleType": "TranslatedTitle"}
    assert {"date": "2022-03/2022-09", "dateType": "Collected"} in content["dates"]


def test_a_wrong_datacite_file_fails_that_schema(release: Path) -> None:
    content = read(release, "metadata/datacite.json")
    content["types"]["resourceTypeGeneral"] = "Survey"
    with pytest.raises(jsonschema.ValidationError):
        schema45.validator.validate(content)


def test_croissant_loads_every_table_as_its_csv_has_it(release: Path) -> None:
    croissant_library = pytest.importorskip("mlcroissant")
    dataset = croissant_library.Dataset(jsonld=release / "croissant.json")
    assert not dataset.metadata.ctx.issues.errors
    with (release / "data/csv/tiny_responses.csv").open(encoding="utf-8", newline="") as stream:
        wanted = list(text_csv.DictReader(stream))
    found = list(dataset.records("tiny_responses"))
    assert len(found) == len(wanted) == 7
    for record, row in zip(found, wanted, strict=True):
        for name in ("person_id", "wave", "country", "trust__why"):
            value = record[f"tiny_responses/{name}"]
            assert (value.decode() if isinstance(value, bytes) else value or "") == row[name]
        trust = record["tiny_responses/trust"]
        assert ("" if trust is None else str(trust)) == row["trust"]


def test_croissant_names_the_hash_of_each_csv(release: Path) -> None:
    known = hashes(release)
    for each in read(release, "croissant.json")["distribution"]:
        assert each["sha256"] == known[each["contentUrl"]]


def test_dcat_is_a_dataset_with_dated_and_hashed_distributions(release: Path) -> None:
    graph = rdflib.Graph().parse(release / "metadata/dcat.jsonld", format="json-ld")
    (dataset,) = graph.subjects(rdflib.RDF.type, DCAT.Dataset)
    assert str(graph.value(dataset, DCTERMS.issued)) == "2026-01-31"
    assert {each.language for each in graph.objects(dataset, DCTERMS.title)} == {"en", "ru"}
    distributions = list(graph.objects(dataset, DCAT.distribution))
    known = hashes(release)
    assert len(distributions) == len([path for path in known if path.startswith("data/")])
    for each in distributions:
        checksum = graph.value(graph.value(each, SPDX.checksum), SPDX.checksumValue)
        assert str(checksum) == known[str(graph.value(each, DCTERMS.title))]


def test_schema_org_has_what_dataset_search_asks_for(release: Path) -> None:
    graph = rdflib.Graph().parse(release / "metadata/schema-org.jsonld", format="json-ld")
    (dataset,) = graph.subjects(rdflib.RDF.type, SCHEMA.Dataset)
    for needed in ("name", "description", "license", "creator", "version", "distribution", "temporalCoverage"):
        assert graph.value(dataset, SCHEMA[needed]) is not None, needed
    assert 50 <= len(str(graph.value(dataset, SCHEMA.description))) <= 5000


def test_ro_crate_lists_every_file_of_the_release(release: Path) -> None:
    crate = ROCrate(release)
    listed = {entity.id for entity in crate.data_entities}
    there = set(hashes(release)) - {"ro-crate-metadata.json"}
    assert there <= listed
    assert crate.root_dataset["version"] == "0.1.0"
    assert crate.metadata.extra_contexts == []


def test_the_citation_file_is_valid_for_its_schema(standards: Path) -> None:
    path = standards / "cff-1.2.0.schema.json"
    if not path.is_file():
        pytest.skip("the JSON Schema of CFF 1.2.0 is not here; bin/fetch-standards fetches it")
    content = YAML(typ="safe", pure=True).load(citation_file(tiny_edition()[0]))
    content["date-released"] = str(content["date-released"])
    content["version"] = str(content["version"])
    jsonschema.Draft7Validator(json.loads(path.read_text(encoding="utf-8"))).validate(content)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_standard_says_simulated_only_where_that_is_so(module: Any, tmp_path: Path) -> None:
    edition, rows = whole()
    (path,) = module.write(edition, rows, tmp_path)
    assert "simulated" in path.read_text(encoding="utf-8").casefold()
    project = replace(edition.project, simulated=False, title=edition.studies[0].title, keywords=("panel",))
    (path,) = module.write(replace(edition, project=project), rows, tmp_path / "real")
    assert "simulated" not in path.read_text(encoding="utf-8").casefold()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_the_same_release_gives_the_same_metadata(module: Any, release: Path, tmp_path: Path) -> None:
    edition, rows = whole()
    csv.write(edition, rows, tmp_path)
    parquet.write(edition, rows, tmp_path)
    (path,) = module.write(edition, rows, tmp_path)
    if module is not ro_crate:  # it lists the files that the others left there
        assert path.read_bytes() == (release / path.relative_to(tmp_path)).read_bytes()
    (again,) = module.write(edition, rows, tmp_path)
    assert again.read_bytes() == path.read_bytes()


def test_no_metadata_holds_the_id_of_a_person(release: Path) -> None:
    _, rows = whole()
    ids = [each.encode() for (each,) in rows.execute("SELECT person_id FROM tiny_persons").fetchall()]
    for path in (*release.glob("*.json"), *(release / "metadata").iterdir()):
        assert not any(each in path.read_bytes() for each in ids)
