"""Meetings, their text, chapters and quality, described."""

from __future__ import annotations

from catalogue import EditKind, Lack
from web.openapi.parts import (
    ABOUT,
    MAYBE_SECONDS,
    MAYBE_TEXT,
    MOMENT,
    PAGE,
    SECONDS,
    TEXT,
    WHOLE,
    Json,
    days,
    json_of,
    list_of,
    meeting_id,
    object_of,
    operation,
    optional,
    or_null,
    paging,
    parameter,
    ref,
    some_of,
)

MAYBE_WHOLE: Json = {"type": ["integer", "null"]}
REVISION = "Grows with every change. Whoever has this one has all; who has a meeting that is listed no more: it is no longer public."


def _meetings() -> Json:
    parameters = [
        parameter("municipality", some_of(TEXT), "Only this municipality. May be repeated."),
        parameter("body", some_of(TEXT), "Only this council or committee. May be repeated."),
        *days(),
        parameter(
            "changed_since",
            MOMENT,
            "Only what may have changed at this moment or later; a meeting may come without a change, "
            "none that changed is left out.",
        ),
        *paging(50),
    ]
    return operation(
        "meetings", "The public meetings, newest first", parameters, json_of("Meetings"), 422, 503
    )


def _meeting() -> Json:
    return operation("meeting", "One meeting", [meeting_id()], json_of("Meeting"), 404, 503)


def _item_text() -> Json:
    position = {
        "name": "position",
        "in": "path",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    }
    said = "One agenda item, and what was said under it"
    return operation("item", said, [meeting_id(), position], json_of("ItemText"), 404, 503)


def _transcript() -> Json:
    formats = {"type": "string", "enum": ["json", "vtt", "srt", "txt"], "default": "json"}
    content = {
        "application/json": {"schema": ref("Transcript")},
        **{kind: {"schema": TEXT} for kind in ("text/vtt", "application/x-subrip", "text/plain")},
    }
    parameters = [meeting_id(), parameter("format", formats, "Whisper JSON, WebVTT, SubRip or plain text.")]
    said = "The public text of a meeting, on the meeting's clock"
    return operation("transcript", said, parameters, content, 404, 422, 503)


def _chapters() -> Json:
    formats = {"type": "string", "enum": ["json", "vtt"], "default": "json"}
    content = {**json_of("Chapters"), "text/vtt": {"schema": TEXT}}
    parameters = [
        meeting_id(),
        parameter("format", formats, "JSON or WebVTT."),
        parameter(
            "recording",
            {"type": "integer", "minimum": 0, "maximum": 999_999, "default": 0},
            "Only this one, on its own clock.",
        ),
    ]
    said = "The public items as chapters, on the meeting's clock; items taken together are one"
    return operation("chapters", said, parameters, content, 404, 422, 503)


def _quality() -> Json:
    said = "How well each recording of a meeting was heard: gaps, doubtful places, model and options"
    return operation("quality", said, [meeting_id()], json_of("Quality"), 404, 503)


def _heard() -> Json:
    number: Json = {"type": "number", "minimum": 0}
    maybe: Json = {
        "type": ["integer", "null"],
        "description": "null where some of the recording is withheld.",
    }
    part = object_of(start=SECONDS, end=SECONDS, reason=TEXT)
    return object_of(
        duration={**number, "description": "Seconds of the recording."},
        speed={**number, "description": "Seconds of recording for each second of work."},
        covered={**number, "maximum": 1, "description": "The share of speech that has text."},
        gaps={**list_of(part), "description": "Speech without text."},
        doubtful={**list_of(part), "description": "Text that is not to be trusted."},
        windows={**maybe, "title": "Pieces that the model was shown"},
        decoded_again={**maybe, "title": "Pieces that were decoded again"},
        partly={"type": "boolean", "description": "Some is withheld, and is not counted here."},
    )


