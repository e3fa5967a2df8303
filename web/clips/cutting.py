"""Clips, all in one: found where they lie, or put in the queue, cut, and laid there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
from starlette.requests import Request

from catalogue import MediaStore, Settings, TalerstolError, UnknownMeeting
from ingest import ClipForm, Progress, can_draw, cut_clip
from web.archive import Archive, Revised
from web.clips.order import Order, order
from web.clips.shelf import NoRoom, Shelf
from web.clips.stretch import Named, Refused, named, recording_of
from web.clips.waiting import ClipId, Failed, NotMade, Queued, Waiting, Working
from web.language import N_
from web.visitors import Visitors

HOUR = 3600.0  # seconds
CHANGED = N_("Mødet blev ændret, mens klippet blev lavet. Bed om det igen.")
BROKEN = N_("Klippet kunne ikke laves af optagelsen. Fejlen er noteret.")
NO_ROOM = N_("Der er ikke plads til flere klip lige nu. Prøv igen senere.")

_log = structlog.get_logger("talerstolen.web")


@dataclass(frozen=True, slots=True)
class Ready:
    file: Path
    size: int  # bytes


State = Ready | Queued | Working | Failed | None


class TooMany(Exception):
    """This visitor has had enough for now."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait  # seconds


class Clips:
    """What readers have cut. `stop` it with the application."""

    def __init__(self, settings: Settings, archive: Archive, store: MediaStore) -> None:
        self._settings = settings
        self._archive = archive
        self._store = store
        self._shelf = Shelf(settings.clips_folder, settings.clip_cache_bytes)
        self._visitors = Visitors(settings.clips_an_hour, HOUR)
        self._waiting = Waiting(settings.clip_places, settings.clip_workers, self._make, self._tidy)

    def start(self) -> None:
        self._waiting.start()

    def stop(self) -> None:
        self._waiting.stop()

    def look(self, revised: Revised, clip: Named) -> State:
        """How far a clip of this revision is; None where nobody has asked for it. Raises `Refused`."""
        recording_of(revised.meeting, clip.stretch)
        if ready := self.ready(revised, clip):
            return ready
        return self._waiting.look(ClipId(revised.meeting.id, clip.file))

    def ready(self, revised: Revised, clip: Named) -> Ready | None:
        """The finished file, cut from exactly this revision of the meeting. Raises `Refused`."""
        recording_of(revised.meeting, clip.stretch)
        file = self._shelf.find(revised.meeting.id, revised.revision, clip)
        try:
            return Ready(file, file.stat().st_size) if file else None
        except FileNotFoundError:
            return None  # it made room for another, just now

    def ask(self, revised: Revised, clip: Named, visitor: str) -> None:
        """Have a clip made, if it is not. Raises `Refused`, `TooMany`, and `Full`."""
        order(revised, clip, self._store, self._settings)
        if isinstance(self.look(revised, clip), Ready | Queued | Working):
            return
        if wait := self._visitors.wait(visitor):
            raise TooMany(wait)
        self._waiting.ask(ClipId(revised.meeting.id, clip.file))
        self._visitors.gave(visitor)

    def _make(self, clip: ClipId, progress: Progress, given_up: Callable[[], bool]) -> None:
        """Cut it of the meeting as it is now, and lay it on the shelf if the meeting is still that."""
        known = named(clip.file)
        if known is None:
            raise NotMade(BROKEN)
        try:
            wanted = order(self._archive.meeting(clip.meeting), known[0], self._store, self._settings)
            with self._shelf.workspace() as folder:
                made = cut_clip(wanted.source, folder, wanted.clip, progress, given_up)
                self._lay(made, wanted)
        except (Refused, UnknownMeeting) as error:
            raise NotMade(CHANGED) from error
        except NoRoom as error:
            raise NotMade(NO_ROOM) from error
        except (TalerstolError, OSError) as error:
            _log.warning("clip_failed", meeting=clip.meeting, clip=clip.file, why=str(error))
            raise NotMade(BROKEN) from error

    def _lay(self, made: Path, wanted: Order) -> None:
        if self._archive.revision(wanted.meeting) != wanted.revision:
            raise NotMade(CHANGED)
        self._shelf.put(made, wanted.meeting, wanted.revision, wanted.named)

    def _tidy(self) -> None:
        try:
            self._shelf.tidy(self._archive.revision)
        except (TalerstolError, OSError) as error:  # the next time, then
            _log.warning("clips_not_tidied", why=str(error))


def forget_clips(settings: Settings, meeting: str) -> None:
    """Delete the finished clips of a meeting: what they were cut from is not kept any more."""
    Shelf(settings.clips_folder, settings.clip_cache_bytes).forget(meeting)


def forms(has_video: bool) -> tuple[ClipForm, ...]:
    """What can be made of a recording on this machine, the most useful first."""
    drawn = (ClipForm.BURNED,) if can_draw() else ()
    return (*drawn, ClipForm.TRACK, ClipForm.SOUND) if has_video else (*drawn, ClipForm.SOUND)


def clips_of(request: Request) -> Clips:
    clips: Clips = request.app.state.clips
    return clips
