"""`talerstol reports`: staff read and close what readers reported."""

from __future__ import annotations

import json

from catalogue import Catalogue, Meeting, ReportKind, Settings
from tests.pipeline.conftest import Talerstol


def test_reports_are_listed_and_closed(talerstol: Talerstol, settings: Settings) -> None:
    catalogue = Catalogue.open(settings.database)
    catalogue.add_meeting(Meeting("m", "B", None, "", ""))
    number = catalogue.reports.add("m", 62.5, ReportKind.PRIVATE, "[red]Navn[/] ses", "abc", "3f9a1c2b")
    catalogue.reports.add("m", 71.9, ReportKind.PRIVATE, "", "", "")
    catalogue.close()
    listed = talerstol("reports")
    assert "talerstol edit m --redact 0:01:11-0:01:12" in listed.out
    assert "--redact 0:01:02" not in listed.out  # changed already
    assert "SHOULD NOT BE PUBLIC" in listed.out
    assert "[red]Navn[/] ses" in listed.out
    assert "has changed since" in listed.out
    assert "2 reports from readers are open" in talerstol("status").out
    assert json.loads(talerstol("status", "--json").out)["reports"] == 2
    body = json.loads(talerstol("reports", "m", "--json").out)
    assert [(r["id"], r["second"], r["kind"]) for r in body["reports"]] == [
        (number, 62.5, "private"),
        (number + 1, 71.9, "private"),
    ]
    assert "is closed" in talerstol("reports", "--done", str(number)).out
    talerstol("reports", "--done", str(number + 1))
    assert "No report from readers is open." in talerstol("reports").out
    assert talerstol("reports", "--done", "99").code == 2
    assert talerstol("reports", "nej").code == 2
