"""What the public may know of people's edits, and what it may not."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from catalogue import (
    Agenda,
    AgendaItem,
    Edit,
    EditKind,
    Interval,
    ItemSpan,
    Meeting,
    Segmentation,
    SpanStatus,
)
from catalogue.edits import closed_items, item_key
from catalogue.intervals import touches
from catalogue.published_edits import PublishedEdit, published_edits
from catalogue.withholding import Decision, withheld_time

ITEMS = (AgendaItem("1", "Åbent"), AgendaItem("2", "Lukket sag", open=False), AgendaItem("3", "Også åbent"))
AT = datetime(2025, 10, 9, tzinfo=UTC)


def edit(
    kind: EditKind, start: float | None = None, end: float | None = None, item: str | None = None
) -> Edit:
    key = next((item_key(i) for i in ITEMS if i.number == item), "")
    return Edit(kind, "kirsten", "hemmelig grund", AT, start, end, item, "hemmelig tekst", key)


def told(*edits: Edit) -> tuple[PublishedEdit, ...]:
    spans = tuple(ItemSpan(n, SpanStatus.DISCUSSED, n * 10.0, n * 10.0 + 10) for n in range(3))
    found = Segmentation("", (), spans)
    closed = closed_items(ITEMS, edits)
    meeting = Meeting("m", "Møde", None, "", "", (), Agenda(ITEMS))
    withheld = withheld_time(found, closed, edits)
    return published_edits(Decision(meeting, edits, found, closed, frozenset(), withheld, True))


def test_a_correction_in_the_open_is_told_with_its_time() -> None:
    assert told(edit(EditKind.CORRECTION, 3, 4)) == (PublishedEdit(EditKind.CORRECTION, AT, 3, 4),)


def test_a_correction_in_withheld_time_is_not_told() -> None:
    assert told(edit(EditKind.CORRECTION, 12, 13)) == ()
    assert told(edit(EditKind.CORRECTION, 9, 11)) == ()


def test_a_redaction_has_the_time_of_all_that_is_withheld_there() -> None:
    assert told(edit(EditKind.REDACTION, 14, 15)) == (PublishedEdit(EditKind.REDACTION, AT, 10, 20),)
    assert told(edit(EditKind.REDACTION, 3, 4)) == (PublishedEdit(EditKind.REDACTION, AT, 3, 4),)


def test_items_are_named_and_a_closed_ones_time_is_nobodys() -> None:
    assert told(edit(EditKind.BOUNDARY, 1, item="1")) == (PublishedEdit(EditKind.BOUNDARY, AT, items=(0,)),)
    assert told(edit(EditKind.BOUNDARY, 12, item="2")) == ()
    assert told(edit(EditKind.CLOSE, item="3")) == (PublishedEdit(EditKind.CLOSE, AT, items=(2,)),)
    assert told(edit(EditKind.OPEN, item="2")) == (PublishedEdit(EditKind.OPEN, AT, items=(1,)),)


@given(
    st.lists(
        st.builds(
            lambda kind, times, item: edit(kind, min(times), max(times) + 0.1, item),
            st.sampled_from(EditKind),
            st.tuples(st.floats(0, 40), st.floats(0, 40)),
            st.sampled_from([None, "1", "2", "3", "9"]),
        ),
        max_size=6,
    )
)
def test_no_time_within_what_is_withheld_is_told(edits: list[Edit]) -> None:
    spans = tuple(ItemSpan(n, SpanStatus.DISCUSSED, n * 10.0, n * 10.0 + 10) for n in range(3))
    closed = closed_items(ITEMS, edits)
    withheld = withheld_time(Segmentation("", (), spans), closed, edits)
    for each in told(*edits):
        assert "hemmelig" not in repr(each)
        assert "kirsten" not in repr(each)
        if each.start is not None and each.end is not None:
            whole = Interval(each.start, each.end) in withheld
            assert whole or not touches(withheld, each.start, each.end)
