"""A day, as a person says it."""

from __future__ import annotations

from datetime import date

from catalogue import InputError


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError("is not a day", where=text, remedy="Write it as 2025-10-08.") from error