def _schemas() -> Json:
    word = object_of(start=SECONDS, end=SECONDS, word=TEXT, probability={"type": "number"})
    segment = object_of(start=SECONDS, end=SECONDS, text=TEXT, speaker=TEXT, words=list_of(word))
    segment = optional(segment, "speaker", "words")
    origin: Json = {
        "origin": {"type": "string", "enum": ["captions", "model"]},
        "model": MAYBE_TEXT,
        "revision": MAYBE_TEXT,
    }
    made = object_of(**origin, options=MAYBE_TEXT)
    lacks: Json = {"type": "string", "enum": [lack.value for lack in Lack]}
    statuses = ["discussed", "joint", "withdrawn", "closed", "not_found"]
    return {
        "Meetings": object_of(**PAGE, meetings=list_of(ref("ListedMeeting"))),
        "ListedMeeting": object_of(
            **ABOUT,
            items=WHOLE,
            duration=MAYBE_SECONDS,
            revision={**WHOLE, "description": REVISION},
            updated={**MOMENT, "description": "When it last changed."},
            url=TEXT,
        ),
        "Meeting": object_of(
            **ABOUT,
            duration=SECONDS,
            placed={**WHOLE, "description": "Items with a time, or known to have none."},
            revision={**WHOLE, "description": REVISION},
            items=list_of(ref("Item")),
            recordings=list_of(ref("Recording")),
            withheld={**list_of(object_of(start=SECONDS, end=MAYBE_SECONDS)), "description": "Left out."},
            edits={**list_of(ref("Edit")), "description": "What people changed, in the order they did."},
            transcript={"type": "object", "additionalProperties": TEXT},
            chapters={"type": "object", "additionalProperties": TEXT},
            url=TEXT,
        ),
        "ItemText": object_of(
            meeting=ref("MeetingReference"),
            item=ref("Item"),
            segments={**list_of(ref("Segment")), "description": "What was said under it."},
            url=TEXT,
        ),
        "Edit": object_of(
            kind={"type": "string", "enum": [kind.value for kind in EditKind]},
            at={**MOMENT, "description": "When it was made."},
            start=MAYBE_SECONDS,
            end=MAYBE_SECONDS,
            items={**list_of(WHOLE), "description": "Places in `items`, from 0."},
        ),
        "Item": object_of(
            position={**WHOLE, "description": "Its place in the agenda, from 1."},
            number=TEXT,
            title=TEXT,
            spoken_title={**TEXT, "description": "The title without what is only written."},
            case=TEXT,
            open={"type": "boolean"},
            outcome={**TEXT, "description": "The decision, when the minutes have come."},
            status={"type": "string", "enum": statuses},
            start=MAYBE_SECONDS,
            end=MAYBE_SECONDS,
            confidence={
                "type": "number",
                "minimum": 0,
                "maximum": 1,
                "description": "The machine's own; 0 where it has none: not found, or set by a person.",
            },
            evidence={"anyOf": [object_of(at=SECONDS, text=TEXT), {"type": "null"}]},
            set_by={"type": "string", "enum": ["machine", "publisher", "person"]},
            url={**MAYBE_TEXT, "description": "The publisher's own page of the item (http or https)."},
            attachments=list_of(object_of(name=TEXT, url=MAYBE_TEXT)),
        ),
        "Chapters": object_of(
            id=TEXT,
            recording={"type": ["integer", "null"]},
            chapters=list_of(object_of(start=SECONDS, end=SECONDS, title=TEXT, items=list_of(TEXT))),
        ),
        "Recording": object_of(
            ordinal=WHOLE,
            offset=SECONDS,
            duration=MAYBE_SECONDS,
            has_video={"type": "boolean"},
            media={**MAYBE_TEXT, "description": "The file to play; null where there is none."},
            retired={
                **MAYBE_TEXT,
                "description": "The day the recording was removed; null while it is kept.",
            },
            captions={**TEXT, "description": "WebVTT on the recording's own clock."},
            chapters={**TEXT, "description": "WebVTT on the recording's own clock."},
            gaps={
                **list_of(object_of(at=SECONDS, lost=MAYBE_SECONDS, reason=TEXT)),
                "description": "Where a live recording misses some of the meeting: second on the meeting's clock, "
                "seconds lost (null: not known), and why.",
            },
            incomplete={
                **or_null(object_of(reason=lacks, announced={"type": ["number", "null"]})),
                "description": "What is missing as far as it is known; null of a whole one. `growing`: it was still "
                "getting longer at its source; `short`: its source announces more seconds than `duration`; `parts`: "
                "something is missing, and not known how much.",
            },
            text=or_null(object_of(**origin)),
        ),
        "Quality": object_of(id=TEXT, recordings=list_of(ref("HeardRecording")), url=TEXT),
        "HeardRecording": object_of(ordinal=WHOLE, text=or_null(made), heard=or_null(_heard())),
        "Segment": segment,
        "Transcript": object_of(language=TEXT, segments=list_of(ref("Segment"))),
    }


PATHS: Json = {
    "/api/v1/meetings": {"get": _meetings()},
    "/api/v1/meetings/{meeting_id}": {"get": _meeting()},
    "/api/v1/meetings/{meeting_id}/items/{position}": {"get": _item_text()},
    "/api/v1/meetings/{meeting_id}/transcript": {"get": _transcript()},
    "/api/v1/meetings/{meeting_id}/chapters": {"get": _chapters()},
    "/api/v1/meetings/{meeting_id}/quality": {"get": _quality()},
}

SCHEMAS: Json = _schemas()
