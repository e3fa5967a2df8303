"""»Mente du …?«: the query in words the archive has more of, where it has little of those that were typed."""

from __future__ import annotations

import re
from dataclasses import replace

from search import SearchRequest, SearchResult
from web.site import Site

FEW = 3  # hits; with more of them nobody needs another spelling


def did_you_mean(site: Site, asked: SearchRequest, result: SearchResult) -> str | None:
    """Another query that finds more, or None. Only words that are public at this moment are in it."""
    if not result.near or (result.total > FEW and not result.relaxed):
        return None
    other = asked.q
    for typed, norms in result.near.items():
        spelled = next((word for norm in norms if (word := site.spelled(norm))), None)
        if spelled:
            other = re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", _cased(spelled), other)
    if other == asked.q:
        return None
    counted = replace(asked, q=other, page=1, per_page=1, facets=False, grouped=False, why=False)
    found = site.search(counted)
    return other if found.total > (0 if result.relaxed else result.total) and not found.relaxed else None


def _cased(word: str) -> str:
    """As it may stand anywhere in a sentence: a name keeps its capital only where all of it has them."""
    return word if word.isupper() else word.lower()
