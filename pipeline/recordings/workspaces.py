"""Where a step keeps what it has of a recording so far, so that it goes on there: folders in the media store."""

from __future__ import annotations

_ENDINGS = {"fetch": "", "transcribe": "-heard", "media": "-play"}  # by the step's name


def workspace(recording_id: str, step: str) -> str:
    """The key of a step's workspace (`MediaStore.workspace`)."""
    return recording_id + _ENDINGS[step]


def workspaces(recording_id: str) -> dict[str, str]:
    """The name of each step that keeps something, by the key of its workspace."""
    return {workspace(recording_id, step): step for step in _ENDINGS}
