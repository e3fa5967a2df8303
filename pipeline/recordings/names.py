"""What the files of a recording are called in the media store. `left.py` deletes by these names: who makes a file of a
recording gives it one of them.

    1-original.mp4                       as it was fetched first; 1-original-VERSION.mp4 is what replaced it
    1-audio.flac                         what is heard by the model
    1-play-SILENCED.mp4                  what browsers play; 1-play-VERSION-SILENCED-CHAPTERS.mp4 where it has these
    1-play-…-lyd.m4a                     the sound of that alone (`catalogue.sound_name`)
    live-SOURCE.mkv                      the original of a live recording, which has no number before it has ended

All but the endings and the live ones are eight hexadecimal digits of a sha256.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath

from catalogue import Meeting, Recording

_VERSION = re.compile(r"(?<=-original)-[0-9a-f]{8}(?=\.)")
_MADE = re.compile(r"(?P<ordinal>\d+)-(original|audio|play)(-[0-9a-f]{8})*(-lyd)?(\.[^.]*)?")


def original_name(meeting: Meeting, recording: Recording, sha256: str, suffix: str) -> str:
    """Of a fetched original; `sha256` of its content where it replaces another, else empty."""
    version = f"-{sha256[:8]}" if sha256 else ""
    return f"{meeting.id}/{recording.ordinal}-original{version}{suffix}"


def live_name(meeting_id: str, source: str) -> str:
    """Of the original of a live recording: by its source, so that it is the same whatever comes into the meeting
    meanwhile, and never one that a step makes."""
    return f"{meeting_id}/live-{hashlib.sha256(source.encode()).hexdigest()[:8]}.mkv"


def audio_name(meeting: Meeting, recording: Recording) -> str:
    return f"{meeting.id}/{recording.ordinal}-audio.flac"


def playable_beginning(recording: Recording) -> str:
    """How the names of all begin that is made of this original to be played: of one that replaced another the version is
    part of it."""
    folder, _, name = (recording.original or "").rpartition("/")
    version = _VERSION.search(name)
    return f"{folder}/{recording.ordinal}-play{version[0] if version else ''}-"


def is_made_of(recording: Recording, name: str) -> bool:
    """Whether a step made the file of that name, for this recording: of a live one it is made by who records it."""
    made = _MADE.fullmatch(PurePosixPath(name).name)
    return made is not None and int(made["ordinal"]) == recording.ordinal
