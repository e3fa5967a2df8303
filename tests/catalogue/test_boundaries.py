"""When items were taken, as people say it: laid over the machine's spans, and never releasing what they did not say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from catalogue import (
    Agenda,
    AgendaItem,
    Catalogue,
    ClosedDoors,
    Edit,
    EditKind,
    Evidence,
    InputError,
    Interval,
    ItemSpan,
    Meeting,
    Provenance,
    Recording,
    RecordingKind,
    Segment,
    Segmentation,
    SetBy,
    SpanStatus,
    TranscriptOrigin,
    agenda_key,
    closed_not_found,
    effective_segmentation,
    item_key,
    lost_boundaries,
    make_transcript,
    published_meeting,
    published_without,
    subtract,
    union,
    withheld_in,
)
from catalogue.boundaries import said_boundaries, with_boundaries
from catalogue.intervals import FOREVER
from catalogue.withholding import still_withheld, withheld_time

NOW = datetime(2025, 10, 1, tzinfo=UTC)
DISCUSSED, JOINT, CLOSED = SpanStatus.DISCUSSED, SpanStatus.JOINT, SpanStatus.CLOSED
ITEMS = tuple(AgendaItem(str(n), title) for n, title in enumerate(("Skolen", "Køb", "Cykelsti", "Vej"), 1))
KEYS = [item_key(item) for item in ITEMS]


def span(
    item: int, start: float | None = None, end: float | None = None, status: SpanStatus = DISCUSSED
) -> ItemSpan:
    evidence = None if start is None else Evidence(start, "Så er vi ved punktet.")
    return ItemSpan(item, status if start is not None else SpanStatus.NOT_FOUND, start, end, 0.9, evidence)


def boundary(item: int, start: float | None = None, end: float | None = None) -> Edit:
    return Edit(EditKind.BOUNDARY, "Anna", "hørt", NOW, start, end, ITEMS[item].number, item_key=KEYS[item])


def unset(item: int) -> Edit:
    return replace(boundary(item), kind=EditKind.UNSET)


def mended(spans: tuple[ItemSpan, ...], *edits: Edit) -> list[tuple[float | None, float | None]]:
    found = with_boundaries(Segmentation("a", (), spans), edits, ITEMS[: len(spans)])
    return [(s.start, s.end) for s in found.spans]


THREE = (span(0, 0, 60), span(1, 60, 90), span(2, 90, 120))


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([], [(0, 60), (60, 90), (90, 120)]),
        ([boundary(1, 50)], [(0, 50), (50, 90), (90, 120)]),
        ([boundary(1, 70)], [(0, 70), (70, 90), (90, 120)]),
        ([boundary(1, 70, 80)], [(0, 70), (70, 80), (90, 120)]),
        ([boundary(1, 70, 110)], [(0, 70), (70, 90), (90, 120)]),  # the next one begins before that
        ([boundary(1, 100)], [(0, 90), (100, 120), (90, 100)]),
        ([boundary(2, 200)], [(0, 60), (60, 200), (200, None)]),
        ([boundary(1)], [(0, 90), (None, None), (90, 120)]),
        ([boundary(2)], [(0, 60), (60, 120), (None, None)]),
        ([boundary(1, 0)], [(0, 90), (0, 90), (90, 120)]),
        ([boundary(1, 50), unset(1)], [(0, 60), (60, 90), (90, 120)]),
        ([boundary(1, 50), boundary(1, 55)], [(0, 55), (55, 90), (90, 120)]),
    ],
)
def test_neighbours_end_where_the_next_begins(
    edits: list[Edit], expected: list[tuple[float | None, float | None]]
) -> None:
    assert mended(THREE, *edits) == expected


def test_an_item_that_ended_by_itself_still_does() -> None:
    assert mended((span(0, 0, 40), span(1, 60, 90)), boundary(1, 80))[0] == (0, 40)
    assert mended((span(0, 0, 40), span(1, 60, 90)), boundary(1, 30))[0] == (0, 30)


def test_an_item_that_was_not_found_is_placed() -> None:
    assert mended((span(0, 0, 60), span(1), span(2, 60, 90)), boundary(1, 20)) == [
        (0, 20),
        (20, 60),
        (60, 90),
    ]


def test_what_a_person_set_shows_no_measure_and_no_words_of_the_machine() -> None:
    found = with_boundaries(Segmentation("a", (), THREE), [boundary(1, 60)], ITEMS[:3]).spans
    assert found[1] == ItemSpan(1, DISCUSSED, 60, 90, 0.0, None, SetBy.PERSON)
    assert found[0] == THREE[0]
    absent = with_boundaries(Segmentation("a", (), THREE), [boundary(1)], ITEMS[:3]).spans[1]
    assert absent == ItemSpan(1, SpanStatus.NOT_FOUND, set_by=SetBy.PERSON)


def test_items_taken_together_keep_their_start_when_one_is_moved() -> None:
    joint = (span(0, 0, 60, JOINT), span(1, 0, 60, JOINT), span(2, 0, 60, JOINT), span(3, 60, 90))
    found = with_boundaries(Segmentation("a", (), joint), [boundary(1, 30)], ITEMS).spans
    assert [(s.start, s.end, s.status) for s in found[:3]] == [
        (0, 30, JOINT),
        (30, 60, DISCUSSED),
        (0, 30, JOINT),
    ]
    alone = with_boundaries(Segmentation("a", (), joint), [boundary(1, 30), boundary(2, 60)], ITEMS).spans
    assert [s.status for s in alone] == [DISCUSSED, DISCUSSED, JOINT, JOINT]


# What is withheld -------------------------------------------------------------------------------------


def hidden(
    spans: tuple[ItemSpan, ...], *edits: Edit, doors: tuple[ClosedDoors, ...] = ()
) -> list[tuple[float, float]]:
    """As `decide` has it, with the second item closed."""
    machine, closed = Segmentation("a", (), spans, doors), frozenset({1})
    items = tuple(replace(item, open=n != 1) for n, item in enumerate(ITEMS[: len(spans)]))
    now = withheld_time(with_boundaries(machine, edits, items), closed, edits)
    kept = still_withheld(machine, closed, said_boundaries(edits, items))
    return [(i.start, i.end) for i in union([*now, *kept])]


PLACED = (span(0, 0, 60), span(1, 60, 90, CLOSED), span(2, 90, 120), span(3, 120, 150))
UNPLACED = (span(0, 0, 60), replace(span(1), status=CLOSED), span(2, 90, 120), span(3, 120, 150))


@pytest.mark.parametrize(
    ("spans", "edits", "expected"),
    [
        # the closed item's own start is the person's word about it
        (PLACED, [boundary(1, 70)], [(70, 90)]),
        (PLACED, [boundary(1, 50)], [(50, 90)]),
        (PLACED, [boundary(1, 100)], [(100, 120)]),
        (UNPLACED, [boundary(1, 80)], [(80, 90)]),
        # an end is not
        (PLACED, [boundary(1, 60, 70)], [(60, 90)]),
        (UNPLACED, [boundary(0, 0, 90)], [(60, 90)]),
        (UNPLACED, [boundary(0, 0, 50)], [(50, 90)]),
        # an open item begins: the closed one is over
        (PLACED, [boundary(2, 75)], [(60, 75)]),
        (PLACED, [boundary(3, 75)], [(60, 75)]),
        (PLACED, [boundary(0, 75)], [(60, 75)]),
        (PLACED, [boundary(2, 60)], [(60, 120)]),  # at the very same second: in doubt, closed
        (UNPLACED, [boundary(2, 75)], [(60, 75)]),
        (UNPLACED, [boundary(2, 60)], []),
        (
            UNPLACED,
            [boundary(0, 65)],
            [(60, 90)],
        ),  # it came before the closed one, and says nothing of its end
        # an open item moved away or taken out releases nothing
        (PLACED, [boundary(2, 100)], [(60, 100)]),
        (PLACED, [boundary(2)], [(60, 120)]),
        (PLACED, [boundary(2, 30)], [(60, 120)]),
        (PLACED, [boundary(0)], [(60, 90)]),
        (UNPLACED, [boundary(2)], [(60, 120)]),
        # it is not in the recording: an answer to the doubt, and none to what was heard
        (UNPLACED, [boundary(1)], []),
        (PLACED, [boundary(1)], [(60, 90)]),
        (PLACED, [boundary(1), boundary(2, 75)], [(60, 75)]),
        (PLACED, [boundary(2, 75), unset(2)], [(60, 90)]),
    ],
)
def test_what_a_boundary_releases(
    spans: tuple[ItemSpan, ...], edits: list[Edit], expected: list[tuple[float, float]]
) -> None:
    assert hidden(spans, *edits) == expected


def test_closed_doors_stay_closed() -> None:
    doors = (ClosedDoors(70.0, 95.0, Evidence(70.0, "")),)
    assert hidden(PLACED, boundary(2, 65), doors=doors) == [(60, 65), (70, 95)]
    assert hidden(UNPLACED, boundary(1), doors=doors) == [(70, 95)]


@st.composite
def machines(draw: st.DrawFn) -> tuple[Segmentation, tuple[AgendaItem, ...]]:
    """What the machine may have decided: items in any order, joint, closed, missing, some with doors."""
    count = draw(st.integers(1, 6))
    starts = draw(st.lists(st.one_of(st.none(), st.integers(0, 20)), min_size=count, max_size=count))
    closed = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    doors = draw(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), max_size=2))
    walls = sorted({s for s in starts if s is not None} | {d for d, _ in doors} | {draw(st.integers(15, 25))})
    spans = tuple(
        ItemSpan(n, CLOSED if closed[n] else SpanStatus.NOT_FOUND)
        if s is None
        else span(n, s, next((w for w in walls if w > s), 26), CLOSED if closed[n] else DISCUSSED)
        for n, s in enumerate(starts)
    )
    items = tuple(AgendaItem(str(n), f"Sag {n}", open=not shut) for n, shut in enumerate(closed))
    behind = tuple(ClosedDoors(d, d + long, Evidence(d, "")) for d, long in doors)
    return Segmentation("a", (), spans, behind), items


@st.composite
def said(draw: st.DrawFn, items: tuple[AgendaItem, ...], most: int = 4) -> list[Edit]:
    edits = []
    for _ in range(draw(st.integers(1, most))):
        item = draw(st.sampled_from(items))
        start = draw(st.one_of(st.none(), st.floats(0, 25, allow_nan=False)))
        end = draw(st.one_of(st.none(), st.floats(0.1, 10))) if start is not None else None
        kind = draw(st.sampled_from([EditKind.BOUNDARY] * 5 + [EditKind.UNSET]))
        end = None if start is None or end is None else start + end
        edits.append(Edit(kind, "Anna", "", NOW, start, end, item.number, item_key=item_key(item)))
    return edits


def closed_of(items: tuple[AgendaItem, ...]) -> frozenset[int]:
    return frozenset(n for n, item in enumerate(items) if not item.open)


def withheld(machine: Segmentation, items: tuple[AgendaItem, ...], edits: list[Edit]) -> tuple[Interval, ...]:
    closed = closed_of(items)
    kept = still_withheld(machine, closed, said_boundaries(edits, items))
    return union([*withheld_time(with_boundaries(machine, edits, items), closed, edits), *kept])


@given(st.data())
@limits(max_examples=150, deadline=None)
def test_spans_stay_in_order_and_apart(data: st.DataObject) -> None:
    machine, items = data.draw(machines())
    edits = data.draw(said(items))
    spans = with_boundaries(machine, edits, items).spans
    assert [s.item for s in spans] == list(range(len(items)))
    placed = sorted((s.start, s.end) for s in spans if s.start is not None and s.end is not None)
    assert all(start <= end for start, end in placed)
    assert all(a == b or a_end <= b for (a, a_end), (b, _) in pairwise(placed))
    holds = said_boundaries(edits, items)
    assert all(spans[n].start == edit.start and spans[n].set_by is SetBy.PERSON for n, edit in holds.items())
    assert all(spans[n].start == machine.spans[n].start for n in set(range(len(items))) - holds.keys())
    assert with_boundaries(machine, [], items) == machine


@given(st.data())
@limits(max_examples=200, deadline=None)
def test_a_boundary_on_an_open_item_releases_at_most_what_comes_after_it(data: st.DataObject) -> None:
    machine, items = data.draw(machines())
    before = withheld(machine, items, [])
    [edit] = data.draw(said(items, most=1))
    item = next(n for n, each in enumerate(items) if each.number == edit.item)
    released = subtract(before, withheld(machine, items, [edit]))
    if item in closed_of(items):
        return
    if edit.kind is EditKind.UNSET or edit.start is None:
        assert released == ()
    else:
        assert all(gone.start >= edit.start for gone in released)


@given(st.data())
@limits(max_examples=150, deadline=None)
def test_closed_doors_and_closed_starts_are_withheld_whatever_is_said(data: st.DataObject) -> None:
    machine, items = data.draw(machines())
    edits = data.draw(said(items))
    found = withheld(machine, items, edits)
    for doors in machine.closed_doors:
        assert subtract((Interval(doors.start, doors.end),), found) == ()
    for each in with_boundaries(machine, edits, items).spans:
        if each.item in closed_of(items) and each.start is not None:
            assert any(i.start <= each.start < i.end for i in found)


@given(st.data())
@limits(max_examples=100, deadline=None)
def test_what_is_unset_is_as_if_never_said(data: st.DataObject) -> None:
    machine, items = data.draw(machines())
    edits = data.draw(said(items))
    taken_back = [*edits, *(replace(e, kind=EditKind.UNSET, start=None, end=None) for e in edits)]
    assert with_boundaries(machine, taken_back, items) == machine
    assert withheld(machine, items, taken_back) == withheld(machine, items, [])


# In an archive ----------------------------------------------------------------------------------------

SAID = tuple(Segment(n * 10.0, n * 10.0 + 9, f"Sætning {n}.") for n in range(15))
SHUT = (ITEMS[0], replace(ITEMS[1], open=False), *ITEMS[2:])


def archive(tmp_path: Path, spans: tuple[ItemSpan, ...] = PLACED) -> Catalogue:
    catalogue = Catalogue.open(f"sqlite:///{tmp_path}/c.sqlite")
    transcript = make_transcript("m-1", "da", SAID, Provenance(TranscriptOrigin.CAPTIONS, "x"))
    recording = Recording("m-1", 1, RecordingKind.NONE, "-", offset=0.0, duration=150.0)
    catalogue.add_meeting(Meeting("m", "B", None, "", "", (recording,), Agenda(SHUT)), [("m-1", transcript)])
    placed(catalogue, Agenda(SHUT), spans)
    return catalogue


def placed(catalogue: Catalogue, agenda: Agenda, spans: tuple[ItemSpan, ...]) -> None:
    transcript = catalogue.meeting("m").recordings[0].transcript
    assert transcript
    catalogue.save_segmentation("m", Segmentation(agenda_key(agenda), (transcript,), spans))


def texts(catalogue: Catalogue) -> str:
    published = published_meeting(catalogue, "m")
    assert published is not None
    return " ".join(sentence.text for sentence in published.sentences)


def test_every_view_sees_what_people_said(tmp_path: Path) -> None:
    catalogue = archive(tmp_path)
    assert "Sætning 7" not in texts(catalogue)
    catalogue.add_edit("m", boundary(2, 70.0))
    published = published_meeting(catalogue, "m")
    assert published is not None
    assert (published.items[2].start, published.items[2].set_by) == (70.0, SetBy.PERSON)
    assert "Sætning 6" not in texts(catalogue)
    assert "Sætning 7" in texts(catalogue)
    assert withheld_in(catalogue, "m") == published_without(catalogue, "m") == (Interval(60.0, 70.0),)
    seen = effective_segmentation(catalogue, "m")
    assert seen is not None
    assert seen.spans[2].start == 70.0
    assert catalogue.segmentation("m") != seen  # the machine's own stays


def test_there_is_one_door_to_a_meetings_spans() -> None:
    """Whoever read the machine's own spans would compute withheld time without what people said."""
    root = Path(__file__).parents[2]
    rooms = ("catalogue", "ingest", "transcribe", "segment", "search", "web", "pipeline")
    reading = {
        file.relative_to(root).as_posix()
        for room in rooms
        for file in (root / room).rglob("*.py")
        if ".segmentation(" in file.read_text(encoding="utf-8")
    }
    # The step only asks whether there is one.
    assert reading == {"catalogue/withholding.py", "pipeline/runs/steps.py"}


