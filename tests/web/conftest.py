"""A small archive with everything in it that a page must show, and much that it must not."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import imageio_ffmpeg
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from catalogue import (
    Agenda,
    AgendaItem,
    Attachment,
    Catalogue,
    ClosedDoors,
    Delivered,
    Edit,
    EditKind,
    Evidence,
    Indexed,
    Interval,
    ItemSpan,
    MediaStore,
    Meeting,
    Part,
    Provenance,
    Recording,
    RecordingKind,
    Segment,
    Segmentation,
    Settings,
    SpanStatus,
    TranscriptOrigin,
    TranscriptQuality,
    agenda_key,
    make_transcript,
    published_meeting,
    published_meetings,
    sound_name,
    withheld_digest,
)
from search import SearchEngine, open_engine, passages
from web import create_app

MAIN = "aarhus-byraadet-2025-10-08"
TEXT_ONLY = "odense-kulturudvalget-2025-09-01"
STALE = "esbjerg-byraadet-2025-06-02"  # its playable file has other time silenced than is withheld
HIDDEN = "skagen-byraadet-2025-05-05"  # not segmented: nothing of it is public

#: Words that stand only in what is closed, redacted, corrected away or not public.
SECRETS = (
    "hemmelighed",  # an item the source marks closed: its title, case, outcome and text
    "HEM-77",
    "fortroligpris",
    "personsag",  # an item closed by a person
    "omsorgssvigt",
    "bagdoeren",  # said after the doors closed
    "cprnummer",  # redacted
    "forkerthoert",  # corrected away
    "urevideret",  # a meeting that is not public
    "internkilde",  # where captions came from: a name on the staff's disk
)

OPTIONS = '{"beam_size": 5, "language": "da"}'
WORDS = Provenance(TranscriptOrigin.MODEL, "/srv/models/base", revision="abc123", options=OPTIONS)
CAPTIONS = Provenance(TranscriptOrigin.CAPTIONS, "internkilde/undertekster.vtt")
NASTY = '<script>alert("x")</script>'

ITEMS = (
    AgendaItem("1", "Godkendelse af dagsorden"),
    AgendaItem(
        "2",
        "Cykelsti langs Havnegade & Åboulevarden",
        case="25/26257",
        outcome="Godkendt",
        attachments=(Attachment("Kort & plan", "https://dagsorden.example/kort.pdf"), Attachment("Notat")),
        url="https://dagsorden.example/punkt/2?a=1&b=2",
    ),
    AgendaItem("3", "Tilskud til cykelparkering"),
    AgendaItem(
        "4",
        "Køb af hemmelighed",
        case="HEM-77",
        open=False,
        outcome="fortroligpris",
        attachments=(Attachment("Bilag om hemmelighed", "https://dagsorden.example/hemmelighed.pdf"),),
        url="https://dagsorden.example/hemmelighed",
    ),
    AgendaItem(
        "5",
        f"Høring om {NASTY} på havnen",
        attachments=(Attachment(NASTY, "javascript:alert(1)"), Attachment("Data", "data:text/html,x")),
        url='https://x.example/"onclick="alert(1)',
    ),
    AgendaItem("6", "Vindmøller ved motorvejen"),
    AgendaItem("7", "Lokalplan for Sydhavnen"),
    AgendaItem("8", "Afgørelse i en personsag"),
    AgendaItem("9", "Eventuelt"),
)

SPANS = (
    ItemSpan(0, SpanStatus.DISCUSSED, 0.0, 2.0, 0.9, Evidence(0.0, "Velkommen til mødet i byrådet.")),
    ItemSpan(1, SpanStatus.JOINT, 2.0, 5.0, 0.4),
    ItemSpan(2, SpanStatus.JOINT, 2.0, 5.0, 0.9),
    ItemSpan(3, SpanStatus.DISCUSSED, 5.0, 6.0, 0.9, Evidence(5.0, "hemmelighed")),
    ItemSpan(4, SpanStatus.DISCUSSED, 6.0, 9.0, 0.8),
    ItemSpan(5, SpanStatus.WITHDRAWN),
    ItemSpan(6, SpanStatus.NOT_FOUND),
    ItemSpan(7, SpanStatus.DISCUSSED, 9.0, 10.0, 0.9, Evidence(9.0, "personsag")),
    ItemSpan(8, SpanStatus.DISCUSSED, 12.0, 14.0, 0.8),
)

FIRST = (
    Segment(0.0, 1.0, "Velkommen til mødet i byrådet.", "Borgmesteren"),
    Segment(1.0, 2.0, "Dagsordenen er godkendt.", "Borgmesteren"),
    Segment(2.0, 3.0, "Vi tager punkt to og tre sammen om cykelstien.", "Borgmesteren"),
    Segment(3.0, 4.0, "Den forkerthoert sti er for smal.", "Anna Friis (A)"),
    Segment(4.0, 5.0, "Hans cprnummer er læst op.", "Anna Friis (A)"),
    Segment(5.0, 6.0, "Vi køber den hemmelighed til fortroligpris.", "Borgmesteren"),
    Segment(6.0, 7.0, f"Så er der {NASTY} & <b>høring</b>.", f"Bo {NASTY}"),
    Segment(7.0, 8.0, "Havnen skal have flere bænke.", "Bo Lund (V)"),
)
SECOND = (
    Segment(0.0, 0.9, "En personsag om omsorgssvigt.", "Borgmesteren"),
    Segment(1.0, 2.0, "Nu lukker vi bagdoeren.", "Borgmesteren"),
    Segment(3.0, 4.0, "Vi åbner igen under eventuelt.", "Borgmesteren"),
    Segment(4.0, 5.0, "Tak for i aften, cykelstien bliver bygget.", None),
)


def heard(duration: float, gaps: tuple[Part, ...] = (), doubtful: tuple[Part, ...] = ()) -> TranscriptQuality:
    again = (("hole", 1),)
    return TranscriptQuality(duration, duration - 1, gaps, doubtful, 7, again, 0, duration / 20)


# Of each recording one part that anybody may know of, and one that lies in withheld time.
QUALITIES = (
    heard(8.0, (Part(1.2, 1.7, "hole"), Part(5.2, 5.6, "silent")), (Part(7.0, 8.0, "unsure"),)),
    heard(8.0, (Part(0.2, 0.6, "stock"), Part(3.2, 3.7, "empty")), (Part(1.1, 1.4, "loop"),)),
)


@dataclass(frozen=True, slots=True)
class Built:
    """The archive under test and the application over it."""

    settings: Settings
    catalogue: Catalogue
    store: MediaStore
    app: Starlette


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds of a colour and a tone."""
    file = tmp_path_factory.mktemp("clip") / "clip.mp4"
    ffmpeg = shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run(
        [
            *(ffmpeg, "-nostdin", "-loglevel", "error"),
            *("-f", "lavfi", "-i", "color=steelblue:s=64x36:r=5:d=8"),
            *("-f", "lavfi", "-i", "sine=frequency=220:duration=8:sample_rate=8000"),
            *("-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "5", "-c:a", "aac"),
            *("-movflags", "+faststart", str(file)),
        ],
        check=True,
        timeout=60,
    )
    return file


def build(home: Path, clip: Path) -> Built:
    """The archive, made in an empty home."""
    settings = _settings(home)
    with closing(Catalogue.open(settings.database)) as catalogue:
        store = MediaStore(settings.media_folder)
        _main_meeting(catalogue, store, clip)
        _text_only(catalogue)
        _stale(catalogue, store, clip)
        catalogue.add_meeting(Meeting(HIDDEN, "Et urevideret møde", date(2025, 5, 5), "Byrådet", "Skagen"))
        filled(settings, catalogue)
    return opened(home)


def opened(home: Path) -> Built:
    """The archive that was made in this home, or a copy of it."""
    settings = _settings(home)
    catalogue, store = Catalogue.open(settings.database), MediaStore(settings.media_folder)
    return Built(settings, catalogue, store, create_app(settings, catalogue, store, open_engine(settings)))


def _settings(home: Path) -> Settings:
    return Settings(home=home, base_url="https://arkiv.example/")  # type: ignore[call-arg]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, clip: Path) -> Path:
    """The home of an archive that nobody has open: what is opened is a copy."""
    home = tmp_path_factory.mktemp("made")
    build(home, clip).catalogue.close()
    return home


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, made: Path) -> Iterator[Built]:
    """One archive for all tests that only read."""
    archive = opened(shutil.copytree(made, tmp_path_factory.mktemp("home"), dirs_exist_ok=True))
    yield archive
    archive.catalogue.close()


