"""The order of the queue: due soonest, then what people wait for, then the newest, then the shortest."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from catalogue import Meeting, ReportKind, Settings
from pipeline.archive import open_archive
from pipeline.night import Waiting, queue
from pipeline.night.order import in_order

days = st.none() | st.dates(date(2025, 1, 1), date(2025, 1, 20))
hours = st.none() | st.sampled_from([0.0, 0.5, 2.0, 4.0])
known = st.builds(
    lambda n, due, reported, day, hours: Waiting(f"m{n}", due, reported, day, hours),
    st.integers(0, 999), days, st.booleans(), days, hours,
)  # fmt: skip
queues = st.lists(known, max_size=30, unique_by=lambda one: one.meeting_id)


@given(queues, st.randoms(use_true_random=False))
def test_nothing_is_lost_and_it_does_not_matter_how_they_came(
    waiting: list[Waiting], chance: random.Random
) -> None:
    ordered = in_order(waiting)
    assert sorted(ordered, key=lambda w: w.meeting_id) == sorted(waiting, key=lambda w: w.meeting_id)
    chance.shuffle(waiting)
    assert in_order(waiting) == ordered


@given(queues)
def test_each_one_comes_before_the_next_for_a_reason_that_a_person_understands(
    waiting: list[Waiting],
) -> None:
    ordered = in_order(waiting)
    for first, second in zip(ordered, ordered[1:], strict=False):
        if first.due != second.due:
            assert second.due is None or (first.due is not None and first.due < second.due)
        elif first.reported != second.reported:
            assert first.reported
        elif first.day != second.day:
            assert second.day is None or (first.day is not None and first.day > second.day)
        elif first.hours != second.hours:
            assert second.hours is None or (first.hours is not None and first.hours < second.hours)


@given(queues, known)
def test_what_becomes_due_never_moves_back(waiting: list[Waiting], one: Waiting) -> None:
    others = [w for w in waiting if w.meeting_id != one.meeting_id]
    free = Waiting(one.meeting_id, None, one.reported, one.day, one.hours)
    due = Waiting(one.meeting_id, date(2025, 1, 1), one.reported, one.day, one.hours)
    assert in_order([*others, due]).index(due) <= in_order([*others, free]).index(free)


def test_the_archives_queue_goes_by_reports_and_days(settings: Settings) -> None:
    with open_archive(settings) as archive:
        for n in range(3):
            day = date(2026, 3, 1) + timedelta(days=n)
            archive.catalogue.add_meeting(Meeting(f"m{n}", f"Møde {n}", day, "Byrådet", "Tranevig"))
        archive.catalogue.add_meeting(Meeting("m9", "Uden dato", None, "", ""))
        assert [one.meeting_id for one in queue(archive, date(2026, 3, 9))] == ["m2", "m1", "m0", "m9"]
        archive.catalogue.reports.add("m0", 3.0, ReportKind.WORDS, "forkert", "", "")
        assert [one.meeting_id for one in queue(archive, date(2026, 3, 9))] == ["m0", "m2", "m1", "m9"]
