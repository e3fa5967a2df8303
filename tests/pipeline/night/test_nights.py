"""Nine nights of the month in `thirty.py`, one of each kind; `make bench-nights` lives through all thirty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalogue import Part, Settings, published_meeting
from pipeline.night import NightReport
from pipeline.night.report import NoteKind, Place, State
from search import SearchRequest
from tests.pipeline.night.thirty import (
    LATER_WORDS,
    Month,
    a_month,
    older_meetings,
    portal_comes_back,
    portal_goes_down,
    reader_reports,
    report_of,
    stopped_by_hand,
)
from tests.portal_server import portal_site


@pytest.fixture
def month(settings: Settings, tone: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Month]:
    monkeypatch.setattr("ingest.portals.polite.LEAST_BACKOFF", 0.01)
    with (
        portal_site() as first,
        portal_site() as second,
        a_month(settings, (first, second), tone) as begun,
    ):
        yield begun


def morning(month: Month, n: int, exit_code: int = 0, hours: float = 10.0) -> NightReport:
    report = month.night(n, hours)
    month.look(report, exit_code)
    return report


def test_what_to_look_at_is_told_but_nothing_of_what_is_withheld(month: Month) -> None:
    tranevig, _ = month.councils
    month.meet(tranevig, 0)
    month.hearing.doubtful = (
        Part(2.5, 3.5, "unsure"),
        Part(8.5, 9.5, "unsure"),
    )  # the second behind closed doors
    report = morning(month, 0)
    (review,) = report.review
    (doubtful,) = (note for note in review.notes if note.kind is NoteKind.DOUBTFUL)
    assert doubtful.places == (Place(2.5, 3.5),) and review.pressing
    assert report.names_missing == ("Tranevig Kommune",) and "names/tranevig-kommune.txt" in report_of(
        month, 0
    )
    (month.home / "names").mkdir()
    (month.home / "names" / "tranevig-kommune.txt").write_text("Karen Holm\n", encoding="utf-8")
    month.hearing.doubtful = ()
    month.meet(tranevig, 1)
    report = morning(month, 1)
    assert report.names_missing == () and "Alt er færdigt" in report_of(month, 1)
    assert [note.kind for note in report.review[0].notes] == [NoteKind.DOORS]
    assert "Hør efter, når der er tid" in report_of(month, 1)


def test_recordings_go_by_the_rules_and_what_was_said_stays(month: Month) -> None:
    tranevig, _ = month.councils
    (month.home / "retention.toml").write_text(
        "[default]\nsource_days = 13\nvideo_days = 5\n", encoding="utf-8"
    )
    month.meet(tranevig, 0)
    ahead = morning(month, 0).deadlines
    assert [(one.kind, one.day) for one in ahead] == [("video", month.day(5))]
    assert morning(month, 3).retired == ()
    name = "Byrådet (Tranevig Kommune), 2. marts 2026"
    gone = morning(month, 6)  # whose text is found all the same
    assert gone.retired == (name,)
    assert "Optagelser slettet efter jeres regler, teksten står her" in " ".join(report_of(month, 6).split())
    recording = month.archive.catalogue.meeting(tranevig.meeting_id(month.day(0))).recordings[0]
    assert not any(month.archive.store.exists(n) for n in (recording.original, recording.playable) if n)
    assert morning(month, 7).retired == ()


def test_nights_in_a_row(month: Month) -> None:
    tranevig, nordby = month.councils
    older_meetings(month, 2)
    # New meetings, and one whose agenda is late.
    month.meet(tranevig, 0)
    month.meet(nordby, 0, agenda=False)
    report = morning(month, 0)
    assert len(report.done) == 3 and report.speech is not None and report.speech.speed == pytest.approx(8.0)
    month.meet(nordby, 0)
    assert [one.meeting_id for one in morning(month, 1).done] == [nordby.meeting_id(month.day(0))]
    # A quiet night.
    quiet = morning(month, 2)
    assert (quiet.done, quiet.review) == ((), ()) and "Alt er færdigt" in report_of(month, 2)

    # One portal is down; the other's meeting is done all the same.
    portal_goes_down(nordby)
    month.meet(tranevig, 3)
    down = morning(month, 3, exit_code=1)
    assert len(down.done) == 1 and down.failed[0].then == 'talerstol sync "Nordby Kommune"'
    portal_comes_back(nordby)

    # A recording is broken at the source, and whole again the next day.
    tranevig.record(month.day(4), b"no recording" * 100)
    tranevig.publish(month.day(4))
    broken = morning(month, 4, exit_code=1)
    assert broken.failed[0].then == f"talerstol run {tranevig.meeting_id(month.day(4))}"
    month.meet(tranevig, 4)
    assert len(morning(month, 5).done) == 1

    # The source deletes its recordings, and takes a meeting off; here they stay.
    for council in month.councils:
        council.site.files.clear()
    gone = tranevig.publish(month.day(0))
    tranevig.site.withdraw(gone)
    report = morning(month, 6)
    assert report.portals[0].gone == ("Byrådet 2. marts 2026",)

    # An item is closed at the source after all.
    assert month.archive.engine.search(SearchRequest(f'"{LATER_WORDS}"')).total
    for n in (3, 4):
        tranevig.publish(month.day(n), closed_later=True)
    nordby.publish(month.day(0), closed_later=True)
    report = morning(month, 7)
    assert [items.numbers for items in report.portals[0].closed] == [("3",), ("3",)]
    public = published_meeting(month.archive.catalogue, tranevig.meeting_id(month.day(3)))
    assert public is not None and not public.items[2].open
    assert all(LATER_WORDS not in sentence.text for sentence in public.sentences)

    # Stopped by hand, too little time, and a reader who reports something.
    month.meet(tranevig, 8)
    with stopped_by_hand(month), pytest.raises(KeyboardInterrupt):
        month.night(8)
    assert "Natten standsede før tid" in report_of(month, 8)
    month.meet(nordby, 8)
    month.meet(tranevig, 9)
    held_back = dict(month.expected)
    for n, council in ((8, tranevig), (8, nordby), (9, tranevig)):
        month.expected.pop(council.meeting_id(month.day(n)))
    before, month.hearing.takes = month.hearing.takes, month.hearing.takes * 20
    reader_reports(month, nordby.meeting_id(month.day(0)))
    short = morning(month, 9, exit_code=3, hours=5.0)
    assert len(short.going_on) >= 1 and "fortsætter" in report_of(month, 9)
    assert "noget ikke bør være offentligt" in " ".join(report_of(month, 9).split())
    month.hearing.takes = before
    month.expected = held_back
    assert {one.meeting_id for one in morning(month, 10).done} >= {one.meeting_id for one in short.going_on}
    assert all(report.state is not State.BEGUN for report in month.reports.values())