@pytest.fixture
def own(tmp_path: Path, made: Path) -> Iterator[Built]:
    """An archive that a test may change."""
    archive = opened(shutil.copytree(made, tmp_path, dirs_exist_ok=True))
    yield archive
    archive.catalogue.close()


def filled(settings: Settings, catalogue: Catalogue) -> SearchEngine:
    """The embedded engine with all that is public; nothing waits to reach it."""
    engine = open_engine(settings)
    public = [published_meeting(catalogue, meeting.id) for meeting in published_meetings(catalogue)]
    engine.rebuild([(meeting.id, passages(meeting)) for meeting in public if meeting], lambda done: None)
    settle(catalogue)
    return engine


def settle(catalogue: Catalogue) -> None:
    """Have the catalogue think that the index holds everything as it is now, whatever it holds."""
    there = Indexed("embedded", "", 0)
    catalogue.outbox.settle({id_: Delivered(n, there) for id_, n in catalogue.revisions().items()})


@pytest.fixture
def client(built: Built) -> TestClient:
    return TestClient(built.app, raise_server_exceptions=False)


def put(store: MediaStore, clip: Path, name: str) -> str:
    with store.create(name) as file:
        shutil.copyfile(clip, file)
    return name


def recording(meeting: str, ordinal: int, offset: float, playable: str | None = None) -> Recording:
    return Recording(
        id=f"{meeting}-{ordinal}",
        ordinal=ordinal,
        kind=RecordingKind.FILE if playable else RecordingKind.NONE,
        source="internkilde",
        offset=offset,
        duration=8.0 if playable else None,
        playable=playable,
        has_video=playable is not None,
    )


