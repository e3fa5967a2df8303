"""FirstAgenda Publication: its list and papers, whatever bytes they are."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import date, time
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue import AgendaKind, TalerstolError
from ingest.portals.first_agenda import FirstAgenda
from ingest.portals.koebenhavn import Koebenhavn
from ingest.portals.portal import Reference
from tests.portal_server import guid, item

T = TypeVar("T")
SINCE = date(2026, 1, 1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["Udvalg", "Moeder", "Id", "Navn", "Dato", "Dagsordenpunkter", "Lydfiler", "Url", "data",
                         "attributes", "path", "alias", "links", "next", "href", "agenda_meeting_date", "title"]),
        inner, max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip


class Answers:
    """A session whose every answer is these bytes."""

    def __init__(self, data: bytes) -> None:
        self.data, self.asked = data, list[str]()

    def read(self, url: str, accept: Callable[[bytes], T]) -> T:
        self.asked.append(url)
        return accept(self.data)

    def visit(self, url: str) -> None:
        self.asked.append(url)


def portal(raw: Any, bodies: tuple[str, ...] = ()) -> FirstAgenda:
    data = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return FirstAgenda("https://d.example.org/", bodies, Answers(data))  # type: ignore[arg-type]


def entry(name: str, when: str = "2026-03-04T16:00:00+01:00", **more: Any) -> dict[str, Any]:
    return {
        "Id": guid(name + when),
        "Dato": when,
        "Navn": name,
        "ReleasedDate": "2026-03-01T09:00:00+01:00",
    } | more


def listed(*entries: dict[str, Any], body: str = "Byrådet") -> dict[str, Any]:
    return {"Udvalg": {"Udvalg 2026-2029": [{"Navn": body, "Moeder": list(entries)}], "Tomt": None}}


@pytest.mark.parametrize(
    ("name", "flag", "kind", "closed"),
    [
        ("Dagsorden", False, AgendaKind.AGENDA, False),
        ("Tillægsdagsorden", False, AgendaKind.SUPPLEMENT, False),
        ("Dagsorden", True, AgendaKind.SUPPLEMENT, False),
        ("Referat", False, AgendaKind.MINUTES, False),
        ("Referat 1. behandling budget", False, AgendaKind.MINUTES, False),
        ("Lukket referat", False, AgendaKind.MINUTES, True),
    ],
)
def test_what_kind_of_paper_it_is(name: str, flag: bool, kind: AgendaKind, closed: bool) -> None:
    [found] = portal(listed(entry(name, IsSupplementaryAgenda=flag))).meetings(SINCE).references
    assert (found.kind, found.closed, found.body) == (kind, closed, "Byrådet")


@pytest.mark.parametrize(
    ("when", "day", "begins"),
    [
        ("2026-05-04T14:00:00+02:00", date(2026, 5, 4), time(14)),
        ("2026-05-04T22:30:00Z", date(2026, 5, 5), time(0, 30)),
        ("2026-05-04T14:00:00", date(2026, 5, 4), time(14)),
        ("2026-05-04", date(2026, 5, 4), None),
    ],
)
def test_when_it_is(when: str, day: date, begins: time | None) -> None:
    [found] = portal(listed(entry("Dagsorden", when))).meetings(SINCE).references
    assert (found.day, found.begins) == (day, begins)


def test_only_the_bodies_and_days_that_were_asked_for() -> None:
    raw = listed(entry("Dagsorden"), entry("Dagsorden", "2025-12-31T16:00:00"))
    assert len(portal(raw, ("byrådet",)).meetings(SINCE).references) == 1
    assert portal(raw, ("Økonomiudvalget",)).meetings(SINCE).references == ()


@pytest.mark.parametrize(
    "bad",
    [{"Id": "../x"}, {"Id": None}, {"Dato": "0001-01-01T00:00:00"}, {"Dato": None}, {"Dato": "9999-99-99"}],
)
def test_an_entry_that_cannot_be_used_is_named(bad: dict[str, Any]) -> None:
    found = portal(listed(entry("Dagsorden"), entry("Referat") | bad)).meetings(SINCE)
    assert len(found.references) == len(found.refused) == 1


def test_a_paper_s_recordings() -> None:
    reference = Reference("abc", "Byrådet", SINCE)
    sound = [
        "/1.mp3",
        {"Url": "https://x.example.org/2.mp3"},
        {"Url": "javascript:alert(1)"},
        {"Navn": "x"},
        None,
        5,
    ]
    paper = portal({"Moede": {}, "Dagsordenpunkter": [item(1, "A")], "Lydfiler": sound}).paper(reference)
    assert paper.recordings == ("https://d.example.org/1.mp3", "https://x.example.org/2.mp3")
    assert portal({"Moede": {}, "Dagsordenpunkter": None}).paper(reference).agenda.items == ()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary() | JSON.map(lambda raw: json.dumps(raw).encode()))
def test_any_bytes_raise_nothing_but_our_errors(data: bytes) -> None:
    reference = Reference("abc", "Byrådet", SINCE)
    kbh = Koebenhavn("https://d.example.org", (), Answers(data))  # type: ignore[arg-type]
    for ask in (
        lambda: portal(data).meetings(SINCE),
        lambda: portal(data).paper(reference),
        lambda: [kbh.paper(r) for r in kbh.meetings(SINCE).references],
    ):
        with contextlib.suppress(TalerstolError):
            ask()
