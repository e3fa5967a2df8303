"""Agendas: our own JSON, FirstAgenda Publication's, and whatever else is called one."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import Agenda, AgendaItem, InputError, Settings, item_key
from ingest import Web, parse_agenda, read_agenda
from tests.ingest.conftest import Site


def parsed(raw: Any) -> Agenda:
    return parse_agenda(json.dumps(raw).encode(), "dagsorden.json")


def test_our_own() -> None:
    agenda = parsed(
        {
            "title": "Byrådsmøde", "date": "2025-10-08", "body": "Byrådet", "municipality": "Aarhus",
            "items": [
                {"number": "5", "title": "Lokalplan 1246", "case": "25/26257", "open": False, "id": "abc"},
                {"title": "  Eventuelt\n nu "},
                {"number": 12, "title": "Tal"},
            ],
        }
    )  # fmt: skip
    first, second, third = agenda.items
    assert (agenda.title, agenda.date, agenda.body) == ("Byrådsmøde", date(2025, 10, 8), "Byrådet")
    assert (first.number, first.case, first.open, first.source_id) == ("5", "25/26257", False, "abc")
    assert (second.number, second.title, second.open) == ("2", "Eventuelt nu", True)
    assert third.number == "12"


def test_a_title_that_says_closed_is_a_mark_and_no_part_of_what_the_item_is_known_by() -> None:
    for title in ("Lukket punkt", "Personsag (lukket)", "Lukkede sager"):
        (item,) = parsed({"items": [{"title": title, "open": True, "id": "a"}]}).items
        assert not item.open
        assert item_key(item) == item_key(AgendaItem("1", title, source_id="a"))
    assert parsed({"items": [{"title": "Lukning af Nørre Holme Skole"}]}).items[0].open


def test_what_is_published_of_an_item() -> None:
    item = parsed(
        {"items": [{"title": "a\u202eb\u200bc", "url": "javascript:alert(1)", "begins": 12,
                    "audio": ["https://x.dk/1.mp3", "data:x", 7], "outcome": "Godkendt.",
                    "attachments": [{"name": "Kort", "url": "https://x.dk/k.pdf"}, {"name": "Tom", "url": "//x"}, 3]}]}
    ).items[0]  # fmt: skip
    assert (item.title, item.url, item.begins, item.outcome) == ("abc", "", 12.0, "Godkendt.")
    assert item.audio == ("https://x.dk/1.mp3",)
    assert [(a.name, a.url) for a in item.attachments] == [("Kort", "https://x.dk/k.pdf"), ("Tom", "")]


@pytest.mark.parametrize("second", [-1, True, "7", float("inf"), float("nan"), 10**400])
def test_a_beginning_that_is_no_second(second: object) -> None:
    assert parsed({"items": [{"title": "x", "begins": second}]}).items[0].begins is None


@pytest.mark.parametrize("mark", ["false", 0, None, "nej", "true", 1])
def test_a_mark_that_is_no_mark_is_in_doubt_and_so_closed(mark: object) -> None:
    assert parsed({"items": [{"title": "x", "open": mark}]}).items[0].open is False


def test_markup_in_our_titles_is_text() -> None:
    agenda = parsed({"items": [{"title": "<script>alert(1)</script> punkt"}]})
    assert agenda.items[0].title == "<script>alert(1)</script> punkt"


def test_letters_have_one_form() -> None:
    title = parsed({"items": [{"title": unicodedata.normalize("NFD", "Århus\x00 Å\u200b")}]}).items[0].title
    assert title.startswith("Århus Å") and unicodedata.is_normalized("NFC", title)


FIRST_AGENDA = {
    "Udvalg": {"Navn": "Byrådet"},
    "Moede": {"Dato": "onsdag den 8. oktober 2025 kl. 16.00", "Sted": "Rådhuset"},
    "Dagsordenpunkter": [
        {"Id": "g2", "Number": 16, "Navn": "16. Køb af jord", "IsOpen": False, "Sorting": 2},
        {"Id": "g1", "Punktnummer": "15.", "Caption": "15. <b>Klima</b>sikring &amp; vand<script>x()</script>",
         "SagsNummer": "25/26257", "IsOpen": True, "Sorting": 1},
        {"Id": "g3", "Number": "17", "Navn": "2025 i tal", "Sorting": 3},
    ],
}  # fmt: skip


def test_first_agenda() -> None:
    agenda = parsed(FIRST_AGENDA)
    assert (agenda.body, agenda.date, agenda.municipality) == ("Byrådet", date(2025, 10, 8), "")
    assert [(i.number, i.open, i.source_id) for i in agenda.items] == [
        ("15", True, "g1"), ("16", False, "g2"), ("17", False, "g3"),
    ]  # fmt: skip
    assert [i.title.replace(" ", "") for i in agenda.items] == ["Klimasikring&vand", "Købafjord", "2025ital"]
    assert agenda.items[0].title.startswith("Klimasikring"), "a tag within a word does not split it"
    assert agenda.items[0].case == "25/26257"


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2025-10-08T16:00:00", date(2025, 10, 8)),
        ("8. oktober 2025 kl. 16.00", date(2025, 10, 8)),
        ("31. februar 2025", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_dates(published: object, day: date | None) -> None:
    assert parsed(FIRST_AGENDA | {"Moede": {"Dato": published}}).date == day


def test_500_items() -> None:
    items = [{"title": f"<script>alert({n})</script> {n}"} for n in range(500)]
    assert [i.number for i in parsed({"items": items}).items] == [str(n) for n in range(1, 501)]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"items": []}', "no items"),
        (b'{"Dagsordenpunkter": [], "Moede": {}}', "no items"),
        (b"{}", "no agenda"),
        (b'{\n"items": [\n{,\n', "line 3"),
        (b"", "no agenda"),
        (b"%PDF-1.7", "broken"),
        (b"[1, 2]", "no agenda"),
        (b'{"items": 7}', "list"),
        (b'{"items": [7]}', "title"),
        (b'{"items": [{"number": "1"}]}', "title"),
        (b'{"items": [{"title": " "}]}', "title"),
        (b'{"items": [{"title": "x", "number": ' + b"9" * 5000 + b"}]}", "number"),
        (b'{"items":' * 60_000, "nested"),
        (json.dumps({"items": [{"title": "x"}] * 2001}).encode(), "2,000"),
    ],
)
def test_what_is_no_agenda(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as refused:
        parse_agenda(data, "dagsorden.json")
    assert "dagsorden.json" in str(refused.value)
    assert len(str(refused.value).splitlines()) <= 2


def test_from_a_file_and_from_an_address(tmp_path: Path, web: Web, settings: Settings, site: Site) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(FIRST_AGENDA), encoding="utf-8-sig")
    site.files["/a"] = file.read_bytes()
    local = read_agenda(str(file), web, settings)
    assert (local.source, local.items) == (str(file), read_agenda(site.address + "/a", web, settings).items)
    with pytest.raises(InputError, match="no such file"):
        read_agenda(str(tmp_path / "none.json"), web, settings)


value: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)
ours = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("number", "title", "case", "open", "id", "outcome", "url", "audio", "attachments", "begins"), value
    ),
)
theirs = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("Id", "Number", "Punktnummer", "Navn", "Caption", "SagsNummer", "IsOpen", "Sorting"), value)
)  # fmt: skip


def only_our_errors(data: bytes) -> None:
    try:
        agenda = parse_agenda(data, "x")
    except InputError:
        return
    assert 0 < len(agenda.items) <= 2000
    for item in agenda.items:
        assert item.title and len(item.title) <= 2000 and 0 < len(item.number) <= 40
        text = item.title + item.case + item.number
        assert "\n" not in text and text.encode() and unicodedata.is_normalized("NFC", item.title)


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    only_our_errors(data)


@given(
    value
    | st.fixed_dictionaries({"items": st.lists(ours, max_size=4)}, optional={"date": value, "title": value})
)
def test_any_of_our_own(raw: Any) -> None:
    only_our_errors(json.dumps(raw).encode())


@given(
    st.fixed_dictionaries(
        {"Dagsordenpunkter": st.lists(theirs, max_size=4)}, optional={"Moede": value, "Udvalg": value}
    )
)
def test_any_first_agenda(raw: Any) -> None:
    only_our_errors(json.dumps(raw).encode())
