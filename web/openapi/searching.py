"""The search and its suggestions, described."""

from __future__ import annotations

from typing import get_args

from search import LONGEST_QUERY, MOST_HITS, Place, Way
from web.openapi.parts import (
    MAYBE_TEXT,
    PAGE,
    SECONDS,
    TEXT,
    WHOLE,
    Json,
    days,
    json_of,
    list_of,
    object_of,
    operation,
    paging,
    parameter,
    ref,
    some_of,
)
from web.search_query import SORTS

FILTERS = {
    "municipality": "Only this municipality.",
    "body": "Only this council or committee.",
    "speaker": "Only this speaker.",
    "party": "Only speakers of this party.",
    "item": "Only items with this number.",
    "meeting": "Only the meeting with this id.",
    "section": "Only this agenda item, as a group names it.",
}


def _search() -> Json:
    query = (
        'Words are AND-ed; "…" is an exact phrase; -word excludes; the last word matches as prefix. '
        "If nothing matches all words, the search relaxes and says so."
    )
    parameters = [
        parameter("q", {**TEXT, "maxLength": LONGEST_QUERY}, query),
        *(parameter(name, some_of(TEXT), f"{said} May be repeated.") for name, said in FILTERS.items()),
        *days(),
        parameter(
            "sort", {"type": "string", "enum": list(SORTS), "default": "relevance"}, "The order of the hits."
        ),
        parameter("grouped", {"type": "boolean", "default": False}, "Pages of agenda items, not of hits."),
        parameter("why", {"type": "boolean", "default": False}, "Say of each hit why it was found."),
        *paging(20, deepest=MOST_HITS),
    ]
    return operation("search", "Search what was said", parameters, json_of("SearchResult"), 422, 503)


def _frequency() -> Json:
    parameters = [
        parameter("q", {**TEXT, "maxLength": LONGEST_QUERY}, "As in a search."),
        *(parameter(name, some_of(TEXT), f"{said} May be repeated.") for name, said in FILTERS.items()),
        *days(),
    ]
    said = "How often something was said, and in what share of the spoken time, by month"
    return operation("frequency", said, parameters, json_of("Frequency"), 422, 503)


def _suggest() -> Json:
    query = "What somebody has typed so far, at most 200 characters; a space at its end ends the last word."
    said = (
        "What may be meant: words, speakers and agenda items, a few of each; all of it public at this moment"
    )
    return operation(
        "suggest", said, [parameter("q", {**TEXT, "maxLength": 200}, query)], json_of("Suggestions"), 422, 503
    )


def _suggestions() -> Json:
    item = object_of(number=TEXT, title=TEXT, meeting=ref("MeetingReference"), url=TEXT)
    return object_of(
        query=TEXT,
        words={**list_of(TEXT), "description": "Whole queries: what was typed, with its last word ended."},
        people=list_of(object_of(name=TEXT, passages=WHOLE)),
        items=list_of(item),
    )


def _frequencies() -> Json:
    share: Json = {"type": "number", "minimum": 0, "maximum": 1, "description": "`seconds` of `spoken`."}
    counts: Json = {
        "places": {**WHOLE, "description": "Passages in which it was said."},
        "seconds": {"type": "number", "description": "Of the sentences that have it."},
        "spoken": {"type": "number", "description": "Seconds of all public speech."},
        "share": share,
        "meetings": {**WHOLE, "description": "Public meetings; 0 in a month without any."},
    }
    month = object_of(month={**TEXT, "description": "YYYY-MM"}, **counts)
    return object_of(
        query=TEXT,
        **counts,
        estimated={
            "type": "boolean",
            "description": "More than 1,000 places: seconds by the newest of them.",
        },
        relaxed={"type": "boolean", "description": "No place has all the words: nothing is counted."},
        undated={**WHOLE, "description": "Meetings that are in no month."},
        uncounted={**WHOLE, "description": "Meetings that have not been read yet; ask again later."},
        earlier={**WHOLE, "description": "Meetings before the first month."},
        months={**list_of(month), "description": "Every month from the first with a meeting; at most 240."},
        url=TEXT,
    )


PATHS: Json = {
    "/api/v1/search": {"get": _search()},
    "/api/v1/suggest": {"get": _suggest()},
    "/api/v1/frequency": {"get": _frequency()},
}

SCHEMAS: Json = {
    "SearchResult": object_of(
        query=TEXT,
        **PAGE,
        hits={**list_of(ref("Hit")), "description": "Empty where groups were asked for."},
        groups={**list_of(ref("Group")), "description": "Empty where hits were asked for."},
        group_total={
            "type": ["integer", "null"],
            "description": "How many groups there are; null where they are too many to be counted, or not asked for.",
        },
        also={
            **list_of(ref("Hit")),
            "description": "Behind fewer than ten hits: what has almost all the words.",
        },
        facets={"type": "object", "additionalProperties": list_of(object_of(value=TEXT, count=WHOLE))},
        relaxed={"type": "boolean", "description": "Not all words matched; see `dropped`."},
        dropped=list_of(TEXT),
        did_you_mean={**MAYBE_TEXT, "description": "Another query that finds more."},
    ),
    "Group": object_of(
        section={**TEXT, "description": "Names the agenda item in all of the archive."},
        total={**WHOLE, "description": "How many passages of the item match."},
        meeting=ref("MeetingReference"),
        item={"anyOf": [object_of(number=MAYBE_TEXT, title=MAYBE_TEXT), {"type": "null"}]},
        hits={**list_of(ref("Hit")), "description": "The first three."},
    ),
    "Hit": object_of(
        meeting=ref("MeetingReference"),
        item={"anyOf": [object_of(number=MAYBE_TEXT, title=MAYBE_TEXT), {"type": "null"}]},
        speaker=MAYBE_TEXT,
        start=SECONDS,
        end=SECONDS,
        text=TEXT,
        highlights={**list_of(list_of(WHOLE)), "description": "[from, to] in characters of `text`."},
        missing={**list_of(TEXT), "description": "Words that were asked for and this passage lacks."},
        why={**list_of(ref("Reason")), "description": "Where it was asked for."},
        url={**TEXT, "description": "The page of the meeting, at the second."},
    ),
    "Reason": object_of(
        typed=TEXT,
        found={**TEXT, "description": "The word that answers it, as it stands there."},
        way={"type": "string", "enum": list(get_args(Way))},
        place={"type": "string", "enum": list(get_args(Place))},
    ),
    "Suggestions": _suggestions(),
    "Frequency": _frequencies(),
}
