"""What a person should look at."""

from __future__ import annotations

import pytest

from catalogue import (
    Agenda,
    AgendaItem,
    ClosedDoors,
    Evidence,
    ItemSpan,
    Meeting,
    Recording,
    RecordingKind,
    Segmentation,
    Settings,
    SpanStatus,
    agenda_key,
)
from pipeline.archive import open_archive
from pipeline.status import meeting_status

DOORS = (ClosedDoors(30.0, 60.0, Evidence(30.0, "Så lukker vi dørene.")),)


@pytest.mark.parametrize(
    ("doors", "note"),
    [
        (
            (),
            "closed item 2 was not found: what was said of it may be public. Listen, then: talerstol items m --set 2=TIME (or 2=none)",
        ),
        (DOORS, "closed item 2 was not found: check what is withheld in its place"),
    ],
)
def test_a_closed_item_that_was_not_found_is_said(
    settings: Settings, doors: tuple[ClosedDoors, ...], note: str
) -> None:
    agenda = Agenda((AgendaItem("1", "Skolen"), AgendaItem("2", "Køb", open=False)))
    spans = (ItemSpan(0, SpanStatus.DISCUSSED, 0.0, 30.0), ItemSpan(1, SpanStatus.CLOSED))
    recording = Recording("m-1", 1, RecordingKind.NONE, "-", offset=0.0)
    with open_archive(settings) as archive:
        archive.catalogue.add_meeting(Meeting("m", "B", None, "", "", (recording,), agenda))
        archive.catalogue.save_segmentation("m", Segmentation(agenda_key(agenda), (), spans, doors))
        assert note in meeting_status(archive, "m").review
