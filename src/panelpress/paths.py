"""Where things are. The only module that knows folder and file names of a project, its work folder and its releases.

Public, in the checkout: declarations and ``releases/``. Private, in the work folder ``$PANELPRESS_WORK`` (default: outside the
checkout, in the user's state folder), mode 0700: everything computed from respondents.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT_FILE = "panelpress.yaml"
WORK_VARIABLE = "PANELPRESS_WORK"
KEY_VARIABLE = "PANELPRESS_KEY"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one project. ``root`` is the checkout, ``work`` the private folder of this project. ``declared`` is where
    declarations are read from when they are not those at the root: as they stood when an earlier release was published."""

    root: Path
    work: Path
    declared: Path | None = None

    @property
    def project_file(self) -> Path:
        return self.root / PROJECT_FILE

    @property
    def descriptor(self) -> Path:
        return self.root / "datapackage.json"

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    @property
    def deliveries(self) -> Path:
        return self.raw / "deliveries"

    @property
    def simulator(self) -> Path:
        """The script that writes the deliveries of a simulated project."""
        return self.raw / "simulate.py"

    @property
    def registry(self) -> Path:
        return self.raw / "deliveries.csv"

    @property
    def linkage_file(self) -> Path:
        return self.raw / "linkage.yaml"

    @property
    def schemas(self) -> Path:
        return (self.declared or self.root) / "schemas"

    @property
    def contracts(self) -> Path:
        return self.schemas / "raw"

    @property
    def missing_reasons(self) -> Path:
        return self.schemas / "missing.csv"

    @property
    def build(self) -> Path:
        return (self.declared or self.root) / "build"

    @property
    def variables(self) -> Path:
        return self.build / "variables"

    @property
    def units(self) -> Path:
        return self.build / "units"

    @property
    def codelists(self) -> Path:
        return self.build / "codelists"

    @property
    def waves_file(self) -> Path:
        return self.build / "waves.yaml"

    @property
    def samples_file(self) -> Path:
        return self.build / "samples.yaml"

    @property
    def cleaning_file(self) -> Path:
        return self.build / "cleaning.yaml"

    @property
    def disclosure_file(self) -> Path:
        return self.build / "disclosure.yaml"

    @property
    def validation(self) -> Path:
        return (self.declared or self.root) / "validation"

    @property
    def rules_file(self) -> Path:
        return self.validation / "rules.yaml"

    @property
    def waivers_file(self) -> Path:
        return self.validation / "waivers.yaml"

    @property
    def estimates_file(self) -> Path:
        return self.validation / "estimates.csv"

    @property
    def publish(self) -> Path:
        return (self.declared or self.root) / "publish"

    @property
    def figures(self) -> Path:
        return self.publish / "figures"

    @property
    def aggregates_file(self) -> Path:
        return self.publish / "aggregates.yaml"

    @property
    def errata_file(self) -> Path:
        return self.publish / "errata.yaml"

    @property
    def releases_file(self) -> Path:
        """The chain of releases: versions, days, waves."""
        return self.root / "publish" / "releases.yaml"

    @property
    def terms(self) -> Path:
        """What everybody accepts who is granted the finer tier."""
        return self.publish / "terms.md"

    def tombstone(self, version: str) -> Path:
        """What stays of a version that was withdrawn: reason class and day, no data. Committed."""
        return self.publish / "tombstones" / f"{version}.json"

    @property
    def data_protection_file(self) -> Path:
        """Who answers for the data and how long each kind is kept."""
        return self.publish / "data-protection.yaml"

    @property
    def notes(self) -> Path:
        return self.publish / "notes"

    @property
    def site(self) -> Path:
        return self.publish / "site"

    @property
    def ledger(self) -> Path:
        return self.root / "publish" / "ledger.jsonl"

    @property
    def hierarchies(self) -> Path:
        """CSV files that say how a code list may be coarsened."""
        return self.build / "hierarchies"

    @property
    def signatures(self) -> Path:
        """Detached signatures of ledger entries, one file an entry."""
        return self.root / "publish" / "signatures"

    @property
    def allowed_signers(self) -> Path:
        """Who may sign: public keys in the format of ssh-keygen."""
        return self.root / "publish" / "allowed_signers"

    @property
    def records(self) -> Path:
        """Catalogue tables that people write by hand (organizations, benchmarks), one CSV each with a Table Schema."""
        return self.publish / "records"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    def release(self, version: str) -> Path:
        return self.releases / version

    # -- private ---------------------------------------------------------------------------------------------------

    @property
    def waves_work(self) -> Path:
        return self.work / "waves"

    def wave_file(self, study: str, wave: str) -> Path:
        return self.waves_work / f"{study}_{wave}.csv"

    @property
    def secure_database(self) -> Path:
        return self.work / "secure.duckdb"

    @property
    def site_cache(self) -> Path:
        """Copies of released databases with search beside the rows: nothing in them is secret, all can be made anew."""
        return self.work / "site"

    @property
    def spill(self) -> Path:
        return self.work / "spill"

    @property
    def failures(self) -> Path:
        return self.work / "failures"

    @property
    def corrections(self) -> Path:
        return self.work / "corrections"

    @property
    def reports(self) -> Path:
        return self.work / "reports"

    def gate_reports(self, version: str) -> Path:
        """Where the gate's report on a planned release goes."""
        return self.reports / "gate" / version

    @property
    def identities(self) -> Path:
        """Private maps from release ids to secure ids, one a release and tier."""
        return self.work / "identities"

    @property
    def scientific_use(self) -> Path:
        return self.work / "scientific-use"

    @property
    def ledger_head(self) -> Path:
        """The last entry of the ledger that was written on this machine: lines cut off at its end are noticed by it."""
        return self.work / "ledger-head.json"

    @property
    def pending(self) -> Path:
        """The release that is being put in place, so that a run killed between its last two steps is completed by the next."""
        return self.work / "pending-release.json"

    def inputs_of(self, version: str) -> Path:
        """Digest of the declarations and deliveries that a release was made from."""
        return self.work / f"inputs-{version}.sha256"

    def earlier_release(self, version: str) -> Path:
        """The open tables of an earlier release that is not in ``releases/`` here."""
        return self.work / "earlier" / version

    @property
    def suppression_list(self) -> Path:
        return self.work / "withdrawn.jsonl"

    @property
    def earlier_declarations(self) -> Path:
        """Declarations as they stood for earlier releases, put together anew whenever one is built."""
        return self.root / "releases" / ".declarations"

    @property
    def grants(self) -> Path:
        """Encrypted bundles of the finer tier, one a grant."""
        return self.work / "grants"

    @property
    def grants_ledger(self) -> Path:
        """Who was granted which copy, until when."""
        return self.work / "grants.jsonl"

    @property
    def withdrawal_batch(self) -> Path:
        """Which batch of withdrawals the next release will leave out."""
        return self.work / "withdrawal-batch.json"

    @property
    def staging(self) -> Path:
        """Beside the releases, so that the final rename stays on one file system."""
        return self.root / "releases" / ".staging"


def default_work(root: Path) -> Path:
    """The work folder of the project at ``root``: ``$PANELPRESS_WORK`` or a folder in the user's state folder, one per
    checkout so that two checkouts never share respondents."""
    given = os.environ.get(WORK_VARIABLE)
    if given:
        return Path(given).expanduser().resolve()
    state = Path(os.environ.get("XDG_STATE_HOME", Path.home() / ".local" / "state"))
    label = "-".join(part for part in root.resolve().parts[-2:] if part != os.sep)
    return state / "panelpress" / label


def places(root: Path) -> Places:
    """The places of the project whose root folder is ``root``."""
    return Places(root=root.resolve(), work=default_work(root))
