"""A meeting recorded while it is broadcast: found or registered, recorded by one at a time, and put in the archive.

While it goes on the meeting has no recording: it is like one of which only the agenda is known. What has been recorded
lies in the media store's folder for what is not whole yet, and becomes a recording when it ends.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from catalogue import (
    EngineError,
    Gap,
    InputError,
    Meeting,
    Recording,
    RecordingKind,
    TalerstolError,
    UnknownMeeting,
    told_when_full,
)
from ingest import Progress, probe
from ingest.live import (
    Asked,
    DamagedJournal,
    End,
    Entries,
    Finished,
    Joined,
    Journal,
    Recorder,
    State,
    Taken,
    drop_half_joined,
    joined,
    lay_out,
    names_of,
    room_needed,
)
from ingest.media import require_sound
from pipeline.archive import Archive
from pipeline.recordings.names import live_name
from pipeline.runs.room import require_bytes

PREFIX = "live-"
LOCK, JOURNAL = "recorder.lock", "journal.jsonl"
# Councils use one address for all their meetings: what was recorded there longer ago is another meeting's.
ONE_MEETING = timedelta(hours=4)
ONE_DAY = timedelta(days=1)  # what a stream still names is younger


class AlreadyRecording(EngineError):
    """Another recorder is at work on the stream or the meeting."""

    def __init__(self, where: str) -> None:
        super().__init__(
            "is being recorded already",
            where=where,
            remedy="Let that recorder go on, or stop it first (Ctrl-C).",
        )


@dataclass(frozen=True, slots=True)
class LiveOutcome:
    """What came of it. `recording` is the new recording's id, None where there was nothing new; `ended` is why."""

    meeting_id: str
    recording: str | None
    ended: End | None
    seconds: float
    segments: int
    gaps: tuple[Gap, ...]


