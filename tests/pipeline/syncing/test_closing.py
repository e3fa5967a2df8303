"""What the source closes is in no page, answer, caption or index, and its clips are not fetched."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from starlette.testclient import TestClient

from catalogue import (
    Agenda,
    AgendaItem,
    Edit,
    EditKind,
    Meeting,
    Provenance,
    Recording,
    Segment,
    TranscriptOrigin,
    make_transcript,
    published_meeting,
)
from ingest import Web
from pipeline.runs.runner import Run
from pipeline.status import State, meeting_status
from pipeline.syncing.recordings import Recordings
from search import SearchRequest
from tests.pipeline.syncing.town import FIRST, ITEMS, Town
from tests.portal_server import item
from web import create_app

CAPTIONS = Provenance(TranscriptOrigin.CAPTIONS, "moede.vtt")
SAID = (
    Segment(0.0, 2.0, "Punkt 1, godkendelse af dagsorden."),
    Segment(2.0, 4.0, "Så går vi til punkt 2, ny cykelsti."),
    Segment(4.0, 6.0, "Cykelstien ved Granvej er smal."),
    Segment(6.0, 8.0, "Punkt 4, eventuelt."),
    Segment(8.0, 11.0, "Tak for i aften."),
)
PLACES = (
    "/", "/moeder", f"/moeder/{FIRST}", f"/api/v1/meetings/{FIRST}", "/api/v1/meetings", "/soeg?q=cykelsti",
    "/api/v1/search?q=cykelsti", "/api/v1/search?q=Granvej",
    *(f"/api/v1/meetings/{FIRST}/transcript?format={form}" for form in ("json", "vtt", "srt", "txt")),
)  # fmt: skip


def run(town: Town) -> None:
    outcome = Run(town.archive, town.reporter).bring_up_to_date(town.archive.catalogue.meeting_ids())
    assert outcome.failed == ()


def read(town: Town) -> str:
    """All that a reader can see."""
    archive = town.archive
    client = TestClient(create_app(archive.settings, archive.catalogue, archive.store, archive.engine))
    return "\n".join(client.get(place).text for place in PLACES)


def found(town: Town, word: str) -> int:
    return town.archive.engine.search(SearchRequest(q=word)).total


def test_an_item_that_turned_closed_is_nowhere(town: Town, tone: bytes) -> None:
    items = [*ITEMS[:2], item(4, "Eventuelt")]
    town.site.files["/1.mp3"] = tone
    town.site.publish("2026-03-04", items, Lydfiler=[town.site.address + "/1.mp3"])
    town.sync()
    transcript = make_transcript(f"{FIRST}-1", "da", SAID, CAPTIONS)
    town.archive.catalogue.save_transcript(f"{FIRST}-1", transcript)
    run(town)
    assert "Granvej" in read(town)
    assert found(town, "Granvej") == 1

    town.site.publish(
        "2026-03-04",
        [items[0], items[1] | {"IsOpen": False}, items[2]],
        Lydfiler=[town.site.address + "/1.mp3"],
    )
    assert town.sync().closed[0].items == ("2",)
    seen = read(town)  # at once, before any run
    assert "Granvej" not in seen.replace("q=Granvej", "").replace('"query":"Granvej"', "")
    assert "Ny cykelsti" not in seen
    run(town)
    assert found(town, "Granvej") == 0
    assert found(town, "cykelsti") == 0
    assert "eventuelt" in read(town)


CLOSE = Edit(EditKind.CLOSE, "Anna", "persondata", datetime(2026, 3, 5, tzinfo=UTC), item="2")


@pytest.mark.parametrize(
    ("title", "edits", "raw"),
    [
        ("Lukket: cykelsti", (), False),  # as its title is read today
        ("Lukket: cykelsti", (), True),  # as a title was kept before
        ("Ny cykelsti", (CLOSE,), True),
    ],
)
def test_what_a_title_or_a_person_closed_stays_closed_when_minutes_leave_it_out(
    town: Town, tone: bytes, title: str, edits: tuple[Edit, ...], raw: bool
) -> None:
    sound = [town.site.address + "/1.mp3"]
    town.site.files["/1.mp3"] = tone
    first, last = ITEMS[0], item(4, "Eventuelt")
    agenda = town.site.publish("2026-03-04", [first, item(2, title), last], Lydfiler=sound)
    town.sync()
    catalogue = town.archive.catalogue
    one, two, three = town.meeting().agenda.items
    assert two.open is not title.startswith("Lukket")
    catalogue.replace_agenda(FIRST, Agenda((one, replace(two, open=raw), three)))
    catalogue.add_edit(FIRST, *edits)
    catalogue.save_transcript(f"{FIRST}-1", make_transcript(f"{FIRST}-1", "da", SAID, CAPTIONS))
    run(town)
    assert "Granvej" not in said(town)

    town.site.withdraw(agenda)
    town.site.publish("2026-03-04", [first, last], name="Referat", Lydfiler=sound)
    report = town.sync()
    assert (report.closed, report.opened) == ((), ())
    assert ("2", title, False) in town.agenda()
    run(town)
    assert "Granvej" not in said(town)
    assert "eventuelt" in said(town)


def said(town: Town) -> str:
    public = published_meeting(town.archive.catalogue, FIRST)
    return " ".join(s.text for s in public.sentences) if public else ""


def test_a_meeting_without_a_recording_waits_and_shows_its_agenda(town: Town) -> None:
    town.site.publish("2026-03-25", ITEMS)
    identity = "tranevig-byraadet-2026-03-25"
    assert town.sync().waiting == ()  # it has not been held yet
    run(town)
    status = meeting_status(town.archive, identity)
    assert status.state is State.WAITING
    assert "no recording yet" in status.waits_for
    assert status.review == ()
    archive = town.archive
    client = TestClient(create_app(archive.settings, archive.catalogue, archive.store, archive.engine))
    page = client.get(f"/moeder/{identity}")
    assert page.status_code == 200
    assert "Ny cykelsti" in page.text
    assert "Køb af jord" not in page.text
    assert Run(town.archive, town.reporter).bring_up_to_date([identity]).done == ()


def with_clips(town: Town) -> Meeting:
    """A past meeting of which each item has a clip of its own; the last item is closed."""
    items = tuple(
        AgendaItem(str(n), title, open=n != 3, source_id=f"id-{n}", audio=(f"{town.site.address}/{n}.mp3",))
        for n, title in enumerate(("Dagsorden", "Cykelsti", "Havn"), start=1)
    )
    return Meeting(FIRST, "Byrådet", date(2026, 3, 4), "Byrådet", "Tranevig", (), Agenda(items))


def clips_of(town: Town, meeting: Meeting) -> tuple[Recording, ...]:
    settings = town.archive.settings
    return Recordings(town.municipality, Web(settings), settings).missing(meeting, (), (), True)


def test_a_closed_item_s_clip_is_never_fetched(town: Town, tone: bytes) -> None:
    town.site.files |= {f"/{n}.mp3": tone for n in (1, 2, 3)}
    meeting = with_clips(town)
    town.archive.catalogue.add_meeting(meeting)
    assert town.archive.catalogue.add_recordings(FIRST, clips_of(town, meeting)) == 2
    assert [(r.ordinal, r.item) for r in town.meeting().recordings] == [(1, "id-1"), (2, "id-2")]
    # It turns closed after it was found and before it was fetched.
    one, two, three = meeting.agenda.items
    closed = Agenda((one, replace(two, open=False), three))
    town.archive.catalogue.replace_agenda(FIRST, closed)
    town.site.forget()
    for recording, taken in zip(town.meeting().recordings, (one, two), strict=True):
        said = (Segment(0.0, 2.0, f"Så går vi til punkt {taken.number}, {taken.title}."),)
        town.archive.catalogue.save_transcript(
            recording.id, make_transcript(recording.id, "da", said, CAPTIONS)
        )
    run(town)
    assert {a.path for a in town.site.asked} == {"/1.mp3"}
    public = published_meeting(town.archive.catalogue, FIRST)
    assert public is not None
    assert [s.recording for s in public.sentences] == [1]

    town.archive.catalogue.replace_agenda(FIRST, meeting.agenda)  # opened again: now it is fetched
    run(town)
    assert "/2.mp3" in {a.path for a in town.site.asked}
    public = published_meeting(town.archive.catalogue, FIRST)
    assert public is not None
    assert [s.recording for s in public.sentences] == [1, 2]

    town.archive.catalogue.replace_agenda(FIRST, closed)  # and closed once more: withheld at once
    public = published_meeting(town.archive.catalogue, FIRST)
    assert public is not None
    assert [s.recording for s in public.sentences] == [1]
    assert [r.playable is not None for r in public.recordings] == [True, False]
    run(town)
    assert found(town, "punkt") == 1


def test_clips_that_come_later_follow_the_others(town: Town, tone: bytes) -> None:
    town.site.files["/2.mp3"] = tone
    meeting = with_clips(town)
    town.archive.catalogue.add_meeting(meeting)
    add = town.archive.catalogue.add_recordings
    assert add(FIRST, clips_of(town, meeting)) == 1
    town.site.files["/1.mp3"] = tone
    found_now = clips_of(town, town.meeting())
    assert add(FIRST, found_now) == 1
    assert add(FIRST, found_now) == 0
    assert [(r.id, r.item, r.offset) for r in town.meeting().recordings] == [
        (f"{FIRST}-1", "id-2", 0.0), (f"{FIRST}-2", "id-1", None),
    ]  # fmt: skip


def test_clips_named_by_a_dropped_agenda_are_found_but_for_closed_items(town: Town, tone: bytes) -> None:
    town.site.files |= {f"/{n}.mp3": tone for n in (1, 2, 3)}
    folder = town.archive.settings.home / "drop"
    folder.mkdir()
    items = [
        {
            "number": str(n),
            "title": f"Punkt {n}",
            "id": f"id-{n}",
            "open": n != 2,
            "audio": [f"{town.site.address}/{n}.mp3"],
        }
        for n in (1, 2, 3)
    ]
    dropped = {"date": "2026-03-04", "body": "Byrådet", "items": items}
    (folder / "a.json").write_text(json.dumps(dropped), encoding="utf-8")
    os.utime(folder / "a.json", (1, 1))
    town.municipality = replace(town.municipality, portal="folder", address=str(folder))
    assert town.sync().recorded == (FIRST,)
    assert [(r.item, r.ordinal) for r in town.meeting().recordings] == [("id-1", 1), ("id-3", 2)]
    assert "/2.mp3" not in {a.path for a in town.site.asked}
    assert town.sync().recorded == ()
