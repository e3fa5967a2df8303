"""Every bad input ends as it should, with one line that a person understands, and the good meetings are right.

`make test` hangs the quick ones; `make test-gallery` all of them, in one archive, in one run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalogue import published_meeting
from pipeline.archive import Archive
from pipeline.runs.due import due_steps
from pipeline.status import State, meeting_status
from search import SearchRequest
from tests.pipeline.gallery.case import Case, Ends
from tests.pipeline.gallery.page import HEAD, gallery, row
from tests.pipeline.gallery.run import CASES, Hung, hang

PAGE = Path(__file__).parents[3] / "docs" / "bad-input.md"
QUICK = tuple(case for case in CASES if not case.slow)
# Words of libraries and of this machine, which help nobody who reads a report.
NOISE = re.compile(
    r"Traceback|Errno|Error\b|Exception|0x[0-9a-f]{4}|\.partial|yt-dlp|httpx|h11|peer closed|NoneType|codec|recursion"
    r"|Invalid data|Invalid argument|line \d+ column|object at",
)


@dataclass(frozen=True)
class Room:
    archive: Archive
    hung: Hung


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with gallery(tmp_path_factory.mktemp("gallery")) as (archive, world):
        yield Room(archive, hang(archive, world, QUICK))


def holds(room: Room, case: Case) -> None:
    shown = room.hung.shown[case.name]
    assert shown.ends is case.ends, shown
    for text in shown.raw:
        lines = text.splitlines()
        assert len(lines) <= 2, text
        assert all(line.isprintable() and 0 < len(line) <= 500 for line in lines), text
        assert not NOISE.search(text), text
    if case.ends in (Ends.FAILED, Ends.REFUSED):
        assert all("⏎" in said for said in (shown.at_add, shown.by_run) if said), "it says what to do"


def good_ones_are_right(room: Room) -> None:
    archive, outcome = room.archive, room.hung.outcome
    assert outcome is not None and not outcome.waiting and len(room.hung.good) == 3
    for meeting_id in room.hung.good:
        status = meeting_status(archive, meeting_id)
        assert (status.state, status.placed, status.review) == (State.DONE, 3, ()), status
        public = published_meeting(archive.catalogue, meeting_id)
        assert public is not None and public.recordings[0].playable is not None
        assert [item.start for item in public.items] == [0.0, 2.0, None]  # the third is closed
        assert due_steps(archive, [meeting_id]) == []
    found = archive.engine.search(SearchRequest("folkeskolen", per_page=100))
    assert set(room.hung.good) <= {hit.passage.meeting for hit in found.hits}
    failed = {failure.meeting_id for failure in outcome.failed}
    assert len(outcome.failed) == len(failed)  # one line each


def test_there_are_enough_and_each_has_a_name() -> None:
    assert len(CASES) >= 60 and len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", QUICK, ids=lambda case: case.name)
def test_a_bad_input_ends_with_one_clear_line(quick: Room, case: Case) -> None:
    holds(quick, case)


def test_the_good_ones_among_them_are_right(quick: Room) -> None:
    good_ones_are_right(quick)


def test_the_page_says_what_is_said(quick: Room) -> None:
    page = PAGE.read_text(encoding="utf-8").splitlines()
    assert [row(shown) for shown in quick.hung.shown.values() if row(shown) not in page] == []


def test_the_page_has_all_cases_and_no_others() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.startswith(HEAD)
    rows = page.removeprefix(HEAD).splitlines()
    assert [line.split(" | ")[0].removeprefix("| ") for line in rows] == [case.name for case in CASES]


@pytest.mark.gallery
@pytest.mark.timeout(3600)
def test_all_of_them_in_one_archive(tmp_path: Path) -> None:
    with gallery(tmp_path) as (archive, world):
        room = Room(archive, hang(archive, world, CASES))
        for case in CASES:
            holds(room, case)
        good_ones_are_right(room)
        page = PAGE.read_text(encoding="utf-8")
        assert page == HEAD + "".join(row(shown) + "\n" for shown in room.hung.shown.values())
