"""Words for what the archive knows: dates, numbers, lengths of time, what became of an item."""

from __future__ import annotations

import math
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal, get_group_symbol

from catalogue import Provenance, PublishedItem, SetBy, SpanStatus, TranscriptOrigin
from search import Place, Reason, Way
from transcribe import Doubt
from web.language import N_, Language, translations

STATUS = {
    SpanStatus.DISCUSSED: N_("behandlet"),
    SpanStatus.JOINT: N_("behandlet samlet"),
    SpanStatus.WITHDRAWN: N_("udgået"),
    SpanStatus.CLOSED: N_("lukket punkt"),
    SpanStatus.NOT_FOUND: N_("ikke fundet i optagelsen"),
}

SET_BY = {SetBy.PERSON: N_("sat af en person"), SetBy.PUBLISHER: N_("fra udgiverens egne mærker")}

# Why talegenkendelsen left something out, or is not to be trusted.
DOUBT = {
    Doubt.LIMIT: N_("der bliver sagt mere, end programmet nåede at skrive"),
    Doubt.LOOP: N_("programmet gentog de samme ord igen og igen"),
    Doubt.STOCK: N_("programmet skrev en sætning, som det finder på, når ingen taler"),
    Doubt.ECHO: N_("programmet gentog kun de navne, det havde fået at vide"),
    Doubt.SILENT: N_("programmet hører nogen tale, men kan ikke høre ordene"),
    Doubt.EMPTY: N_("programmet hører nogen tale, men kan ikke høre ordene"),
    Doubt.FAST: N_("der står flere ord, end nogen kan nå at sige"),
    Doubt.HOLE: N_("tale uden ord"),
    Doubt.SPARSE: N_("der står meget få ord i forhold til talen"),
    Doubt.UNSURE: N_("programmet er i tvivl om ordene"),
}

# Why a place was found: the word that stands there, and the one that was typed.
WHY: dict[Way, str] = {
    "word": N_("»{found}« står der"),
    "form": N_("»{found}« er en anden form af »{typed}«"),
    "beginning": N_("»{found}« begynder med »{typed}«"),
    "spelling": N_("»{found}« er en anden stavemåde for »{typed}«"),
    "part": N_("»{typed}« er en del af »{found}«"),
    "apart": N_("»{found}« er en del af »{typed}«"),
    "like": N_("»{found}« ligner »{typed}«"),
    "phrase": N_("»{found}« står der ordret"),
}
WHERE: dict[Place, str] = {
    "text": "",
    "item": N_(" – i punktets titel"),
    "meeting": N_(" – i mødets titel"),
    "speaker": N_(" – i talerens navn"),
}


def model_name(provenance: Provenance) -> str:
    """The speech model's name; of a folder on our disk, its last part."""
    return provenance.source.rstrip("/").rsplit("/", 1)[-1]


class Words:
    """The same words in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._translations = translations(language)
        self._thousands = get_group_symbol(language.code)

    def gettext(self, text: str) -> str:
        return self._translations.gettext(text) if text else ""

    def why(self, reason: Reason) -> str:
        """One reason in a sentence."""
        said = self.gettext(WHY[reason.way]).format(found=reason.found, typed=reason.typed)
        return said + self.gettext(WHERE[reason.place])

    def became(self, item: PublishedItem) -> str:
        """What became of an item; where a person says that it is not there, that is another thing than not found."""
        if item.status is SpanStatus.NOT_FOUND and item.known:
            return self.gettext(N_("ikke i optagelsen"))
        return self.gettext(STATUS[item.status])

    def set_by(self, item: PublishedItem) -> str:
        """Who says so, where it is not the machine; nothing of a closed item, and of one that nobody placed."""
        said = item.open and item.known and (item.start is not None or item.set_by is SetBy.PERSON)
        return self.gettext(SET_BY.get(item.set_by, "")) if said else ""

    def doubt(self, reason: str) -> str:
        """Why a place was not heard well; an older transcript may know reasons that are no more."""
        known = DOUBT[Doubt(reason)] if reason in list(Doubt) else N_("programmet er i tvivl")
        return self.gettext(known)

    def percent(self, share: float) -> str:
        """`99,8 %`; 100 % only where nothing is missing."""
        tenths = math.floor(share * 1000) / 10
        return self._percent(format_decimal(tenths, format="0.#", locale=self.language.code))

    def short_date(self, day: date) -> str:
        """8. oktober 2025"""
        form = "d. MMMM y" if self.language.code == "da" else "d MMMM y"
        return format_date(day, form, locale=self.language.code)

    def month(self, day: date) -> str:
        """oktober 2025"""
        return format_date(day, "MMMM y", locale=self.language.code)

    def short_month(self, day: date) -> str:
        """okt. 2025"""
        return format_date(day, "MMM y", locale=self.language.code)

    def tiny_percent(self, share: float) -> str:
        """`0,04 %`: a share of which most of the archive's words have little; what is there is never 0."""
        percent = share * 100
        if 0 < percent < 0.001:
            return f"< {self._percent(format_decimal(0.001, format='0.###', locale=self.language.code))}"
        form = "0.#" if percent >= 1 else "0.##" if percent >= 0.1 else "0.###"
        return self._percent(format_decimal(percent, format=form, locale=self.language.code))

    def _percent(self, number: str) -> str:
        return self.gettext(N_("{number} %")).format(number=number)

    def quoted(self, text: str) -> str:
        """»Ja tak.«"""
        return self.gettext(N_("»{text}«")).format(text=text)

    def number(self, value: float) -> str:
        if isinstance(value, int):  # a page has a hundred of them, and Babel takes its time
            return f"{value:,}".replace(",", self._thousands)
        return format_decimal(value, locale=self.language.code)

    def count(self, value: int, one: str, many: str) -> str:
        """`1 møde`, `1.204 møder`"""
        return f"{self.number(value)} {self._translations.ngettext(one, many, value)}"

    def length(self, seconds: float) -> str:
        """`3 timer og 12 minutter`; under a minute, the seconds."""
        if seconds < 60:
            return self.count(math.ceil(seconds), "sekund", "sekunder")
        hours, minutes = divmod(round(seconds / 60), 60)
        parts = [self.count(hours, "time", "timer")] if hours else []
        if minutes:
            parts.append(self.count(minutes, "minut", "minutter"))
        return self.gettext(N_(" og ")).join(parts)

    def origin(self, provenance: Provenance) -> str:
        """Where a text came from, as every reader is told."""
        if provenance.origin is TranscriptOrigin.CAPTIONS:
            return self.gettext(N_("Teksten er udgiverens undertekster."))
        said = N_("Teksten er lavet af talegenkendelse (model {model}) og kan indeholde fejl.")
        return self.gettext(said).format(model=model_name(provenance))
