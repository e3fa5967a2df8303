"""Live meetings recorded from a sender on loopback, by the command as people run it."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from catalogue import (
    Agenda,
    AgendaItem,
    Meeting,
    Provenance,
    Recording,
    RecordingKind,
    Segment,
    Settings,
    TranscriptOrigin,
    make_transcript,
)
from ingest.live import Entries
from ingest.media import decode_audio
from pipeline.archive import open_archive
from pipeline.live.recording import AlreadyRecording, claimed, finish_left
from pipeline.status import meeting_status
from tests.pipeline.conftest import Talerstol, ffmpeg
from tests.pipeline.live.broadcast import FACTS, MEETING, Sender, Sent, on_air, segments_in
from web import create_app

Streams = tuple[dict[str, bytes], list[tuple[str, float]], list[tuple[str, float]]]
RATE = 16_000


@pytest.fixture(scope="module")
def streams(tmp_path_factory: pytest.TempPathFactory) -> Streams:
    """Two runs of an encoder, 40 s and 20 s in segments of 2 s; every second has a tone of its own."""
    folder = tmp_path_factory.mktemp("streams")
    files: dict[str, bytes] = {}
    lists = []
    for name, seconds, first in (("a", 40, 0), ("b", 20, 40)):
        where = folder / name
        where.mkdir()
        tone = f"aevalsrc='0.4*sin(2*PI*(300+20*floor(t+{first}))*t)':d={seconds}:s=44100"
        ffmpeg("-f", "lavfi", "-i", tone, "-f", "lavfi", "-i", f"testsrc=duration={seconds}:size=160x90:rate=10",
               "-map", "1:v", "-map", "0:a", "-c:v", "libx264", "-g", "10", "-pix_fmt", "yuv420p", "-c:a", "aac",
               "-f", "hls", "-hls_time", "2", "-hls_list_size", "0", str(where / "a.m3u8"))  # fmt: skip
        made, lengths = segments_in(where, name)
        files |= made
        lists.append(lengths)
    return files, lists[0], lists[1]


def broadcast(streams: Streams) -> Sender:
    """Segments 0–19 of one run; ten seconds later the encoder begins anew from number 0."""
    files, first, second = streams
    order = [Sent(n, name, 2.0 * n, seconds) for n, (name, seconds) in enumerate(first)]
    order += [Sent(n, name, 50.0 + 2 * n, s, discontinuity=n == 0) for n, (name, s) in enumerate(second)]
    return Sender(files, order)


def tones(sound: Path) -> list[int]:
    """The second of the broadcast that is heard at each half second of a recording (-1: none)."""
    heard = np.frombuffer(b"".join(decode_audio(sound)), dtype="<i2").astype(float)
    found = []
    for at in range(RATE // 4, len(heard) - RATE // 4, RATE // 2):
        part = heard[at - RATE // 8 : at + RATE // 8]
        loudest = np.argmax(np.abs(np.fft.rfft(part * np.hanning(len(part)), 8 * len(part)))) * 4 / 8
        found.append(round((loudest - 300) / 20))
    return found


@pytest.mark.live
def test_every_gap_is_listed_to_the_second_and_the_rest_is_intact(
    streams: Streams, talerstol: Talerstol, settings: Settings
) -> None:
    """The sender stands still for four seconds, one segment is lost, one breaks off twice, a drop-out, and a restart."""
    sender = broadcast(streams)
    del sender.order[5:7]  # by its dates nothing was sent 10–14 s
    sender.files = {name: data for name, data in sender.files.items() if name != "aa11.ts"}  # lost: 22–24 s
    sender.faults = {"aa3.ts": ["half", "growing", "503"], "live.m3u8": ["200", "503", "503"]}
    with on_air(sender, 1.0):  # twice as fast as it is sent: what is tried again takes its real time
        said = talerstol("record", sender.address, *FACTS, "--json")
    assert said.code == 0, said.err
    told = json.loads(said.out)
    assert (told["id"], told["recording"], told["ended"]) == (MEETING, f"{MEETING}-1", "stream")
    lost = [(round(gap["at"]), round(gap["lost"]), gap["reason"]) for gap in told["gaps"]]
    assert lost == [(10, 4, "paused"), (18, 2, "connection"), (34, 10, "restarted")]
    with open_archive(settings) as archive:
        (recording,) = archive.catalogue.meeting(MEETING).recordings
        assert recording.original is not None
        heard = tones(archive.store.path(recording.original))
        assert [f"{g.at:.0f}" for g in recording.gaps] == ["10", "18", "34"]
        notes = meeting_status(archive, MEETING).review
    assert "00:00:10: 4 s of the recording is missing (the sender stood still)" in notes
    left_out = {*range(10, 14), 22, 23}
    whole = [s for s in range(60) if s not in left_out]
    seconds = [heard[2 * n : 2 * n + 2] for n in range(len(whole))]
    right = sum(want in found for want, found in zip(whole, seconds, strict=False))
    assert right >= len(whole) - 1, list(zip(whole, seconds, strict=False))
    assert len(heard) == pytest.approx(2 * len(whole), abs=2)


@pytest.mark.live
def test_killed_and_started_again_it_is_the_same_recording(
    streams: Streams, talerstol: Talerstol, settings: Settings
) -> None:
    sender = broadcast(streams)
    sender.order = sender.order[:20]
    sender.window = 4
    with on_air(sender, None):
        sender.tick = 6
        process = talerstol.start("record", sender.address, *FACTS)
        folder = settings.home / "media" / ".partial" / f"live-{MEETING}"
        wait_for(lambda: taken(folder) == 4)
        refused = talerstol("record", sender.address, *FACTS)
        assert refused.code == 1 and "is being recorded already" in refused.err
        process.kill()
        process.communicate()
        sender.tick = 20  # 6–15 have gone by
        said = talerstol("record", sender.address, "--json")
    told = json.loads(said.out)
    assert (told["id"], told["segments"]) == (MEETING, 8)
    assert [(round(g["at"]), round(g["lost"]), g["reason"]) for g in told["gaps"]] == [(8, 20, "stopped")]
    assert told["seconds"] == pytest.approx(16, abs=0.5)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_ends_well(
    streams: Streams, talerstol: Talerstol, settings: Settings, number: int
) -> None:
    sender = broadcast(streams)
    with on_air(sender, None):
        sender.tick = 4
        process = talerstol.start("record", sender.address, *FACTS, "--json")
        folder = settings.home / "media" / ".partial" / f"live-{MEETING}"
        wait_for(lambda: taken(folder) == 4)
        playlist = (folder / "live.m3u8").read_text()
        os.kill(process.pid, number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert playlist.count("#EXTINF") >= 3 and "EVENT" in playlist
    assert json.loads(out)["ended"] == "stopped" and json.loads(out)["seconds"] == pytest.approx(8, abs=0.3)


def test_what_is_no_stream_is_said_at_once(streams: Streams, talerstol: Talerstol) -> None:
    sender = broadcast(streams)
    with on_air(sender, None):
        for address in (sender.address.replace("live.m3u8", "aa0.ts"), "ftp://example.dk/live.m3u8"):
            said = talerstol("record", address, *FACTS)
            assert said.code in (1, 2) and len(said.err.splitlines()) <= 3, said.err


@pytest.mark.live
def test_silent_for_too_long_it_ends_with_what_there_is(
    streams: Streams, another: Callable[..., Talerstol]
) -> None:
    sender = broadcast(streams)
    with on_air(sender, None):
        sender.tick = 3
        said = another(TALERSTOL_LIVE_PATIENCE="0.05")("record", sender.address, *FACTS, "--json")
    assert said.code == 1
    assert json.loads(said.out)["ended"] == "silent" and json.loads(said.out)["segments"] == 3


@contextmanager
def recording(
    talerstol: Talerstol, settings: Settings, sender: Sender, *words: str
) -> Iterator[Callable[[int], None]]:
    """A recorder at work; the block is given how to wait for so many segments. Then it is stopped, and must end well."""
    process = talerstol.start("record", sender.address, *words)
    folder = settings.home / "media" / ".partial" / f"live-{MEETING}"
    try:
        yield lambda count: wait_for(lambda: taken(folder) == count)
        sender.asked.clear()
        assert sender.asked.wait(30)  # it is at work
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert "Traceback" not in err, err
    finally:
        process.kill()


def recordings(settings: Settings) -> tuple[list[Recording], list[set[int]]]:
    """Those of the meeting, and the seconds that are heard in each."""
    with open_archive(settings) as archive:
        found = archive.catalogue.meeting(MEETING).recordings
        heard = [set(tones(archive.store.path(r.original))) if r.original else set() for r in found]
    return list(found), heard


@pytest.mark.live
def test_recorded_into_a_meeting_that_has_the_same_address_already(
    streams: Streams, talerstol: Talerstol, settings: Settings
) -> None:
    """A meeting was added with the address of its stream, and then somebody began to record."""
    sender = broadcast(streams)
    sender.order = sender.order[:5]
    with on_air(sender, None):
        sender.tick = 4
        assert talerstol("add", sender.address, *FACTS).code == 0
        sender.tick = 5
        said = talerstol("record", sender.address, *FACTS, "--json")
    assert said.code == 0, said.err
    found, heard = recordings(settings)
    assert [r.kind for r in found] == [RecordingKind.HLS, RecordingKind.LIVE]
    assert json.loads(said.out)["recording"] == found[1].id
    assert heard[1] >= set(range(9))


@pytest.mark.live
def test_stopped_and_begun_again_no_part_takes_another_ones_place(
    streams: Streams, talerstol: Talerstol, settings: Settings
) -> None:
    """Stopped; begun again and stopped before anything new came; begun again, without saying once more which meeting."""
    sender = broadcast(streams)
    sender.order, sender.ended = sender.order[:20], False
    with on_air(sender, None):
        sender.tick = 4
        with recording(talerstol, settings, sender, *FACTS) as wait:
            wait(4)
        with recording(talerstol, settings, sender):
            pass
        sender.tick = 8
        with recording(talerstol, settings, sender) as wait:
            wait(8)
        with recording(talerstol, settings, sender):
            pass
        sender.tick = 12
        with recording(talerstol, settings, sender) as wait:
            wait(12)
    found, heard = recordings(settings)
    assert [r.ordinal for r in found] == [1, 2, 3]
    assert [sorted(seconds - {-1}) for seconds in heard] == [
        pytest.approx(list(range(first, first + 8)), abs=1) for first in (0, 8, 16)
    ]
    assert len({r.original for r in found}) == 3


@pytest.mark.live
def test_segments_under_a_new_token_each_time_are_no_drop_out(streams: Streams, talerstol: Talerstol) -> None:
    """One breaks off, and is had where the next answer names it."""
    sender = broadcast(streams)
    sender.order, sender.tokens = sender.order[:6], True
    sender.faults = {"aa2.ts": ["half", "half", "half"], "aa4.ts": ["503"]}
    with on_air(sender, 1.0):
        said = talerstol("record", sender.address, *FACTS, "--json")
    told = json.loads(said.out)
    assert (told["segments"], told["gaps"]) == (6, []), said.err


@pytest.mark.live
def test_a_second_address_goes_on_where_the_first_fell_silent(
    streams: Streams, talerstol: Talerstol, settings: Settings
) -> None:
    """Its numbers are behind those that are known, as an old cache's would be."""
    sender = broadcast(streams)
    sender.order, sender.dates, sender.ended = sender.order[:12], False, False
    reserve = broadcast(streams)
    reserve.order = [replace(one, number=n) for n, one in enumerate(reserve.order[8:12])]
    with on_air(sender, None):
        sender.tick = 8
        with recording(talerstol, settings, sender, *FACTS) as wait:
            wait(8)
    with on_air(reserve, None):
        reserve.tick = 4
        said = talerstol("record", reserve.address, *FACTS, "--json")
    assert json.loads(said.out)["segments"] == 4, said.err
    found, heard = recordings(settings)
    assert len(found) == 2 and heard[1] >= set(range(17, 23))


