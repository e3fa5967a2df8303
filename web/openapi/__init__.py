"""The API described for machines (OpenAPI 3.1): a file a room. Kept by hand; tests check it against the routes, and
schemathesis the routes against it (`make test-api`).

A room adds its own file here, with `PATHS` and `SCHEMAS`, and its name below.
"""

from __future__ import annotations

from web.openapi import clips, following, meetings, quotes, searching
from web.openapi.parts import ABOUT, TEXT, Json, object_of, operation

ROOMS = (searching, meetings, quotes, clips, following)

_SELF = operation("openapi", "This description", [], {"application/json": {"schema": {"type": "object"}}})


def document(server: str) -> Json:
    """The whole description, for the archive at this address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Talerstolen",
            "version": "1",
            "description": "Danish council meetings: every sentence findable, quotable and linkable to the "
            "second. All times are seconds on the meeting's clock. Closed items are withheld. A parameter without a value is as if it were left out.",
        },
        "servers": [{"url": server}],
        "paths": {
            **{path: described for room in ROOMS for path, described in room.PATHS.items()},
            "/api/v1/openapi.json": {"get": _SELF},
        },
        "components": {
            "schemas": {
                "Error": object_of(error=object_of(code=TEXT, message=TEXT, detail=TEXT)),
                "MeetingReference": object_of(**ABOUT),
                **{name: schema for room in ROOMS for name, schema in room.SCHEMAS.items()},
            }
        },
    }


__all__ = ["document"]