def publish(
    catalogue: Catalogue,
    meeting: Meeting,
    texts: tuple[tuple[Segment, ...], ...],
    provenance: Provenance,
    spans: tuple[ItemSpan, ...],
    closed_doors: tuple[ClosedDoors, ...] = (),
    qualities: tuple[TranscriptQuality | None, ...] = (None, None),
) -> None:
    transcripts = [
        (r.id, make_transcript(r.id, "da", said, provenance, quality))
        for r, said, quality in zip(meeting.recordings, texts, qualities[: len(texts)], strict=True)
    ]
    catalogue.add_meeting(meeting, transcripts)
    ids = tuple(transcript.id for _, transcript in transcripts)
    catalogue.save_segmentation(
        meeting.id, Segmentation(agenda_key(meeting.agenda), ids, spans, closed_doors)
    )


def silence(catalogue: Catalogue, meeting: Meeting) -> None:
    """Say that the playable files have exactly what is withheld taken out, as the pipeline does."""
    public = published_meeting(catalogue, meeting.id)
    assert public is not None
    for each in catalogue.meeting(meeting.id).recordings:
        catalogue.update_recording(replace(each, playable_without=withheld_digest(public.withheld, each)))


def edit(
    kind: EditKind, start: float | None, end: float | None, text: str = "", item: str | None = None
) -> Edit:
    return Edit(kind, "kirsten", "fordi", datetime(2025, 10, 9, tzinfo=UTC), start, end, item, text)


def _main_meeting(catalogue: Catalogue, store: MediaStore, clip: Path) -> None:
    recordings = tuple(
        recording(MAIN, n, offset, put(store, clip, f"{MAIN}/{n}-playable.mp4"))
        for n, offset in ((1, 0.0), (2, 9.0))
    )
    for each in recordings:
        put(store, clip, sound_name(each.playable or ""))
    meeting = Meeting(
        MAIN, "Møde i Aarhus Byråd", date(2025, 10, 8), "Byrådet", "Aarhus Kommune", recordings, Agenda(ITEMS)
    )
    doors = ClosedDoors(10.0, 11.5, Evidence(10.0, "bagdoeren"))
    publish(catalogue, meeting, (FIRST, SECOND), WORDS, SPANS, (doors,), QUALITIES)
    catalogue.add_edit(MAIN, edit(EditKind.CLOSE, None, None, item="8"))
    catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 4.0, 5.0))
    catalogue.add_edit(MAIN, edit(EditKind.CORRECTION, 3.0, 3.9, "Den nuværende sti er for smal."))
    silence(catalogue, meeting)


def _text_only(catalogue: Catalogue) -> None:
    agenda = Agenda((AgendaItem("1", "Museets åbningstider"),))
    said = (
        Segment(0.0, 4.0, "Museet holder åbent om søndagen.", "Formanden"),
        Segment(4.0, 6.0, "Tak.", None),
    )
    meeting = Meeting(
        TEXT_ONLY,
        f"Møde om {NASTY}",
        date(2025, 9, 1),
        "Kulturudvalget",
        "Odense",
        (recording(TEXT_ONLY, 1, 0.0),),
        agenda,
    )
    publish(catalogue, meeting, (said,), CAPTIONS, (ItemSpan(0, SpanStatus.DISCUSSED, 0.0, 6.0, 0.9),))


def _stale(catalogue: Catalogue, store: MediaStore, clip: Path) -> None:
    agenda = Agenda((AgendaItem("1", "Havnefronten"),))
    one = recording(STALE, 1, 0.0, put(store, clip, f"{STALE}/1-playable.mp4"))
    meeting = Meeting(STALE, "Møde i Esbjerg", date(2025, 6, 2), "Byrådet", "Esbjerg", (one,), agenda)
    said = (Segment(0.0, 4.0, "Havnefronten skal renoveres.", "Borgmesteren"),)
    spans = (ItemSpan(0, SpanStatus.DISCUSSED, 0.0, 8.0, 0.9),)
    publish(catalogue, meeting, (said,), WORDS, spans, qualities=(heard(8.0),))
    outdated = withheld_digest((Interval(0.0, 1.0),), one)
    catalogue.update_recording(replace(catalogue.meeting(STALE).recordings[0], playable_without=outdated))
