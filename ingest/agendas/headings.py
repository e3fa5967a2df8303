"""How the heading of an agenda item looks in a text, and what only resembles one (danish.md, sections 1b and 1c)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalogue import closed_by_title

_MONTHS = "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
# "12 a.", "12a ", "12 a Titel"; not "12 i alt".
_SUFFIX = r"(?:\s?[a-hj-zæøå](?=\s*[.:)]|\s+(?-i:[A-ZÆØÅ]))|[a-z](?=\s))?"
_NAMED = re.compile(
    rf"(?:dagsordens?)?(?P<word>punkt|pkt|sag|nr)\b\s*\.?\s*(?:(?:nr\b\.?|nummer)\s*)?(?P<number>\d{{1,4}}{_SUFFIX})(?![\d/])"
    r"\s*(?P<stop>[.:)–—-]?)(?!\d)\s*(?P<title>.*)",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?P<number>\d{{1,3}}{_SUFFIX})\s*[.:)](?!\d)\s*(?P<title>.*)")
_LOOSE = re.compile(rf"(?P<number>\d{{1,3}}{_SUFFIX})\s+(?P<title>[A-ZÆØÅ»„\"].*)")
_LONE = re.compile(
    r"(?:(?:punkt|pkt|sag|nr)\b\s*\.?\s*)?(\d{1,3}(?:\s?[a-hj-zæøå])?)\s*[.:)]?", re.IGNORECASE
)
# "8. oktober 2025", "1. kvartal", "2. behandling": a day or an ordinal, not an item's number.
_ORDINAL = re.compile(
    rf"(?:{_MONTHS})\b|(?:jan|feb|mar|apr|jun|jul|aug|sep|sept|okt|nov|dec)\.|kl\.", re.IGNORECASE
)
LONGEST = 600  # characters of a heading over several lines; what is longer is text
_LEADERS = re.compile(r"\s*(?:(?:\.\s?){3,}|…+|_{3,}|\s{3,})\s*(?:side\s*)?\d{1,4}\s*$", re.IGNORECASE)

_CASES = (
    r"EMN-\d{4}-\d{3,7}",
    r"\d\d\.\d\d\.\d\d-?[A-ZÆØÅ]\d\d-\d{1,5}-\d\d",  # KLE
    r"(?:BR|ØU)\s?\d{1,5}/\d\d",
    r"S\d{4}-\d{3,6}",
    r"\d\d-\d{6}[A-ZÆØÅ]?",
    r"\d\d/\d{4,6}",
)
_CASE = re.compile(rf"(?<![\w./-])(?:{'|'.join(_CASES)})(?![\w/]|-\d)")
_CASE_NAMED = re.compile(
    r"(?:sags?\s?-?(?:nr|nummer|id)|journal\s?(?:nr|nummer)|j\.\s?nr|jnr|esdh-?sag)\s*\.?\s*:?\s*(?P<case>[\w][\w./-]{2,40})",
    re.IGNORECASE,
)

_THING = r"(?:dagsordens?)?(?:punkt|sag|dagsorden|behandling)"
_LABEL = re.compile(
    rf"(?:[\w /-]{{2,30}}:\s*)?[(\[]?(?P<mark>lukket|åbent?|fortroligt?|ikke[ -]offentligt?|offentligt?)(?:\s+{_THING})?[)\]]?\.?",
    re.IGNORECASE,
)
_OPEN_IN_TITLE = re.compile(
    rf"^åbent?(?:\s+{_THING})?\s*[:–-]|[(\[]åbent?(?:\s+{_THING})?[)\]]|\s[–-]\s*åbent?(?:\s+{_THING})?$",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?P<mark>lukke(?:t|de)|åb(?:en|ent|ne))\s+(?:dagsordens?)?(?:dagsorden|punkter|sager|del|møde|referat)\b.{0,30}",
    re.IGNORECASE,
)
_SECTIONS = re.compile(
    r"(?:kort\s+)?(?:resumé?|beslutningstema|(?:administrationens\s+|forvaltningens\s+)?indstilling(?:er)?|sagsfremstilling|"
    r"sagens\s+gang|beslutning(?:er)?|beslutningshistorik|tidligere\s+beslutninger|økonomi|bilag|baggrund|lovgrundlag|høring|"
    r"kommunikation|vurdering|borgerinddragelse|deltagere|mødedeltagere|fraværende|afbud|supplerende\s+oplysninger|"
    r"økonomiske\s+konsekvenser|videre\s+proces|indhold|indholdsfortegnelse|dagsorden|referat|punkter|underskrift(?:sside)?|"
    r"oversigt|protokol|sagsbehandler|sagsresumé|retsgrundlag|åbne\s+bilag|lukkede\s+bilag)\s*:?(?:\s*\(.*\))?",
    re.IGNORECASE,
)
_DECISION = re.compile(
    r"beslutning(?:er)?\b(?P<where>(?:\s+(?:i|fra|truffet)\s[^:]{2,80})?)(?:\s*:\s*(?P<said>.*))?",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(
    r"(?:\bm\.?v|\bm\.?m|\bo\.?l|\bosv|\betc|\bmio|\bmfl|\bpkt|\bjf|\bstk|\bnr)\.$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A text read as an item's heading. `sure` where its words say so ("Punkt 5"), not only a number."""

    number: str
    title: str
    case: str = ""
    sure: bool = False
    listed: bool = False  # it ends in the page of a table of contents

    @property
    def order(self) -> tuple[int, str]:
        digits = re.match(r"\d+", self.number)
        return int(digits[0]) if digits else 0, self.number[digits.end() :].strip().lower() if digits else ""


