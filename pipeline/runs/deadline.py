"""When a run has to stop, as a person says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from catalogue import InputError


def next_time(text: str, now: datetime) -> datetime:
    """The next time after `now` (aware) that the clock on the wall here shows HH:MM."""
    try:
        at = datetime.strptime(text, "%H:%M").time()
    except ValueError as error:
        raise InputError("is not a time of day", where=text, remedy="Write it as 06:00.") from error
    today = now.astimezone().replace(hour=at.hour, minute=at.minute, second=0, microsecond=0, tzinfo=None)
    coming = (*_moments(today), *_moments(today + timedelta(days=1)))
    return min(moment for moment in coming if moment > now).astimezone()


def _moments(wall: datetime) -> tuple[datetime, datetime]:
    """When the clock on the wall here shows this: twice in the hour that comes again, else the same moment two times.

    In the hour that is left out it never does: then when it would have, had it not been set forward.
    """
    # Not by `astimezone` of a time without a zone: in the hour that is left out CPython has its folds the wrong way round.
    first, second = (datetime.fromtimestamp(wall.replace(fold=fold).timestamp(), UTC) for fold in (0, 1))
    return first, max(first, second)
