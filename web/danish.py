"""Danish words for what the archive knows: dates, numbers, lengths of time, what became of an item."""

from __future__ import annotations

import math
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal

from catalogue import Provenance, PublishedItem, SetBy, SpanStatus, TranscriptOrigin
from search import Place, Reason, Way
from transcribe import Doubt

LOCALE = "da"

STATUS = {
    SpanStatus.DISCUSSED: "behandlet",
    SpanStatus.JOINT: "behandlet samlet",
    SpanStatus.WITHDRAWN: "udgået",
    SpanStatus.CLOSED: "lukket punkt",
    SpanStatus.NOT_FOUND: "ikke fundet i optagelsen",
}

SET_BY = {SetBy.PERSON: "sat af en person", SetBy.PUBLISHER: "fra udgiverens egne mærker"}

# Why talegenkendelsen left something out, or is not to be trusted.
DOUBT = {
    Doubt.LIMIT: "der bliver sagt mere, end programmet nåede at skrive",
    Doubt.LOOP: "programmet gentog de samme ord igen og igen",
    Doubt.STOCK: "programmet skrev en sætning, som det finder på, når ingen taler",
    Doubt.ECHO: "programmet gentog kun de navne, det havde fået at vide",
    Doubt.SILENT: "programmet hører nogen tale, men kan ikke høre ordene",
    Doubt.EMPTY: "programmet hører nogen tale, men kan ikke høre ordene",
    Doubt.FAST: "der står flere ord, end nogen kan nå at sige",
    Doubt.HOLE: "tale uden ord",
    Doubt.SPARSE: "der står meget få ord i forhold til talen",
    Doubt.UNSURE: "programmet er i tvivl om ordene",
}

# Why a place was found: the word that stands there, and the one that was typed.
WHY: dict[Way, str] = {
    "word": "»{found}« står der",
    "form": "»{found}« er en anden form af »{typed}«",
    "beginning": "»{found}« begynder med »{typed}«",
    "spelling": "»{found}« er en anden stavemåde for »{typed}«",
    "part": "»{typed}« er en del af »{found}«",
    "apart": "»{found}« er en del af »{typed}«",
    "like": "»{found}« ligner »{typed}«",
    "phrase": "»{found}« står der ordret",
}
WHERE: dict[Place, str] = {
    "text": "",
    "item": " – i punktets titel",
    "meeting": " – i mødets titel",
    "speaker": " – i talerens navn",
}


def why(reason: Reason) -> str:
    """One reason in a sentence."""
    return WHY[reason.way].format(found=reason.found, typed=reason.typed) + WHERE[reason.place]


def became(item: PublishedItem) -> str:
    """What became of an item; where a person says that it is not there, that is another thing than not found."""
    if item.status is SpanStatus.NOT_FOUND and item.known:
        return "ikke i optagelsen"
    return STATUS[item.status]


def set_by(item: PublishedItem) -> str:
    """Who says so, where it is not the machine; nothing of a closed item, and of one that nobody placed."""
    said = item.open and item.known and (item.start is not None or item.set_by is SetBy.PERSON)
    return SET_BY.get(item.set_by, "") if said else ""


def doubt(reason: str) -> str:
    """Why a place was not heard well; an older transcript may know reasons that are no more."""
    return DOUBT[Doubt(reason)] if reason in list(Doubt) else "programmet er i tvivl"


def percent(share: float) -> str:
    """`99,8 %`; 100 % only where nothing is missing."""
    tenths = math.floor(share * 1000) / 10
    return f"{format_decimal(tenths, format='0.#', locale=LOCALE)} %"


def short_date(day: date) -> str:
    """8. oktober 2025"""
    return format_date(day, "d. MMMM y", locale=LOCALE)


def number(value: float) -> str:
    return format_decimal(value, locale=LOCALE)


def count(value: int, one: str, many: str) -> str:
    """`1 møde`, `1.204 møder`"""
    return f"{number(value)} {one if value == 1 else many}"


def length(seconds: float) -> str:
    """`3 timer og 12 minutter`; under a minute, the seconds."""
    if seconds < 60:
        return count(math.ceil(seconds), "sekund", "sekunder")
    hours, minutes = divmod(round(seconds / 60), 60)
    parts = [count(hours, "time", "timer")] if hours else []
    if minutes:
        parts.append(count(minutes, "minut", "minutter"))
    return " og ".join(parts)


def origin(provenance: Provenance) -> str:
    """Where a text came from, as every reader is told."""
    if provenance.origin is TranscriptOrigin.CAPTIONS:
        return "Teksten er udgiverens undertekster."
    return f"Teksten er lavet af talegenkendelse (model {model_name(provenance)}) og kan indeholde fejl."


def model_name(provenance: Provenance) -> str:
    """The speech model's name; of a folder on our disk, its last part."""
    return provenance.source.rstrip("/").rsplit("/", 1)[-1]
