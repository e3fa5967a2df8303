"""Titles of agenda items as they are said aloud."""

from __future__ import annotations

import re

# Published titles carry what nobody says aloud (danish.md, section 1c).
_NOT_SPOKEN = re.compile(
    r"^\s*\d+\.\s+|^\s*(beslutning(ssag)?|orientering(ssag)?|drøftelse)\s*[:–-]\s*|\s*\(genoptaget\)"
    r"|\s*[–-]\s*(endelig|forslag|beslutning|orientering)\s*$",
    re.IGNORECASE,
)


def spoken_title(title: str) -> str:
    """A title without what is only written: "15. Beslutning: Ny skole (Genoptaget)" is "Ny skole"."""
    previous = None
    while previous != title:
        previous, title = title, _NOT_SPOKEN.sub("", title)
    return title
