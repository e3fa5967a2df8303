"""Files of a meeting's recordings that no row names, left by a run that was killed.

A step puts a new file in its place, then the row names it, and what it named before goes last. Whoever is killed between
two of these leaves a file that nothing would ever look for: an original that was replaced, or a playable file in
which that is heard which was redacted since.
"""

from __future__ import annotations

from catalogue import Meeting, files_of
from pipeline.archive import Archive
from pipeline.recordings.names import is_made_of


def remove_left(archive: Archive, meeting_id: str) -> int:
    """Delete the files that bear the name of one of the meeting's recordings and that no row of it names; returns how
    many bytes that freed.

    Only for the runner that has the meeting, whose steps alone make such files; raises `LeaseLost` where that is
    another by now.
    """
    if not _left(archive, archive.catalogue.meeting(meeting_id)):
        return 0
    freed = 0
    with archive.catalogue.alone_with(meeting_id) as meeting:
        for name in _left(archive, meeting):
            freed += archive.store.path(name).stat().st_size
            archive.store.delete(name)
    return freed


def _left(archive: Archive, meeting: Meeting) -> list[str]:
    named = {name for recording in meeting.recordings for name in files_of(recording)}
    return [
        name
        for name in archive.store.names(meeting.id)
        if name not in named and any(is_made_of(recording, name) for recording in meeting.recordings)
    ]