def test_what_was_recorded_long_ago_at_that_address_is_another_meeting(settings: Settings) -> None:
    """A council has one address for all its meetings, and the recorder of the last one was killed."""
    began = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
    made: list[str] = []

    def meeting(body: str) -> Callable[[], Meeting]:
        def facts() -> Meeting:
            made.append(body)
            return Meeting(body, body, began.date(), body, "Tranevig")

        return facts

    url = "https://live.example.dk/byraad.m3u8"
    with open_archive(settings) as archive:
        with (
            claimed(replace(archive, now=lambda: began), url, meeting("first"), named=False) as (_, folder),
            pytest.raises(AlreadyRecording),
            claimed(archive, url, meeting("second"), named=True),
        ):
            pass
        for hours, named, want in ((1, False, "first"), (1, True, "second"), (48, False, "third")):
            later = replace(archive, now=lambda hours=hours: began + timedelta(hours=hours))  # type: ignore[misc]
            with claimed(later, url, meeting(want), named=named) as (identity, _):
                assert identity == want
        assert made == ["first", "second", "third"]
        finish_left(replace(archive, now=lambda: began + timedelta(hours=48)), lambda _, __: None)
        assert not folder.exists()


def test_an_agenda_that_is_given_belongs_to_the_meeting_that_is_there(settings: Settings) -> None:
    bare = Meeting("a", "Byrådet", None, "Byrådet", "Tranevig")
    agenda = Agenda(items=(AgendaItem("1", "Godkendelse af dagsorden"),), source="agenda.json")
    with open_archive(settings) as archive:
        archive.catalogue.add_meeting(bare)
        with claimed(archive, "https://a.example/b.m3u8", lambda: replace(bare, agenda=agenda), named=True):
            assert archive.catalogue.meeting("a").agenda.items == agenda.items


