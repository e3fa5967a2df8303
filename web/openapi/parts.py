"""The pieces that the description of the API is put together from."""

from __future__ import annotations

from typing import Any

from search import MOST_FILTER_VALUES

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer"}
SECONDS: Json = {"type": "number", "description": "Seconds on the meeting's clock."}
SECOND: Json = {
    "type": "string",
    "pattern": r"^[0-9]{1,12}(\.[0-9]{1,12})?$",
    "description": "Seconds on the meeting's clock, as 745.2.",
}
MAYBE_TEXT: Json = {"type": ["string", "null"]}
MAYBE_SECONDS: Json = {"type": ["number", "null"], "description": "Seconds on the meeting's clock."}
MAYBE_DATE: Json = {"type": ["string", "null"], "format": "date"}
MOMENT: Json = {"type": "string", "format": "date-time"}
ABOUT: dict[str, Json] = {"id": TEXT, "title": TEXT, "date": MAYBE_DATE, "body": TEXT, "municipality": TEXT}
PAGE: dict[str, Json] = {"total": WHOLE, "page": WHOLE, "per_page": WHOLE}


def operation(name: str, summary: str, parameters: list[Json], content: Json, *errors: int) -> Json:
    said = {
        404: "No such meeting, or nothing there",
        410: "Withheld",
        422: "A parameter cannot be read",
        429: "Enough for now",
        503: "The archive does not answer",
    }
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": "OK", "content": content},
            **{str(code): {"description": said[code], "content": json_of("Error")} for code in errors},
        },
    }


def parameter(name: str, schema: Json, said: str) -> Json:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": said}


def meeting_id() -> Json:
    return {"name": "meeting_id", "in": "path", "required": True, "schema": TEXT}


def days() -> list[Json]:
    schema = {"type": "string", "format": "date"}
    return [
        parameter("from", schema, "Not before this day."),
        parameter("to", schema, "Not after this day."),
    ]


def paging(per_page: int, deepest: int | None = None) -> list[Json]:
    """Which page, and how many a page; together they go no deeper than `deepest`."""
    first: Json = {"type": "integer", "minimum": 1, "maximum": deepest or 999_999_999, "default": 1}
    said = f"Counts from 1; page times per_page is at most {deepest:,}." if deepest else "Counts from 1."
    size: Json = {"type": "integer", "minimum": 1, "maximum": 100, "default": per_page}
    return [parameter("page", first, said), parameter("per_page", size, "Size.")]


def some_of(of: Json) -> Json:
    """A list as a parameter may have it."""
    return {**list_of(of), "maxItems": MOST_FILTER_VALUES}


def json_of(schema: str) -> Json:
    return {"application/json": {"schema": ref(schema)}}


def ref(schema: str) -> Json:
    return {"$ref": f"#/components/schemas/{schema}"}


def list_of(of: Json) -> Json:
    return {"type": "array", "items": of}


def object_of(**properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}


def or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def optional(schema: Json, *names: str) -> Json:
    return {**schema, "required": [name for name in schema["required"] if name not in names]}
