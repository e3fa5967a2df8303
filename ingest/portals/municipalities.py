"""Which municipalities are kept in step: `municipalities.toml` in the data folder, written by people."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from catalogue import InputError, slug
from ingest.portals.reading import web_address

T = TypeVar("T")

MUNICIPALITIES = "municipalities.toml"
PORTALS = ("firstagenda", "koebenhavn", "folder")
DEFAULT_PAUSE = 1.0  # s between two requests: what a person who reads along would need
LONGEST_PAUSE = 60.0
EXAMPLE = """\
[[municipality]]
name = "Aarhus Kommune"
portal = "firstagenda"            # or: koebenhavn, folder
address = "https://dagsordener.aarhus.dk"
bodies = ["Byrådet"]              # leave out for all
since = 2026-01-01"""
_PLACE = re.compile(r"\{(date|body)(?::([^{}]*))?\}")


class BadConfiguration(InputError):
    """Something in municipalities.toml cannot be used. `entry` is the place in the file, from 1."""

    def __init__(self, file: Path, entry: int, field: str, what: str, remedy: str) -> None:
        self.entry, self.field = entry, field
        where = f"{file}, municipality {entry}" + (f", {field}" if field else "")
        super().__init__(what, where=where, remedy=remedy)


@dataclass(frozen=True, slots=True)
class Municipality:
    """One entry. `recordings` tells where recordings are found, empty where the portal says it or nobody does;
    `pause` is the least time between two requests, in seconds."""

    name: str
    portal: str
    address: str
    bodies: tuple[str, ...]
    since: date
    recordings: str = ""
    pause: float = DEFAULT_PAUSE

    @property
    def key(self) -> str:
        """What the catalogue knows this portal by; it stays when the address changes."""
        return f"{slug(self.name)}:{self.portal}"

    @property
    def lists_recordings(self) -> bool:
        """Whether `recordings` is a page that lists them, rather than an address with a place for the day."""
        return bool(self.recordings) and not _PLACE.search(self.recordings)

    def recording_of(self, day: date, body: str) -> str:
        """The address at which the recording of a meeting would be."""

        def fill(found: re.Match[str]) -> str:
            if found[1] == "body":
                return slug(body)
            return day.strftime(found[2]) if found[2] else day.isoformat()

        return _PLACE.sub(fill, self.recordings)


def load_municipalities(home: Path) -> tuple[Municipality, ...]:
    """All entries of the file in the data folder. Raises `InputError` that names file, entry and field."""
    file = home / MUNICIPALITIES
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(
            "there is no such file, so no municipality is kept in step",
            where=str(file),
            remedy=f"Make it, one entry for each municipality (docs/sync.md), for example:\n\n{EXAMPLE}",
        ) from error
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(file)) from error
    except ValueError as error:  # no TOML, or no UTF-8
        raise InputError(f"is not TOML ({error})", where=str(file), remedy="Mend that line.") from error
    entries = raw.get("municipality")
    others = sorted(raw.keys() - {"municipality"})
    if others or not isinstance(entries, list) or not entries:
        raise InputError(
            f'"{others[0]}" is not known here' if others else "has no [[municipality]]",
            where=str(file),
            remedy=f"Each entry looks like this:\n\n{EXAMPLE}",
        )
    found = tuple(_Entry(file, n, entry).municipality(home) for n, entry in enumerate(entries, start=1))
    for n, one in enumerate(found, start=1):
        if one.key in (other.key for other in found[: n - 1]):
            raise BadConfiguration(
                file, n, "name", f"{one.name} is there twice", "Keep one of the two entries."
            )
    return found


class _Entry:
    """One entry of the file while it is read."""

    def __init__(self, file: Path, place: int, raw: Any) -> None:
        self._file, self._place = file, place
        self._raw: dict[str, Any] = raw if isinstance(raw, dict) else {}

    def municipality(self, home: Path) -> Municipality:
        fields = ("name", "portal", "address", "bodies", "since", "recordings", "rate")
        for field in sorted(self._raw.keys() - set(fields)):
            raise self._wrong(field, "is not a field", f"The fields are: {', '.join(fields)}.")
        name = self._needed("name", _text, "Write the municipality's name.")
        if not slug(name):
            raise self._wrong("name", "has no letters", "Write the municipality's name.")
        portal = self._needed("portal", _one_of(PORTALS), f"Write one of: {', '.join(PORTALS)}.")
        address = self._needed("address", _text, "Write the portal's address, or the folder.")
        if portal == "folder":
            address = str((home / Path(address).expanduser()).resolve())
        elif not web_address(address, ""):
            raise self._wrong("address", f'"{address}" is no web address', "Write it with https:// in front.")
        bodies = self._optional("bodies", _texts, 'Write names in brackets: ["Byrådet"].') or ()
        since = self._needed("since", _day, "Write the first day to fetch: since = 2026-01-01.")
        recordings = self._optional("recordings", _text, "Write an address.") or ""
        self._check_recordings(recordings, bodies)
        pause = self._optional("rate", _pause, f"Write seconds between requests, 0 to {LONGEST_PAUSE:g}.")
        if pause is None:
            pause = DEFAULT_PAUSE
        return Municipality(name, portal, address, bodies, since, recordings, pause)

    def _needed(self, field: str, read: Callable[[Any], T | None], remedy: str) -> T:
        value = self._optional(field, read, remedy)
        if value is None:
            raise self._wrong(field, "is missing", remedy)
        return value

    def _optional(self, field: str, read: Callable[[Any], T | None], remedy: str) -> T | None:
        """A field's value; None where it is left out."""
        if field not in self._raw:
            return None
        value = read(self._raw[field])
        if value is None:
            raise self._wrong(field, "cannot be used", remedy)
        return value

    def _check_recordings(self, recordings: str, bodies: tuple[str, ...]) -> None:
        if not recordings:
            return
        try:
            filled = _PLACE.sub(lambda found: date(2026, 1, 2).strftime(found[2] or "%Y"), recordings)
        except ValueError:
            filled = ""
        if not web_address(filled, "") or "{" in filled:
            raise self._wrong(
                "recordings",
                "is no web address with a place for the day",
                'Write it like "https://…/{date}.m3u8" or "https://…/{date:%d-%m-%Y}/{body}.mp4", or the address '
                "of a page that lists the recordings.",
            )
        if "{body}" not in recordings and "{" in recordings and len(bodies) != 1:
            raise self._wrong(
                "recordings",
                "does not tell the bodies apart, and two of them may meet on one day",
                "Put {body} into it, or name just one body in `bodies`.",
            )

    def _wrong(self, field: str, what: str, remedy: str) -> BadConfiguration:
        return BadConfiguration(self._file, self._place, field, what, remedy)


def _text(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) and value.strip() and len(value) < 2000 else None


def _texts(value: Any) -> tuple[str, ...] | None:
    texts = tuple(_text(one) for one in value) if isinstance(value, list) else (None,)
    return None if None in texts else tuple(text for text in texts if text)


def _one_of(allowed: tuple[str, ...]) -> Callable[[Any], str | None]:
    return lambda value: value if value in allowed else None


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _pause(value: Any) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LONGEST_PAUSE
    return float(value) if good else None
