"""Agenda, supplement and minutes of one meeting are one agenda."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from catalogue import Agenda, AgendaItem, AgendaKind, Attachment
from ingest import merge_agendas, parse_agenda

AGENDA = Agenda(
    (
        AgendaItem("1", "Godkendelse af dagsorden", source_id="a"),
        AgendaItem(
            "2", "Lukning af Nørre Holme Skole", case="25/1", source_id="b", attachments=(Attachment("Kort"),)
        ),
        AgendaItem("3", "Salg af grund", open=False, source_id="c"),
    ),
    title="Byrådet",
)


def test_minutes_add_what_was_decided_and_may_close() -> None:
    minutes = Agenda(
        (
            AgendaItem("1", "Godkendelse af dagsorden", source_id="x", outcome="Godkendt."),
            AgendaItem("2", "Lukket punkt", open=False),
        ),
        kind=AgendaKind.MINUTES,
    )
    first, second, third = merge_agendas([minutes, AGENDA]).items
    assert (first.outcome, first.source_id) == ("Godkendt.", "a")
    assert not second.open
    assert third == AGENDA.items[2]  # minutes that leave it out forget nothing


def test_minutes_that_close_by_their_title_alone_close_the_agenda_s_item() -> None:
    def paper(kind: AgendaKind, prefix: str, second: str) -> Agenda:
        items = [{"number": "4", "title": "Budget"}, {"number": "5", "title": second}]
        raw = {"items": [item | {"id": prefix + item["number"]} for item in items]}
        return replace(parse_agenda(json.dumps(raw).encode(), "x.json"), kind=kind)

    agenda = paper(AgendaKind.AGENDA, "a", "Salg af Havnevej 3 til Jensen ApS")
    minutes = paper(AgendaKind.MINUTES, "m", "Lukket punkt")
    assert [(i.number, i.title, i.open) for i in merge_agendas([agenda, minutes]).items] == [
        ("4", "Budget", True),
        ("5", "Lukket punkt", False),
    ]


def test_a_closed_item_stays_closed_whatever_a_later_paper_says() -> None:
    later = Agenda((AgendaItem("3", "Salg af grund", source_id="c"),), kind=AgendaKind.MINUTES)
    assert not merge_agendas([AGENDA, later]).items[2].open


def test_a_supplement_comes_after_with_its_own_numbers() -> None:
    more = Agenda((AgendaItem("1", "Hastesag om vandskade"),), kind=AgendaKind.SUPPLEMENT)
    assert [(i.number, i.title) for i in merge_agendas([AGENDA, more]).items] == [
        *((i.number, i.title) for i in AGENDA.items),
        ("1", "Hastesag om vandskade"),
    ]


def test_the_same_item_with_a_typo_mended_and_another_attachment() -> None:
    mended = Agenda(
        (
            AgendaItem(
                "2", "Lukning af Nørre Holme Skole (Genoptaget)", attachments=(Attachment("Høringssvar"),)
            ),
        ),
        kind=AgendaKind.MINUTES,
    )
    merged = merge_agendas([AGENDA, mended]).items
    assert len(merged) == 3
    assert (merged[1].case, [a.name for a in merged[1].attachments]) == ("25/1", ["Kort", "Høringssvar"])


def test_titles_that_differ_in_a_number_are_two_items() -> None:
    one = Agenda((AgendaItem("1", "Salg af grund på Fabriksvej 12"),))
    other = Agenda((AgendaItem("1", "Salg af grund på Fabriksvej 14"),), kind=AgendaKind.SUPPLEMENT)
    assert len(merge_agendas([one, other]).items) == 2


def test_what_is_closed_under_one_id_is_closed_under_all() -> None:
    agenda = Agenda((AgendaItem("1", "Budget", source_id="a"),))
    minutes = Agenda((AgendaItem("1", "Budget", source_id="b", open=False),), kind=AgendaKind.MINUTES)
    again = Agenda((AgendaItem("2", "Budget", source_id="b"),), kind=AgendaKind.MINUTES)
    assert [i.open for i in merge_agendas([agenda, minutes, again]).items] == [False]


items = st.builds(
    AgendaItem,
    number=st.sampled_from("1234"),
    title=st.sampled_from(["Budget", "Budget 2026", "Skole", "Lukket punkt"]),
    case=st.sampled_from(["", "25/1"]),
    open=st.booleans(),
    source_id=st.sampled_from(["", "a", "b", "c"]),
)
listed = st.lists(items, max_size=5, unique_by=lambda i: i.source_id or id(i))
papers = st.lists(
    st.builds(Agenda, listed.map(tuple), kind=st.sampled_from(AgendaKind)),
    min_size=1,
    max_size=4,
)


@given(papers)
def test_nothing_is_lost_and_what_was_merged_stays(given_papers: list[Agenda]) -> None:
    merged = merge_agendas(given_papers)
    assert len(merged.items) >= max(len(p.items) for p in given_papers)
    assert len(merged.items) <= sum(len(p.items) for p in given_papers)
    assert merge_agendas([merged]).items == merged.items
    closed = {i.source_id for p in given_papers for i in p.items if not i.open} - {""}
    assert not any(i.open and i.source_id in closed for i in merged.items)


@given(papers)
def test_the_order_in_which_papers_of_different_kinds_come_does_not_matter(
    given_papers: list[Agenda],
) -> None:
    of_each_kind = [replace(p, kind=kind) for p, kind in zip(given_papers, AgendaKind, strict=False)]
    assert merge_agendas(of_each_kind) == merge_agendas(of_each_kind[::-1])
