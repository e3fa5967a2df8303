"""What a meeting is called in a report: its body, day and municipality, which are never withheld."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date

from catalogue import Meeting

DANISH = "da"


def meeting_name(meeting: Meeting) -> str:
    """»Byrådet i Tranevig, 4. marts 2026«; the id where neither body nor day is known."""
    if not (meeting.body or meeting.date):
        return meeting.id
    body = meeting.body or "Møde"
    place = f" ({meeting.municipality})" if meeting.municipality else ""
    return f"{body}{place}, {long_day(meeting.date)}" if meeting.date else f"{body}{place}"


def short_name(meeting: Meeting) -> str:
    """»Byrådet 4. marts 2026«, where the municipality stands beside it."""
    if not (meeting.body or meeting.date):
        return meeting.id
    day = long_day(meeting.date) if meeting.date else ""
    return f"{meeting.body or 'Møde'} {day}".strip()


def in_danish(subject: str) -> str:
    """What a sync calls what it could not read, where that is no meeting."""
    return subject.replace("an entry in the portal's list", "noget på portalens liste").replace(
        "the portal's list", "portalens liste"
    )


def long_day(day: date) -> str:
    """4. marts 2026"""
    return format_date(day, "d. MMMM y", locale=DANISH)


def weekday(day: date) -> str:
    """onsdag den 4. marts"""
    return format_date(day, "EEEE 'den' d. MMMM", locale=DANISH)


def time_of_day(moment: datetime) -> str:
    """06.00, by the clock on the wall here."""
    return f"{moment.astimezone():%H.%M}"
