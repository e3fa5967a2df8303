"""Query strings to search requests and back: the same words on the page and in the API."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Literal

from starlette.datastructures import QueryParams

from catalogue import InputError
from search import FILTERS, LONGEST_QUERY, MOST_FILTER_VALUES, SearchRequest

USUAL = {False: 20, True: 10}  # hits, or groups of up to three hits, on a page
Sort = Literal["relevance", "newest", "oldest"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}([Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})?)?", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class BadParameter(InputError):
    """A parameter of an address cannot be read."""


def search_request(params: QueryParams, *, grouped: bool = False) -> SearchRequest:
    """What a query string asks for; raises `BadParameter`, and `InvalidRequest` for what is out of bounds.

    `grouped`: pages are of agenda items, unless one item is asked for.
    """
    section = texts(params, "section")
    grouped = grouped and not section
    return SearchRequest(
        q=_query(params),
        municipality=texts(params, "municipality"),
        body=texts(params, "body"),
        speaker=texts(params, "speaker"),
        party=texts(params, "party"),
        item=texts(params, "item"),
        meeting=texts(params, "meeting"),
        section=section,
        from_=day(params, "from"),
        to=day(params, "to"),
        sort=sort(params),
        page=whole(params, "page", 1),
        per_page=whole(params, "per_page", USUAL[grouped]),
        grouped=grouped,
        why=flag(params, "why"),
    )


def pairs(request: SearchRequest) -> list[tuple[str, str]]:
    """The query string of a request without its page, as pairs; what is as usual is left out."""
    said = [("q", request.q)] if request.q else []
    for name in FILTERS:
        said += [(name, value) for value in getattr(request, name)]
    if request.from_:
        said.append(("from", request.from_.isoformat()))
    if request.to:
        said.append(("to", request.to.isoformat()))
    if request.sort != "relevance":
        said.append(("sort", request.sort))
    if request.why:
        said.append(("why", "true"))
    if request.per_page != USUAL[request.grouped]:
        said.append(("per_page", str(request.per_page)))
    return said


def _query(params: QueryParams) -> str:
    typed = params.get("q", "")
    if len(typed) > LONGEST_QUERY:  # also with what is taken off it
        raise BadParameter(f"has at most {LONGEST_QUERY} characters", where="q")
    return plain(typed)


def plain(text: str) -> str:
    """Text from an address without control characters, which no meeting has said."""
    return as_typed(text).rstrip()


def as_typed(text: str) -> str:
    """The same of what somebody is still typing: a space at its end ends the last word."""
    return _CONTROL.sub(" ", text).lstrip()


def texts(params: QueryParams, name: str) -> tuple[str, ...]:
    if len(params.getlist(name)) > MOST_FILTER_VALUES:
        raise BadParameter(f"has at most {MOST_FILTER_VALUES} values", where=name)
    return tuple(dict.fromkeys(text for value in params.getlist(name) if (text := plain(value))))


def sort(params: QueryParams) -> Sort:
    text = params.get("sort", "").strip()
    for known in SORTS:
        if text == known:
            return known
    if not text:
        return "relevance"
    raise BadParameter("no such order", where="sort", remedy="One of: " + ", ".join(SORTS) + ".")


def flag(params: QueryParams, name: str) -> bool:
    text = params.get(name, "").strip()
    if text not in ("", "true", "false"):
        raise BadParameter("neither true nor false", where=name, remedy=f"Write it as {name}=true.")
    return text == "true"


def whole(params: QueryParams, name: str, default: int) -> int:
    text = params.get(name, "").strip()
    if not text:
        return default
    if not _WHOLE.fullmatch(text):
        raise BadParameter("not a whole number", where=name, remedy=f"Write it as {name}={default}.")
    return int(text)


def moment(params: QueryParams, name: str) -> datetime | None:
    """A day, or a day and a time of day; without a zone it is UTC."""
    text = params.get(name, "").strip()
    if not text:
        return None
    try:
        if _MOMENT.fullmatch(text):
            read = datetime.fromisoformat(text.upper())
            return read if read.tzinfo else read.replace(tzinfo=UTC)
    except ValueError:
        pass  # shaped like a moment, but there is none such
    raise BadParameter("not a moment", where=name, remedy=f"Write it as {name}=2025-10-08T06:00:00Z.")


def day(params: QueryParams, name: str) -> date | None:
    text = params.get(name, "").strip()
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # shaped like a date, but no such day
    raise BadParameter("not a date", where=name, remedy=f"Write it as {name}=2025-10-08.")
