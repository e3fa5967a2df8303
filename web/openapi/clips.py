"""Clips, described."""

from __future__ import annotations

from web.openapi.parts import (
    MAYBE_TEXT,
    SECOND,
    SECONDS,
    TEXT,
    Json,
    json_of,
    meeting_id,
    object_of,
    operation,
    parameter,
)


def _clips(name: str) -> Json:
    """How far a clip is; by POST it is also asked for, and a queue may be full."""
    forms = {"type": "string", "enum": ["burned", "track", "sound"]}
    said = "Captions in the picture, captions as a track (of video only), or sound alone."
    parameters = [
        meeting_id(),
        *(
            {**parameter(each, SECOND, "On the meeting's clock."), "required": True}
            for each in ("start", "end")
        ),
        parameter("form", forms, said),
    ]
    asks = name == "askForClip"
    summary = "Ask for up to 300 seconds of a meeting as a file" if asks else "How far a clip is"
    errors = (404, 422, 429, 503) if asks else (404, 422, 503)
    described = operation(name, summary, parameters, json_of("Clip"), *errors)
    if asks:
        described["responses"]["202"] = {
            "description": "It waits or is being cut",
            "content": json_of("Clip"),
        }
    return described


PATHS: Json = {
    "/api/v1/meetings/{meeting_id}/clips": {"get": _clips("clip"), "post": _clips("askForClip")},
}

SCHEMAS: Json = {
    "Clip": object_of(
        id=TEXT,
        start=SECONDS,
        end=SECONDS,
        form=TEXT,
        state={"type": "string", "enum": ["none", "queued", "working", "ready", "failed"]},
        place={"type": ["integer", "null"], "description": "In the queue; 1 is the next one."},
        progress={"type": "number", "minimum": 0, "maximum": 1},
        file={**MAYBE_TEXT, "description": "The clip, where it is ready."},
        bytes={"type": ["integer", "null"]},
        captions={"type": "object", "additionalProperties": TEXT},
        url={**TEXT, "description": "The page of the clip."},
    ),
}
