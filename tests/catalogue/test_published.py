"""What is closed, redacted or in doubt is in nothing that the public can see."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
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
    ItemSpan,
    Meeting,
    Provenance,
    PublishedMeeting,
    Recording,
    RecordingKind,
    Segment,
    Segmentation,
    SetBy,
    SpanStatus,
    TranscriptOrigin,
    agenda_key,
    chapters_of,
    make_transcript,
    published_meeting,
    published_meetings,
    published_outline,
    withheld_digest,
    withheld_in,
)

NOW = datetime(2025, 10, 1, tzinfo=UTC)
SECRET = "Granvænget 7"
ITEMS = (
    AgendaItem("1", "Skolen"),
    AgendaItem("2", f"Køb af {SECRET}", "25/77", open=False, outcome=f"{SECRET} købes"),
    AgendaItem("3", "Cykelsti"),
)
SEGMENTS = tuple(Segment(n * 10.0, n * 10.0 + 9, f"Sætning {n}.", "Karen Holm (A)") for n in range(12))
SPANS = (
    ItemSpan(0, SpanStatus.DISCUSSED, 0.0, 40.0, 0.9, Evidence(0.0, "Sætning 0.")),
    ItemSpan(1, SpanStatus.CLOSED, 40.0, 80.0, 0.9, Evidence(40.0, f"Punkt 2, {SECRET}")),
    ItemSpan(2, SpanStatus.DISCUSSED, 80.0, 120.0, 0.9, Evidence(80.0, "Sætning 8.")),
)


def archive(
    tmp_path: Path,
    items: tuple[AgendaItem, ...] = ITEMS,
    spans: tuple[ItemSpan, ...] = SPANS,
    doors: tuple[ClosedDoors, ...] = (),
) -> Catalogue:
    catalogue = Catalogue.open(f"sqlite:///{tmp_path}/{len(list(tmp_path.iterdir()))}.sqlite")
    segments = tuple(replace(s, text=f"{SECRET} koster.") if 40 <= s.start < 80 else s for s in SEGMENTS)
    transcript = make_transcript("m-1", "da", segments, Provenance(TranscriptOrigin.CAPTIONS, "x"))
    recording = Recording("m-1", 1, RecordingKind.NONE, "-", offset=0.0)
    agenda = Agenda(items)
    catalogue.add_meeting(
        Meeting("m", "Byrådet", date(2025, 9, 24), "Byrådet", "Tranevig", (recording,), agenda),
        [("m-1", transcript)],
    )
    catalogue.save_segmentation("m", Segmentation(agenda_key(agenda), (transcript.id,), spans, doors))
    return catalogue


def view(catalogue: Catalogue) -> PublishedMeeting:
    published = published_meeting(catalogue, "m")
    assert published is not None
    return published


def test_a_closed_item_keeps_only_its_number(tmp_path: Path) -> None:
    published = view(archive(tmp_path))
    assert SECRET not in repr(published)
    closed = published.items[1]
    assert (closed.number, closed.title, closed.status, closed.start) == (
        "2",
        "Lukket punkt",
        SpanStatus.CLOSED,
        None,
    )
    assert {s.item for s in published.sentences} == {0, 2}
    assert SECRET not in repr(published_meetings(archive(tmp_path)))


@pytest.mark.parametrize(
    "title", ["Lukket: køb af jord", "Køb (lukket punkt)", "Orientering - LUKKET", "Lukkede punkter"]
)
def test_a_title_that_says_closed_is_closed(tmp_path: Path, title: str) -> None:
    published = view(archive(tmp_path, (ITEMS[0], AgendaItem("2", title), ITEMS[2])))
    assert SECRET not in repr(published)
    assert title not in repr(published)


def test_what_was_recorded_after_the_doors_closed_is_withheld(tmp_path: Path) -> None:
    items = (ITEMS[0], AgendaItem("2", "Åbent"), ITEMS[2])
    doors = (ClosedDoors(35.0, 85.0, Evidence(35.0, f"Så lukker vi dørene, {SECRET}")),)
    catalogue = archive(tmp_path, items, doors=doors)
    assert SECRET not in repr(view(catalogue))
    catalogue.add_edit("m", Edit(EditKind.OPEN, "Anna", "was public", NOW, 35.0, 85.0))
    assert SECRET in repr(view(catalogue))


def test_a_person_opens_and_closes_an_item(tmp_path: Path) -> None:
    catalogue = archive(tmp_path)
    catalogue.add_edit("m", Edit(EditKind.OPEN, "Anna", "the case is public now", NOW, item="2"))
    assert SECRET in repr(view(catalogue))
    catalogue.add_edit("m", Edit(EditKind.CLOSE, "Anna", "closed again", NOW, item="2"))
    assert SECRET not in repr(view(catalogue))


def test_an_item_that_turns_closed_is_gone_at_once(tmp_path: Path) -> None:
    catalogue = archive(tmp_path, (ITEMS[0], replace(ITEMS[1], open=True), ITEMS[2]))
    assert SECRET in repr(view(catalogue))
    catalogue.replace_agenda("m", Agenda(ITEMS))
    assert SECRET not in repr(view(catalogue))


def test_joint_items_of_which_one_is_closed_are_withheld_together(tmp_path: Path) -> None:
    together = (replace(SPANS[1], item=0), SPANS[1], SPANS[2])
    published = view(archive(tmp_path, spans=together))
    assert SECRET not in repr(published)


def test_a_redaction_is_withheld_and_a_correction_read(tmp_path: Path) -> None:
    catalogue = archive(tmp_path, (ITEMS[0], AgendaItem("2", "Åbent"), ITEMS[2]))
    catalogue.add_edit("m", Edit(EditKind.REDACTION, "Anna", "personal data", NOW, 40.0, 79.5))
    catalogue.add_edit(
        "m", Edit(EditKind.CORRECTION, "Anna", "misheard", NOW, 0.0, 9.0, text="Mødet er åbnet.")
    )
    published = view(catalogue)
    assert SECRET not in repr(published.sentences)
    assert published.sentences[0].text == "Mødet er åbnet."
    assert published.sentences[0].corrected


def test_nothing_is_public_before_the_meeting_is_whole(tmp_path: Path) -> None:
    catalogue = archive(tmp_path)
    catalogue.replace_agenda("m", Agenda((AgendaItem("1", "Another"),)))
    assert published_meeting(catalogue, "m") is None
    assert published_meetings(catalogue) == []


def test_a_file_with_other_time_silenced_is_not_played(tmp_path: Path) -> None:
    catalogue = Catalogue.open(f"sqlite:///{tmp_path}/play.sqlite")
    recording = Recording(
        "m-1", 1, RecordingKind.FILE, "/x.mp4", offset=0.0, duration=120.0, original="m/1-original.mp4"
    )
    agenda = Agenda(ITEMS)
    catalogue.add_meeting(Meeting("m", "B", None, "", "", (recording,), agenda))
    catalogue.save_segmentation("m", Segmentation(agenda_key(agenda), (), SPANS))
    assert published_meeting(catalogue, "m") is None  # nothing to play yet: not whole

    right = withheld_digest(withheld_in(catalogue, "m"), recording)
    catalogue.update_recording(replace(recording, playable="m/1-play.mp4", playable_without=right))
    assert view(catalogue).recordings[0].playable == "m/1-play.mp4"
    catalogue.add_edit("m", Edit(EditKind.REDACTION, "Anna", "personal data", NOW, 5.0, 6.0))
    assert view(catalogue).recordings[0].playable is None


times = st.floats(0, 130, allow_nan=False)


@limits(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    redactions=st.lists(st.tuples(times, times), max_size=4),
    doors=st.lists(st.tuples(times, times), max_size=2),
)
def test_no_sentence_touches_withheld_time(
    tmp_path: Path, redactions: list[tuple[float, float]], doors: list[tuple[float, float]]
) -> None:
    catalogue = archive(tmp_path, doors=tuple(ClosedDoors(a, b, Evidence(a, "")) for a, b in doors))
    for a, b in redactions:
        catalogue.add_edit("m", Edit(EditKind.REDACTION, "x", "y", NOW, min(a, b), max(a, b)))
    published = view(catalogue)
    catalogue.close()
    hidden = [(40.0, 80.0), *redactions, *doors]
    for sentence in published.sentences:
        assert not any(min(a, b) < sentence.end and sentence.start < max(a, b) for a, b in hidden)
    starts = [s.start for s in published.sentences]
    assert starts == sorted(starts)


@limits(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(("1", "3")), st.none() | times, st.booleans()), min_size=1, max_size=4)
)
def test_what_is_closed_is_public_only_from_where_a_person_says_an_open_item_began(
    tmp_path: Path, said: list[tuple[str, float | None, bool]]
) -> None:
    catalogue = archive(tmp_path)
    for number, start, with_end in said:
        end = None if start is None or not with_end else start + 200
        catalogue.add_edit("m", Edit(EditKind.BOUNDARY, "x", "y", NOW, start, end, item=number))
    published = view(catalogue)
    catalogue.close()
    began = [i.start for i in published.items if i.set_by is SetBy.PERSON and i.start is not None]
    released = min((start for start in began if start > 40), default=1e9)
    for sentence in published.sentences:
        assert SECRET not in sentence.text or sentence.start >= released
    chapters = chapters_of(published.items, published.withheld, 130.0)
    assert SECRET not in repr((published.items, chapters))
    assert not any(40.0 <= chapter.start < min(80.0, released) for chapter in chapters)


def test_the_outline_is_the_same_view_without_its_text(tmp_path: Path) -> None:
    catalogue = Catalogue.open(f"sqlite:///{tmp_path / 'outline.sqlite'}")
    items = (AgendaItem("1", "Budget"), AgendaItem("2", "Lukket: hemmelighed", case="25/1"))
    recording = Recording("m-1", 1, RecordingKind.NONE, "-", 0.0, 9.0)
    meeting = Meeting("m", "Møde", None, "", "", (recording,), Agenda(items))
    said = make_transcript(
        "m-1", "da", (Segment(0.0, 1.0, "Budgettet."),), Provenance(TranscriptOrigin.CAPTIONS, "-")
    )
    catalogue.add_meeting(meeting, [("m-1", said)])
    assert published_outline(catalogue, "m") is None
    spans = (
        ItemSpan(0, SpanStatus.DISCUSSED, 0.0, 5.0, 0.9),
        ItemSpan(1, SpanStatus.DISCUSSED, 5.0, 9.0, 0.9),
    )
    catalogue.save_segmentation("m", Segmentation(agenda_key(meeting.agenda), (said.id,), spans))
    whole, outline = published_meeting(catalogue, "m"), published_outline(catalogue, "m")
    assert whole is not None
    assert outline is not None
    assert (outline.items, outline.withheld, outline.sentences) == (whole.items, whole.withheld, ())
    assert "hemmelighed" not in repr(outline)
    catalogue.close()
