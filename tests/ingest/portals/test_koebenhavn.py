"""kk.dk: items one by one, over pages that must stay on the same host."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import pytest

from catalogue import AgendaKind, SourceError
from ingest.portals.koebenhavn import Koebenhavn

T = TypeVar("T")
HOST = "https://www.kk.example.org"


class Pages:
    """A session that answers with one page after the other."""

    def __init__(self, *pages: dict[str, Any]) -> None:
        self.pages, self.asked = list(pages), list[str]()

    def read(self, url: str, accept: Callable[[bytes], T]) -> T:
        self.asked.append(url)
        return accept(json.dumps(self.pages[min(len(self.asked), len(self.pages)) - 1]).encode())


def element(
    number: int, title: str, paper: str = "dagsorden", body: str = "Borgerrepræsentationen"
) -> dict[str, Any]:
    return {
        "id": f"{paper}-{number}",
        "attributes": {
            "title": title,
            "agenda_meeting_date": "2026-02-05",
            "agenda_element_serial_no": number,
            "path": {"alias": f"/dagsordener-og-referater/{body}/møde-05022026/{paper}/punkt-{number}"},
        },
    }


def page(*rows: dict[str, Any], after: object = None) -> dict[str, Any]:
    return {"data": list(rows), "links": {"next": after} if after else {}}


def portal(*pages: dict[str, Any]) -> tuple[Koebenhavn, Pages]:
    session = Pages(*pages)
    return Koebenhavn(HOST, (), session), session  # type: ignore[arg-type]


def test_items_become_papers_in_order() -> None:
    there, session = portal(
        page(element(10, "Lukket sag"), element(2, "Cykelsti"), after={"href": f"{HOST}/jsonapi?page=2"}),
        page(element(1, "Dagsorden"), element(2, "Cykelsti", "referat"), {"id": "bad"}),
    )
    listing = there.meetings(date(2026, 1, 1))
    assert session.asked[1] == f"{HOST}/jsonapi?page=2"
    assert [(r.kind, r.body, r.day) for r in listing.references] == [
        (AgendaKind.AGENDA, "Borgerrepræsentationen", date(2026, 2, 5)),
        (AgendaKind.MINUTES, "Borgerrepræsentationen", date(2026, 2, 5)),
    ]
    assert len(listing.refused) == 1
    agenda = there.paper(listing.references[0]).agenda
    assert [(i.number, i.title, i.open) for i in agenda.items] == [
        ("1", "Dagsorden", True),
        ("2", "Cykelsti", True),
        ("10", "Lukket sag", False),  # it has no other mark there
    ]
    assert (
        agenda.items[0].url
        == f"{HOST}/dagsordener-og-referater/Borgerrepr%C3%A6sentationen/m%C3%B8de-05022026/dagsorden/punkt-1"
    )


@pytest.mark.parametrize(
    ("after", "says"),
    [
        ("https://elsewhere.example.org/jsonapi", "another host"),
        ("http://169.254.169.254/", "another host"),
        ("//127.0.0.1/x", "another host"),
        ("http://[", "no web address"),
        ("?page=1", "does not end"),
    ],
)
def test_a_list_that_leads_elsewhere_is_refused(after: str, says: str) -> None:
    there, _ = portal(page(element(1, "A"), after=after))
    with pytest.raises(SourceError, match=says):
        there.meetings(date(2026, 1, 1))
