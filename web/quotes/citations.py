"""A quote as others write it: plain text, HTML, BibTeX, RIS, CSL-JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date

from markupsafe import escape

from web.language import N_
from web.moments import clock
from web.quotes.quote import Quote
from web.words import Words

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "$&#_%"},
}
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Citations:
    """Each ready to be copied as it is."""

    plain: str
    html: str
    bibtex: str
    ris: str
    csl: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What all of them say, on one line each."""

    key: str
    parts: tuple[str, ...]
    speakers: str
    title: str
    body: str
    day: date | None
    place: str  # meeting, municipality, day, item
    at: str
    source: str
    url: str
    site: str

    @property
    def quote(self) -> str:
        return " ".join(self.parts)


def citations(quote: Quote, url: str, site: str, words: Words) -> Citations:
    """The citations of a quote at its public address."""
    facts = _facts(quote, url, site, words)
    return Citations(
        plain=_plain(facts), html=_html(facts), bibtex=_bibtex(facts), ris=_ris(facts), csl=_csl(facts)
    )


def speaker_known(quote: Quote) -> str:
    """The same in a few words, to be translated."""
    return N_("navn fra udgiveren") if quote.named_by_publisher else N_("navnet er ikke bekræftet")


def speaker_note(quote: Quote, words: Words) -> str:
    """How much is known of the names."""
    if not quote.speakers:
        return words.gettext(N_("Arkivet kender ikke talerens navn."))
    if quote.named_by_publisher:
        return words.gettext(N_("Navnet er udgiverens eget. Ingen person i arkivet har bekræftet det."))
    return words.gettext(N_("Navnet er sat af et program. Ingen person har bekræftet det."))


def _facts(quote: Quote, url: str, site: str, words: Words) -> Facts:
    meeting, item = quote.meeting, quote.item
    title = _line(meeting.title or meeting.id)
    number = f"{words.gettext(N_('punkt'))} {item.number or item.position + 1}: {item.title}" if item else ""
    day = words.short_date(meeting.date) if meeting.date else ""
    body = ", ".join(part for part in (meeting.body, meeting.municipality) if part)
    names = ", ".join(quote.speakers) or words.gettext(N_("ukendt taler"))
    if quote.speakers:
        names += f" ({words.gettext(speaker_known(quote))})"
    made = words.origin(quote.provenance) if quote.provenance else ""
    version = words.gettext(N_("Udgave {version}.")).format(version=quote.version)
    return Facts(
        key=f"{meeting.id}-{quote.stretch.start:.0f}",
        parts=tuple(
            _line(f"{name}: {words.quoted(said)}" if name else words.quoted(said))
            for name, said in quote.parts
        ),
        speakers=_line(names),
        title=title,
        body=_line(body),
        day=meeting.date,
        place=_line(", ".join(part for part in (title, body, day, number) if part)),
        at=f"{clock(quote.stretch.start)}–{clock(quote.stretch.end)}",
        source=_line(f"{made} {version}"),
        url=url,
        site=_line(site),
    )


def _plain(facts: Facts) -> str:
    return f"{facts.quote} – {facts.speakers}, {facts.place}, {facts.at}. {facts.site}: {facts.url} ({facts.source})"


def _html(facts: Facts) -> str:
    url = escape(facts.url)
    said = "\n".join(f"<p>{escape(part)}</p>" for part in facts.parts)
    return (
        f'<blockquote cite="{url}">\n'
        f"{said}\n"
        f'<footer>{escape(facts.speakers)}, <cite><a href="{url}">{escape(facts.place)}, {facts.at}</a></cite>'
        f" ({escape(facts.site)})</footer>\n"
        "</blockquote>"
    )


def _bibtex(facts: Facts) -> str:
    fields = {
        "author": f"{{{_tex(facts.body or facts.site)}}}",
        "title": f"{{{_tex(facts.title)}}}",
        "howpublished": f"{_tex(facts.site)}, {_tex(facts.at)}",
        "note": f"{_tex(facts.quote)} -- {_tex(facts.speakers)}. {_tex(facts.place)}. {_tex(facts.source)}",
        "url": facts.url,
    }
    if facts.day:
        fields |= {"year": str(facts.day.year), "month": str(facts.day.month), "day": str(facts.day.day)}
    rows = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{facts.key},\n{rows}\n}}"


def _ris(facts: Facts) -> str:
    rows = [
        ("TY", "VIDEO"),
        ("AU", facts.body or facts.site),
        ("TI", facts.title),
        *([("PY", str(facts.day.year)), ("DA", f"{facts.day:%Y/%m/%d}")] if facts.day else []),
        ("AB", f"{facts.quote} – {facts.speakers}"),
        ("N1", f"{facts.place}, {facts.at}. {facts.source}"),
        ("PB", facts.site),
        ("UR", facts.url),
        ("ER", ""),
    ]
    return "\n".join(f"{name}  - {value}" for name, value in rows)


def _csl(facts: Facts) -> str:
    issued = (
        {"issued": {"date-parts": [[facts.day.year, facts.day.month, facts.day.day]]}} if facts.day else {}
    )
    entry = {
        "id": facts.key,
        "type": "speech",
        "title": facts.title,
        "author": [{"literal": facts.body or facts.site}],
        **issued,
        "publisher": facts.site,
        "abstract": f"{facts.quote} – {facts.speakers}",
        "note": f"{facts.place}, {facts.at}. {facts.source}",
        "URL": facts.url,
    }
    return json.dumps([entry], ensure_ascii=False, indent=2)


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in text)


def _line(text: str) -> str:
    """Text from outside on one line: a line break would begin another field."""
    return _SPACE.sub(" ", text).strip()
