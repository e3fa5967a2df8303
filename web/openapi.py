"""The API described for machines (OpenAPI 3.1). Kept by hand; a test checks it against the routes."""

from __future__ import annotations

from typing import Any, get_args

from search import Place, Way

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer"}
SECONDS: Json = {"type": "number", "description": "Seconds on the meeting's clock."}
MAYBE_TEXT: Json = {"type": ["string", "null"]}
MAYBE_SECONDS: Json = {"type": ["number", "null"], "description": "Seconds on the meeting's clock."}
MAYBE_DATE: Json = {"type": ["string", "null"], "format": "date"}


def document(server: str) -> Json:
    """The whole description, for the archive at this address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Talerstolen",
            "version": "1",
            "description": "Danish council meetings: every sentence findable, quotable and linkable to the "
            "second. All times are seconds on the meeting's clock. Closed items are withheld.",
        },
        "servers": [{"url": server}],
        "paths": {
            "/api/v1/search": {"get": _search()},
            "/api/v1/suggest": {"get": _suggest()},
            "/api/v1/meetings": {"get": _meetings()},
            "/api/v1/meetings/{meeting_id}": {"get": _meeting()},
            "/api/v1/meetings/{meeting_id}/transcript": {"get": _transcript()},
            "/api/v1/meetings/{meeting_id}/chapters": {"get": _chapters()},
            "/api/v1/meetings/{meeting_id}/quality": {"get": _quality()},
            "/api/v1/openapi.json": {"get": _self()},
        },
        "components": {"schemas": _schemas()},
    }


def _search() -> Json:
    filters = {
        "municipality": "Only this municipality.",
        "body": "Only this council or committee.",
        "speaker": "Only this speaker.",
        "party": "Only speakers of this party.",
        "item": "Only items with this number.",
        "meeting": "Only the meeting with this id.",
    }
    query = (
        'Words are AND-ed; "…" is an exact phrase; -word excludes; the last word matches as prefix. '
        "If nothing matches all words, the search relaxes and says so."
    )
    parameters = [
        _parameter("q", TEXT, query),
        *(_parameter(name, _list(TEXT), f"{said} May be repeated.") for name, said in filters.items()),
        *_days(),
        _parameter("sort", {"type": "string", "default": "relevance"}, "The order of the hits."),
        _parameter("section", _list(TEXT), "Only this agenda item, as a group names it. May be repeated."),
        _parameter("grouped", {"type": "boolean", "default": False}, "Pages of agenda items, not of hits."),
        _parameter("why", {"type": "boolean", "default": False}, "Say of each hit why it was found."),
        *_paging(20),
    ]
    return _operation("search", "Search what was said", parameters, _json("SearchResult"), 422, 503)


def _suggest() -> Json:
    query = "What somebody has typed so far, at most 200 characters; a space at its end ends the last word."
    said = (
        "What may be meant: words, speakers and agenda items, a few of each; all of it public at this moment"
    )
    return _operation("suggest", said, [_parameter("q", TEXT, query)], _json("Suggestions"), 422, 503)


def _meetings() -> Json:
    parameters = [
        _parameter("municipality", _list(TEXT), "Only this municipality. May be repeated."),
        _parameter("body", _list(TEXT), "Only this council or committee. May be repeated."),
        *_days(),
        *_paging(50),
    ]
    return _operation(
        "meetings", "The public meetings, newest first", parameters, _json("Meetings"), 422, 503
    )


def _meeting() -> Json:
    return _operation("meeting", "One meeting", [_meeting_id()], _json("Meeting"), 404, 503)


def _transcript() -> Json:
    formats = {"type": "string", "enum": ["json", "vtt", "srt", "txt"], "default": "json"}
    content = {
        "application/json": {"schema": _ref("Transcript")},
        **{kind: {"schema": TEXT} for kind in ("text/vtt", "application/x-subrip", "text/plain")},
    }
    parameters = [_meeting_id(), _parameter("format", formats, "Whisper JSON, WebVTT, SubRip or plain text.")]
    said = "The public text of a meeting, on the meeting's clock"
    return _operation("transcript", said, parameters, content, 404, 422, 503)


def _chapters() -> Json:
    formats = {"type": "string", "enum": ["json", "vtt"], "default": "json"}
    content = {**_json("Chapters"), "text/vtt": {"schema": TEXT}}
    parameters = [
        _meeting_id(),
        _parameter("format", formats, "JSON or WebVTT."),
        _parameter("recording", {"type": "integer", "minimum": 1}, "Only this one, on its own clock."),
    ]
    said = "The public items as chapters, on the meeting's clock; items taken together are one"
    return _operation("chapters", said, parameters, content, 404, 422, 503)


def _quality() -> Json:
    said = "How well each recording of a meeting was heard: gaps, doubtful places, model and options"
    return _operation("quality", said, [_meeting_id()], _json("Quality"), 404, 503)


def _self() -> Json:
    content = {"application/json": {"schema": {"type": "object"}}}
    return _operation("openapi", "This description", [], content)


def _operation(name: str, summary: str, parameters: list[Json], content: Json, *errors: int) -> Json:
    said = {404: "No such meeting", 422: "A parameter cannot be read", 503: "The archive does not answer"}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": "OK", "content": content},
            **{str(code): {"description": said[code], "content": _json("Error")} for code in errors},
        },
    }


def _parameter(name: str, schema: Json, said: str) -> Json:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": said}


def _meeting_id() -> Json:
    return {"name": "meeting_id", "in": "path", "required": True, "schema": TEXT}


def _days() -> list[Json]:
    schema = {"type": "string", "format": "date"}
    return [
        _parameter("from", schema, "Not before this day."),
        _parameter("to", schema, "Not after this day."),
    ]


def _paging(per_page: int) -> list[Json]:
    return [
        _parameter("page", {"type": "integer", "minimum": 1, "default": 1}, "Counts from 1."),
        _parameter(
            "per_page", {"type": "integer", "minimum": 1, "maximum": 100, "default": per_page}, "Size."
        ),
    ]


def _json(schema: str) -> Json:
    return {"application/json": {"schema": _ref(schema)}}


def _ref(schema: str) -> Json:
    return {"$ref": f"#/components/schemas/{schema}"}


def _list(of: Json) -> Json:
    return {"type": "array", "items": of}


def _object(**properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _heard() -> Json:
    number: Json = {"type": "number", "minimum": 0}
    maybe: Json = {
        "type": ["integer", "null"],
        "description": "null where some of the recording is withheld.",
    }
    part = _object(start=SECONDS, end=SECONDS, reason=TEXT)
    return _object(
        duration={**number, "description": "Seconds of the recording."},
        speed={**number, "description": "Seconds of recording for each second of work."},
        covered={**number, "maximum": 1, "description": "The share of speech that has text."},
        gaps={**_list(part), "description": "Speech without text."},
        doubtful={**_list(part), "description": "Text that is not to be trusted."},
        windows={**maybe, "title": "Pieces that the model was shown"},
        decoded_again={**maybe, "title": "Pieces that were decoded again"},
        partly={"type": "boolean", "description": "Some is withheld, and is not counted here."},
    )


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _optional(schema: Json, *names: str) -> Json:
    return {**schema, "required": [name for name in schema["required"] if name not in names]}


def _schemas() -> Json:
    about = {"id": TEXT, "title": TEXT, "date": MAYBE_DATE, "body": TEXT, "municipality": TEXT}
    page = {"total": WHOLE, "page": WHOLE, "per_page": WHOLE}
    return {
        "Error": _object(error=_object(code=TEXT, message=TEXT, detail=TEXT)),
        "MeetingReference": _object(**about),
        "SearchResult": _object(
            query=TEXT,
            **page,
            hits={**_list(_ref("Hit")), "description": "Empty where groups were asked for."},
            groups={**_list(_ref("Group")), "description": "Empty where hits were asked for."},
            group_total={
                "type": ["integer", "null"],
                "description": "How many groups there are; null where they are too many to be counted, or not asked for.",
            },
            also={
                **_list(_ref("Hit")),
                "description": "Behind fewer than ten hits: what has almost all the words.",
            },
            facets={"type": "object", "additionalProperties": _list(_object(value=TEXT, count=WHOLE))},
            relaxed={"type": "boolean", "description": "Not all words matched; see `dropped`."},
            dropped=_list(TEXT),
            did_you_mean={**MAYBE_TEXT, "description": "Another query that finds more."},
        ),
        "Group": _object(
            section={**TEXT, "description": "Names the agenda item in all of the archive."},
            total={**WHOLE, "description": "How many passages of the item match."},
            meeting=_ref("MeetingReference"),
            item={"anyOf": [_object(number=MAYBE_TEXT, title=MAYBE_TEXT), {"type": "null"}]},
            hits={**_list(_ref("Hit")), "description": "The first three."},
        ),
        "Hit": _object(
            meeting=_ref("MeetingReference"),
            item={"anyOf": [_object(number=MAYBE_TEXT, title=MAYBE_TEXT), {"type": "null"}]},
            speaker=MAYBE_TEXT,
            start=SECONDS,
            end=SECONDS,
            text=TEXT,
            highlights={**_list(_list(WHOLE)), "description": "[from, to] in characters of `text`."},
            missing={**_list(TEXT), "description": "Words that were asked for and this passage lacks."},
            why={**_list(_ref("Reason")), "description": "Where it was asked for."},
            url={**TEXT, "description": "The page of the meeting, at the second."},
        ),
        "Reason": _object(
            typed=TEXT,
            found={**TEXT, "description": "The word that answers it, as it stands there."},
            way={"type": "string", "enum": list(get_args(Way))},
            place={"type": "string", "enum": list(get_args(Place))},
        ),
        "Meetings": _object(**page, meetings=_list(_ref("ListedMeeting"))),
        "ListedMeeting": _object(**about, items=WHOLE, duration=MAYBE_SECONDS, url=TEXT),
        "Meeting": _object(
            **about,
            duration=SECONDS,
            placed={**WHOLE, "description": "Items with a time, or known to have none."},
            items=_list(_ref("Item")),
            recordings=_list(_ref("Recording")),
            withheld={**_list(_object(start=SECONDS, end=MAYBE_SECONDS)), "description": "Left out."},
            transcript={"type": "object", "additionalProperties": TEXT},
            chapters={"type": "object", "additionalProperties": TEXT},
            url=TEXT,
        ),
        "Suggestions": _suggestions(),
        **_parts(),
    }


def _suggestions() -> Json:
    item = _object(number=TEXT, title=TEXT, meeting=_ref("MeetingReference"), url=TEXT)
    return _object(
        query=TEXT,
        words={**_list(TEXT), "description": "Whole queries: what was typed, with its last word ended."},
        people=_list(_object(name=TEXT, passages=WHOLE)),
        items=_list(item),
    )


def _parts() -> Json:
    word = _object(start=SECONDS, end=SECONDS, word=TEXT, probability={"type": "number"})
    segment = _object(start=SECONDS, end=SECONDS, text=TEXT, speaker=TEXT, words=_list(word))
    origin: Json = {
        "origin": {"type": "string", "enum": ["captions", "model"]},
        "model": MAYBE_TEXT,
        "revision": MAYBE_TEXT,
    }
    made = _object(**origin, options=MAYBE_TEXT)
    statuses = ["discussed", "joint", "withdrawn", "closed", "not_found"]
    return {
        "Item": _object(
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
            evidence={"anyOf": [_object(at=SECONDS, text=TEXT), {"type": "null"}]},
            set_by={"type": "string", "enum": ["machine", "publisher", "person"]},
            url={**MAYBE_TEXT, "description": "The publisher's own page of the item (http or https)."},
            attachments=_list(_object(name=TEXT, url=MAYBE_TEXT)),
        ),
        "Chapters": _object(
            id=TEXT,
            recording={"type": ["integer", "null"]},
            chapters=_list(_object(start=SECONDS, end=SECONDS, title=TEXT, items=_list(TEXT))),
        ),
        "Recording": _object(
            ordinal=WHOLE,
            offset=SECONDS,
            duration=MAYBE_SECONDS,
            has_video={"type": "boolean"},
            media={**MAYBE_TEXT, "description": "The file to play; null where there is none."},
            captions={**TEXT, "description": "WebVTT on the recording's own clock."},
            chapters={**TEXT, "description": "WebVTT on the recording's own clock."},
            text=_or_null(_object(**origin)),
        ),
        "Quality": _object(id=TEXT, recordings=_list(_ref("HeardRecording")), url=TEXT),
        "HeardRecording": _object(ordinal=WHOLE, text=_or_null(made), heard=_or_null(_heard())),
        "Transcript": _object(language=TEXT, segments=_list(_optional(segment, "speaker", "words"))),
    }
