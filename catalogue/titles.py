"""Titles of agenda items as they are said aloud."""

from __future__ import annotations

import re

# Published titles carry what nobody says aloud (danish.md, section 1c): the number, what kind of case it is, and how
# far it has come.
_KIND = r"(?:(?:til\s+)?(?:beslutning|orientering|drøftelse|efterretning)(?:s(?:sag|punkt))?|genoptag(?:else|et)|åbent\s+punkt)"
_NOT_SPOKEN = (
    re.compile(r"^\s*(?:(?:dagsordens?)?(?:punkt|pkt|sag|nr)\b\.?\s*(?:nr\.?\s*)?)?\d{1,4}(?:\s?[a-zæøå])?\s*[.:)]\s+(?!\d)", re.IGNORECASE),
    re.compile(r"^\s*(?:[Pp]unkt|[Pp]kt\.?|[Nn]r\.?)\s*\d{1,4}\s*[–—-]?\s*(?=[A-ZÆØÅ])"),
    re.compile(rf"^\s*{_KIND}\s*[:–—-]\s*", re.IGNORECASE),
    re.compile(rf"\s*[(\[]\s*{_KIND}\s*[)\]]", re.IGNORECASE),
    re.compile(rf"\s*[–—-]\s*(?:endelig|forslag|{_KIND})\s*$", re.IGNORECASE),
)  # fmt: skip


def spoken_title(title: str) -> str:
    """A title without what is only written: "15. Beslutning: Ny skole (Genoptaget)" is "Ny skole".

    What would leave nothing stays: an item called "Orientering" is called so aloud as well.
    """
    previous = ""
    while previous != title:
        previous = title
        for pattern in _NOT_SPOKEN:
            shorter = pattern.sub("", title, count=1).strip()
            title = shorter if any(map(str.isalnum, shorter)) else title
    return title
