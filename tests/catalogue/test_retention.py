"""What is let go of and held, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from catalogue import (
    Agenda,
    AgendaItem,
    Catalogue,
    Hold,
    ItemSpan,
    Meeting,
    Provenance,
    Recording,
    RecordingKind,
    Segment,
    Segmentation,
    SpanStatus,
    TranscriptOrigin,
    UnknownMeeting,
    agenda_key,
    make_transcript,
    published_meeting,
)

NOW = datetime(2026, 1, 20, 3, tzinfo=UTC)
DAY = NOW.date()


def test_a_recording_goes_only_with_its_own_text_placed_and_unheld(database_url: str) -> None:
    catalogue = Catalogue.open(database_url)
    recording = Recording("m-1", 1, RecordingKind.FILE, "a.mp4", 0.0, 10.0, "m/o.mp4", "m/a.flac", "m/p.mp4")
    agenda = Agenda((AgendaItem("1", "Skolen"),))
    text = make_transcript(
        "m-1", "da", (Segment(0.0, 2.0, "Skolen."),), Provenance(TranscriptOrigin.CAPTIONS, "c.vtt")
    )
    catalogue.add_meeting(
        Meeting("m", "Møde", date(2026, 1, 7), "Byrådet", "Vejen", (recording,), agenda), [("m-1", text)]
    )
    retention = catalogue.retention

    def go(transcript: str = text.id) -> bool:
        return retention.retire("m", {"m-1": transcript}, DAY, "13 days", NOW)

    assert not go()  # not placed
    placed = Segmentation(agenda_key(agenda), (text.id,), (ItemSpan(0, SpanStatus.NOT_FOUND),))
    catalogue.save_segmentation("m", placed)
    assert not go("another")
    retention.hold(Hold("m", "Anna", "complaint", NOW))
    assert not go() and retention.holds() == [Hold("m", "Anna", "complaint", NOW)]
    assert retention.release("m", NOW) == 1 and retention.holds("m") == []
    before = catalogue.revision("m") or 0
    assert go() and not go()
    assert (catalogue.revision("m") or 0) == before + 1
    gone = replace(catalogue.meeting("m").recordings[0])
    assert (gone.retired, gone.retired_why, gone.original) == (DAY, "13 days", "m/o.mp4")
    assert catalogue.updates()["m"].changed >= NOW
    retention.files_gone("m-1")
    assert catalogue.meeting("m").recordings[0].playable is None
    retention.withhold_text("m", True)
    public = published_meeting(catalogue, "m")
    assert public is not None and public.sentences == () and public.retired == DAY
    retention.withhold_text("m", False)
    public = published_meeting(catalogue, "m")
    assert public is not None and public.sentences
    retention.captions_first("m", True)
    assert catalogue.meeting("m").captions_first
    with pytest.raises(UnknownMeeting):
        retention.hold(Hold("nobody", "Anna", "complaint", NOW))
    catalogue.close()
