"""Ways on from a page without answers: what was tried, what to take away, and words that the archive has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from search import SearchRequest
from web.language import N_
from web.searching.filters import Chosen, address, without_any
from web.site import Site

MOST_TRIED = 5  # filters; each is a search of its own
EXAMPLES = 5
NEWEST = 8  # meetings in whose agendas words are looked for
LONG_WORD = re.compile(r"[^\W\d_]{7,22}")
#: Words of every agenda: they lead to what nobody looks for.
EVERYDAY = frozenset(
    "godkendelse dagsorden dagsordenen eventuelt orientering beslutning behandling forslag lovforslag indstilling "
    "udvalget udvalgets kommunen kommunens vedrørende vedtagelse ministeren beretning forespørgsel redegørelse "
    "meddelelser spørgsmål drøftelse kommune forhandling betænkning beslutningsforslag fremsættelse ændring "
    "ændringer henhold bemærkninger landsplan bekendtgørelse".split()
)

#: What may be wrong with a part of an address, by its name.
REFUSED = {
    "q": N_("Søgningen er for lang. Den kan have op til 500 tegn."),
    "from": N_("Datoen »Fra og med« kan ikke læses. Skriv den som 2025-10-08."),
    "to": N_("Datoen »Til og med« kan ikke læses. Skriv den som 2025-10-08."),
    "sort": N_("Den rækkefølge findes ikke."),
    "page": N_("Den side findes ikke. Man kan bladre i de første 1.000 fund."),
    "per_page": N_("Så mange fund kan der ikke stå på en side."),
    "filter": N_("Der er valgt for mange afgrænsninger."),
    "why": N_("»Vis hvorfor« kan kun være slået til eller fra."),
    "context": N_("Sammenhængen kan være fra 0 til 60 sekunder."),
}
#: What has to be left out of an address with that wrong in it, where it is not the name itself.
LEFT_OUT = {
    "page": ("page", "per_page"),
    "filter": ("municipality", "body", "speaker", "party", "item", "meeting", "section"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """The search without a filter (None: without any), and how many places it finds."""

    filter: Chosen | None
    total: int
    href: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a search cannot be made, and the same search without what is wrong."""

    why: str
    href: str


def ways_on(site: Site, asked: SearchRequest, chosen: list[Chosen]) -> list[Way]:
    """What would be found with a filter less, and without any; only where that is something, with all the words."""
    tried = [(each, each.without) for each in chosen[:MOST_TRIED]]
    ways = [Way(each, _total(site, without), address(without)) for each, without in tried]
    if len(chosen) > 1:
        free = without_any(asked)
        ways.append(Way(None, _total(site, free), address(free)))
    return [way for way in ways if way.total]


def _total(site: Site, asked: SearchRequest) -> int:
    found = site.search(replace(asked, page=1, per_page=1, grouped=False, facets=False, why=False))
    return 0 if found.relaxed else found.total


def refusal(params: QueryParams, where: str) -> Refusal:
    """What to tell somebody whose address cannot be read."""
    name = where.split(",")[0].strip()
    unwanted = {*LEFT_OUT.get(name, (name,)), "page"}
    left = [(key, value) for key, value in params.multi_items() if key not in unwanted]
    query = urlencode([(key, value[:200].encode("utf-8", "replace")) for key, value in left[:60]])
    return Refusal(REFUSED.get(name, ""), f"/soeg?{query}" if query else "/soeg")


class Examples:
    """Words to try, out of the agendas of the newest meetings; remembered until one of these changes."""

    def __init__(self) -> None:
        self._known: tuple[Mapping[str, int], tuple[str, ...]] = ({}, ())

    def of(self, site: Site) -> tuple[str, ...]:
        newest = [meeting.id for meeting in site.archive.meetings()[:NEWEST]]
        revisions = site.archive.revisions_of(newest)
        known, words = self._known
        if known != revisions:
            words = tuple(_said(site, newest))
            self._known = (revisions, words)
        return words


def _said(site: Site, newest: list[str]) -> Iterator[str]:
    """Each from another item, and found in what was said."""
    outlines, given = site.archive.outlines(newest), set[str]()
    titles = [
        item.spoken_title or item.title
        for meeting in newest
        if meeting in outlines
        for item in outlines[meeting].items
        if item.open and item.start is not None
    ]
    for title in titles[:60]:
        words = [word.lower() for word in LONG_WORD.findall(title)]
        best = max((w for w in words if w not in EVERYDAY and w not in given), key=len, default=None)
        if best and _total(site, SearchRequest(q=f"{best} ")):
            given.add(best)
            yield best
        if len(given) == EXAMPLES:
            return
