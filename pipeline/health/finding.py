"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass

RESTORE = "Restore the newest backup (`talerstol restore`) beside this archive, and compare."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` says what to do where it is not in order."""

    subject: str
    ok: bool
    text: str
    remedy: str = ""
