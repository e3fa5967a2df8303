"""What was taken back holds no more, and stays on record; on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from catalogue import Catalogue, Edit, EditKind, InputError, LoggedEdit, Meeting, TakenBack, UnknownMeeting

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
LATER = TakenBack("Bo", "wrong place", datetime(2026, 3, 3, 8, tzinfo=UTC))


@pytest.fixture
def catalogue(database_url: str) -> Iterator[Catalogue]:
    opened = Catalogue.open(database_url)
    yield opened
    opened.close()


def redaction(start: float) -> Edit:
    return Edit(EditKind.REDACTION, "Anna", "CPR", AT, start, start + 1)


def test_what_is_taken_back_holds_no_more_and_stays_on_record(catalogue: Catalogue) -> None:
    catalogue.add_meeting(Meeting("m", "B", None, "", ""))
    catalogue.add_edit("m", redaction(1.0), redaction(2.0), redaction(3.0))
    catalogue.edit_log.take_back("m", (2, 2), LATER)
    assert catalogue.edits("m") == [redaction(1.0), redaction(3.0)]
    assert catalogue.edit_log.of("m") == [
        LoggedEdit(1, redaction(1.0)),
        LoggedEdit(2, redaction(2.0), LATER),
        LoggedEdit(3, redaction(3.0)),
    ]


def test_taking_back_is_a_change_that_search_and_feeds_follow(catalogue: Catalogue) -> None:
    catalogue.add_meeting(Meeting("m", "B", None, "", ""))
    catalogue.add_edit("m", redaction(1.0))
    revision, changed = catalogue.revision("m") or 0, catalogue.updates()["m"].changed
    catalogue.edit_log.take_back("m", (1,), TakenBack("Bo", "", datetime.now(UTC)))
    assert (catalogue.revision("m") or 0) > revision
    assert catalogue.updates()["m"].changed > changed
    assert [entry.meeting_id for entry in catalogue.outbox.waiting() if entry.withdraws] == ["m"]


@pytest.mark.parametrize("numbers", [(0,), (3,), (1, 9), (2,)])
def test_all_are_taken_back_or_none(catalogue: Catalogue, numbers: tuple[int, ...]) -> None:
    catalogue.add_meeting(Meeting("m", "B", None, "", ""))
    catalogue.add_edit("m", redaction(1.0), redaction(2.0))
    catalogue.edit_log.take_back("m", (2,), LATER)
    with pytest.raises(InputError):
        catalogue.edit_log.take_back("m", numbers, LATER)
    assert catalogue.edits("m") == [redaction(1.0)]
    with pytest.raises(UnknownMeeting):
        catalogue.edit_log.take_back("other", (1,), LATER)
