"""The party behind a speaker's name: "Karen Holm (A)"."""

from __future__ import annotations

import re

# A letter or abbreviation. Longer words in brackets are names or titles.
_PARTY = re.compile(r"\(([A-ZÆØÅ]{1,3})\)\s*$")


def party_of(speaker: str | None) -> str | None:
    found = _PARTY.search(speaker or "")
    return found.group(1) if found else None


def without_party(speaker: str) -> str:
    return _PARTY.sub("", speaker).strip()
