"""Each format as it is published, also the ugly parts; and what no document may do, whatever its format."""

from __future__ import annotations

import contextlib
import json
import random
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from catalogue import Agenda, AgendaKind, Attachment, InputError
from ingest import parse_agenda
from ingest.agendas.document import AgendaDocument
from ingest.agendas.parsing import FORMATS
from tests.ingest.agendas.samples import (
    ACADRE,
    ANNEX,
    EDOC,
    FIRST_AGENDA,
    GOOD,
    ITEM,
    KOEBENHAVN,
    MEETING,
    SBSYS,
    WORD_PAGE,
)

SOURCE = "https://dagsordener.example.dk/api/agenda/dagsorden/" + MEETING


@pytest.mark.parametrize("name", GOOD)
def test_a_document_is_known_by_its_content(name: str) -> None:
    document = AgendaDocument(GOOD[name], "dagsorden")
    assert [format.name for format in FORMATS if format.recognises(document)][0] == name


def test_first_agenda_with_links_decision_and_clips() -> None:
    agenda = parse_agenda(FIRST_AGENDA, SOURCE)
    unmarked, first, closed = agenda.items
    assert (agenda.kind, agenda.body, agenda.date) == (AgendaKind.MINUTES, "Byrådet", date(2025, 10, 8))
    assert (first.number, first.title, first.case) == (
        "142",
        "Spildevandsplan – Det åbne land",
        "EMN-2025-010561",
    )
    assert first.url == f"https://dagsordener.example.dk/vis?id={MEETING}&punktid={ITEM}"
    assert first.attachments == (
        Attachment("Kort.pdf", f"https://dagsordener.example.dk/Vis/Pdf/bilag/{ANNEX}"),
        Attachment("Uden"),
    )
    assert first.audio == ("https://dagsordener.example.dk/lyd/142.mp3",)
    assert first.outcome == "Godkendt med 19 stemmer."
    assert [unmarked.open, first.open, closed.open] == [False, True, False]


def test_first_agenda_from_a_file_has_no_links() -> None:
    first = parse_agenda(FIRST_AGENDA, "referat.json").items[1]
    assert (first.url, first.attachments[0].url, first.audio) == ("", "", ())


def test_a_supplement_of_first_agenda() -> None:
    raw = {"TillaegsDagsorden": True, "Dagsordenpunkter": [{"Navn": "x", "IsOpen": True}]}
    assert parse_agenda(json.dumps(raw).encode(), SOURCE).kind is AgendaKind.SUPPLEMENT


def test_koebenhavn_in_the_order_of_its_numbers() -> None:
    agenda = parse_agenda(KOEBENHAVN, "https://www.kk.dk/jsonapi/node/agenda_element")
    assert [i.number for i in agenda.items] == ["1", "2", "10"]
    assert (agenda.body, agenda.kind, agenda.date) == (
        "Borgerrepræsentationen",
        AgendaKind.MINUTES,
        date(2025, 10, 2),
    )
    assert agenda.items[1].url.startswith(
        "https://www.kk.dk/dagsordener-og-referater/Borgerrepr%C3%A6sentationen/"
    )


def test_koebenhavn_of_two_meetings_is_no_agenda_of_one() -> None:
    raw = json.loads(KOEBENHAVN)
    raw["data"][0]["attributes"]["path"]["alias"] = (
        "/dagsordener-og-referater/Socialudvalget/møde-1/dagsorden/punkt-1"
    )
    with pytest.raises(InputError, match="2 papers"):
        parse_agenda(json.dumps(raw).encode(), "liste.json")


def test_sbsys_keeps_what_may_be_published() -> None:
    agenda = parse_agenda(SBSYS, "export.xml")
    first, closed, unmarked = agenda.items
    assert (agenda.body, agenda.date, agenda.kind) == ("Byrådet", date(2018, 8, 27), AgendaKind.MINUTES)
    assert (first.number, first.title, first.outcome) == ("1", "Lokalplan 1246 & tillæg", "Vedtaget.")
    assert first.attachments == (Attachment("Kort", "https://example.dk/kort.pdf"),)
    assert (closed.open, closed.attachments, unmarked.open, unmarked.number) == (False, (), False, "3")


def test_of_edoc_only_what_is_marked_for_publication_is_kept() -> None:
    agenda = parse_agenda(EDOC, "export.xml")
    first, closed, unmarked = agenda.items
    assert (agenda.body, agenda.date) == ("Kommunalbestyrelsen", date(2025, 9, 17))
    assert (first.title, first.open, [a.name for a in first.attachments]) == ("Budget", True, ["Tal"])
    assert {(i.title, i.open) for i in (closed, unmarked)} == {("Lukket punkt", False)}
    assert "N.N." not in str(agenda)


