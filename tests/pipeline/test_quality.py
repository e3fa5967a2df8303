"""The account of a recording in words for staff."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import (
    Meeting,
    Part,
    Provenance,
    Recording,
    RecordingKind,
    Segment,
    Settings,
    TranscriptOrigin,
    TranscriptQuality,
    make_transcript,
)
from pipeline.archive import open_archive
from pipeline.quality import heard, lines, notes
from pipeline.status import meeting_status

QUALITY = TranscriptQuality(
    duration=3600.0,
    speech=1000.0,
    gaps=(Part(10.0, 14.0, "empty"),),
    doubtful=(Part(20.0, 30.0, "unsure"), Part(40.0, 50.0, "loop")),
    windows=90,
    decoded_again=(("loop", 2), ("unsure", 1)),
    names=3,
    busy=180.0,
)
MADE = Provenance(TranscriptOrigin.MODEL, "base", "905e5bf8336bcc62", '{"beam_size": 5}')


def test_what_a_person_should_listen_to_is_said_on_the_meetings_clock(settings: Settings) -> None:
    recording = Recording("m-1", 1, RecordingKind.FILE, "a.mp4", offset=100.0)
    transcript = make_transcript("m-1", "da", (Segment(1.0, 2.0, "Ja.", doubt="unsure"),), MADE, QUALITY)
    with open_archive(settings) as archive:
        archive.catalogue.add_meeting(Meeting("m", "Møde", None, "", "", (recording,)))
        archive.catalogue.save_transcript("m-1", transcript)
        assert archive.catalogue.transcript(transcript.id) == transcript
        (account,) = heard(archive, archive.catalogue.meeting("m"))
        status = meeting_status(archive, "m")
    assert (account.covered, account.hours, account.times_real_time) == (0.996, 1.0, 20.0)
    assert account.gaps == (Part(110.0, 114.0, "empty"),)
    assert notes((account,)) == ("speech without text: 1 places, 4 s", "doubtful text: 2 places")
    assert set(notes((account,))) <= set(status.review)
    assert status.heard == (account,)
    text = "\n".join(lines(account))
    assert "heard by base 905e5bf8336b, 1.00 hours at 20.0 × real time" in text
    assert "speech with text: 99.6%; windows 90, decoded again: loop 2, unsure 1" in text
    assert "no text 00:01:50–00:01:54: empty" in text


@pytest.mark.parametrize("speech", [0.0, 5.0])
def test_a_recording_without_gaps_is_covered(speech: float, tmp_path: Path) -> None:
    assert TranscriptQuality(10.0, speech, (), (), 1, (), 0, 0.0).covered == 1.0
