"""What a run would do, and whether it ends in time: only what is known is said."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from catalogue import (
    Provenance,
    Segment,
    Settings,
    TranscriptOrigin,
    TranscriptQuality,
    make_transcript,
)
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.night import plan, plan_lines, queue
from pipeline.night.plan import Load, in_turn
from pipeline.runs.runner import Run
from pipeline.runs.steps import STEPS
from pipeline.terminal.reporter import Silent
from tests.pipeline.conftest import Material

TODAY = date(2026, 3, 10)
loads = st.lists(
    st.builds(
        lambda seconds: Load("m", ("transcribe",), None, None, seconds, None),
        st.none() | st.floats(0, 1e5),
    )
)


@given(loads, st.floats(1, 1e5))
def test_who_makes_it_is_told_only_where_it_is_known(work: list[Load], time: float) -> None:
    spent, sure = 0.0, True
    for one, planned in zip(work, in_turn(work, timedelta(seconds=time)), strict=True):
        spent, sure = spent + (one.seconds or 0.0), sure and one.seconds is not None
        if planned.in_time is True:
            assert sure and spent <= time + 1e-5
        elif (
            planned.in_time is False
        ):  # also where something before it is not known: that is never less than nothing
            assert spent > time - 1e-5
        else:
            assert not sure


@given(loads)
def test_without_a_deadline_nothing_is_late(work: list[Load]) -> None:
    assert {planned.in_time for planned in in_turn(work, None)} <= {None}


def heard_before(archive: Archive, material: Material, seconds: float) -> None:
    """A meeting that the model of this archive heard in so many seconds."""
    added = add_meeting(archive, Registration((str(material.sound),), title="Før"))
    run = Run(archive, Silent(), [step for step in STEPS if step.name in ("fetch", "audio")])
    run.bring_up_to_date([added.meeting_id])
    recording = archive.catalogue.meeting(added.meeting_id).recordings[0]
    quality = TranscriptQuality(12.0, 6.0, (), (), 1, (), 0, seconds)
    made = Provenance(TranscriptOrigin.MODEL, archive.settings.model)
    said = (Segment(0.0, 2.0, "Godaften."),)
    transcript = make_transcript(recording.id, "da", said, made, quality)
    archive.catalogue.save_transcript(recording.id, transcript)


def test_nothing_is_made_up_before_anything_was_measured(settings: Settings, material: Material) -> None:
    with open_archive(settings) as archive:
        add_meeting(archive, Registration((str(material.sound),), title="Nyt"))
        planned = plan(archive, queue(archive, TODAY), archive.now() + timedelta(hours=8))
        assert (planned.speed, planned.ends, planned.in_time, planned.unknown) == (None, None, None, 1)
        assert not planned.bytes_known
        said = "\n".join(plan_lines(planned))
        assert "unknown: it has heard nothing here yet" in said and "cannot be told" in said
        assert "length unknown" in said and "Disk: unknown needed" in said


def test_what_was_measured_tells_when_it_ends(settings: Settings, material: Material) -> None:
    with open_archive(settings) as archive:
        heard_before(archive, material, seconds=3.0)
        new = add_meeting(archive, Registration((str(material.sound),), title="Nyt")).meeting_id
        run = Run(archive, Silent(), [step for step in STEPS if step.name in ("fetch", "audio")])
        run.bring_up_to_date([new])
        waiting = [one for one in queue(archive, TODAY) if one.meeting_id == new]
        steps = [step for step in STEPS if step.name != "media"]  # which was never done here
        planned = plan(archive, waiting, archive.now() + timedelta(hours=8), steps)
        assert planned.speed == 4.0 and round(planned.hours * 3600, 1) == 12.0
        assert planned.ends is not None and planned.in_time is True
        late = plan(archive, waiting, archive.now() + timedelta(seconds=1), steps)
        assert late.in_time is False and "NOT DONE BY THE DEADLINE" in "\n".join(plan_lines(late))
        whole = plan(archive, waiting, archive.now() + timedelta(hours=8))
        assert whole.in_time is None  # how long it takes to make a file playable was never measured