def test_agenda_management_leaves_protected_enclosures_out() -> None:
    agenda = parse_agenda(ACADRE, "export.xml")
    first, closed, unmarked = agenda.items
    assert (first.number, first.case, first.outcome) == ("15", "25/26257", "Til orientering.")
    assert ([a.name for a in first.attachments], agenda.kind) == (["Kort"], AgendaKind.MINUTES)
    assert [closed.open, unmarked.open] == [False, False]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_xml_in_other_encodings(encoding: str) -> None:
    text = SBSYS.decode().replace('encoding="utf-8"', 'encoding="iso-8859-1"')
    assert parse_agenda(text.encode(encoding), "export.xml").items[0].title == "Lokalplan 1246 & tillæg"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'<!DOCTYPE d [<!ENTITY a "b">]><Dagsorden>&a;</Dagsorden>', "format|document type"),
        (b'<?xml version="1.0"?><Dagsorden><!DOCTYPE x></Dagsorden>', "document type"),
        (b"<Dagsorden><Dagsordenpunkter>", "broken XML"),
        (b"<Dagsorden>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</Dagsorden>", "nested"),
        (b"<Dagsorden/>", "no items"),
        (b"<html><p>x</p></html>", "format|no items|no agenda"),
    ],
)
def test_xml_that_is_no_agenda(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as refused:
        parse_agenda(data, "export.xml")
    assert len(str(refused.value).splitlines()) <= 2


def test_a_large_document_with_nested_mark_up() -> None:
    raw = json.loads(FIRST_AGENDA)
    word = "<div>" * 40 + "<p class=MsoNormal><span style='x'>tekst&nbsp;</span></p>" * 200 + "</div>" * 40
    raw["Dagsordenpunkter"] = [
        {
            "Punktnummer": str(n),
            "Navn": f"<b>Punkt</b> <script>alert({n})</script>{n}",
            "IsOpen": True,
            "Felter": [{"Html": word}],
        }
        for n in range(60)
    ]
    data = json.dumps(raw).encode()
    assert len(data) > 700_000
    assert [i.title for i in parse_agenda(data, SOURCE).items][7] == "Punkt 7"


def is_decent(agenda: Agenda) -> None:
    for item in agenda.items:
        for text in (item.number, item.title, item.case, item.outcome, *(a.name for a in item.attachments)):
            assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in text), repr(text)
        for link in (item.url, *item.audio, *(a.url for a in item.attachments)):
            assert link == "" or link.startswith(("https://", "http://"))
        assert item.title
        assert len(item.number) <= 40


@given(st.binary(max_size=300))
def test_any_bytes_are_an_agenda_or_refused(data: bytes) -> None:
    with contextlib.suppress(InputError):
        is_decent(parse_agenda(data, SOURCE))


texts = st.text(max_size=40) | st.sampled_from(
    ["<b>x</b>", "&lt;script&gt;", "javascript:1", "\u202eabc", "\ud800", "2025-13-45"]
)
values = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | texts, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.sampled_from(["Html", "Url", "Id", "Navn", "alias"]), v, max_size=3), max_leaves=6)  # fmt: skip
fields = st.dictionaries(
    st.sampled_from(
        "Id Number Punktnummer Navn Caption SagsNummer IsOpen Sorting Felter Bilag Lydfiler ItemDecision".split()
    ),
    values,
)


@limits(deadline=None)
@given(st.lists(fields, min_size=1, max_size=4), values)
def test_any_values_in_first_agenda(items: list[dict[str, object]], meeting: object) -> None:
    raw = {"Dagsordenpunkter": items, "Moede": meeting, "Udvalg": meeting}
    is_decent(parse_agenda(json.dumps(raw).encode(), SOURCE))


@pytest.mark.parametrize(("name", "good"), [*GOOD.items(), ("a page from Word", WORD_PAGE)])
def test_a_damaged_document_is_an_agenda_or_refused(name: str, good: bytes) -> None:
    """Bytes changed, cut out, doubled: some 400 ways for each format, the same every time."""
    chance = random.Random(name)
    for _ in range(400):
        data = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(data))
            kind = chance.random()
            if kind < 0.4:
                data[at] = chance.randrange(256)
            elif kind < 0.7:
                del data[at : at + chance.randint(1, 40)]
            else:
                data[at:at] = data[at : at + chance.randint(1, 40)]
        try:
            is_decent(parse_agenda(bytes(data), SOURCE))
        except InputError as refused:
            assert len(str(refused).splitlines()) <= 2
