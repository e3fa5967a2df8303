"""The recordings of a meeting that the archive does not have yet."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue import Edit, Meeting, Recording, RecordingKind, Settings, TalerstolError, closed_items
from ingest import Web
from ingest.portals import Listed, Municipality, listed_for, listed_recordings, recording_at
from pipeline.syncing.following import clip_key


class Recordings:
    """Where one municipality's recordings are looked for, during one pass."""

    def __init__(self, municipality: Municipality, web: Web, settings: Settings) -> None:
        self._municipality, self._web, self._settings = municipality, web, settings
        self._listed: tuple[Listed, ...] | TalerstolError | None = None

    def missing(
        self, meeting: Meeting, told: Sequence[str], edits: Sequence[Edit], asked: bool
    ) -> tuple[Recording, ...]:
        """The recordings to add, in order. `told` are those that the portal names for the whole meeting; `asked`
        says whether one that only may be there is asked for.

        A meeting has recordings of the whole, or clips of its items, never both: they would be heard twice. The
        clips of closed items are left out. Where no item is open, or none is known, there is nothing to hear: what
        is closed could not be told from what is not. Raises `TalerstolError` where it cannot be told what there is.
        """
        closed = closed_items(meeting.agenda.items, edits)
        if len(closed) == len(meeting.agenda.items):
            return ()
        there = [r for r in meeting.recordings if r.kind is not RecordingKind.NONE]
        known = {r.source for r in there}
        if told:
            of_portal = not there or known & set(told)
            wanted = [(url, "") for url in told] if of_portal else []
        elif clips := _clips(meeting, closed):
            wanted = clips if all(r.item for r in there) else []
        else:
            wanted = [] if there or not asked else self._elsewhere(meeting)
        new = dict.fromkeys(one for one in wanted if one[0] not in known)
        found = (recording_at(url, item, self._web, self._settings) for url, item in new)
        return tuple(recording for recording in found if recording is not None)

    def _elsewhere(self, meeting: Meeting) -> list[tuple[str, str]]:
        """Where `recordings` in municipalities.toml leads for this meeting."""
        one = self._municipality
        if not one.recordings or meeting.date is None:
            return []
        if one.lists_recordings:
            url = listed_for(self._list(), one, meeting.date, meeting.body)
        else:
            url = one.recording_of(meeting.date, meeting.body)
        return [(url, "")] if url else []

    def _list(self) -> tuple[Listed, ...]:
        """The page's list, asked for once; that it could not be read holds for all meetings."""
        if self._listed is None:
            try:
                self._listed = listed_recordings(self._municipality, self._web, self._settings)
            except TalerstolError as error:
                self._listed = error
        if isinstance(self._listed, TalerstolError):
            raise self._listed
        return self._listed


def _clips(meeting: Meeting, closed: frozenset[int]) -> list[tuple[str, str]]:
    open_items = [item for n, item in enumerate(meeting.agenda.items) if n not in closed]
    return [(url, clip_key(item)) for item in open_items for url in item.audio]
