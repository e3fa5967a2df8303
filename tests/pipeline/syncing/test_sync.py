"""Keeping in step with a portal: a real server on loopback that changes, fails and comes back."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import stamina

from catalogue import Agenda, AgendaItem, Edit, EditKind, EngineError, InputError, Meeting
from ingest.portals import recording_at
from tests.pipeline.syncing.town import FIRST, ITEMS, Town
from tests.portal_server import LIST, PAPER, Fault, item


def test_a_meeting_comes_whole_and_a_second_sync_changes_nothing(town: Town) -> None:
    town.site.publish("2026-03-04", ITEMS)
    town.site.publish("2025-11-05", ITEMS)  # before `since`
    town.site.publish("2026-03-05", ITEMS, body="Økonomiudvalget")  # not a body that was asked for
    first = town.sync()
    assert (first.new, first.failed) == ((FIRST,), ())
    meeting = town.meeting()
    assert (meeting.title, meeting.date, meeting.body) == ("Byrådet 2026-03-04", date(2026, 3, 4), "Byrådet")
    assert meeting.municipality == "Tranevig Kommune"
    assert town.agenda() == [
        ("1", "Godkendelse af dagsorden", True), ("2", "Ny cykelsti", True), ("3", "Køb af jord", False),
    ]  # fmt: skip
    revision = town.archive.catalogue.revision(FIRST)

    town.site.forget()
    second = town.sync()
    assert (second.new, second.changed, second.unchanged) == ((), (), (FIRST,))
    assert town.archive.catalogue.revision(FIRST) == revision
    assert [a.status for a in town.site.asked] == [304, 304]  # an unchanged portal costs no more


def test_without_etags_the_date_of_change_is_enough(town: Town) -> None:
    town.site.etags, town.site.dates = False, True
    town.site.publish("2026-03-04", ITEMS)
    town.sync()
    town.site.forget()
    assert town.sync().unchanged == (FIRST,)
    assert [a.status for a in town.site.asked] == [304, 304]


def test_agenda_supplement_and_minutes_are_one_meeting(town: Town) -> None:
    town.site.publish("2026-03-04", ITEMS)
    town.sync()
    town.site.publish("2026-03-04", [item(4, "Hastesag")], name="Tillægsdagsorden")
    assert town.sync().changed == (FIRST,)
    decided = [item(1, "Godkendelse af dagsorden", ItemDecision="Godkendt."), *ITEMS[1:]]
    town.site.publish("2026-03-04", decided, name="Referat", hour="16:05:00")
    assert town.sync().changed == (FIRST,)
    assert town.archive.catalogue.meeting_ids() == [FIRST]
    assert sorted(number for number, _, _ in town.agenda()) == ["1", "2", "3", "4"]
    assert next(i for i in town.meeting().agenda.items if i.number == "1").outcome == "Godkendt."
    assert town.sync().unchanged == (FIRST,)


def test_minutes_in_place_of_the_agenda_are_the_same_meeting_and_forget_nothing_closed(town: Town) -> None:
    agenda = town.site.publish("2026-03-04", ITEMS)
    town.sync()
    town.site.withdraw(agenda)
    town.site.publish("2026-03-04", ITEMS[:2], name="Referat")  # does not mention the closed item
    report = town.sync()
    assert (report.new, report.changed, report.gone) == (
        (),
        (FIRST,),
        (),
    )  # the links lead to the minutes now
    assert ("3", "Køb af jord", False) in town.agenda()


def test_two_meetings_on_one_day_are_two(town: Town) -> None:
    town.site.publish("2026-03-04", ITEMS)
    town.site.publish("2026-03-04", [item(1, "Budget")], hour="19:00:00")
    town.site.publish(
        "2026-03-04", [item(1, "Budget", ItemDecision="Vedtaget.")], name="Referat", hour="19:00:00"
    )
    assert town.sync().new == (FIRST, f"{FIRST}-1900")
    assert [title for _, title, _ in town.agenda(f"{FIRST}-1900")] == ["Budget"]
    assert town.sync().unchanged == (FIRST, f"{FIRST}-1900")


def test_a_second_portal_with_the_same_meeting_is_said(town: Town) -> None:
    town.site.publish("2026-03-04", ITEMS)
    town.sync()
    folder = town.archive.settings.home / "drop"
    folder.mkdir()
    dropped = '{"date": "2026-03-04", "body": "Byrådet", "items": [{"title": "Andet"}]}'
    (folder / "a.json").write_text(dropped, encoding="utf-8")
    os.utime(folder / "a.json", (1, 1))
    town.municipality = replace(town.municipality, portal="folder", address=str(folder))
    report = town.sync()
    assert "another portal" in report.failed[0].message
    assert town.archive.catalogue.meeting_ids() == [FIRST]


def test_a_moved_meeting_keeps_its_id(town: Town) -> None:
    town.site.publish("2026-03-04", ITEMS, key="one")
    town.sync()
    town.site.publish("2026-03-18", ITEMS, key="one")
    report = town.sync()
    assert (report.new, report.changed) == ((), (FIRST,))
    assert town.meeting().date == date(2026, 3, 18)
    assert town.archive.catalogue.meeting_ids() == [FIRST]


def test_a_meeting_that_is_gone_is_left_and_said(town: Town) -> None:
    gone = town.site.publish("2026-03-04", ITEMS)
    town.site.publish("2026-02-04", ITEMS)
    town.sync()
    before = town.meeting()
    town.site.withdraw(gone)
    report = town.sync()
    assert report.gone == (FIRST,)
    assert town.meeting() == before


def test_an_item_that_turned_closed_is_closed_and_named_by_number_only(town: Town) -> None:
    town.site.publish("2026-03-04", ITEMS)
    town.sync()
    town.site.publish("2026-03-04", [ITEMS[0], ITEMS[1] | {"IsOpen": False}, ITEMS[2]])
    report = town.sync()
    assert [(c.meeting_id, c.items) for c in report.closed] == [(FIRST, ("2",))]
    assert town.agenda()[1] == ("2", "Ny cykelsti", False)
    assert "cykelsti" not in repr(report)


def test_minutes_close_an_item_whose_title_and_id_they_took_away(town: Town) -> None:
    town.site.publish("2026-03-04", ITEMS)
    town.sync()
    town.site.publish(
        "2026-03-04", [ITEMS[0], item(2, "Lukket punkt", open_=False), ITEMS[2]], name="Referat"
    )
    report = town.sync()
    assert [c.items for c in report.closed] == [("2",)]
    assert [(number, is_open) for number, _, is_open in town.agenda()] == [
        ("1", True),
        ("2", False),
        ("3", False),
    ]


def test_a_supplement_with_numbers_of_its_own_closes_nothing_else(town: Town) -> None:
    town.site.publish("2026-03-04", ITEMS)
    town.site.publish("2026-03-04", [item(1, "Personsag", open_=False)], name="Tillægsdagsorden")
    town.sync()
    assert ("1", "Godkendelse af dagsorden", True) in town.agenda()
    assert ("1", "Personsag", False) in town.agenda()


def test_a_closed_paper_opens_nothing(town: Town) -> None:
    town.site.publish("2026-03-04", ITEMS)
    town.sync()
    as_if_open = [i | {"IsOpen": True} for i in ITEMS]
    town.site.publish("2026-03-04", as_if_open, name="Lukket referat")
    town.sync()
    assert not any(is_open for _, title, is_open in town.agenda() if title == "Køb af jord")
    town.site.publish("2026-02-11", as_if_open, name="Lukket referat")
    town.sync()
    assert not any(is_open for _, _, is_open in town.agenda("tranevig-byraadet-2026-02-11"))


def test_people_s_edits_stay_when_the_agenda_changes(town: Town) -> None:
    town.site.publish("2026-03-04", ITEMS)
    town.sync()
    edit = Edit(EditKind.CLOSE, "Anna", "persondata", datetime(2026, 3, 5, tzinfo=UTC), item="2")
    town.archive.catalogue.add_edit(FIRST, edit)
    kept = town.archive.catalogue.edits(FIRST)
    town.site.publish("2026-03-04", [item(1, "Nyt første punkt"), *ITEMS])
    assert town.sync().changed == (FIRST,)
    assert town.archive.catalogue.edits(FIRST) == kept


def test_what_a_person_added_is_the_same_meeting(town: Town) -> None:
    known = Meeting(
        FIRST, "Byrådsmøde", date(2026, 3, 4), "Byrådet", "Tranevig", (), Agenda((AgendaItem("1", "A"),))
    )
    town.archive.catalogue.add_meeting(known)
    town.site.publish("2026-03-04", ITEMS)
    assert town.sync().changed == (FIRST,)
    assert town.archive.catalogue.meeting_ids() == [FIRST]


def test_an_agenda_that_is_suddenly_empty_changes_nothing(town: Town) -> None:
    town.site.publish("2026-03-04", ITEMS)
    town.sync()
    before = town.meeting()
    town.site.publish("2026-03-04", [])
    report = town.sync()
    assert "without items" in report.failed[0].message
    assert town.meeting() == before


def test_trying_out_writes_nothing(town: Town) -> None:
    town.site.publish("2026-03-04", ITEMS)
    assert town.sync(dry_run=True).new == (FIRST,)
    assert town.archive.catalogue.meeting_ids() == []
    assert not (town.archive.settings.home / "sync").exists()
    town.sync()
    town.site.publish("2026-03-04", ITEMS[:1])
    assert town.sync(dry_run=True).changed == (FIRST,)
    assert len(town.agenda()) == 3


# Faults -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cookie", ["redirect", "front page"])
def test_a_portal_that_wants_a_cookie_first_gets_it(town: Town, cookie: str) -> None:
    town.site.cookie = cookie
    town.site.publish("2026-03-04", ITEMS)
    report = town.sync()
    assert (report.new, report.failed) == ((FIRST,), ())


PASSING = {
    "500": [Fault(500)] * 2,
    "429": [Fault(429, headers=(("Retry-After", "0"),))],
    "503 until a date": [Fault(503, headers=(("Retry-After", "Wed, 04 Mar 2026 10:00:00 GMT"),))],
    "cut off": [Fault(cut_after=40)] * 2,
    "silence": [Fault(late=0.6)],
}


@pytest.mark.parametrize("faults", PASSING.values(), ids=PASSING.keys())
@pytest.mark.parametrize("where", [LIST, PAPER])
def test_a_fault_that_passes_is_no_news(town: Town, faults: list[Fault], where: str) -> None:
    identity = town.site.publish("2026-03-04", ITEMS)
    town.site.fail(where if where == LIST else PAPER + identity, *faults)
    report = town.sync()
    assert (report.new, report.failed) == ((FIRST,), ())


LASTING = {
    "500": Fault(500),
    "cut off": Fault(cut_after=40),
    "half a document": Fault(data=b'{"Id": "x", "Dagsordenpunkter": [{"Na', headers=(("ETag", '"half"'),)),
    "a page": Fault(data=b"<html>Teknisk fejl</html>"),
    "nothing": Fault(data=b""),
    "a list": Fault(data=b"[1, 2]"),
    "another paper": Fault(data=b'{"Id": "another", "Moede": {}, "Dagsordenpunkter": [{"Navn": "x"}]}'),
    "wait an hour": Fault(429, headers=(("Retry-After", "3600"),)),
}


@pytest.mark.parametrize("fault", LASTING.values(), ids=LASTING.keys())
def test_a_bad_meeting_is_reported_and_the_others_go_on(town: Town, fault: Fault) -> None:
    town.site.publish("2026-02-04", ITEMS)
    bad = town.site.publish("2026-03-04", ITEMS)
    town.site.publish("2026-03-09", ITEMS)
    town.site.fail(PAPER + bad, *[fault] * 4)
    report = town.sync()
    assert report.new == ("tranevig-byraadet-2026-02-04", "tranevig-byraadet-2026-03-09")
    assert [f.subject for f in report.failed] == ["Byrådet 2026-03-04"]
    assert report.failed[0].message
    assert report.failed[0].then == 'talerstol sync "Tranevig Kommune"'

    town.site.faults.clear()
    after = town.sync()
    assert (after.new, after.failed, len(after.unchanged)) == ((FIRST,), (), 2)


@pytest.mark.parametrize("fault", [Fault(500), Fault(data=b"{"), Fault(data=b'{"Udvalg": []}'), Fault(404)])
def test_a_list_that_does_not_come_changes_nothing(town: Town, fault: Fault) -> None:
    town.site.publish("2026-03-04", ITEMS)
    town.sync()
    town.site.fail(LIST, *[fault] * 4)
    report = town.sync()
    assert len(report.failed) == 1
    assert report.gone == ()
    town.site.faults.clear()
    assert town.sync().unchanged == (FIRST,)


def test_where_a_paper_does_not_come_what_another_closes_is_closed_all_the_same(town: Town) -> None:
    town.site.publish("2026-03-04", ITEMS)
    minutes = town.site.publish("2026-03-04", ITEMS, name="Referat")
    town.sync()
    town.site.publish("2026-03-04", [ITEMS[0] | {"Navn": "Ny titel"}, ITEMS[1] | {"IsOpen": False}, ITEMS[2]])
    town.site.fail(PAPER + minutes, *[Fault(500)] * 4)
    report = town.sync()
    assert len(report.failed) == 1
    assert report.closed[0].items == ("2",)
    assert town.agenda()[:2] == [("1", "Godkendelse af dagsorden", True), ("2", "Ny cykelsti", False)]


def test_a_server_that_only_fails_is_left_alone(town: Town) -> None:
    for day in range(1, 10):
        identity = town.site.publish(f"2026-02-{day:02}", ITEMS)
        town.site.fail(PAPER + identity, *[Fault(503)] * 4)
    report = town.sync()
    assert len(report.failed) == 9
    assert town.site.count(PAPER) == 5 * 4
    assert "not asked for" in report.failed[-1].message


def test_a_bad_entry_in_the_list_is_said_and_the_rest_is_used(town: Town) -> None:
    town.site.publish("2026-03-04", ITEMS)
    town.site.bodies["Byrådet"] += [
        {"Id": "../../etc", "Dato": "2026-03-05T16:00:00"},
        {"Id": "abc", "Dato": "i morgen"},
    ]
    report = town.sync()
    assert report.new == (FIRST,)
    assert len(report.failed) == 2


def test_requests_never_overlap(town: Town) -> None:
    town.site.pause = 0.01
    for day in range(1, 6):
        town.site.publish(f"2026-02-{day:02}", ITEMS)
    town.sync()
    assert town.site.most_at_once == 1


def test_between_requests_is_a_pause(town: Town) -> None:
    town.municipality = replace(town.municipality, pause=0.15)
    town.site.publish("2026-02-04", ITEMS)
    town.site.publish("2026-03-04", ITEMS)
    town.sync()
    times = [a.at for a in town.site.asked]
    assert all(later - earlier > 0.1 for earlier, later in zip(times, times[1:], strict=False))


def test_a_server_that_asks_for_patience_gets_it(town: Town) -> None:
    town.site.publish("2026-03-04", ITEMS)
    town.site.fail(LIST, Fault(429, headers=(("Retry-After", "1"),)))
    assert town.sync().new == (FIRST,)
    first, second = (a.at for a in town.site.asked if a.path == LIST)
    assert second - first > 0.9


@pytest.mark.parametrize(
    "headers",
    [
        (("ETag", 'W/"\u00e6\u00f8"'),),
        (("ETag", "x" * 5000), ("Last-Modified", "i g\u00e5r")),
        (("Location", "http://["), ("Content-Encoding", "gzip")),
        (("Set-Cookie", "=;=;\u00e6"), ("Retry-After", "snart")),
    ],
)
def test_odd_headers_are_no_news_or_a_failure(town: Town, headers: tuple[tuple[str, str], ...]) -> None:
    identity = town.site.publish("2026-03-04", ITEMS)
    town.site.fail(PAPER + identity, *[Fault(headers=headers)] * 4)
    first = town.sync()
    assert len(first.new) + len(first.failed) == 1
    town.site.faults.clear()
    assert town.sync().failed == ()
    assert town.archive.catalogue.meeting_ids() == [FIRST]


def test_another_run_at_work_is_said(town: Town) -> None:
    from pipeline.runs.locks import alone

    with alone(town.archive), pytest.raises(EngineError, match="another run"):
        town.sync()


# Recordings -------------------------------------------------------------------------------------------


def test_a_recording_is_asked_for_until_it_is_there(town: Town, tone: bytes) -> None:
    town.municipality = replace(town.municipality, recordings=town.site.address + "/lyd/{date:%Y%m%d}.mp3")
    town.site.publish("2026-03-04", ITEMS)
    town.site.publish("2026-04-01", ITEMS)  # in the future
    report = town.sync()
    assert (report.waiting, report.recorded, report.failed) == ((FIRST,), (), ())
    assert [a.path for a in town.site.asked if "lyd" in a.path] == ["/lyd/20260304.mp3"]

    town.site.files["/lyd/20260304.mp3"] = tone
    report = town.sync()
    assert (report.recorded, report.waiting) == ((FIRST,), ())
    [recording] = town.meeting().recordings
    assert (recording.id, recording.ordinal, recording.offset) == (f"{FIRST}-1", 1, 0.0)
    revision = town.archive.catalogue.revision(FIRST)
    assert town.sync().recorded == ()
    assert town.archive.catalogue.revision(FIRST) == revision


def test_recordings_that_the_portal_names_are_taken_in_order(town: Town, tone: bytes) -> None:
    town.site.files |= {"/1.mp3": tone, "/2.mp3": tone}
    sound = [{"Navn": "Del 1", "Url": "/1.mp3"}, {"Navn": "Del 2", "Url": town.site.address + "/2.mp3"}]
    town.site.publish("2026-03-04", ITEMS, Lydfiler=sound)
    assert town.sync().recorded == (FIRST,)
    there = town.meeting().recordings
    assert [r.source for r in there] == [town.site.address + path for path in ("/1.mp3", "/2.mp3")]
    assert [r.offset for r in there] == [0.0, None]


def test_a_recording_that_cannot_be_asked_for_fails_and_the_agenda_is_there(town: Town) -> None:
    town.municipality = replace(town.municipality, recordings=town.site.address + "/{date}.mp3")
    town.site.publish("2026-03-04", ITEMS)
    town.site.fail("/2026-03-04.mp3", *[Fault(500)] * 10)
    stamina.set_testing(True, attempts=2)
    report = town.sync()
    stamina.set_testing(False)
    assert report.new == (FIRST,)
    assert len(report.failed) == 1
    assert town.agenda()


def test_of_a_meeting_without_open_items_nothing_is_heard(town: Town, tone: bytes) -> None:
    town.municipality = replace(town.municipality, recordings=town.site.address + "/{date}.mp3")
    town.site.files |= {"/2026-03-04.mp3": tone, "/2026-02-04.mp3": tone}
    town.site.publish("2026-03-04", ITEMS, name="Lukket referat")
    town.site.publish("2026-02-04", [])
    report = town.sync()
    assert (report.recorded, report.failed, len(report.new)) == ((), (), 2)
    assert town.site.count("/2026") == 0


def test_a_portal_cannot_name_files_of_this_machine(town: Town) -> None:
    with pytest.raises(InputError, match="no web address"):
        recording_at("/etc/hostname", "", town.archive.web, town.archive.settings)


def test_a_page_that_lists_recordings(town: Town, tone: bytes) -> None:
    feed = """<?xml version="1.0"?><rss version="2.0"><channel><title>Byrådet</title>
    <item><title>Byrådet 4. marts 2026</title><link>{0}/a.mp3</link></item>
    <item><title>Byrådet 11-02-2026</title><link>{0}/b.mp3</link></item></channel></rss>"""
    town.site.files |= {"/feed": feed.format(town.site.address).encode(), "/a.mp3": tone, "/b.mp3": tone}
    town.municipality = replace(town.municipality, recordings=town.site.address + "/feed")
    for day in ("2026-03-04", "2026-02-11", "2026-02-18"):
        town.site.publish(day, ITEMS)
    report = town.sync()
    assert report.failed == ()
    assert report.recorded == ("tranevig-byraadet-2026-02-11", FIRST)
    assert town.meeting().recordings[0].source == town.site.address + "/a.mp3"