def test_a_boundary_outlives_new_text_and_new_places(tmp_path: Path) -> None:
    catalogue = archive(tmp_path)
    catalogue.add_edit("m", boundary(2, 70.0))
    newer = make_transcript("m-1", "da", SAID, Provenance(TranscriptOrigin.MODEL, "base"))
    catalogue.save_transcript("m-1", newer)
    placed(catalogue, Agenda(SHUT), (span(0, 0, 55), span(1, 55, 95, CLOSED), span(2, 95, 120), span(3)))
    assert withheld_in(catalogue, "m") == (Interval(55.0, 70.0),)


def test_a_boundary_follows_its_item_in_a_changed_agenda(tmp_path: Path) -> None:
    catalogue = archive(tmp_path)
    catalogue.add_edit("m", boundary(2, 70.0))
    moved = Agenda((*SHUT[:2], AgendaItem("3", "Ny sag"), replace(SHUT[2], number="4"), SHUT[3]))
    catalogue.replace_agenda("m", moved)
    before = (*PLACED[:2], span(2), replace(PLACED[2], item=3), span(4))
    assert published_meeting(catalogue, "m") is None  # not before its items are placed
    placed(catalogue, moved, before)
    published = published_meeting(catalogue, "m")
    assert published is not None
    assert [i.start for i in published.items] == [0.0, None, None, 70.0, None]
    assert lost_boundaries(catalogue.edits("m"), moved.items) == ()


