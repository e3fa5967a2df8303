"""How machines are told which meeting something is of, the same everywhere."""

from __future__ import annotations

from datetime import date

from catalogue import PublishedMeeting
from web.archive import Listed


def reference_json(meeting: PublishedMeeting | Listed) -> dict[str, object]:
    """What names a meeting in the API."""
    return named_json(meeting.id, meeting.title, meeting.date, meeting.body, meeting.municipality)


def named_json(
    meeting_id: str, title: str, day: date | None, body: str, municipality: str
) -> dict[str, object]:
    """The same of what knows its meeting by these."""
    return {
        "id": meeting_id,
        "title": title,
        "date": day.isoformat() if day else None,
        "body": body,
        "municipality": municipality,
    }
