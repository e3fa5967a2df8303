"""Items are placed on evidence or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from catalogue import Agenda, AgendaItem, ItemSpan, Segment, Segmentation, SpanStatus
from segment import place_items

AGENDA = Agenda(
    (
        AgendaItem("1", "Godkendelse af dagsorden"),
        AgendaItem("2", "Lukning af Nørre Holme Skole"),
        AgendaItem("3", "Ny cykelsti langs Strandvejen"),
        AgendaItem("4", "Takster for dagtilbud næste år"),
        AgendaItem("5", "Regnskab 2024"),
        AgendaItem("6", "Køb af fast ejendom", open=False),
    )
)


def meeting(*sentences: str, gap: float = 20.0) -> list[Segment]:
    return [Segment(n * gap, n * gap + gap - 1, text) for n, text in enumerate(sentences)]


def by_number(made: Segmentation) -> dict[str, ItemSpan]:
    assert [s.item for s in made.spans] == list(range(len(AGENDA.items)))
    return {AGENDA.items[s.item].number: s for s in made.spans}


def test_a_plain_meeting() -> None:
    spoken = meeting(
        "Velkommen til mødet.",
        "Punkt 1, godkendelse af dagsorden.",
        "Punkt 4 udgår af dagsordenen.",
        "Så går vi videre til punkt to, lukning af Nørre Holme Skole.",
        "Det hænger sammen med punkt 5, som vi skal drøfte senere.",
        "Det næste punkt er ny cykelsti langs Strandvejen.",
        "Ordet er frit.",
        "Vi er nået til punkt 5.",
        "Det handler om regnskab 2024.",
        "Så lukker vi dørene, og resten er lukket møde.",
        "Ejendommen koster fire millioner.",
    )
    made = place_items(spoken, AGENDA)
    spans = by_number(made)
    assert {n: s.start for n, s in spans.items()} == {
        "1": 20,
        "2": 60,
        "3": 100,
        "4": None,
        "5": 140,
        "6": None,
    }
    assert {n: s.status.value for n, s in spans.items()} == {
        "1": "discussed", "2": "discussed", "3": "discussed", "4": "withdrawn", "5": "discussed", "6": "closed",
    }  # fmt: skip
    assert spans["2"].evidence is not None
    assert spans["2"].evidence.text == spoken[3].text
    assert spans["5"].end == 180  # the doors close
    assert [d.start for d in made.closed_doors] == [180]
    assert made.closed_doors[0].end > spoken[-1].end


def test_items_taken_together_share_a_start() -> None:
    spoken = meeting(
        "Punkt 1, godkendelse af dagsorden.",
        "Vi tager punkt 2 til 4 under ét.",
        "Værsgo.",
        "Vi er nået til punkt 5, regnskab 2024.",
    )
    spans = by_number(place_items(spoken, AGENDA))
    assert [spans[n].start for n in ("2", "3", "4")] == [20, 20, 20]
    assert {spans[n].status for n in ("2", "3", "4")} == {SpanStatus.JOINT}
    assert [spans[n].end for n in ("2", "3", "4")] == [60, 60, 60]


def test_the_agenda_read_out_is_not_the_debate() -> None:
    spoken = [
        *meeting("Punkt 1, godkendelse af dagsorden.", "Vi har punkt 2 om lukning af Nørre Holme Skole.",
                 "Vi har punkt 3 om ny cykelsti langs Strandvejen.", "Vi har punkt 5 om regnskab 2024.", gap=4),
        Segment(100, 104, "Så er det punkt 2, lukning af Nørre Holme Skole."),
    ]  # fmt: skip
    spans = by_number(place_items(spoken, AGENDA))
    assert spans["2"].start == 100
    assert spans["3"].start is None


def test_without_evidence_nothing_is_placed() -> None:
    for spoken in ([], meeting("Vejret er godt i dag.", "Det synes jeg også.")):
        spans = by_number(place_items(spoken, AGENDA))
        assert {s.start for s in spans.values()} == {None}
        assert {s.status for n, s in spans.items() if n != "6"} == {SpanStatus.NOT_FOUND}
        assert {s.confidence for s in spans.values()} == {0.0}


def test_no_agenda_gives_no_items() -> None:
    assert place_items(meeting("Punkt 1."), Agenda(())).spans == ()


def test_a_closed_item_that_is_put_off_was_still_discussed() -> None:
    spoken = meeting(
        "Punkt 5, regnskab 2024.",
        "Vi går til punkt 6, køb af fast ejendom.",
        "Punkt 6 udskydes til næste møde.",
    )
    assert by_number(place_items(spoken, AGENDA))["6"].start == 20
    assert by_number(place_items([spoken[0], spoken[2]], AGENDA))["6"].start is None
    at_once = [spoken[0], Segment(20, 22, "Vi går til punkt 6, køb af fast ejendom."),
               Segment(22, 24, "Punkt 6 udskydes til næste møde.")]  # fmt: skip
    assert by_number(place_items(at_once, AGENDA))["6"].start == 20


def test_items_announced_as_joint_begin_when_they_are_opened() -> None:
    spoken = meeting(
        "Velkommen. Punkt 2 og 3 behandles samlet.",
        "Punkt 1, godkendelse af dagsorden.",
        "Så går vi til punkt 2 og 3.",
        "Skolen lukkes.",
        "Vi er nået til punkt 5, regnskab 2024.",
    )
    spans = by_number(place_items(spoken, AGENDA))
    assert {n: spans[n].start for n in ("1", "2", "3", "5")} == {"1": 20, "2": 40, "3": 40, "5": 80}


def test_closed_items_taken_fast_are_not_a_reading() -> None:
    agenda = Agenda(
        (
            AGENDA.items[0],
            *(AgendaItem(str(n), t, open=False) for n, t in ((2, "Køb"), (3, "Salg"), (4, "Gaver"))),
        )
    )
    spoken = [
        Segment(0, 5, "Punkt 1, godkendelse af dagsorden."), Segment(5, 60, "Ingen bemærkninger."),
        Segment(60, 64, "Så går vi til punkt 2, køb."), Segment(64, 68, "Så går vi til punkt 3, salg."),
        Segment(68, 72, "Så går vi til punkt 4, gaver."), Segment(72, 90, "Tak."),
    ]  # fmt: skip
    assert [s.start for s in place_items(spoken, agenda).spans] == [0, 60, 64, 68]


def test_an_opening_that_no_item_took_may_be_that_of_a_closed_item() -> None:
    spoken = meeting(
        "Punkt 5, regnskab 2024.", "Tallene er gode.", "Vi tager næste punkt.", "Fire millioner."
    )
    made = place_items(spoken, AGENDA)
    assert by_number(made)["6"].start is None
    assert [(d.start, d.evidence.text) for d in made.closed_doors] == [(40, "Vi tager næste punkt.")]
    assert by_number(made)["5"].end == 40
    public = Agenda(AGENDA.items[:5])
    assert place_items(spoken, public).closed_doors == ()


sentences = st.lists(
    st.sampled_from(
        ["Punkt 2.", "Vi tager punkt 3 og 4 under ét.", "Så lukker vi dørene.", "Punkt 5 udgår.", "Så åbner vi dørene igen.",
         "Det næste punkt er regnskab 2024.", "Mødet er hævet.", "Ja.", "Vi går til punkt seks.", "3 til 999 under ét"]
    ) | st.text(max_size=30),
    max_size=25,
)  # fmt: skip


@limits(deadline=None)
@given(sentences)
def test_times_never_run_backwards_and_evidence_was_said(texts: list[str]) -> None:
    spoken = meeting(*texts)
    made = place_items(spoken, AGENDA)
    said = {(s.start, s.text) for s in spoken}
    for span in made.spans:
        if span.start is not None:
            assert span.end is not None
            assert span.start <= span.end
            assert span.evidence is not None
        if span.evidence is not None:
            assert (span.evidence.at, span.evidence.text) in said
    starts = [(s.start, s.end) for s in made.spans if s.start is not None]
    for start, end in starts:
        assert not any(start < other < (end or 0) for other, _ in starts)


@pytest.mark.parametrize(("folder", "within", "least"), [("council", 15, 0.85), ("folketinget", 45, 0.85)])
def test_most_items_of_real_meetings_are_placed_right(
    shared: Path, folder: str, within: float, least: float
) -> None:
    right = placed = wanted = 0
    for place in sorted((shared / folder).iterdir())[:6]:
        read = {
            name: json.loads((place / f"{name}.json").read_text())
            for name in ("agenda", "transcript", "truth")
        }
        agenda = Agenda(
            tuple(
                AgendaItem(i["number"], i["title"], open=i.get("open", True)) for i in read["agenda"]["items"]
            )
        )
        spoken = [
            Segment(s["start"], s["end"], s["text"], s.get("speaker")) for s in read["transcript"]["segments"]
        ]
        starts = {
            agenda.items[s.item].number: s.start
            for s in place_items(spoken, agenda).spans
            if s.start is not None
        }
        truth = read["truth"]["starts"]
        right += sum(n in truth and abs(at - truth[n]) <= within for n, at in starts.items())
        placed += len(starts)
        wanted += len(truth)
    assert 2 * right / (placed + wanted) >= least
