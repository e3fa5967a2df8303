"""When a run has to stop, as a person says it."""

from __future__ import annotations

from datetime import datetime, timedelta

from catalogue import InputError


def next_time(text: str, now: datetime) -> datetime:
    """The next time after `now` (aware) that the clock on the wall here shows HH:MM."""
    try:
        at = datetime.strptime(text, "%H:%M").time()
    except ValueError as error:
        raise InputError("is not a time of day", where=text, remedy="Write it as 06:00.") from error
    today = now.astimezone().replace(tzinfo=None)
    then = today.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    # By the wall: on the nights when the clocks change it is an hour more or less until then.
    return (then if then > today else then + timedelta(days=1)).astimezone()
