"""What is the heading of an item, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.agendas.headings import case_number, decision, heading, is_section, mark, part
from ingest.agendas.lines import clean, joined


@pytest.mark.parametrize(
    ("text", "number", "title", "case"),
    [
        ("5. Budget 2026", "5", "Budget 2026", ""),
        ("Punkt 12 a: Budget", "12 a", "Budget", ""),
        ("Pkt. 42 Beslutninger om dagsordenen", "42", "Beslutninger om dagsordenen", ""),
        ("Nr.301 Salg", "301", "Salg", ""),
        ("Nr. 1 BR 498/04", "1", "", "BR 498/04"),
        ("Sag nr. 7 - Veje (25/26257)", "7", "Veje", "25/26257"),
        ("3. Veje ........ 12", "3", "Veje", ""),
        ("8. oktober 2025", "", "", ""),
        ("2. behandling af budget", "", "", ""),
        ("Punkt 15 udgår", "", "", ""),
        ("5.1 Økonomi", "", "", ""),
        ("I alt 5. Veje", "", "", ""),
    ],
)
def test_heading(text: str, number: str, title: str, case: str) -> None:
    found = heading(text)
    assert (found and (found.number, found.title, found.case)) == ((number, title, case) if number else None)


def test_labels_parts_and_sections() -> None:
    assert (mark("Lukket punkt"), mark("(Åbent)"), mark("Åbent hus")) == (False, True, None)
    assert (part("Lukkede punkter"), part("Åben dagsorden"), part("Punkter")) == (False, True, None)
    assert (
        is_section("Sagsfremstilling")
        and is_section("Beslutning i Byrådet den 8-10-2025")
        and not is_section("Veje")
    )
    said = decision("Beslutning i Byrådet den 8-10-2025: Godkendt.")
    assert said is not None and said.said == "Godkendt."


@pytest.mark.parametrize(
    "case",
    ["25/26257", "EMN-2025-010561", "01.02.00-P15-1-26", "06.00.00P15-1-25", "20-332957F", "S2025-4603"],
)
def test_case_numbers(case: str) -> None:
    assert case_number(case, alone=True) == case_number(f"Sagsnr.: {case}") == case


@pytest.mark.parametrize(
    ("one", "below", "whole"),
    [
        ("kommune-", "planer", "kommuneplaner"),
        ("klima-", "og miljø", "klima- og miljø"),
        ("Nord-", "Jylland", "Nord- Jylland"),
        ("veje", "og stier", "veje og stier"),
    ],
)
def test_two_lines_as_one(one: str, below: str, whole: str) -> None:
    assert joined(one, below) == whole


def test_letters_have_one_form() -> None:
    assert clean("A\ufb00a\xadld  \u202eog\xa0A\u030arhus\x00") == "Affald og Århus"


@given(st.text(max_size=60), st.booleans())
def test_any_text_is_a_heading_or_not(text: str, stands_out: bool) -> None:
    found = heading(clean(text), stands_out)
    if found is not None:
        assert found.number and len(found.number) < 10