def test_a_boundary_that_finds_no_item_is_not_applied_and_a_person_is_asked(tmp_path: Path) -> None:
    catalogue = archive(tmp_path)
    catalogue.add_edit("m", boundary(2, 70.0))
    renamed = Agenda((*SHUT[:2], replace(SHUT[2], title="En anden sag"), SHUT[3]))
    catalogue.replace_agenda("m", renamed)
    placed(catalogue, renamed, PLACED)
    assert withheld_in(catalogue, "m") == (Interval(60.0, 90.0),)
    assert [e.item for e in lost_boundaries(catalogue.edits("m"), renamed.items)] == ["3"]
    catalogue.add_edit("m", replace(boundary(2), kind=EditKind.UNSET))
    assert lost_boundaries(catalogue.edits("m"), renamed.items) == ()


def test_items_that_cannot_be_told_apart_are_given_no_time(tmp_path: Path) -> None:
    twice = (ITEMS[0], ITEMS[0])
    assert said_boundaries([boundary(0, 5)], twice) == {}
    assert said_boundaries([boundary(0, 5)], (ITEMS[0], replace(ITEMS[0], number="9"))).keys() == {0}


def test_the_question_of_a_closed_item_that_was_not_found_is_answered(tmp_path: Path) -> None:
    catalogue = archive(tmp_path, UNPLACED)
    assert closed_not_found(catalogue, "m") == (("2", False),)
    assert withheld_in(catalogue, "m") == (Interval(60.0, 90.0),)
    catalogue.add_edit("m", boundary(1))
    assert closed_not_found(catalogue, "m") == ()
    assert withheld_in(catalogue, "m") == ()


