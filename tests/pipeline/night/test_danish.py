"""How the report reads: the summary first, then what needs a person; the same in text and HTML."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from pipeline.night.as_html import as_html
from pipeline.night.as_text import WIDTH, as_text
from pipeline.night.danish import headline, page
from pipeline.night.report import (
    Ahead,
    Disk,
    Done,
    GoingOn,
    Items,
    NightReport,
    Note,
    NoteKind,
    Place,
    Portal,
    Problem,
    Review,
    Speech,
    State,
)

MORNING = date(2026, 3, 11)
QUIET = NightReport(
    MORNING,
    datetime(2026, 3, 10, 19, tzinfo=UTC),
    datetime(2026, 3, 11, 5, tzinfo=UTC),
    State.ENDED,
    datetime(2026, 3, 11, 1, 14, tzinfo=UTC),
    meetings=41,
)
NAME = "Byrådet (Tranevig), 4. marts 2026"
FIRST = "tranevig-byraadet-2026-03-04"
BUSY = replace(
    QUIET,
    done=(Done(FIRST, NAME, True, 3.4, 3.4, 0.9979, 11.2),),
    going_on=(GoingOn("b", "Økonomiudvalget (Tranevig), 3. marts 2026", "transcribe", 0.75, 2.5),),
    failed=(
        Problem("c", "Byrådet (Tranevig), 25. februar 2026", "fetch", "https://o.dk/m.mp4: the server answers 404\nRun.", "talerstol run c"),
        Problem("Nordby", "Nordby: the portal's list", "sync", "n.dk: this host is not known", 'talerstol sync "Nordby"'),
    ),
    review=(
        Review(
            FIRST,
            NAME,
            (
                Note(NoteKind.CLOSED, numbers=("12",)),
                Note(NoteKind.ITEMS, numbers=("3", "7")),
                Note(NoteKind.DOUBTFUL, places=tuple(Place(600.0 * n, 600.0 * n + 9) for n in range(1, 9))),
            ),
        ),
    ),
    portals=(
        Portal("Tranevig", (NAME,), 1, (NAME,), (), (), (Items(FIRST, NAME, ("8",)),), ()),
    ),
    deadlines=(Ahead(FIRST, NAME, "captions", date(2026, 3, 18), False), Ahead("c", "Byrådet", "fetch", date(2026, 3, 9), True)),
    reports_open=3,
    reports_private=1,
    speech=Speech(4.15, 0.9979, 11.2),
    disk=Disk(3_100_000_000, 512_300_000_000, True),
)  # fmt: skip


def test_a_night_without_trouble_is_three_words() -> None:
    assert headline(QUIET) == "Alt er færdigt"
    assert QUIET.exit_code == 0
    text = as_text(page(QUIET))
    assert text.splitlines()[:3] == ["NATTENS RAPPORT, 11. MARTS 2026", "", "Alt er færdigt"]
    assert "Det kræver dig" not in text


def test_what_needs_somebody_is_counted_and_each_has_its_reason_and_command() -> None:
    assert headline(BUSY) == "6 ting kræver dig"
    text = as_text(page(BUSY))
    assert "\n6. " in text and "\n7. " not in text
    flat = " ".join(text.split())
    assert "Optagelsen kunne ikke hentes. Den er ikke (længere) på adressen." in flat
    assert (
        "Fristen er overskredet: optagelsen skulle være hentet senest 9. marts 2026." in flat
    )  # with its failure
    assert "> talerstol run c" in flat and '> talerstol sync "Nordby"' in flat
    assert "Punkt 12 er lukket, men blev ikke fundet" in flat
    assert "ved 0:10:00, 0:20:00, 0:30:00, 0:40:00, 0:50:00, 1:00:00 og 2 steder til" in flat
    assert "45 minutter er skrevet ud, af 2,5 timer." in flat
    assert "tekst til 99,7 % af talen" in flat  # never rounded up to what it is not
    assert "Lukket nu: punkt 8" in flat and "3,1 GB ledig" in flat
    assert "Senest onsdag den 18. marts: teksten skal være offentlig." in flat


def test_a_video_after_its_day_is_told_with_what_helps() -> None:
    ahead = Ahead(FIRST, NAME, "video", date(2026, 3, 9), True)
    stays = [replace(ahead, stays=why) for why in ("not heard", "unreadable", "empty", "")]
    text = " ".join(as_text(page(replace(QUIET, deadlines=tuple(stays)))).split())
    told = "Videoen skulle være slettet her mandag den 9. marts"
    assert (
        f"{told}, men bliver: der er kommet en nyere optagelse" in text and f"> talerstol run {FIRST}" in text
    )
    assert f"{told}, men bliver: teksten kan ikke læses i arkivet. > talerstol check --deep" in text
    assert f"{told}, men bliver: teksten er tom. > talerstol status {FIRST}" in text
    assert f"{told}. > talerstol night" in text  # nothing else deletes


def test_exit_codes_are_those_promised() -> None:
    assert replace(QUIET, going_on=BUSY.going_on).exit_code == 3
    assert replace(QUIET, not_asked=("Nordby",)).exit_code == 3
    assert BUSY.exit_code == 1  # a failure needs a person; what is left goes on by itself
    assert replace(QUIET, state=State.BROKEN).exit_code == 1
    assert headline(replace(QUIET, going_on=BUSY.going_on)) == "Intet kræver dig; resten fortsætter næste nat"


def test_a_night_that_was_cut_off_or_never_began_says_so() -> None:
    begun = as_text(page(replace(QUIET, state=State.BEGUN, ended=None)))
    assert "Natten er ikke slut" in begun and "talerstol night" in begun
    never = page(
        replace(QUIET, state=State.NEVER_BEGAN, failed=(Problem("", "", "begin", "x", "talerstol check"),))
    )
    assert never.headline == "1 ting kræver dig" and "kom ikke i gang" in never.lead


def test_what_the_night_came_to_is_told_with_its_nouns() -> None:
    other = replace(BUSY.failed[0], subject="d", name="Andet")
    partly = replace(BUSY.failed[1], subject="Sønderby", name="Sønderby: Byrådet 2026-03-04")
    waits = replace(BUSY.going_on[0], meeting_id="e")
    report = replace(BUSY, done=(), going_on=(*BUSY.going_on, waits), failed=(*BUSY.failed, partly))
    told = "2 møder fortsætter, 1 møde fejlede, 1 portal kunne ikke læses og 1 portal kunne ikke læses helt."
    assert told in page(report).lead
    assert "2 møder fejlede." in page(replace(QUIET, failed=(BUSY.failed[0], other))).lead
    assert "2 portaler blev ikke spurgt." in page(replace(QUIET, not_asked=("Nordby", "Sønderby"))).lead
    assert "Der var intet nyt at gøre." in page(QUIET).lead
    refused = replace(QUIET, failed=(Problem("", "", "run", "another run is at work", "talerstol night"),))
    assert "Ingen møder blev færdige." in page(refused).lead
    assert "intet nyt" not in page(replace(QUIET, state=State.BROKEN)).lead


def overdue(meeting_id: str, kind: str, goes_on: bool, day: date = date(2025, 3, 9)) -> Ahead:
    return Ahead(meeting_id, f"Møde {meeting_id}", kind, day, True, goes_on)


def test_what_is_late_is_told_once_a_meeting_and_asks_nobody_for_what_the_night_does() -> None:
    both = [overdue(f"m{n}", kind, True) for n in range(40) for kind in ("fetch", "captions")]
    waits = tuple(replace(BUSY.going_on[0], meeting_id=f"m{n}", name=f"Møde m{n}") for n in range(40))
    report = replace(QUIET, deadlines=tuple(both), going_on=waits)
    text = as_text(page(report))
    assert headline(report) == "Intet kræver dig; resten fortsætter næste nat"
    assert len(text.splitlines()) < 80 and "> talerstol run" not in text and "… og 28 møder til" in text
    missed = "optagelsen skulle være hentet senest 9. marts 2025 og teksten skulle have været offentlig senest 9. marts 2025."
    assert f"- Møde m0: Fristen er overskredet: {missed}" in " ".join(text.split())


def test_what_is_late_and_goes_on_nowhere_is_for_a_person() -> None:
    report = replace(QUIET, deadlines=(overdue("m", "fetch", False), overdue("m", "captions", False)))
    text = as_text(page(report))
    assert headline(report) == "1 ting kræver dig" and "> talerstol status m" in text
    assert "> talerstol run" not in text and text.count("Fristen er overskredet") == 1
    many = replace(QUIET, deadlines=tuple(overdue(f"m{n}", "captions", False) for n in range(40)))
    assert headline(many) == "40 ting kræver dig" and len(as_text(page(many)).splitlines()) < 120


def test_a_great_many_of_a_kind_still_make_one_page() -> None:
    many = tuple(replace(BUSY.failed[0], subject=f"m{n}", name=f"Møde {n}") for n in range(500))
    text = as_text(page(replace(QUIET, failed=many)))
    assert len(text.splitlines()) < 120 and "… og 488 fejl til" in text
    assert text.splitlines()[2] == "500 ting kræver dig"


@given(st.text(), st.text())
def test_whatever_names_and_messages_say_the_html_is_ours(name: str, message: str) -> None:
    told = page(replace(QUIET, failed=(Problem("x", f"<b>{name}", "fetch", f"<script>{message}", ""),)))
    html = as_html(told, "https://arkiv.example.dk")
    assert "<script" not in html and "<b>" not in html


def test_the_html_needs_nothing_from_elsewhere() -> None:
    html = as_html(page(BUSY))
    assert (
        "http" not in html.replace("https://o.dk/m.mp4", "") and "src=" not in html and "@import" not in html
    )
    assert 'lang="da"' in html and "viewport" in html and "@media print" in html
    linked = as_html(page(BUSY), "https://arkiv.example.dk/")
    assert f'href="https://arkiv.example.dk/moeder/{FIRST}"' in linked
    assert "javascript:" not in as_html(page(BUSY), "javascript:alert(1)")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_no_line_is_wider_than_a_mail_reader(told: str) -> None:
    text = as_text(page(replace(QUIET, failed=(Problem("x", "Møde", "fetch", told, ""),))))
    assert all(len(line) <= WIDTH or " " not in line.strip("[] ") for line in text.splitlines())


def test_item_numbers_stand_as_they_are_published_with_the_way_out() -> None:
    lost = Review(FIRST, NAME, (Note(NoteKind.LOST, numbers=("5A", "12.B")),))
    told = " ".join(as_text(page(replace(QUIET, review=(lost,)))).split())
    assert "sat for punkt 5A og 12.B, passer ikke" in told and "(--unset NUMMER)" in told
