"""Agendas published as pages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import Agenda, AgendaKind, InputError
from ingest import parse_agenda
from ingest.agendas.html_page import page_lines
from tests.ingest.agendas.samples import ANNEX, GUID_PAGE, ITEM, WORD_PAGE

SOURCE = "https://dagsordener.example.dk/vis"


def page(body: str, source: str = SOURCE) -> Agenda:
    return parse_agenda(f"<html><body>{body}</body></html>".encode(), source)


def test_a_page_of_first_agenda() -> None:
    agenda = parse_agenda(GUID_PAGE, SOURCE)
    assert (agenda.body, agenda.date, agenda.kind) == ("Byrådet", date(2025, 10, 8), AgendaKind.MINUTES)
    assert [(i.number, i.title, i.open) for i in agenda.items] == [
        ("142", "Spildevandsplan – Det åbne land", True),
        ("143", "Lukket punkt", False),
        ("144", "Eventuelt", True),
    ]
    first = agenda.items[0]
    assert (first.case, first.source_id) == ("EMN-2025-010561", ITEM)
    assert first.outcome == "Godkendt med 19 stemmer. Liv Gro undlod.", "not what another body recommended"
    assert [(a.name, a.url) for a in first.attachments] == [
        ("Indstilling", f"https://dagsordener.example.dk/vis/pdf/bilag/{ANNEX}/"), ("Ond", ""),
    ]  # fmt: skip


def test_a_page_that_word_saved() -> None:
    agenda = parse_agenda(WORD_PAGE, "dagsorden.html")
    assert (agenda.body, agenda.date, agenda.kind) == (
        "Teknik- og Miljøudvalget", date(2025, 11, 4), AgendaKind.AGENDA,
    )  # fmt: skip
    assert [(i.number, i.title, i.case, i.open) for i in agenda.items] == [
        ("1", "Godkendelse af dagsorden", "25/26257", True),
        ("2", "Lokalplan 1246 – Åbyhøj Idrætscenter", "EMN-2025-010561", True),
        ("3", "Salg af grund", "", False),
        ("4", "Uden nummer", "25/1234", True),
        ("4", "Eventuelt", "", True),
    ]
    assert [(a.name, a.url) for a in agenda.items[1].attachments] == [
        ("Kort over vejen", "https://x.dk/kort.pdf"), ("Notat", ""),
    ]  # fmt: skip


def test_a_numbered_list_is_an_agenda() -> None:
    items = page("<h1>Dagsorden</h1><ol start=7><li>Budget<li>Skoler<li><a href=/p/9>Veje</a></ol>").items
    assert [(i.number, i.title) for i in items] == [("7", "Budget"), ("8", "Skoler"), ("9", "Veje")]
    assert items[2].url == "https://dagsordener.example.dk/p/9"


def test_headings_without_numbers() -> None:
    items = page(
        "<h2>Indkaldelse</h2><h3>Budget</h3><p>Sagsnr. 25/1111</p><h3>Skoler</h3><p>Indstilling</p><h3>Veje</h3><p>Sagsnr. 25/2222</p>"
    ).items
    assert [(i.number, i.title, i.case) for i in items] == [
        ("1", "Budget", "25/1111"), ("2", "Skoler", ""), ("3", "Veje", "25/2222"),
    ]  # fmt: skip


def test_parts_of_an_agenda_say_what_is_closed() -> None:
    items = page(
        "<h2>Åbne punkter</h2><p>1. Budget</p><p>2. Skoler</p><h2>Lukkede punkter</h2><p>3. En sag</p>"
    ).items
    assert [i.open for i in items] == [True, True, False]


def test_the_parts_of_a_table_of_contents_close_nothing_below() -> None:
    items = page(
        "<h2>Åbne punkter</h2><p>1. Budget</p><h2>Lukkede punkter</h2><p>2. En sag</p><hr>"
        "<h3>1. Budget</h3><p>Sagsfremstilling</p><p>Tekst</p><h3>2. En sag</h3><p>Lukket punkt</p>"
    ).items
    assert [(i.title, i.open) for i in items] == [("Budget", True), ("En sag", False)]


def test_where_some_are_marked_open_an_item_without_the_mark_is_closed() -> None:
    items = page("<h3>1. Budget</h3><p>Åbent punkt</p><h3>2. Skoler</h3><p>Tekst</p>").items
    assert [i.open for i in items] == [True, False]


def test_papers_of_closed_annexes_are_left_out() -> None:
    (item,) = page(
        "<h3>1. Budget</h3><h4>Bilag</h4><p><a href=/a.pdf>A</a></p><h4>Lukkede bilag</h4><p><a href=/b.pdf>B</a></p>"
    ).items
    assert [a.name for a in item.attachments] == ["A"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<p>Velkommen til kommunen</p>", "no items"),
        ("<div>" * 5000, "nested"),
        ("<p>x" * 200_001, "200,000 lines"),
    ],
)
def test_what_is_no_agenda(body: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        page(body)


def test_what_is_hidden_or_silent_is_no_text() -> None:
    assert [
        line.text for line in page_lines("<p>a<script>b</script><span hidden>c</span></p><!-- d -->", "x")
    ] == ["a"]


tags = st.sampled_from(
    ["p", "b", "h2", "li", "ol", "td", "tr", "table", "br", "a href='http://[x'", "o:p", "li value=9"]
)
bits = st.one_of(
    tags.map(lambda tag: f"<{tag}>"), tags.map(lambda tag: f"</{tag.split()[0]}>"),
    st.sampled_from(["1. Punkt", "Punkt 2", "Lukket punkt", "Bilag", "&amp;", "\ufb01", "<", "7"]), st.text(max_size=8),
)  # fmt: skip


@given(st.lists(bits, max_size=40))
def test_any_page_is_lines(parts: list[str]) -> None:
    for line in page_lines("<html>" + "".join(parts), SOURCE):
        assert line.text == line.text.strip()
        assert "\n" not in line.text
