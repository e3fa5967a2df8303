"""Agendas published as PDF: real files, made here and opened by the real reader in its own process."""

from __future__ import annotations

import contextlib
import random
from datetime import date

import pytest
from fpdf import FPDF

from catalogue import AgendaKind, InputError
from ingest import parse_agenda
from tests.ingest.agendas.samples import PDF, TITLES, pdf, pdf_lines
from tests.ingest.agendas.test_formats import is_decent


@pytest.mark.parametrize("contents", [True, False])
@pytest.mark.parametrize("bold", [True, False])
def test_minutes(bold: bool, contents: bool) -> None:
    agenda = parse_agenda(pdf(pdf_lines(bold, contents), "Tranevig Kommune"), "referat.pdf")
    assert (agenda.body, agenda.date, agenda.kind) == ("Byrådet", date(2025, 10, 8), AgendaKind.MINUTES)
    assert [(i.number, i.title) for i in agenda.items] == [
        (str(n), title) for n, title in enumerate(TITLES, 141)
    ]
    assert [i.open for i in agenda.items] == [True, True, True, False, True]
    first = agenda.items[0]
    assert (first.case, first.outcome) == ("25/26251", "Godkendt med 19 stemmer mod 4.")
    assert [a.name for a in first.attachments] == ["Kort over området", "Notat"]


def test_running_heads_are_no_text() -> None:
    agenda = parse_agenda(pdf(pdf_lines(text=400), "Tranevig Kommune"), "referat.pdf")
    assert len(agenda.items) == len(TITLES)
    assert {i.outcome for i in agenda.items} == {"Godkendt med 19 stemmer mod 4.", ""}


def test_ligatures_are_letters() -> None:
    made = pdf([("1. Af¤nansiering", 14, True), ("Tekst", 11, False), ("2. Eventuelt", 14, True)])
    # The letter ¤ drawn as the ligature, as typesetters do; the file's table of places is wrong then, and is mended.
    with_ligature = made.replace(
        b"/Encoding /WinAnsiEncoding",
        b"/Encoding <</Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [164 /fi]>>",
    )
    assert with_ligature != made
    assert parse_agenda(with_ligature, "a.pdf").items[0].title == "Affinansiering"


def test_a_scan_a_locked_and_a_broken_file() -> None:
    scan, locked = FPDF(), FPDF()
    scan.add_page()
    scan.rect(10, 10, 50, 50)
    locked.set_encryption("owner", "user")
    locked.add_page()
    for data, says in (
        (bytes(scan.output()), "only pictures"),
        (bytes(locked.output()), "password"),
        (b"%PDF-1.7\n" + b"x" * 1000, "broken"),
        (PDF[: len(PDF) // 2], "broken|no text|no items"),
    ):
        with pytest.raises(InputError, match=says) as refused:
            parse_agenda(data, "dagsorden.pdf")
        assert len(str(refused.value).splitlines()) == 2


def test_a_damaged_file_is_an_agenda_or_refused() -> None:
    chance = random.Random(4)
    for _ in range(25):
        data = bytearray(PDF)
        for _ in range(chance.randint(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(InputError):
            is_decent(parse_agenda(bytes(data), "x.pdf"))
