"""Qualtrics CSV: a row of names, a row of question texts, a row of import ids as JSON, then responses; UTF-8, commas."""

from __future__ import annotations

import csv
import json
from pathlib import Path

OWN_IDS = {
    "StartDate": "startDate", "EndDate": "endDate", "Status": "status", "IPAddress": "ipAddress", "Progress": "progress",
    "Duration (in seconds)": "duration", "Finished": "finished", "RecordedDate": "recordedDate", "ResponseId": "_recordId",
    "RecipientLastName": "recipientLastName", "RecipientFirstName": "recipientFirstName", "RecipientEmail": "recipientEmail",
    "ExternalReference": "externalDataReference", "LocationLatitude": "locationLatitude",
    "LocationLongitude": "locationLongitude", "DistributionChannel": "distributionChannel", "UserLanguage": "userLanguage",
}  # fmt: skip


def write(path: Path, table: dict[str, list[str]], texts: dict[str, str]) -> None:
    """Write ``table``; ``texts`` are the question texts of the second row."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        out.writerow(table)
        out.writerow([texts[name] for name in table])
        out.writerow([json.dumps({"ImportId": OWN_IDS.get(name, f"QID{name[1:]}")}, separators=(",", ":")) for name in table])
        out.writerows(zip(*table.values(), strict=True))
