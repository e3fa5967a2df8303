"""People mend when items were taken, through the command line; and the file's chapters follow without encoding."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import (
    Agenda,
    AgendaItem,
    InputError,
    ItemSpan,
    Meeting,
    Recording,
    RecordingKind,
    Segmentation,
    SetBy,
    Settings,
    SpanStatus,
    agenda_key,
    published_meeting,
    withheld_in,
)
from ingest import decode_audio
from pipeline.archive import Archive, open_archive
from pipeline.commands.items import FOLLOWS
from pipeline.editing.changed import summary
from pipeline.editing.clock import parse_time, short_clock
from pipeline.editing.items import item_lines, mend_items
from pipeline.editing.naming import find_item
from pipeline.status import meeting_status
from tests.ingest.test_chapters import chapters
from tests.pipeline.conftest import Material, Talerstol

ITEMS = (
    AgendaItem("1", "Skolen"),
    AgendaItem("2", "Køb af Granvænget 7", open=False),
    AgendaItem("3", "Cykelsti", source_id="a"),
    AgendaItem("3", "Vej", source_id="b"),
)
SPANS = (
    ItemSpan(0, SpanStatus.DISCUSSED, 0.0, 60.4, 0.9),
    ItemSpan(1, SpanStatus.CLOSED, 60.4, 90.0, 0.9),
    ItemSpan(2, SpanStatus.DISCUSSED, 90.0, 120.0, 0.9),
    ItemSpan(3, SpanStatus.NOT_FOUND),
)


def fill(archive: Archive, items: tuple[AgendaItem, ...] = ITEMS) -> None:
    recording = Recording("m-1", 1, RecordingKind.NONE, "-", offset=0.0, duration=4000.0)
    agenda = Agenda(items)
    archive.catalogue.add_meeting(Meeting("m", "B", None, "", "", (recording,), agenda))
    archive.catalogue.save_segmentation("m", Segmentation(agenda_key(agenda), (), SPANS))


def mend(archive: Archive, *placed: str, unset: tuple[str, ...] = ()) -> list[str]:
    return summary(mend_items(archive, "m", placed, unset, "Anna", "hørt"), "m", follows=FOLLOWS)


def times(archive: Archive) -> list[tuple[float | None, float | None, SetBy]]:
    return [(line.start, line.end, line.set_by) for line in item_lines(archive, "m")]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1:02:03", 3723.0), ("62:03", 3723.0), ("3723", 3723.0), ("0:00", 0.0), ("3723.5", 3723.5)],
)
def test_times(text: str, seconds: float) -> None:
    assert parse_time(text) == seconds


@pytest.mark.parametrize("text", ["", "x", "-1", "1:60", "1:60:00", "1:2:3:4", "1:", "nan", "1e5", "١:٢"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(InputError, match="is not a time"):
        parse_time(text)


@given(st.integers(0, 359_999))
def test_a_time_that_is_shown_can_be_written(second: int) -> None:
    assert parse_time(short_clock(second)) == second


def test_items_are_named_by_number_source_or_place() -> None:
    assert [find_item(name, ITEMS) for name in ("1", " 2 ", "3@a", "3@b", "#4")] == [0, 1, 2, 3, 3]
    for name in ("3", "7", "3@c", "#0", "#5", "#", ""):
        with pytest.raises(InputError):
            find_item(name, ITEMS)
    with pytest.raises(
        InputError, match=r"2 items have this number\nName the one you mean: #3 \(3@a\), #4 \(3@b\)"
    ):
        find_item("3", ITEMS)


def test_a_time_is_set_and_unset(settings: Settings) -> None:
    with open_archive(settings) as archive:
        fill(archive)
        said = mend(archive, "3@a=1:15-1:40", "3@b=1:50")
        assert times(archive)[2:] == [(75.0, 100.0, SetBy.PERSON), (110.0, 120.0, SetBy.PERSON)]
        assert said[0] == "Now public: 0:01:15–0:01:30."
        assert said[-1] == "  talerstol run m"
        assert "agenda items not found" not in str(meeting_status(archive, "m").review)
        mend(archive, "#4=none", unset=("#3",))
        assert times(archive)[2:] == [(90.0, 120.0, SetBy.MACHINE), (None, None, SetBy.PERSON)]
        status = meeting_status(archive, "m")
        assert status.placed == 4
        assert "agenda items not found" not in str(status.review)
        edits = archive.catalogue.edits("m")
        assert [(e.by, e.why) for e in edits] == [("Anna", "hørt")] * 4


def test_an_end_that_cannot_be_is_told(settings: Settings) -> None:
    with open_archive(settings) as archive:
        fill(archive)
        assert "Note: item 1 ends at 0:01:00: another begins there." in mend(archive, "1=0-1:30")


def test_a_second_that_the_list_shows_is_that_items_start(settings: Settings) -> None:
    """Items taken together share a start, though nobody writes fractions."""
    spans = (ItemSpan(0, SpanStatus.DISCUSSED, 30.4, 60.0, 0.9), ItemSpan(1, SpanStatus.NOT_FOUND))
    agenda = Agenda((AgendaItem("1", "Skolen"), AgendaItem("2", "Vej")))
    with open_archive(settings) as archive:
        recording = Recording("m-1", 1, RecordingKind.NONE, "-", offset=0.0, duration=60.0)
        archive.catalogue.add_meeting(Meeting("m", "B", None, "", "", (recording,), agenda))
        archive.catalogue.save_segmentation("m", Segmentation(agenda_key(agenda), (), spans))
        mend(archive, "2=0:30")
        assert [(line.start, line.status) for line in item_lines(archive, "m")] == [
            (30.4, SpanStatus.JOINT),
            (30.4, SpanStatus.JOINT),
        ]


def test_a_closed_item_at_an_open_ones_second_hides_that_one(settings: Settings) -> None:
    """And not the fraction of a second before it."""
    with open_archive(settings) as archive:
        fill(archive)
        mend(archive, "3@a=1:40.5", "3@b=2:00")
        mend(archive, "2=1:40")
        assert [(i.start, i.end) for i in withheld_in(archive.catalogue, "m")] == [(100.5, 120.0)]


@pytest.mark.parametrize(
    ("placed", "unset"),
    [
        (("1",), ()), (("1=",), ()), (("=5",), ()), (("1=x",), ()), (("1=2:00:00",), ()), (("1=5-2:00:00",), ()),
        (("1=20-10",), ()), (("3=5",), ()), (("9=5",), ()), (("1=5", "9=5"), ()), (("1=5", "#1=6"), ()), ((), ("9",)),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_whole(
    settings: Settings, placed: tuple[str, ...], unset: tuple[str, ...]
) -> None:
    with open_archive(settings) as archive:
        fill(archive)
        with pytest.raises(InputError):
            mend(archive, *placed, unset=unset)
        assert archive.catalogue.edits("m") == []


def test_items_that_are_alike_in_all_are_not_mended(settings: Settings) -> None:
    with open_archive(settings) as archive:
        fill(archive, (ITEMS[0], *ITEMS[1:3], ITEMS[0]))
        with pytest.raises(InputError, match="cannot be told from another"):
            mend(archive, "#4=5")


def test_a_boundary_that_lost_its_item_is_asked_about_until_somebody_answers(settings: Settings) -> None:
    with open_archive(settings) as archive:
        fill(archive)
        mend(archive, "3@a=1:40")
        changed = Agenda((*ITEMS[:2], AgendaItem("4", "En anden sag"), ITEMS[3]))
        archive.catalogue.replace_agenda("m", changed)
        archive.catalogue.save_segmentation("m", Segmentation(agenda_key(changed), (), SPANS))
        asked = "the time that Anna set for item 3 is not used"
        assert asked in str(meeting_status(archive, "m").review)
        assert times(archive)[2] == (90.0, 120.0, SetBy.MACHINE)
        mend(archive, unset=("3",))
        assert asked not in str(meeting_status(archive, "m").review)


def test_before_items_are_placed_there_is_nothing_to_mend(settings: Settings) -> None:
    with open_archive(settings) as archive:
        archive.catalogue.add_meeting(Meeting("m", "B", None, "", "", (), Agenda(ITEMS)))
        with pytest.raises(InputError, match="talerstol run m"):
            item_lines(archive, "m")


def test_mending_an_item_from_the_command_line(talerstol: Talerstol, material: Material) -> None:
    added = talerstol(
        "add", str(material.video), "--agenda", str(material.agenda("2025-09-24")), "--transcript", str(material.captions)
    )  # fmt: skip
    meeting = added.out.split()[-1]
    assert talerstol("run").code == 0
    before = playable(talerstol)
    assert [title for _, _, title in chapters(before)] == [
        "1: Godkendelse af dagsorden",
        "2: Ny cykelsti langs Strandvejen",
    ]
    sound, silenced = heard(before), before.name.split("-")[2]

    said = talerstol("items", meeting, "--set", "2=0:04", "--why", "hørt efter", "--json")
    assert said.code == 0, said.err
    assert "Granvænget" not in said.out
    told = json.loads(said.out)
    assert [(i["number"], i["start"], i["set_by"]) for i in told["items"][:2]] == [
        ("1", 0.0, "machine"),
        ("2", 4.0, "person"),
    ]
    assert told["change"] == {"released": [], "withheld": [], "notes": []}
    assert told["search_waits"] == ""
    hits = json.loads(talerstol("search", "cykelsti", "--json").out)["hits"]
    assert {hit["start"]: hit["item"]["number"] for hit in hits} == {
        2.0: "1",
        4.0: "2",
    }  # search follows at once

    ran = talerstol("run", "--json")
    assert [step for _, step in json.loads(ran.out)["done"]] == ["media"]
    after = playable(talerstol)
    assert after != before
    assert after.name.split("-")[2] == silenced
    assert [round(start) for start, _, _ in chapters(after)] == [0, 4]
    assert heard(after) == sound  # copied, not encoded again
    assert b"Granv" not in after.read_bytes()

    refused = talerstol("items", meeting, "--set", "2=1:00:00")
    assert (refused.code, refused.out) == (2, "")
    assert 1 <= len(refused.err.strip().splitlines()) <= 2


def playable(talerstol: Talerstol) -> Path:
    [sound] = (talerstol.home / "media").rglob("*-play-*-lyd.m4a")
    [found] = [file for file in sound.parent.glob("*-play-*") if file != sound]
    assert sound.stem == f"{found.stem}-lyd"
    assert chapters(sound) == chapters(found)
    return found


def heard(file: Path) -> bytes:
    return b"".join(decode_audio(file))


def test_what_is_published_follows_at_once(settings: Settings) -> None:
    with open_archive(settings) as archive:
        fill(archive)
        mend(archive, "1=0:10")
        published = published_meeting(archive.catalogue, "m")
        assert published is not None
        assert published.items[0].start == 10.0
