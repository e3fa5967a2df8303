"""Quotes, described."""

from __future__ import annotations

from web.openapi.parts import (
    MAYBE_TEXT,
    SECOND,
    SECONDS,
    TEXT,
    WHOLE,
    Json,
    json_of,
    list_of,
    meeting_id,
    object_of,
    operation,
    parameter,
    ref,
)


def _quote() -> Json:
    parameters = [
        meeting_id(),
        parameter("from", SECOND, "The second at which it begins, or a sentence does.") | {"required": True},
        parameter(
            "to", SECOND, "The second at which it ends; with `text`, at which its last sentence begins."
        ),
        parameter("text", {"type": "string", "maxLength": 7500}, "Words that stand in these sentences."),
        parameter(
            "offset",
            {**WHOLE, "minimum": 0, "maximum": 999_999_999},
            "Where in the first sentence they begin, if they stand there twice.",
        ),
    ]
    said = (
        "What was said between two seconds (at most 300 apart), with citations, picture and permanent address"
    )
    return operation("quote", said, parameters, json_of("Quote"), 404, 410, 422, 503)


PATHS: Json = {
    "/api/v1/meetings/{meeting_id}/quote": {"get": _quote()},
}

SCHEMAS: Json = {
    "Quote": object_of(
        meeting=ref("MeetingReference"),
        item={"anyOf": [object_of(number=TEXT, title=TEXT), {"type": "null"}]},
        start=SECONDS,
        end=SECONDS,
        text=TEXT,
        turns=list_of(object_of(speaker=MAYBE_TEXT, text=TEXT)),
        speaker_source={"enum": ["publisher", "machine", None]},
        partly_withheld={"type": "boolean"},
        whole_sentences={"type": "boolean"},
        version={**TEXT, "description": "Names the text that the words are from."},
        citations=object_of(plain=TEXT, html=TEXT, bibtex=TEXT, ris=TEXT, csl=TEXT),
        url={**TEXT, "description": "The permanent address."},
        picture=TEXT,
        clip=TEXT,
        report=TEXT,
    ),
}