def test_a_damaged_journal_stops_neither_a_run_nor_another_recorder(settings: Settings) -> None:
    with open_archive(settings) as archive:
        (archive.store.workspace("live-gone") / "journal.jsonl").write_bytes(b"damaged\n")
        ((meeting_id, error),) = finish_left(archive, lambda _, __: None)
        assert meeting_id == "gone" and "journal" in str(error)
        bare = Meeting("a", "Byrådet", None, "Byrådet", "Tranevig")
        with claimed(archive, "https://a.example/b.m3u8", lambda: bare, named=False) as (identity, _):
            assert identity == "a"


def taken(folder: Path) -> int:
    """Segments that were ever recorded there."""
    return len(Entries(folder / "journal.jsonl").known)


def wait_for(there: Callable[[], bool]) -> None:
    for _ in range(300):
        if there():
            return
        time.sleep(0.1)
    raise AssertionError("it never came")


def test_after_the_end_a_run_makes_it_searchable_with_its_gap(
    streams: Streams, talerstol: Talerstol, settings: Settings
) -> None:
    sender = broadcast(streams)
    sender.order = sender.order[:12]
    del sender.order[5:7]
    with on_air(sender, None):
        sender.tick = 10
        assert talerstol("record", sender.address, *FACTS).code == 0
    with open_archive(settings) as archive:
        (recording,) = archive.catalogue.meeting(MEETING).recordings
        said = (Segment(2.0, 6.0, "Cykelstien skal bygges.", "Karen Holm"),)
        text = make_transcript(recording.id, "da", said, Provenance(TranscriptOrigin.CAPTIONS, "a.vtt"))
        archive.catalogue.save_transcript(recording.id, text)
    ran = talerstol("run")
    assert ran.code == 0, ran.err
    found = json.loads(talerstol("search", "cykelsti", "--json").out)
    assert found["hits"][0]["meeting"]["id"] == MEETING
    with open_archive(settings) as archive:
        app = create_app(archive.settings, archive.catalogue, archive.store, archive.engine)
        with TestClient(app, base_url="http://localhost") as client:
            page = client.get(f"/moeder/{MEETING}").text
            told = client.get(f"/api/v1/meetings/{MEETING}").json()
    assert "Her mangler 4 sekunder af optagelsen: udsendelsen stod stille." in page
    (gap,) = told["recordings"][0]["gaps"]
    assert (round(gap["at"]), round(gap["lost"]), gap["reason"]) == (10, 4, "paused")
