"""The API's shapes, and that its description knows every route."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from catalogue import EditKind
from tests.web.conftest import HIDDEN, MAIN, TEXT_ONLY, Built, edit
from web.openapi import document


def test_meetings(client: TestClient) -> None:
    answer = client.get("/api/v1/meetings").json()
    assert answer["total"] == 3
    first = answer["meetings"][0]
    assert first["id"] == MAIN
    assert first["date"] == "2025-10-08"
    assert first["url"] == f"https://arkiv.example/moeder/{MAIN}"
    assert client.get("/api/v1/meetings?municipality=Odense").json()["total"] == 1
    assert client.get("/api/v1/meetings?from=2025-09-01&to=2025-09-30").json()["total"] == 1
    assert client.get("/api/v1/meetings?per_page=1&page=2").json()["meetings"][0]["id"] == TEXT_ONLY
    assert client.get("/api/v1/meetings?page=99").json()["meetings"] == []


def test_meeting(client: TestClient) -> None:
    answer = client.get(f"/api/v1/meetings/{MAIN}").json()
    assert answer["placed"] == 8
    assert [item["status"] for item in answer["items"]] == [
        "discussed", "joint", "joint", "closed", "discussed", "withdrawn", "not_found", "closed", "discussed",
    ]  # fmt: skip
    closed = answer["items"][3]
    assert (closed["title"], closed["case"], closed["start"], closed["evidence"]) == (
        "Lukket punkt",
        "",
        None,
        None,
    )
    assert (closed["url"], closed["attachments"], closed["outcome"], closed["spoken_title"]) == (
        None,
        [],
        "",
        "Lukket punkt",
    )
    cycle = answer["items"][1]
    assert cycle["url"] == "https://dagsorden.example/punkt/2?a=1&b=2"
    assert cycle["attachments"] == [
        {"name": "Kort & plan", "url": "https://dagsorden.example/kort.pdf"},
        {"name": "Notat", "url": None},
    ]
    hostile = answer["items"][4]
    assert (hostile["url"], [a["url"] for a in hostile["attachments"]]) == (None, [None, None])
    assert answer["items"][0]["evidence"] == {"at": 0.0, "text": "Velkommen til mødet i byrådet."}
    assert answer["withheld"] == [{"start": 4.0, "end": 6.0}, {"start": 9.0, "end": 12.0}]
    assert answer["recordings"][1]["offset"] == 9.0
    assert answer["recordings"][0]["text"] == {"origin": "model", "model": "base", "revision": "abc123"}
    assert answer["recordings"][0]["media"] == f"https://arkiv.example/medie/{MAIN}/1"


def test_item_with_its_text(client: TestClient) -> None:
    answer = client.get(f"/api/v1/meetings/{MAIN}/items/2").json()
    assert answer["item"]["title"] == "Cykelsti langs Havnegade & Åboulevarden"
    assert answer["url"] == f"https://arkiv.example/moeder/{MAIN}?t=2"
    said = " ".join(segment["text"] for segment in answer["segments"])
    assert "Den nuværende sti er for smal." in said
    closed = client.get(f"/api/v1/meetings/{MAIN}/items/4").json()
    assert (closed["item"]["title"], closed["segments"]) == ("Lukket punkt", [])
    for position in ("0", "99", "x"):
        assert client.get(f"/api/v1/meetings/{MAIN}/items/{position}").status_code == 404


def test_what_changed_since(own: Built) -> None:
    client = TestClient(own.app)
    assert client.get("/api/v1/meetings?changed_since=2025-01-01").json()["total"] == 3
    assert client.get("/api/v1/meetings?changed_since=2099-01-01T00:00:00Z").json()["total"] == 0
    for wrong in ("nej", "2025-13-01", "2025-01-01T25:00:00Z", "20250101"):
        assert client.get("/api/v1/meetings", params={"changed_since": wrong}).status_code == 422
    before = {m["id"]: m["revision"] for m in client.get("/api/v1/meetings").json()["meetings"]}
    own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 3.0, 4.0))
    own.app.state.site.archive._list_until = float("-inf")  # as if the list were a second older
    after = {m["id"]: m["revision"] for m in client.get("/api/v1/meetings").json()["meetings"]}
    assert {m for m in before if before[m] != after[m]} == {MAIN}
    assert client.get(f"/api/v1/meetings/{MAIN}").json()["revision"] == after[MAIN]


def test_cases(client: TestClient) -> None:
    [listed] = client.get("/api/v1/cases").json()["cases"]
    assert (listed["number"], listed["meetings"]) == ("25/26257", 1)
    assert client.get("/api/v1/cases?municipality=Odense").json()["total"] == 0
    found = client.get("/api/v1/case?nr=25/26257").json()
    assert [a["meeting"]["id"] for a in found["appearances"]] == [MAIN]
    assert client.get("/api/v1/case?nr=HEM-77").status_code == 404
    assert client.get("/api/v1/case").status_code == 422


def test_the_case_of_an_item_that_was_closed_is_listed_no_more_at_once(own: Built) -> None:
    client, archive = TestClient(own.app), own.app.state.site.archive
    meeting = own.catalogue.meeting(MAIN)
    items = tuple(replace(i, case="24/999" if i.case else "") for i in meeting.agenda.items)
    own.catalogue.follow_source(replace(meeting, agenda=replace(meeting.agenda, items=items)), ())
    archive._list_until = float("-inf")  # the list is made again,
    assert [c["number"] for c in client.get("/api/v1/cases").json()["cases"]] == ["24/999"]
    assert "nr=24/999" in client.get("/api").text
    archive._list_until = float("inf")  # and from then on stays as it was
    number = next(i.number for i in items if i.case and i.open)
    own.catalogue.add_edit(MAIN, edit(EditKind.CLOSE, None, None, item=number))
    assert client.get("/api/v1/cases").json() == {"total": 0, "page": 1, "per_page": 50, "cases": []}
    assert "24/999" not in client.get("/api").text


def test_transcript_in_every_format(client: TestClient) -> None:
    path = f"/api/v1/meetings/{MAIN}/transcript"
    whisper = client.get(path).json()
    assert whisper["language"] == "da"
    assert whisper["segments"][0]["text"] == "Velkommen til mødet i byrådet."
    assert whisper["segments"][-1]["start"] == 13.0
    for name, kind, begins in (
        ("vtt", "text/vtt", "WEBVTT"),
        ("srt", "application/x-subrip", "1\n00:00:00,000"),
        ("txt", "text/plain", "["),
    ):
        answer = client.get(path, params={"format": name})
        assert answer.headers["content-type"].startswith(kind)
        assert answer.text.startswith(begins)
        assert "Velkommen til mødet" in answer.text


def test_addresses_are_relative_where_no_public_one_is_set(client: TestClient) -> None:
    assert document("/")["servers"] == [{"url": "/"}]
    assert document("https://arkiv.example/")["servers"] == [{"url": "https://arkiv.example/"}]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nej", 404, "not_found"),
        ("GET", "/api/v2/meetings", 404, "not_found"),
        ("GET", "/api/v1/meetings/nej", 404, "unknown_meeting"),
        ("GET", f"/api/v1/meetings/{HIDDEN}", 404, "unknown_meeting"),
        ("GET", f"/api/v1/meetings/{HIDDEN}/transcript", 404, "unknown_meeting"),
        ("POST", "/api/v1/search", 405, "method_not_allowed"),
        ("DELETE", f"/api/v1/meetings/{MAIN}", 405, "method_not_allowed"),
        ("GET", f"/api/v1/meetings/{MAIN}/transcript?format=exe", 422, "invalid_request"),
        ("GET", "/api/v1/meetings?page=x", 422, "invalid_request"),
        ("GET", "/api/v1/meetings?per_page=5000", 422, "invalid_request"),
        ("GET", "/api/v1/search?from=nej", 422, "invalid_request"),
        ("GET", "/api/v1/suggest?q=" + "x" * 201, 422, "invalid_request"),
        ("POST", "/api/v1/suggest", 405, "method_not_allowed"),
    ],
)
def test_errors_have_one_shape(client: TestClient, method: str, path: str, status: int, code: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error.keys() == {"code", "message", "detail"}
    assert error["code"] == code
    assert error["message"]


def test_every_api_route_is_described(built: Built, client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    routes = {
        r.path.replace(":int", "")
        for r in built.app.routes
        if isinstance(r, Route) and r.path.startswith("/api/")
    }
    assert set(described["paths"]) == routes
    assert described["openapi"] == "3.1.0"


def test_description_points_only_to_what_it_defines(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    schemas = described["components"]["schemas"]

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if "$ref" in value else []
            return own + [found for each in value.values() for found in references(each)]
        return [found for each in value for found in references(each)] if isinstance(value, list) else []

    assert {reference.rsplit("/", 1)[1] for reference in references(described)} == set(schemas) - {"Unused"}


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/api/v1/search?q=cykelstien", "SearchResult"),
        ("/api/v1/suggest?q=bo", "Suggestions"),
        ("/api/v1/suggest?q=cykel", "Suggestions"),
        ("/api/v1/meetings", "Meetings"),
        (f"/api/v1/meetings/{MAIN}", "Meeting"),
        (f"/api/v1/meetings/{TEXT_ONLY}", "Meeting"),
        (f"/api/v1/meetings/{MAIN}/transcript", "Transcript"),
        (f"/api/v1/meetings/{MAIN}/quality", "Quality"),
        (f"/api/v1/meetings/{MAIN}/chapters", "Chapters"),
        (f"/api/v1/meetings/{MAIN}/chapters?recording=1", "Chapters"),
        (f"/api/v1/meetings/{TEXT_ONLY}/quality", "Quality"),
        (f"/api/v1/meetings/{MAIN}/items/2", "ItemText"),
        ("/api/v1/bodies", "Bodies"),
        ("/api/v1/cases", "Cases"),
        ("/api/v1/case?nr=25/26257", "Case"),
        ("/api/v1/nej", "Error"),
    ],
)
def test_answers_are_as_described(client: TestClient, path: str, schema: str) -> None:
    schemas = document("/")["components"]["schemas"]
    _check(client.get(path).json(), schemas[schema], schemas, path)


TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def _check(value: Any, schema: dict[str, Any], schemas: dict[str, Any], at: str) -> None:
    """As much of JSON Schema as the description uses; a key that is not described is wrong too."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema:
        schema = schema["anyOf"][1 if value is None else 0]
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    assert any(isinstance(value, TYPES[kind]) for kind in kinds), f"{at}: {json.dumps(value)[:80]}"
    if isinstance(value, list):
        for each in value:
            _check(each, schema["items"], schemas, f"{at}[]")
    if isinstance(value, dict) and "properties" in schema:
        assert set(schema["required"]) <= value.keys() <= schema["properties"].keys(), at
        for name, each in value.items():
            _check(each, schema["properties"][name], schemas, f"{at}.{name}")


@pytest.mark.parametrize("path", ["/api/v1/search", "/api/v1/frequency"])
def test_a_query_that_is_too_long_is_refused_whatever_it_is_made_of(client: TestClient, path: str) -> None:
    for one in ("a", " ", "\x01"):
        assert client.get(path, params={"q": one * 501}).status_code == 422
        assert client.get(path, params={"q": one * 500}).status_code == 200
