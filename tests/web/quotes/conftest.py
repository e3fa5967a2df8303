"""An archive of our own with a meeting whose words have times, which is then transcribed anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue import (
    Agenda,
    AgendaItem,
    ItemSpan,
    Meeting,
    Segment,
    Segmentation,
    SpanStatus,
    Word,
    agenda_key,
    make_transcript,
)
from tests.web.conftest import WORDS, Built, build, publish, put, recording, silence

TIMED = "tranevig-byraadet-2026-03-04"
AGENDA = Agenda((AgendaItem("4", "Cykelsti langs Strandvejen", case="26/1"),))
SPANS = (ItemSpan(0, SpanStatus.DISCUSSED, 0.0, 600.0, 0.9),)
STEP = 0.4  # seconds a word
SAID = (
    ("Borgmesteren", "Vi går videre til punkt fire om den nye cykelsti."),
    ("Anna Friis (A)", "Jeg synes, at stien er alt for smal, og at stien er for mørk."),
    ("Bo Lund (V)", "Det kan vi godt støtte, hvis gæstekøkkenet bliver færdigt."),
)


def sentence(start: float, text: str, speaker: str | None) -> Segment:
    """A sentence with a word each `STEP`."""
    words = tuple(
        Word(round(start + n * STEP, 2), round(start + n * STEP + 0.35, 2), f" {word}", 0.9)
        for n, word in enumerate(text.split())
    )
    return Segment(start, words[-1].end, text, speaker, words)


def speech() -> tuple[Segment, ...]:
    """The three sentences at 0, 10 and 20 seconds, and again 100 and 200 seconds later."""
    return tuple(
        sentence(round_ * 100.0 + n * 10.0, text, who)
        for round_ in range(3)
        for n, (who, text) in enumerate(SAID)
    )


def replaced(before: str, after: str) -> tuple[Segment, ...]:
    return tuple(sentence(s.start, s.text.replace(before, after), s.speaker) for s in speech())


def heard_anew(own: Built, segments: tuple[Segment, ...], meeting: str = TIMED) -> None:
    """Another transcription becomes the public one."""
    transcript = make_transcript(f"{meeting}-1", "da", segments, WORDS)
    own.catalogue.save_transcript(f"{meeting}-1", transcript)
    own.catalogue.save_segmentation(meeting, Segmentation(agenda_key(AGENDA), (transcript.id,), SPANS))


def with_timed(archive: Built, clip: Path) -> Built:
    one = recording(TIMED, 1, 0.0, put(archive.store, clip, f"{TIMED}/1-playable.mp4"))
    meeting = Meeting(
        TIMED, "Møde i Tranevig Byråd", date(2026, 3, 4), "Byrådet", "Tranevig Kommune", (one,), AGENDA
    )
    publish(archive.catalogue, meeting, (speech(),), WORDS, SPANS, qualities=(None,))
    silence(archive.catalogue, meeting)
    return archive


@pytest.fixture
def timed(own: Built, clip: Path) -> Built:
    """An archive that a test may change."""
    return with_timed(own, clip)


@pytest.fixture
def reader(timed: Built) -> TestClient:
    return TestClient(timed.app, follow_redirects=False)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, clip: Path) -> Iterator[TestClient]:
    """A reader of an archive that no test changes."""
    archive = with_timed(build(tmp_path_factory.mktemp("timed"), clip), clip)
    yield TestClient(archive.app, follow_redirects=False)
    archive.catalogue.close()