@contextmanager
def claimed(
    archive: Archive, url: str, facts: Callable[[], Meeting], named: bool
) -> Iterator[tuple[str, Path]]:
    """The meeting and folder of a stream, for one recorder alone: those of the meeting that `facts` makes, or, where the
    caller has not `named` one, of the meeting that was recorded there some hours ago. Raises `AlreadyRecording`."""
    with FileLock(archive.settings.home / "record.lock"):
        followed = dict(_newest(archive, url))
        if any(map(_busy, followed)):
            raise AlreadyRecording(url)
        recent = [folder for folder, newest in followed.items() if archive.now() - newest < ONE_MEETING]
        if recent and not named:
            folder = max(recent, key=lambda one: followed[one])
        else:
            meeting = facts()
            folder = archive.store.workspace(PREFIX + meeting.id)
            _register(archive, meeting)
        lock = FileLock(folder / LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise AlreadyRecording(url) from error
        with closing(Journal(folder / JOURNAL)) as journal:  # from here on others know what is followed here
            journal.begin(url, archive.now())
    try:
        yield folder.name.removeprefix(PREFIX), folder
    finally:
        lock.release()


def _newest(archive: Archive, url: str) -> Iterator[tuple[Path, datetime]]:
    """The folders of this stream, and when something last came into each."""
    for folder in folders(archive).values():
        with suppress(DamagedJournal):  # which a run tells of
            entries = Entries(folder / JOURNAL)
            if entries.newest and entries.follows(url):
                yield folder, entries.newest


def folders(archive: Archive) -> dict[str, Path]:
    """Those of all live recordings, by the meeting's id."""
    keys = [key for key in archive.store.workspaces() if is_live(key)]
    return {key.removeprefix(PREFIX): archive.store.workspace_path(key) for key in keys}


def is_live(workspace: str) -> bool:
    """Whether the workspace of that key is a live recording's."""
    return workspace.startswith(PREFIX)


def _busy(folder: Path) -> bool:
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        with lock:
            return False
    except Timeout:
        return True


def _register(archive: Archive, meeting: Meeting) -> None:
    """Put the meeting in the catalogue, or its agenda where there was none."""
    try:
        known = archive.catalogue.meeting(meeting.id)
    except UnknownMeeting:
        archive.catalogue.add_meeting(meeting)
        return
    if meeting.agenda.items and not known.agenda.items:
        archive.catalogue.replace_agenda(meeting.id, meeting.agenda)


def record_live(
    archive: Archive, asked: Asked, meeting_id: str, folder: Path, stop: Event, show: Callable[[State], None]
) -> End:
    """Record until the end. What is there stays for `finish`, also where this raises."""
    parts = urlsplit(asked.url)
    if parts.scheme not in ("http", "https"):
        raise InputError("only http:// and https:// streams can be recorded", where=asked.url)
    recorder = Recorder(asked, folder, archive.settings, archive.now, stop)
    try:
        return recorder.record(show)
    finally:
        recorder.close()


def finish(
    archive: Archive, meeting_id: str, folder: Path, ended: End | None, progress: Progress
) -> LiveOutcome:
    """What lies in the folder becomes the meeting's next recording. Killed and called again, it ends the same.

    Its source is the stream from the moment its first segment came: the address alone is also that of what a fetch
    may have taken, or of the part before. Raises `DiskFull` and `SourceError`; what was recorded stays.
    """
    journal = Journal(folder / JOURNAL)
    try:
        part, before = journal.part, journal.before
        taken = [entry for entry in part if isinstance(entry, Taken)]
        if not taken or journal.opened is None:
            return LiveOutcome(meeting_id, None, ended, 0.0, 0, ())
        source = f"{journal.opened.address}#live-{taken[0].arrived.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"
        layout, within_room = lay_out(part, before), _within_room(archive, meeting_id, progress)
        drop_half_joined(folder)
        _require_room(archive, meeting_id, room_needed(layout))
        with told_when_full(), joined(folder, layout, within_room) as whole:
            recording = _kept(archive, meeting_id, source, whole)
        journal.write(Finished(source))
        for file in names_of(taken):
            (folder / file).unlink(missing_ok=True)
        return LiveOutcome(meeting_id, recording.id, ended, whole.duration, len(taken), whole.gaps)
    finally:
        journal.close()


def _kept(archive: Archive, meeting_id: str, source: str, whole: Joined) -> Recording:
    """The joined file in the media store and the catalogue."""
    info = probe(whole.file)
    require_sound(info, meeting_id)
    known = archive.catalogue.meeting(meeting_id).recordings
    there = next((r for r in known if r.source == source), None)
    ordinal = there.ordinal if there else max((r.ordinal for r in known), default=0) + 1
    name = live_name(meeting_id, source)
    archive.store.adopt(whole.file, name)
    recording = Recording(
        f"{meeting_id}-{ordinal}", ordinal, RecordingKind.LIVE, source,
        original=name, has_video=info.video is not None, gaps=whole.gaps,
    )  # fmt: skip
    archive.catalogue.add_recordings(meeting_id, (recording,))
    return recording


def _require_room(archive: Archive, meeting_id: str, needed: int) -> None:
    """A recorder ends where the stream does, and cannot be asked for the same again: the next run joins what it left."""
    require_bytes(archive, needed, f"the live recording of {meeting_id}", f"`talerstol run {meeting_id}`")


def _within_room(archive: Archive, meeting_id: str, progress: Progress) -> Progress:
    """The same progress, which raises `DiskFull` once what is kept free is touched: others write meanwhile."""

    def report(done: float, total: float | None) -> None:
        _require_room(archive, meeting_id, 0)
        progress(done, total)

    return report


def let_go(folder: Path) -> None:
    """Remove the folder of a recorder to which nothing ever came. Others are needed to know what comes next."""
    if not Entries(folder / JOURNAL).known:
        shutil.rmtree(folder, ignore_errors=True)


def _forget(archive: Archive, folder: Path) -> None:
    newest = Entries(folder / JOURNAL).newest
    if newest is None or archive.now() - newest >= ONE_DAY:
        shutil.rmtree(folder, ignore_errors=True)


def finish_left(archive: Archive, progress: Progress) -> list[tuple[str, LiveOutcome | TalerstolError]]:
    """Recordings whose recorder is gone become recordings of what there is; those being recorded are left alone. What is
    in the archive since so long that nothing more can come goes. One without room (`DiskFull`) waits, as one that cannot
    be read does; the others are gone on with."""
    found: list[tuple[str, LiveOutcome | TalerstolError]] = []
    for meeting_id, folder in folders(archive).items():
        lock = FileLock(folder / LOCK, timeout=0)
        try:
            with lock:
                outcome = finish(archive, meeting_id, folder, None, progress)
                if outcome.recording:
                    found.append((meeting_id, outcome))
                else:
                    _forget(archive, folder)
        except Timeout:
            continue
        except TalerstolError as error:
            found.append((meeting_id, error))
    return found
