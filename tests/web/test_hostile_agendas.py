"""What is hostile in an agenda, in every format it can come in, is text on the page and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path

import pytest
from lxml import etree
from starlette.testclient import TestClient

from catalogue import Agenda, Catalogue, ItemSpan, MediaStore, Meeting, Segment, Settings, SpanStatus
from ingest import parse_agenda
from tests.ingest.agendas.samples import ANNEX, ITEM, pdf
from tests.web.conftest import CAPTIONS, filled, publish, recording
from web import create_app

BAD = "\"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}'--"
LINK = "javascript:alert(3)//https://x.dk/a.pdf"
ESCAPED = escape(BAD)
MEETING = "skurkby-byraadet-2025-10-08"

DOCUMENTS = {
    "FirstAgenda": json.dumps(
        {
            "Udvalg": {"Navn": ESCAPED},
            "Moede": {"Dato": "2025-10-08", "Navn": f"Referat {BAD}"},
            "Dagsordenpunkter": [
                {"Id": ITEM, "Punktnummer": f"1{BAD}", "Navn": f"Et {ESCAPED}", "SagsNummer": BAD, "IsOpen": True,
                 "ItemDecision": ESCAPED, "Lydfiler": [LINK], "Bilag": [{"Id": f"{ANNEX}{BAD}", "Navn": ESCAPED}]},
            ],
        }
    ),
    "ours": json.dumps(
        {"title": BAD, "items": [{"number": BAD, "title": f"Et {BAD}", "case": BAD, "id": BAD, "url": LINK, "outcome": BAD,
                                  "attachments": [{"name": BAD, "url": LINK}, {"name": "x", "url": f"https://x.dk/{BAD}"}]}]}
    ),
    "København": json.dumps(
        {"data": [{"type": "node--agenda_element", "id": BAD, "attributes": {
            "title": f"Et {BAD}", "agenda_element_serial_no": 1, "path": {"alias": f"//x.dk/{BAD}"}}}]}
    ),
    "SBSYS": f'<Dagsorden Dagsordentype="Referat"><Møde Udvalg="{ESCAPED}"/><Dagsordenpunkter><Dagsordenpunkt Nummer="1" '
    f'Åbent="true"><Overskrift>Et {escape(ESCAPED)}</Overskrift><Beslutning>{escape(ESCAPED)}</Beslutning><Bilagsliste>'
    f'<Bilag Navn="{ESCAPED}" MaaPubliceres="true" BilagUrl="{LINK}"/></Bilagsliste></Dagsordenpunkt></Dagsordenpunkter></Dagsorden>',
    "HTML": f'<html><body><h1>Referat</h1><h2>1. Et {ESCAPED}</h2><p>Sagsnr. 25/1234</p><h3>Beslutning</h3><p>{ESCAPED}</p>'
    f'<h3>Bilag</h3><p><a href="{LINK}">{ESCAPED}</a></p><p><a href="data:text/html,x">x</a></p>'
    f'<h2><a href="java\tscript:alert(4)">2. To</a></h2><img src=x onerror=alert(5)></body></html>',
}  # fmt: skip


def documents() -> Iterator[tuple[str, bytes]]:
    yield from ((name, text.encode()) for name, text in DOCUMENTS.items())
    yield (
        "PDF",
        pdf([("Referat", 20, True), (f"1. Et {BAD}", 14, True), ("Bilag", 11, True), (BAD, 11, False)]),
    )


@pytest.mark.parametrize(("name", "data"), list(documents()), ids=lambda v: v if isinstance(v, str) else "")
def test_nothing_hostile_reaches_a_page(name: str, data: bytes, tmp_path: Path) -> None:
    agenda = parse_agenda(data, "https://dagsordener.example.dk/vis")
    assert agenda.items[0].title.startswith("Et "), agenda.items
    for path, body in pages_of(agenda, tmp_path):
        page = etree.HTML(body)
        for element in page.iter(etree.Element):
            assert element.tag not in ("img", "iframe", "object", "embed", "base"), path
            if element.get("type") == "application/ld+json":
                assert not element.get("src") and json.loads(element.text or "")  # data, and whole
                continue
            assert element.tag != "script" or (
                element.get("src", "").startswith("/static/") and not element.text
            )
            for attribute, value in element.attrib.items():
                assert not attribute.startswith("on"), (path, attribute)
                if attribute in ("href", "src", "action", "formaction"):
                    assert not value or value.startswith(("/", "#", "?", "https://", "http://")), (
                        path,
                        value,
                    )
        if path.endswith(MEETING):
            assert "onerror=alert(1)" in "".join(page.itertext()), "it is there as text"


def pages_of(agenda: Agenda, home: Path) -> Iterator[tuple[str, str]]:
    settings = Settings(home=home)  # type: ignore[call-arg]
    catalogue = Catalogue.open(settings.database)
    try:
        meeting = Meeting(
            MEETING,
            agenda.title or "Møde",
            date(2025, 10, 8),
            agenda.body or "Byrådet",
            "Skurkby",
            (recording(MEETING, 1, 0.0),),
            agenda,
        )
        spans = tuple(
            ItemSpan(n, SpanStatus.DISCUSSED, float(n), n + 1.0, 0.95) for n in range(len(agenda.items))
        )
        publish(catalogue, meeting, ((Segment(0.0, 4.0, "Vi begynder.", "Borgmesteren"),),), CAPTIONS, spans)
        client = TestClient(
            create_app(settings, catalogue, MediaStore(settings.media_folder), filled(settings, catalogue))
        )
        for path in ("/", "/soeg?q=begynder", "/moeder", f"/moeder/{MEETING}", f"/moeder/{MEETING}/kvalitet"):
            answer = client.get(path)
            assert answer.status_code == 200, path
            yield path, answer.text
    finally:
        catalogue.close()
