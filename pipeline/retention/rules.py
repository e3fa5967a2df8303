"""The rules by which recordings come and go: `retention.toml` in the data folder, written by people.

An entry for a body of a municipality says more than one for the municipality, and that more than `[default]`: what a
field is not said in, the next one says.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from catalogue import InputError, Meeting, slug

RETENTION = "retention.toml"
CAPTIONS_DAYS = 14  # what the law on accessible public websites is read as (docs/retention.md)
MOST_DAYS = 36_500  # a hundred years: more is a slip of the keyboard
LONGEST_NAME = 200  # characters
FOR_GOOD = "for good"
EXAMPLE = """\
[default]
captions_days = 14

[[municipality]]
name = "Vejen Kommune"
source_days = 13                  # the publisher deletes the recording so many days after the meeting
video_days = 365                  # the recording goes here after so many; leave out: never
publish = "with captions"         # or: at once"""


_Reading = tuple[Callable[[Any], Any], str]  # how a field is read (None: it cannot be), and what to write


class BadRules(InputError):
    """Something in retention.toml cannot be used. `entry` is the municipality's place in the file, from 1; 0 is the
    default."""

    def __init__(self, file: Path, entry: int, field: str, what: str, remedy: str) -> None:
        self.entry, self.field = entry, field
        place = f"municipality {entry}" if entry else "default"
        where = f"{file}, {place}" + (f", {field}" if field else "")
        super().__init__(what, where=where, remedy=remedy)


class Publish(StrEnum):
    """When a meeting becomes public."""

    AT_ONCE = "at once"  # when it is whole
    WITH_CAPTIONS = (
        "with captions"  # so too, and never a recording without its text; until then the agenda alone
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for one meeting. Days are counted from the meeting's; None: it never goes."""

    source_days: int | None = None
    captions_days: int = CAPTIONS_DAYS
    video_days: int | None = None
    publish: Publish = Publish.AT_ONCE
    keep_text: bool = True


@dataclass(frozen=True, slots=True)
class Rules:
    """All that the file says. `written` is whether there is one: of several machines one may lack it."""

    said: Mapping[tuple[str, str], dict[str, Any]]  # by municipality and body, as slugs; "" is every one
    written: bool = True

    def of(self, meeting: Meeting) -> Rule:
        """What holds for a meeting."""
        town, body = _town(meeting.municipality), slug(meeting.body)
        said = [self.said.get(key, {}) for key in (("", ""), (town, ""), (town, body))]
        return Rule(**said[0] | said[1] | said[2])


def rules(home: Path) -> Rules:
    """The rules in the data folder; without the file, nothing ever goes. Raises `InputError` naming file, entry, field."""
    file = home / RETENTION
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Rules({}, written=False)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(file)) from error
    except ValueError as error:  # no TOML, or no UTF-8
        raise InputError(f"is not TOML ({error})", where=str(file), remedy="Mend that line.") from error
    entries = raw.get("municipality", [])
    for name in sorted(raw.keys() - {"default", "municipality"}):
        raise InputError(f'"{name}" is not known here', where=str(file), remedy=f"For example:\n\n{EXAMPLE}")
    if not isinstance(entries, list):
        raise InputError(
            "municipality is not a list", where=str(file), remedy="Write [[municipality]] with two brackets."
        )
    said = {("", ""): _Entry(file, 0, raw.get("default", {})).default()}
    for place, entry in enumerate(entries, start=1):
        key, one = _Entry(file, place, entry).municipality()
        if key in said:
            raise BadRules(file, place, "name", "is there twice", "Keep one of the two entries.")
        said[key] = one
    return Rules(said)


class _Entry:
    """One entry of the file while it is read."""

    def __init__(self, file: Path, place: int, raw: Any) -> None:
        self._file, self._place = file, place
        if not isinstance(raw, dict):
            raise self._wrong("", "is not a table", f"For example:\n\n{EXAMPLE}")
        self._raw: dict[str, Any] = raw

    def default(self) -> dict[str, Any]:
        self._known(_FIELDS)
        return self._fields()

    def municipality(self) -> tuple[tuple[str, str], dict[str, Any]]:
        self._known({"name": _NAME, "body": _NAME} | _FIELDS)
        if "name" not in self._raw:
            raise self._wrong("name", "is missing", _NAME[1])
        body = slug(self._read("body", _NAME)) if "body" in self._raw else ""
        return (_town(self._read("name", _NAME)), body), self._fields()

    def _known(self, fields: Mapping[str, object]) -> None:
        for name in sorted(self._raw.keys() - fields.keys()):
            raise self._wrong(name, "is not a field", f"The fields are: {', '.join(fields)}.")

    def _fields(self) -> dict[str, Any]:
        found = {name: self._read(name, how) for name, how in _FIELDS.items() if name in self._raw}
        return {name: None if value == FOR_GOOD else value for name, value in found.items()}

    def _read(self, field: str, how: _Reading) -> Any:
        read, remedy = how
        value = read(self._raw[field])
        if value is None:
            raise self._wrong(field, "cannot be used", remedy)
        return value

    def _wrong(self, field: str, what: str, remedy: str) -> BadRules:
        return BadRules(self._file, self._place, field, what, remedy)


def _town(name: str) -> str:
    """A municipality as it is compared; "kommune" says nothing, as in a meeting's id."""
    return slug(name).removesuffix("kommune").strip("-")


def _name(value: Any) -> str | None:
    return value if isinstance(value, str) and len(value) < LONGEST_NAME and _town(value) else None


def _days(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 1 <= value <= MOST_DAYS else None


def _days_or_never(value: Any) -> int | str | None:
    return FOR_GOOD if value == FOR_GOOD else _days(value)


def _publish(value: Any) -> Publish | None:
    return Publish(value) if value in list(Publish) else None


def _yes_no(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


_DAYS = f"Write whole days after the meeting, 1 to {MOST_DAYS}"
_NAME: _Reading = (_name, "Write the name as the meetings have it.")
_FIELDS: dict[str, _Reading] = {
    "source_days": (_days_or_never, f'{_DAYS}, or "{FOR_GOOD}".'),
    "captions_days": (_days, f"{_DAYS}."),
    "video_days": (_days_or_never, f'{_DAYS}, or "{FOR_GOOD}".'),
    "publish": (_publish, f"Write one of: {', '.join(Publish)}."),
    "keep_text": (_yes_no, "Write true or false."),
}