def test_what_a_person_says_is_not_there_is_known(tmp_path: Path) -> None:
    catalogue = archive(tmp_path, (*PLACED[:3], span(3)))
    before = published_meeting(catalogue, "m")
    catalogue.add_edit("m", boundary(3))
    after = published_meeting(catalogue, "m")
    assert before is not None
    assert after is not None
    assert (before.placed, after.placed) == (3, 4)


@pytest.mark.parametrize(
    "bad",
    [
        boundary(2, 70.0, 70.0),
        boundary(2, 70.0, 60.0),
        boundary(2, None, 60.0),
        boundary(2, -1.0),
        boundary(2, float("nan")),
        replace(boundary(2, 1.0), item=None),
        replace(boundary(2, 1.0), item="77"),
        replace(boundary(2, 1.0), item_key="another"),
        replace(unset(2), item=None),
    ],
)
def test_a_boundary_that_cannot_be_meant_is_refused(tmp_path: Path, bad: Edit) -> None:
    catalogue = archive(tmp_path)
    with pytest.raises(InputError):
        catalogue.add_edit("m", boundary(0, 1.0), bad)
    assert catalogue.edits("m") == []
    assert withheld_in(catalogue, "m") == (Interval(60.0, 90.0),)


def test_without_an_open_item_after_it_a_closed_one_never_ends(tmp_path: Path) -> None:
    catalogue = archive(tmp_path, (span(0, 0, 60), span(1, 60, 90, CLOSED), span(2), span(3)))
    catalogue.add_edit("m", boundary(1, 80.0, 85.0))
    assert withheld_in(catalogue, "m") == (Interval(80.0, FOREVER),)
