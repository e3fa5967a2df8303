"""The order of the queue: what can still be saved, then what people wait for, then the newest, then the shortest."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from catalogue import Meeting, Recording, RecordingKind, ReportKind, Settings
from pipeline.archive import open_archive
from pipeline.night import Waiting, queue
from pipeline.night.order import Haste, in_order

days = st.none() | st.dates(date(2025, 1, 1), date(2025, 1, 20))
hours = st.none() | st.sampled_from([0.0, 0.5, 2.0, 4.0])
known = st.builds(
    lambda n, due, reported, day, hours, haste: Waiting(f"m{n}", due, reported, day, hours, haste),
    st.integers(0, 999), days, st.booleans(), days, hours, st.sampled_from(Haste),
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
        hurried = first.haste is not Haste.NONE and first.due is not None and second.due is not None
        if first.haste != second.haste:
            assert first.haste < second.haste
        elif hurried and first.due != second.due:
            assert first.due and second.due and (first.due > second.due) is (first.haste is Haste.MISSED)
        elif first.haste is Haste.NONE and first.reported != second.reported:
            assert first.reported
        elif first.haste is Haste.NONE and first.day != second.day:
            assert second.day is None or (first.day is not None and first.day > second.day)


@given(queues, known, st.sampled_from([Haste.DELETED, Haste.CAPTIONS, Haste.MISSED]))
def test_what_becomes_due_never_moves_back(waiting: list[Waiting], one: Waiting, haste: Haste) -> None:
    others = [w for w in waiting if w.meeting_id != one.meeting_id]
    free = replace(one, due=None, haste=Haste.NONE)
    due = replace(one, due=date(2025, 1, 1), haste=haste)
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


def test_what_can_still_be_saved_comes_before_what_is_late(settings: Settings) -> None:
    """Forty old meetings without text, and one that its source deletes tomorrow."""
    today = date(2026, 3, 20)
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / "retention.toml").write_text(
        '[[municipality]]\nname = "Vejen"\nsource_days = 13\ncaptions_days = 30\n', encoding="utf-8"
    )

    def meeting(name: str, day: date, municipality: str = "Tranevig") -> None:
        source = Recording(f"{name}-1", 1, RecordingKind.HTTP, f"https://o.dk/{name}.mp4", 0.0)
        archive.catalogue.add_meeting(Meeting(name, name, day, "Byrådet", municipality, recordings=(source,)))

    with open_archive(settings) as archive:
        for n in range(40):
            meeting(f"old{n:02}", date(2025, 1, 1) + timedelta(days=7 * n))
        meeting("tomorrow", today - timedelta(days=12), "Vejen")
        meeting("today", today - timedelta(days=13), "Vejen")
        meeting("missed", today - timedelta(days=20), "Vejen")
        meeting("missed-long-ago", today - timedelta(days=60), "Vejen")
        meeting("text-due", today - timedelta(days=10))
        order = [one.meeting_id for one in queue(archive, today)]
    # What its source deletes; what has to be public (`missed` too, in ten days); then the rest, the newest first.
    assert order[:5] == ["today", "tomorrow", "text-due", "missed", "missed-long-ago"]
    assert order[5:7] == ["old39", "old38"]
