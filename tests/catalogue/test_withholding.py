"""Where a closed item ends is never taken from what may be said inside it, and edits fail closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

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
    SpanStatus,
    TranscriptOrigin,
    agenda_key,
    closed_not_found,
    item_key,
    make_transcript,
    on_recording_clock,
    published_meeting,
)
from catalogue.edits import closed_items, closed_time, opened_time
from catalogue.intervals import FOREVER
from catalogue.withholding import withheld_time

NOW = datetime(2025, 10, 1, tzinfo=UTC)
HEARD = Provenance(TranscriptOrigin.MODEL, "base")
SPOKEN = (
    Segment(0.0, 5.0, "Punkt 1."),
    Segment(5.0, 20.0, "Ingen bemærkninger."),
    Segment(20.0, 30.0, "Så går vi til punkt 2, anmeldt af HEMMELIG."),
    Segment(30.0, 60.0, "Cykelstien skal bygges."),
)
ITEMS = (AgendaItem("1", "Dagsorden"), AgendaItem("2", "Cykelsti"), AgendaItem("3", "Vej"))
DISCUSSED, CLOSED, WITHDRAWN = SpanStatus.DISCUSSED, SpanStatus.CLOSED, SpanStatus.WITHDRAWN


def span(item: int, start: float | None = None, end: float | None = None) -> ItemSpan:
    return ItemSpan(item, DISCUSSED, start, end)


def hidden(
    spans: tuple[ItemSpan, ...], *edits: Edit, closed: int = 1, doors: tuple[tuple[float, float], ...] = ()
) -> list[tuple[float, float]]:
    behind = tuple(ClosedDoors(a, b, Evidence(a, "")) for a, b in doors)
    found = withheld_time(Segmentation("a", (), spans, behind), frozenset({closed}), edits)
    return [(i.start, i.end) for i in found]


def edit(kind: EditKind, start: float | None = None, end: float | None = None, **more: str) -> Edit:
    return Edit(kind, "Anna", "because", NOW, start, end, **more)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ((span(0, 0, 60), span(1, 60, 95), span(2)), (60, FOREVER)),  # closing words inside it
        ((span(0, 0, 60), span(1, 60, 60), span(2)), (60, FOREVER)),  # the last words open it
        ((span(0, 0, 60), span(1, 60, 70), span(2, 90, 99)), (60, 90)),
        ((span(0, 0, 60), span(1), span(2, 90, 99)), (60, 90)),  # not found
        ((span(0, 0, 60), span(1), span(2)), (60, FOREVER)),
        ((span(0), span(1), span(2, 90, 99)), (0, 90)),
        ((span(0), span(1), span(2)), (0, FOREVER)),
    ],
)
def test_a_closed_item_lasts_until_an_open_one_begins(
    spans: tuple[ItemSpan, ...], expected: tuple[float, float]
) -> None:
    assert hidden(spans) == [expected]


def test_a_closed_item_outlasts_the_next_closed_one() -> None:
    spans = (span(0, 0, 60), replace(span(1, 60, 64), status=CLOSED), span(2, 64, 70))
    found = withheld_time(Segmentation("a", (), spans), frozenset({1, 2}), [])
    assert found == (Interval(60, FOREVER),)


def test_doors_opened_again_do_not_end_a_closed_item() -> None:
    spans = (span(0, 0, 60), span(1, 60, 65), span(2))
    assert hidden(spans, doors=((65, 70),)) == [(60, FOREVER)]
    unplaced = (span(0, 0, 65), replace(span(1), status=WITHDRAWN), span(2))
    assert hidden(unplaced, doors=((65, 70),)) == [(65, FOREVER)]


def test_where_no_time_is_left_for_a_closed_item_a_person_is_asked(tmp_path: Path) -> None:
    adjoining = (span(0, 0, 60), span(1), span(2, 60, 99))
    assert hidden(adjoining) == []
    items = (ITEMS[0], replace(ITEMS[1], open=False), ITEMS[2])
    catalogue = archive(tmp_path, items, adjoining)
    assert closed_not_found(catalogue, "m") == (("2", False),)


def test_a_person_opens_what_is_withheld_in_doubt() -> None:
    spans = (span(0, 0, 60), span(1, 60, 70), span(2))
    assert hidden(spans, edit(EditKind.OPEN, 65, 500)) == [(60, 70), (500, FOREVER)]
    assert hidden(spans, edit(EditKind.OPEN, 65, 500), edit(EditKind.CLOSE, 80, 90))[1] == (80, 90)


def test_a_stretch_to_the_end_of_the_sound_goes_on() -> None:
    recording = Recording("r", 1, RecordingKind.FILE, "x", offset=10.0, duration=12.0)
    found = on_recording_clock((Interval(5, 11), Interval(18, 22), Interval(40, 50)), recording)
    assert found == (Interval(0, 1), Interval(8, FOREVER))
    assert on_recording_clock((Interval(18, 21),), recording) == (Interval(8, 11),)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (edit(EditKind.REDACTION, 20, 20), (20, 20.001)),
        (edit(EditKind.REDACTION, 25, 20), (20, 25)),
        (edit(EditKind.REDACTION), (0, FOREVER)),
        (edit(EditKind.CLOSE, 20, 25), (20, 25)),
        (edit(EditKind.CLOSE), (0, FOREVER)),
    ],
)
def test_an_edit_that_withholds_is_read_as_wide_as_it_may_be(
    made: Edit, expected: tuple[float, float]
) -> None:
    found = closed_time(made)
    assert found is not None
    assert (found.start, found.end) == expected


@pytest.mark.parametrize("times", [(None, None), (20, None), (None, 20), (25, 20), (20, 20)])
def test_an_edit_that_opens_nothing_in_particular_opens_nothing(
    times: tuple[float | None, float | None],
) -> None:
    assert opened_time(edit(EditKind.OPEN, *times)) is None


def archive(
    tmp_path: Path, items: tuple[AgendaItem, ...] = ITEMS, spans: tuple[ItemSpan, ...] | None = None
) -> Catalogue:
    catalogue = Catalogue.open(f"sqlite:///{tmp_path}/c.sqlite")
    transcript = make_transcript("m-1", "da", SPOKEN, HEARD)
    recording = Recording("m-1", 1, RecordingKind.NONE, "-", offset=0.0)
    agenda = Agenda(items)
    catalogue.add_meeting(Meeting("m", "B", None, "", "", (recording,), agenda), [("m-1", transcript)])
    found = Evidence(20.0, SPOKEN[2].text)
    spans = spans or (
        span(0, 0.0, 20.0),
        replace(span(1, 20.0, 60.0), evidence=found),
        *(span(n) for n in range(2, len(items))),
    )
    catalogue.save_segmentation("m", Segmentation(agenda_key(agenda), (transcript.id,), spans))
    return catalogue


def public(catalogue: Catalogue) -> str:
    return repr(published_meeting(catalogue, "m"))


@pytest.mark.parametrize(
    "bad",
    [
        edit(EditKind.REDACTION, 25, 20),
        edit(EditKind.REDACTION),
        edit(EditKind.REDACTION, 20),
        edit(EditKind.REDACTION, -1, 20),
        edit(EditKind.REDACTION, 1, float("nan")),
        edit(EditKind.CORRECTION, text="x"),
        edit(EditKind.CORRECTION, 1, 2),
        edit(EditKind.OPEN),
        edit(EditKind.OPEN, 20, 20),
        edit(EditKind.CLOSE),
        edit(EditKind.CLOSE, item="77"),
        edit(EditKind.OPEN, item="77"),
    ],
)
def test_an_edit_that_cannot_be_meant_is_refused(tmp_path: Path, bad: Edit) -> None:
    catalogue = archive(tmp_path)
    with pytest.raises(InputError):
        catalogue.add_edit("m", bad)
    assert catalogue.edits("m") == []


def test_words_that_placed_an_item_are_not_shown_once_redacted_or_corrected(tmp_path: Path) -> None:
    assert "evidence=Evidence" in public(archive(tmp_path))
    for n, made in enumerate(
        (edit(EditKind.REDACTION, 26, 28), edit(EditKind.CORRECTION, 21, 22, text="Punkt 2."))
    ):
        folder = tmp_path / str(n)
        folder.mkdir()
        catalogue = archive(folder)
        catalogue.add_edit("m", made)
        assert "HEMMELIG" not in public(catalogue)


@pytest.mark.parametrize("redaction", [(22.0, 25.0), (58.0, 59.0), (60.0 - 1e-6, 70.0)])
def test_a_correction_does_not_bring_back_what_is_redacted(
    tmp_path: Path, redaction: tuple[float, float]
) -> None:
    catalogue = archive(tmp_path)
    catalogue.add_edit("m", edit(EditKind.CORRECTION, 20, 60, text="Sagen om HEMMELIG. Cykelstien."))
    assert "Sagen om HEMMELIG" in public(catalogue)
    catalogue.add_edit("m", edit(EditKind.REDACTION, *redaction))
    assert "HEMMELIG" not in public(catalogue)
    assert "Cykelstien" not in public(catalogue)


def test_opening_an_item_follows_its_title_and_not_its_number(tmp_path: Path) -> None:
    path, purchase = AgendaItem("2", "Cykelsti", open=False), AgendaItem("3", "Køb", open=False)
    catalogue = archive(tmp_path, (ITEMS[0], path, purchase))
    catalogue.add_edit("m", edit(EditKind.OPEN, item="2"))
    edits = catalogue.edits("m")
    assert closed_items((ITEMS[0], path, purchase), edits) == {2}
    moved = (ITEMS[0], replace(purchase, number="2"), replace(path, number="3"))
    assert closed_items(moved, edits) == {1, 2}
    assert closed_items((path, path), edits) == {0, 1}  # which of them is not certain


def test_closing_an_item_follows_both_its_title_and_its_number(tmp_path: Path) -> None:
    catalogue = archive(tmp_path)
    catalogue.add_edit("m", edit(EditKind.CLOSE, item="2"))
    moved = (ITEMS[0], replace(ITEMS[2], number="2"), replace(ITEMS[1], number="3"))
    assert closed_items(moved, catalogue.edits("m")) == {1, 2}


def test_of_items_with_one_number_only_the_one_that_is_named_is_opened(tmp_path: Path) -> None:
    items = (AgendaItem("1", "Dagsorden", open=False), ITEMS[1], AgendaItem("1", "Ansættelse", open=False))
    catalogue = archive(tmp_path, items)
    with pytest.raises(InputError):
        catalogue.add_edit("m", edit(EditKind.OPEN, item="1"))
    catalogue.add_edit("m", edit(EditKind.OPEN, item="1", item_key=item_key(items[0])))
    assert closed_items(items, catalogue.edits("m")) == {2}
    assert closed_items(items, [edit(EditKind.OPEN, item="1")]) == {0, 2}  # from before keys were kept


def test_a_meeting_stays_as_it_was_until_all_its_recordings_are_heard_anew(tmp_path: Path) -> None:
    catalogue = archive(tmp_path)
    before = public(catalogue)
    newer = make_transcript("m-1", "da", (Segment(0.0, 5.0, "Nyt."),), HEARD)
    catalogue.save_transcript("m-1", newer)
    assert public(catalogue) == before
