"""Recordings over several nights: incomplete, growing, changed or taken away at their source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from catalogue import (
    Agenda,
    AgendaItem,
    Edit,
    EditKind,
    Incomplete,
    Lack,
    PublishedMeeting,
    Recording,
    Settings,
    published_meeting,
)
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.night.notes import note_entry
from pipeline.night.report import NoteKind
from pipeline.night.reviews import reviews
from pipeline.runs.due import due_steps
from pipeline.runs.outcome import Outcome
from pipeline.runs.runner import Run
from pipeline.runs.steps import SEGMENT, STEPS, Step
from pipeline.status import MeetingStatus, State, meeting_status
from pipeline.terminal.reporter import Silent
from tests.pipeline.conftest import Material, Talerstol, as_hls, ffmpeg, sound
from tests.pipeline.sources import Source

DAY = date(2026, 3, 4)
ITEMS = Agenda((AgendaItem("1", "Godkendelse af dagsorden"), AgendaItem("2", "Ny cykelsti")))
EVENING = datetime(2026, 3, 4, 21, tzinfo=UTC)


@dataclass
class Nights:
    """One meeting of one recording with captions, run night after night."""

    archive: Archive
    source: Source
    clock: datetime = EVENING
    id: str = ""

    def run(self, later: timedelta = timedelta()) -> Outcome:
        self.clock += later
        self.archive.now = lambda: self.clock
        return Run(self.archive, Silent()).bring_up_to_date([self.id])

    @property
    def recording(self) -> Recording:
        return self.archive.catalogue.meeting(self.id).recordings[0]

    @property
    def told(self) -> Incomplete | None:
        """What readers are told is missing."""
        public = published_meeting(self.archive.catalogue, self.id)
        assert public is not None
        return public.recordings[0].incomplete

    @property
    def status(self) -> MeetingStatus:
        return meeting_status(self.archive, self.id)

    @property
    def review(self) -> str:
        return " | ".join(self.status.review)

    def add(self, source: str, captions: Path, day: date | None = DAY) -> None:
        asked = Registration((source,), transcripts=(str(captions),), title="Møde", date=day)
        self.id = add_meeting(self.archive, asked).meeting_id

    def begin(self, recording: bytes, captions: Path, day: date | None = DAY) -> None:
        """The source has this recording, under the name "one"; it is added and brought up to date."""
        self.source.data, self.source.tag = recording, '"one"'
        self.add(self.source.address, captions, day)
        self.run()


NIGHT = timedelta(days=1)


@pytest.fixture
def nights(settings: Settings, source: Source) -> Iterator[Nights]:
    with open_archive(settings) as archive:
        yield Nights(archive, source)


def test_one_that_is_cut_off_at_its_source_is_published_said_to_be_incomplete_and_mended(
    nights: Nights, source: Source, material: Material, tmp_path: Path
) -> None:
    whole = sound(tmp_path, 12)
    source.data, source.tag = whole[: len(whole) // 2], '"half"'
    nights.add(source.address, material.captions)
    assert not nights.run().failed
    assert nights.recording.incomplete == "only 0:00:06 of 0:00:12 is there"
    assert nights.recording.announced == pytest.approx(12, abs=0.2)
    assert nights.told == Incomplete(Lack.SHORT, nights.recording.announced)
    assert "the recording is incomplete: only 0:00:06" in nights.review
    assert "a run an hour later or more asks its source again" in nights.review
    source.asked.clear()
    assert nights.run(NIGHT).done == ()  # the same at its source: one question, no second transfer
    assert nights.run(timedelta(minutes=59)).done == () and source.asked == ["HEAD"]
    source.data, source.tag = whole, '"whole"'
    assert ("fetch" in {step for _, step in nights.run(NIGHT).done}) and nights.recording.incomplete == ""
    assert nights.recording.duration == pytest.approx(12, abs=0.2)
    assert "incomplete" not in nights.review and nights.told is None


def test_an_incomplete_one_is_asked_for_so_many_times_only(
    nights: Nights, source: Source, material: Material, tmp_path: Path
) -> None:
    source.data = sound(tmp_path, 12)[:40_000]  # the server gives no name to its version: fetched, to be sure
    nights.add(source.address, material.captions)
    for _ in range(12):
        assert not nights.run(NIGHT).failed
    assert source.asked.count("GET") == 1 + 1 + 5  # at `add`, the first night, five more
    assert "its source was asked 5 times" in nights.review
    assert nights.recording.incomplete


def test_a_recording_that_grows_is_fetched_at_once_and_heard_when_it_has_stopped(
    nights: Nights, source: Source, material: Material, tmp_path: Path
) -> None:
    source.data, source.modified = sound(tmp_path, 6), "Wed, 04 Mar 2026 20:59:00 GMT"
    nights.add(source.address, material.captions)
    nights.run()
    first = nights.recording
    public = published_meeting(nights.archive.catalogue, nights.id)
    source.data, source.modified = sound(tmp_path, 9), "Thu, 05 Mar 2026 20:59:00 GMT"
    outcome = nights.run(NIGHT)
    assert outcome.done == ((nights.id, "fetch"),)
    assert (outcome.goes_on, outcome.failed, outcome.waiting) == ((nights.id,), (), ())
    assert nights.archive.store.path(nights.recording.original or "").read_bytes() == source.data
    assert nights.recording.audio == first.audio and nights.recording.duration == first.duration
    assert nights.told == Incomplete(Lack.GROWING)
    assert without_lacks(nights) == public  # as it was
    assert "still growing" in nights.review
    source.data, source.modified = sound(tmp_path, 12), "Thu, 05 Mar 2026 22:30:00 GMT"
    assert nights.run(timedelta(hours=2)).done == ((nights.id, "fetch"),)
    outcome = nights.run(timedelta(hours=2))
    done = {step for _, step in outcome.done}
    assert {"audio", "media"} <= done and "fetch" not in done and outcome.goes_on == ()
    assert nights.recording.duration == pytest.approx(12, abs=0.2) and "growing" not in nights.review
    assert nights.recording.playable != first.playable and nights.told is None
    assert due_steps(nights.archive, [nights.id]) == []


def without_lacks(nights: Nights) -> PublishedMeeting:
    public = published_meeting(nights.archive.catalogue, nights.id)
    assert public is not None
    return replace(public, recordings=tuple(replace(r, incomplete=None) for r in public.recordings))


def test_one_that_changed_is_fetched_anew_and_edits_stay(
    nights: Nights, source: Source, material: Material, tmp_path: Path
) -> None:
    nights.begin(sound(tmp_path, 12), material.captions)
    first = nights.recording
    edit = Edit(EditKind.REDACTION, "Karen", "navn", nights.clock, 4.0, 6.0)
    nights.archive.catalogue.add_edit(nights.id, edit)
    nights.run()
    source.data, source.tag = sound(tmp_path, 12, 880), '"two"'
    assert not nights.run(NIGHT).failed
    again = nights.recording
    assert again.original != first.original and not nights.archive.store.exists(first.original or "")
    assert nights.archive.store.path(again.original or "").read_bytes() == source.data
    assert [e.start for e in nights.archive.catalogue.edits(nights.id)] == [4.0]
    public = published_meeting(nights.archive.catalogue, nights.id)
    assert public is not None and public.recordings[0].playable == again.playable
    assert not any(4.0 <= s.start < 6.0 for s in public.sentences)


def test_the_same_bytes_under_another_name_are_no_other_recording(
    nights: Nights, source: Source, material: Material, tmp_path: Path
) -> None:
    nights.begin(sound(tmp_path, 12), material.captions)
    first, source.tag = nights.recording, '"two"'
    assert nights.run(NIGHT).done == ((nights.id, "fetch"),)
    assert nights.recording == first
    assert nights.run(NIGHT).done == ()


def test_a_recording_that_was_replaced_by_a_notice_is_kept(
    nights: Nights, source: Source, material: Material, tmp_path: Path
) -> None:
    nights.begin(sound(tmp_path, 12), material.captions)
    first = nights.recording
    source.data, source.tag = sound(tmp_path, 3), '"gone"'
    nights.run(NIGHT)
    assert nights.recording == first
    assert "in place of one of 0:00:12; the archive keeps the longer one" in nights.review
    source.gone = True
    assert not nights.run(NIGHT).failed and nights.recording == first


def rising(folder: Path, seconds: float, start: float = 0.0) -> bytes:
    """A tone that rises all the time, from its second `start` on: no second of it sounds like another."""
    file = folder / f"rising-{start:g}-{seconds:g}.mp3"
    tone = f"aevalsrc=sin(2*PI*(200+20*(t+{start}))*(t+{start})):d={seconds}"
    ffmpeg("-f", "lavfi", "-i", tone, "-b:a", "64k", str(file))
    return file.read_bytes()


TIMED = {
    "redaction": Edit(EditKind.REDACTION, "Karen", "navn", EVENING, 4.0, 6.0),
    "stretch closed": Edit(EditKind.CLOSE, "Karen", "navn", EVENING, 4.0, 6.0),
    "stretch opened": Edit(EditKind.OPEN, "Karen", "navn", EVENING, 4.0, 6.0),
    "correction": Edit(EditKind.CORRECTION, "Karen", "navn", EVENING, 4.0, 6.0, text="Cykelstien."),
    "boundary": Edit(EditKind.BOUNDARY, "Karen", "navn", EVENING, 4.0, item="2"),
}


@pytest.mark.parametrize("kind", TIMED)
def test_one_that_is_cut_differently_does_not_take_the_place_of_one_in_which_people_set_times(
    nights: Nights, source: Source, material: Material, tmp_path: Path, kind: str
) -> None:
    nights.begin(rising(tmp_path, 12), material.captions)
    nights.archive.catalogue.replace_agenda(nights.id, ITEMS)
    nights.archive.catalogue.add_edit(nights.id, TIMED[kind])
    nights.run()
    first = nights.recording
    public = published_meeting(nights.archive.catalogue, nights.id)
    source.data, source.tag = rising(tmp_path, 9, start=3.0), '"trimmed"'
    outcome = nights.run(NIGHT)
    assert outcome.done == ((nights.id, "fetch"),) and not outcome.failed
    assert nights.recording == first and published_meeting(nights.archive.catalogue, nights.id) == public
    assert "has one of 0:00:09 now, in place of 0:00:12, that is cut differently" in nights.review
    assert f"talerstol items {nights.id} --unset" in nights.review
    (review,) = reviews(nights.archive, [nights.archive.catalogue.meeting(nights.id)], frozenset({nights.id}))
    assert NoteKind.CUT_ANEW in {note.kind for note in review.notes} and review.pressing
    assert any("klippet anderledes" in said for said in note_entry(review).said)
    assert nights.run(NIGHT).done == ()  # it is not fetched every night
    if kind == "boundary":
        nights.archive.catalogue.add_edit(nights.id, Edit(EditKind.UNSET, "Karen", "", EVENING, item="2"))
        assert not nights.run().failed and "cut differently" not in nights.review
        assert nights.recording.duration == pytest.approx(9, abs=0.2)


def test_one_that_goes_on_after_the_times_that_people_set_takes_its_place(
    nights: Nights, source: Source, material: Material, tmp_path: Path
) -> None:
    nights.begin(rising(tmp_path, 12), material.captions)
    nights.archive.catalogue.add_edit(nights.id, TIMED["redaction"])
    nights.run()
    for seconds in (20, 15):  # more of it came; then what was said after the end was taken off
        source.data, source.tag = rising(tmp_path, seconds), f'"{seconds}"'
        assert not nights.run(NIGHT).failed and not nights.run(timedelta(hours=2)).failed  # it has stopped
        assert nights.recording.duration == pytest.approx(seconds, abs=0.2)
        assert "cut differently" not in nights.review
    open_ended = Edit(EditKind.REDACTION, "Karen", "navn", EVENING, 10.0, 1e9)
    nights.archive.catalogue.add_edit(nights.id, open_ended)
    source.data, source.tag = rising(tmp_path, 24), '"24"'
    assert not nights.run(NIGHT).failed and not nights.run(timedelta(hours=2)).failed
    assert nights.recording.duration == pytest.approx(24, abs=0.2)


@pytest.mark.parametrize(
    "edit",
    [
        None,
        Edit(EditKind.CLOSE, "Karen", "navn", EVENING, item="2"),
        Edit(EditKind.BOUNDARY, "Karen", "navn", EVENING, item="2"),
        Edit(EditKind.REDACTION, "Karen", "navn", EVENING, 40.0, 60.0),
    ],
)
def test_one_that_is_cut_differently_takes_its_place_where_no_time_is_set_in_it(
    nights: Nights, source: Source, material: Material, tmp_path: Path, edit: Edit | None
) -> None:
    nights.begin(rising(tmp_path, 12), material.captions)
    nights.archive.catalogue.replace_agenda(nights.id, ITEMS)
    nights.archive.catalogue.add_edit(nights.id, *([edit] if edit else []))
    nights.run()
    source.data, source.tag = rising(tmp_path, 9, start=3.0), '"trimmed"'
    assert not nights.run(NIGHT).failed
    assert nights.recording.duration == pytest.approx(9, abs=0.2)
    assert "cut differently" not in nights.review


def test_a_source_is_looked_at_once_a_night_and_for_some_days(
    nights: Nights, source: Source, material: Material, tmp_path: Path
) -> None:
    nights.begin(sound(tmp_path, 6), material.captions)
    source.asked.clear()
    for _ in range(3):
        nights.run(timedelta(hours=1))
    assert source.asked == []
    for _ in range(20):
        nights.run(NIGHT)
    assert source.asked == ["HEAD"] * 6
    assert json.loads(json.dumps(nights.review))  # plain text


def test_one_that_is_up_to_date_is_looked_at_before_it_is_passed_over(
    nights: Nights, source: Source, material: Material, tmp_path: Path
) -> None:
    nights.begin(sound(tmp_path, 6), material.captions)
    assert due_steps(nights.archive, [nights.id]) == []  # a run has no work with it
    source.asked.clear()
    assert nights.run(NIGHT).done == () and source.asked == ["HEAD"]
    source.data, source.tag = sound(tmp_path, 12), '"two"'
    assert due_steps(nights.archive, [nights.id]) == []
    done = {step for _, step in nights.run(NIGHT).done}
    assert "fetch" in done and source.asked == ["HEAD", "HEAD", "GET"]


@pytest.mark.parametrize(
    ("day", "days", "asked"),
    [
        (DAY, 7, ["HEAD"]),
        (DAY, 0, []),  # never to be looked at again
        (DAY - timedelta(days=30), 7, []),  # settled long ago
        (DAY + timedelta(days=30), 7, []),  # of a day to come
        (None, 7, []),
    ],
)
def test_a_whole_one_is_asked_for_only_while_it_may_change(
    nights: Nights,
    source: Source,
    material: Material,
    tmp_path: Path,
    day: date | None,
    days: int,
    asked: list[str],
) -> None:
    nights.archive.settings = nights.archive.settings.model_copy(update={"look_again_days": days})
    nights.begin(sound(tmp_path, 6), material.captions, day)
    source.asked.clear()
    nights.run(NIGHT)
    assert source.asked == asked


@pytest.mark.parametrize("how", ["segment only", "too late", "let go of", "wanted already"])
def test_none_is_asked_for_that_a_run_does_not_fetch(
    nights: Nights, source: Source, material: Material, tmp_path: Path, how: str
) -> None:
    nights.begin(sound(tmp_path, 6), material.captions)
    archive, one = nights.archive, nights.recording
    nights.clock += NIGHT
    steps: tuple[Step, ...] = STEPS
    until = None
    if how == "segment only":
        steps = (SEGMENT,)
    elif how == "too late":
        until = nights.clock
    elif how == "let go of":
        assert archive.catalogue.retention.retire(
            nights.id, {one.id: one.transcript or ""}, DAY, "30 days", nights.clock
        )
    else:
        archive.catalogue.arrivals.keep(
            replace(archive.catalogue.arrivals.of(nights.id)[one.id], wanted=True)
        )
        source.gone = True
    archive.now = lambda: nights.clock
    source.asked.clear()
    Run(archive, Silent(), steps, until).bring_up_to_date([nights.id])
    assert source.asked == (["GET"] if how == "wanted already" else [])


def test_a_host_that_does_not_answer_is_asked_once_a_run(
    nights: Nights, source: Source, material: Material, tmp_path: Path
) -> None:
    source.data, source.tag = sound(tmp_path, 6), '"one"'
    ids = []
    for day in (DAY, DAY - timedelta(days=1)):
        nights.add(source.address, material.captions, day)
        nights.run()
        ids.append(nights.id)
    source.asked.clear()
    source.silent = True
    nights.clock += NIGHT
    nights.archive.now = lambda: nights.clock
    assert Run(nights.archive, Silent()).bring_up_to_date(ids).failed == ()
    assert source.asked == ["HEAD"]


def test_a_stream_that_never_says_that_it_ended_is_taken_when_it_stands_still(
    nights: Nights, material: Material, tmp_path: Path, hls: tuple[str, Path]
) -> None:
    address, folder = hls
    playlist = folder / "a.m3u8"
    as_hls(material.video, playlist)
    whole = playlist.read_text().replace("#EXT-X-ENDLIST\n", "")
    rows = whole.split("#EXTINF")
    playlist.write_text("#EXTINF".join(rows[:4]))
    nights.add(address, material.captions)
    assert goes_on(nights.run())
    playlist.write_text(whole)
    assert goes_on(nights.run(NIGHT))
    assert goes_on(nights.run(timedelta(minutes=10)))
    ended = nights.run(NIGHT)
    assert not ended.failed and not ended.goes_on
    assert nights.recording.duration == pytest.approx(12, abs=0.3) and nights.recording.incomplete == ""
    assert "never said that the broadcast has ended" in nights.review


def goes_on(outcome: Outcome) -> bool:
    """Nothing failed, and nothing is done."""
    assert (outcome.failed, outcome.done, outcome.waiting) == ((), (), ())
    return outcome.goes_on != ()


def test_a_stream_that_is_still_live_is_no_failure_and_one_that_failed_before_is_none_any_more(
    nights: Nights, material: Material, hls: tuple[str, Path]
) -> None:
    address, folder = hls
    playlist = folder / "a.m3u8"
    as_hls(material.video, playlist)
    whole = playlist.read_text()
    nights.add(address, material.captions)
    playlist.unlink()
    assert "answers 404" in nights.run().failed[0].message
    assert nights.status.state is State.FAILED
    playlist.write_text(whole.replace("#EXT-X-ENDLIST\n", ""))
    assert goes_on(nights.run(timedelta(minutes=10)))
    assert (nights.status.state, nights.status.review) == (State.WAITING, ())
    assert "still being broadcast" in nights.status.waits_for
    playlist.unlink()
    assert (nights.run(timedelta(minutes=10)).failed != ()) and "broadcast" not in nights.status.waits_for
    playlist.write_text(whole)
    ended = nights.run(timedelta(minutes=10))
    assert (ended.failed, ended.goes_on, nights.status.state) == ((), (), State.DONE)


def test_by_day_a_stream_that_is_still_live_is_work_left(
    talerstol: Talerstol, material: Material, hls: tuple[str, Path]
) -> None:
    address, folder = hls
    playlist = folder / "a.m3u8"
    as_hls(material.video, playlist)
    whole = playlist.read_text()
    playlist.write_text(whole.replace("#EXT-X-ENDLIST\n", ""))
    talerstol("add", address, "--transcript", str(material.captions), "--title", "Møde", "--date", f"{DAY}")
    said = talerstol("run")
    assert said.code == 3 and "goes on at its source" in said.out and "FAILED" not in said.err
    playlist.write_text(whole)
    assert talerstol("run").code == 0


def test_a_stream_that_goes_on_after_it_had_stood_still_is_had_whole(
    nights: Nights, material: Material, hls: tuple[str, Path]
) -> None:
    address, folder = hls
    playlist = folder / "a.m3u8"
    as_hls(material.video, playlist)
    whole = playlist.read_text().replace("#EXT-X-ENDLIST\n", "")
    playlist.write_text("#EXTINF".join(whole.split("#EXTINF")[:4]))
    nights.add(address, material.captions)
    assert goes_on(nights.run())
    nights.run(timedelta(hours=1))
    assert nights.recording.duration == pytest.approx(6, abs=0.3)
    playlist.write_text(whole)  # the pause is over
    assert nights.run(NIGHT).goes_on == (nights.id,)
    for _ in range(3):
        assert not nights.run(timedelta(hours=1)).failed
    assert nights.recording.duration == pytest.approx(12, abs=0.3)
    assert due_steps(nights.archive, [nights.id]) == []


def test_a_stream_with_segments_that_never_come_is_taken_with_its_holes_after_some_nights(
    nights: Nights, material: Material, tmp_path: Path, hls: tuple[str, Path]
) -> None:
    address, folder = hls
    as_hls(material.video, folder / "a.m3u8")
    whole = (folder / "a2.ts").read_bytes()
    (folder / "a2.ts").unlink()
    nights.add(address, material.captions)
    for night in range(5):
        assert "1 of 6 segments are missing, at 0:00:04" in nights.run(NIGHT).failed[0].message
        assert night == 4 or nights.run().failed  # the same night again: it counts once
    assert not nights.run(NIGHT).failed
    assert nights.recording.incomplete == "1 of 6 segments are missing, at 0:00:04"
    assert nights.recording.duration == pytest.approx(12, abs=0.3)
    assert nights.told == Incomplete(Lack.PARTS)
    (folder / "a2.ts").write_bytes(whole)
    assert "the recording is incomplete: 1 of 6" in nights.review
