"""When a meeting last changed: never earlier than it did."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from catalogue import Agenda, AgendaItem, Catalogue, Edit, EditKind, Meeting, StepResult, StepState

LATER = datetime(2040, 1, 1, tzinfo=UTC)


def test_the_latest_of_all_that_happened(tmp_path: Path) -> None:
    catalogue = Catalogue.open(f"sqlite:///{tmp_path / 'c.sqlite'}")
    items = Agenda((AgendaItem("1", "Budget"),))
    catalogue.add_meeting(Meeting("m", "Møde", None, "", "", (), items))
    catalogue.add_meeting(Meeting("n", "Møde", None, "", "", (), items))
    first = catalogue.updates()
    assert first.keys() == {"m", "n"}
    assert datetime.now(UTC) - first["m"].changed < timedelta(minutes=5)
    assert first["m"].touched >= first["m"].changed

    catalogue.record_step(StepResult("m", "index", StepState.DONE, "", LATER, 1.0))
    assert catalogue.updates()["m"].changed == first["m"].changed  # the index is not the meeting
    assert catalogue.updates()["m"].touched == LATER

    catalogue.record_step(StepResult("m", "segment", StepState.DONE, "", LATER - timedelta(days=9), 1.0))
    assert catalogue.updates()["m"].changed == LATER - timedelta(days=9)
    at = LATER - timedelta(days=5)
    catalogue.add_edit("m", Edit(EditKind.REDACTION, "k", "w", at, 1.0, 2.0))
    assert catalogue.updates()["m"].changed == at
    assert catalogue.updates()["n"] == first["n"]
    catalogue.close()
