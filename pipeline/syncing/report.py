"""What a sync came to, for people and machines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be brought up to date: which meeting or document, why, and the next command."""

    subject: str
    message: str
    then: str


@dataclass(frozen=True, slots=True)
class ItemsOf:
    """Items of a meeting, by number."""

    meeting_id: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MunicipalityReport:
    """What became of one municipality's meetings; each is named by its id.

    `recorded` are those that got recordings now, `waiting` those past whose recording is not there yet, `gone`
    those that the portal no longer lists (they are left as they were), `closed` and `opened` items that the
    source closed or opened since last time.
    """

    name: str
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    closed: tuple[ItemsOf, ...] = ()
    opened: tuple[ItemsOf, ...] = ()
    failed: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncReport:
    municipalities: tuple[MunicipalityReport, ...]
    dry_run: bool

    @property
    def failed(self) -> int:
        return sum(len(one.failed) for one in self.municipalities)

    @property
    def worked(self) -> bool:
        """Whether there is something for a run to do."""
        return any(m.new or m.changed or m.recorded or m.closed for m in self.municipalities)
