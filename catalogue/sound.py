"""The sound alone of a recording that browsers play: a file beside it, named by it.

What is silenced is part of a playable file's name (`pipeline/recordings/playing.py`), so a sound that was made from another file,
with other time silenced, has another name and is never taken for this one's.
"""

from __future__ import annotations

from pathlib import PurePosixPath

ALREADY_SOUND = (".m4a", ".mp3")  # what players of podcasts take as it is


def sound_name(playable: str) -> str:
    """The name in the media store of the sound of a playable file; its own where it is nothing but sound."""
    file = PurePosixPath(playable)
    return playable if file.suffix in ALREADY_SOUND else str(file.with_name(f"{file.stem}-lyd.m4a"))
