"""Bodies and cases, described."""

from __future__ import annotations

from web.openapi.parts import (
    MAYBE_DATE,
    PAGE,
    TEXT,
    WHOLE,
    Json,
    json_of,
    list_of,
    object_of,
    operation,
    or_null,
    paging,
    parameter,
    ref,
    some_of,
)


def _bodies() -> Json:
    said = "The councils and committees, and what each is followed by"
    return operation("bodies", said, [], json_of("Bodies"), 503)


def _cases() -> Json:
    parameters = [
        parameter("municipality", some_of(TEXT), "Only this municipality. May be repeated."),
        *paging(50),
    ]
    said = "The case numbers of open items; the case with the newest meeting first"
    return operation("cases", said, parameters, json_of("Cases"), 422, 503)


def _case() -> Json:
    number = {**TEXT, "minLength": 1, "maxLength": 80}
    parameters = [
        {**parameter("nr", number, "The case number, as the agenda has it."), "required": True},
        parameter("municipality", TEXT, "Only this municipality: each has its own numbers."),
    ]
    said = "Every time that a case was an item of a meeting, newest first"
    return operation("case", said, parameters, json_of("Case"), 404, 422, 503)


PATHS: Json = {
    "/api/v1/bodies": {"get": _bodies()},
    "/api/v1/cases": {"get": _cases()},
    "/api/v1/case": {"get": _case()},
}

SCHEMAS: Json = {
    "Bodies": object_of(bodies=list_of(ref("Body"))),
    "Body": object_of(
        municipality=TEXT,
        body=TEXT,
        meetings=WHOLE,
        newest=MAYBE_DATE,
        feed={**TEXT, "description": "Atom."},
        podcast=or_null({**TEXT, "description": "RSS; null where there is nothing to hear."}),
        url=TEXT,
    ),
    "Cases": object_of(**PAGE, cases=list_of(ref("ListedCase"))),
    "ListedCase": object_of(
        number={**TEXT, "description": "Without spaces, in capitals."},
        municipality=TEXT,
        meetings=WHOLE,
        newest=MAYBE_DATE,
        url=TEXT,
    ),
    "Case": object_of(number=TEXT, title=TEXT, feed=TEXT, appearances=list_of(ref("Appearance"))),
    "Appearance": object_of(
        meeting=ref("MeetingReference"),
        item=ref("Item"),
        said={**TEXT, "description": "The first sentences of its first speaker."},
        url=TEXT,
    ),
}