def heading(text: str, stands_out: bool = False) -> Heading | None:
    """The heading in a line, None where it is none; a number without a stop counts only where the line stands out."""
    if len(text) > LONGEST:
        return None
    bare, listed = _without_page(text)
    named = _NAMED.fullmatch(bare)
    if named:
        title = named["title"].strip()
        if title and not named["stop"] and _small(title):
            return None  # "Punkt 15 udgår"
        return _found(named["number"], title, named["word"].lower() != "nr" or bool(title), listed)
    plain = _BARE.fullmatch(bare) or (_LOOSE.fullmatch(bare) if stands_out or listed else None)
    if plain is None or _ORDINAL.match(plain["title"]) or _small(plain["title"]):
        return None
    return _found(plain["number"], plain["title"].strip(), False, listed)


def numbered(number: str, text: str) -> Heading:
    """The heading of a text whose number stands apart, in a list or a cell."""
    text = text[:LONGEST]
    own = heading(text, stands_out=True)
    if own is not None and own.order == Heading(number, "").order:
        return own
    bare, listed = _without_page(text)
    return _found(number, bare, False, listed)


def lone_number(text: str) -> str:
    """The number in a text that is nothing else ("5.", "Punkt 12 a"), else nothing."""
    found = _LONE.fullmatch(text[:LONGEST])
    return _plain_number(found[1]) if found else ""


def _found(number: str, title: str, sure: bool, listed: bool) -> Heading:
    case = _CASE.search(title)
    if case and case[0] == title.strip("() "):
        return Heading(_plain_number(number), "", case[0], sure, listed)
    if case:
        without = re.sub(
            rf"\s*[(\[]?(?:sags?(?:nr|nummer)\.?:?\s*)?{re.escape(case[0])}[)\]]?\s*$",
            "",
            title,
            flags=re.IGNORECASE,
        )
        title = without.rstrip(" -–,:") or title
    return Heading(_plain_number(number), title, case[0] if case else "", sure, listed)


def _plain_number(number: str) -> str:
    """ "12 a" and "12a" are one number."""
    return re.sub(r"(\d)\s*([^\W\d])$", r"\1 \2", number.strip().lower())


def _without_page(text: str) -> tuple[str, bool]:
    bare = _LEADERS.sub("", text)
    return bare.strip(), bare != text


def _small(title: str) -> bool:
    return title[:1].islower()


def like_a_sentence(title: str) -> bool:
    """A numbered sentence of a report ("at planen vedtages.") and not a heading."""
    ends = title.endswith((".", ";")) and not _ABBREVIATED.search(title)
    return ends or len(title) > 300 or title.casefold().startswith(("at ", "når ", "hvis "))


def goes_on(title: str) -> bool:
    """A title that cannot end there: its line was too short for it."""
    return bool(
        re.search(
            r"(?:[,–-]|\b(?:og|af|i|til|for|på|om|med|ved|samt|eller|fra|mellem|over|under|mod|hos|efter|den|det|de|en|et))$",
            title,
        )
    )


def case_number(text: str, alone: bool = False) -> str:
    """The case number in a line ("Sagsnr.: 25/26257"), or where it is the whole line; else nothing."""
    named = _CASE_NAMED.search(text[:200])
    if named and any(letter.isdigit() for letter in named["case"]):
        return named["case"].rstrip(".-/")
    found = _CASE.fullmatch(text[:200].strip("() ")) if alone else None
    return found[0] if found else ""


def says_closed(title: str) -> bool:
    """Whether a title says that its item is closed (design, rule 6)."""
    return closed_by_title(title) or (mark(title) is False)


def says_open(title: str) -> bool:
    return bool(_OPEN_IN_TITLE.search(title[:LONGEST]))


def mark(text: str) -> bool | None:
    """What a label below a heading says: True open, False closed, None where it is no such label."""
    found = _LABEL.fullmatch(text[:LONGEST])
    return None if found is None else found["mark"].lower().startswith(("åben", "offentlig"))


def part(text: str) -> bool | None:
    """What the heading of a part of the agenda says of the items under it ("Lukkede punkter"); None for others."""
    found = _PART.fullmatch(text[:LONGEST])
    return None if found is None else found["mark"].lower().startswith("åb")


def is_section(text: str) -> bool:
    """A heading within an item ("Sagsfremstilling") or of the page ("Indhold"), never an item's."""
    return bool(_SECTIONS.fullmatch(text[:LONGEST])) or decision(text) is not None


@dataclass(frozen=True, slots=True)
class Decision:
    """The heading over a decision: whose it is, where that is said, and what follows on the same line."""

    where: str
    said: str


def decision(text: str) -> Decision | None:
    found = _DECISION.fullmatch(text)
    return Decision(found["where"].strip(), found["said"] or "") if found else None
