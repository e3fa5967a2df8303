"""Which files of the media store are a recording's."""

from __future__ import annotations

from catalogue.records import Recording
from catalogue.sound import sound_name


def files_of(recording: Recording) -> tuple[str, ...]:
    """The name of every file that a recording may have, each once."""
    playable = recording.playable
    named = (recording.original, recording.audio, playable, sound_name(playable) if playable else None)
    return tuple(dict.fromkeys(name for name in named if name))
