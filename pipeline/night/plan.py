"""What a run would do now: for each meeting in its turn, and whether it ends in time, as far as that is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from catalogue import Meeting, Recording, free_bytes
from pipeline.archive import Archive
from pipeline.night.measured import FETCH, KEPT_BY, Measured, measured
from pipeline.night.order import Waiting
from pipeline.recordings.lengths import hours_in
from pipeline.recordings.to_fetch import to_fetch
from pipeline.runs.due import due_steps
from pipeline.runs.hearing import heard_so_far
from pipeline.runs.steps import STEPS, TRANSCRIBE, Step, to_recognise


@dataclass(frozen=True, slots=True)
class Load:
    """The work of one meeting. `hours` are to be heard, `seconds` of work; None where that is not known before the
    recording is here, or nothing like it was ever measured."""

    meeting_id: str
    steps: tuple[str, ...]
    due: date | None
    hours: float | None
    seconds: float | None
    bytes: float | None


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting in its turn. `in_time`: done by the deadline; None where that cannot be told."""

    meeting_id: str
    steps: tuple[str, ...]
    due: date | None
    hours: float | None
    bytes: float | None
    in_time: bool | None


@dataclass(frozen=True, slots=True)
class Plan:
    """`hours` and `bytes` are the sums of what is known, `unknown` how many meetings' lengths are not; `ends` is when
    all is done, None where that cannot be told."""

    until: datetime | None
    meetings: tuple[Planned, ...]
    model: str
    speed: float | None
    hours: float
    unknown: int
    ends: datetime | None
    in_time: bool | None
    bytes: float
    bytes_known: bool
    free: int


def plan(
    archive: Archive, waiting: Sequence[Waiting], until: datetime | None, steps: Sequence[Step] = STEPS
) -> Plan:
    """What a run over these meetings, in this order, would do. Writes nothing and asks no source."""
    known = measured(archive)
    loads = list(_loads(archive, waiting, known, steps))
    now = archive.now()
    meetings = tuple(in_turn(loads, until - now if until else None))
    ends = None
    if all(load.seconds is not None for load in loads):
        ends = now + timedelta(seconds=sum(load.seconds or 0.0 for load in loads))
    return Plan(
        until=until,
        meetings=meetings,
        model=known.model,
        speed=known.speed,
        hours=sum(load.hours or 0.0 for load in loads),
        unknown=sum(load.hours is None for load in loads),
        ends=ends,
        in_time=_all_in_time(meetings) if until else None,
        bytes=sum(load.bytes or 0.0 for load in loads),
        bytes_known=all(load.bytes is not None for load in loads),
        free=free_bytes(archive.store.root),
    )


def in_turn(loads: Iterable[Load], time: timedelta | None) -> Iterable[Planned]:
    """Each meeting, and whether what comes before it and it itself fit into the time."""
    seconds, sure = 0.0, True
    for load in loads:
        sure = sure and load.seconds is not None
        seconds += load.seconds or 0.0
        in_time: bool | None = None
        if time is not None and (sure or seconds > time.total_seconds()):
            in_time = seconds <= time.total_seconds()
        yield Planned(load.meeting_id, load.steps, load.due, load.hours, load.bytes, in_time)


def _all_in_time(meetings: Sequence[Planned]) -> bool | None:
    told = {one.in_time for one in meetings}
    return False if False in told else None if None in told else True


def _loads(
    archive: Archive, waiting: Sequence[Waiting], known: Measured, steps: Sequence[Step]
) -> Iterable[Load]:
    for one in waiting:
        due = tuple(each.step for each in due_steps(archive, [one.meeting_id], steps))
        if due:
            yield _load(archive, archive.catalogue.meeting(one.meeting_id), due, one.due, known)


def _load(
    archive: Archive, meeting: Meeting, due: tuple[str, ...], day: date | None, known: Measured
) -> Load:
    fetched = to_fetch(archive, meeting)
    whole = hours_in(fetched)
    hours = _to_hear(archive, meeting, known.model) if TRANSCRIBE.name in due else 0.0
    seconds: float | None = None
    if hours == 0.0:
        seconds = 0.0
    elif hours is not None and known.speed is not None:
        seconds = hours * 3600 / known.speed
    size: float | None = 0.0
    for step in KEPT_BY if fetched else ():
        if step not in due or (step == FETCH and _all_here(archive, fetched)):
            continue
        seconds = _more(seconds, known.seconds.get(step), whole)
        size = _more(size, known.bytes.get(step), whole)
    return Load(meeting.id, due, day, hours, seconds, size)


def _more(so_far: float | None, an_hour: float | None, hours: float | None) -> float | None:
    if so_far is None or an_hour is None or hours is None:
        return None if hours != 0.0 else so_far
    return so_far + an_hour * hours


def _to_hear(archive: Archive, meeting: Meeting, model: str) -> float | None:
    """Hours of its recordings that a model has still to hear."""
    left = [r for r in to_recognise(archive, meeting) if not _heard_by(archive, r, model)]
    hours = hours_in(left)
    if hours is None:
        return None
    return max(0.0, hours - sum(heard_so_far(archive, r) for r in left) / 3600)


def _heard_by(archive: Archive, recording: Recording, model: str) -> bool:
    made = archive.catalogue.provenance(recording.transcript) if recording.transcript else None
    return made is not None and made.source == model


def _all_here(archive: Archive, recordings: Iterable[Recording]) -> bool:
    return all(r.original and archive.store.exists(r.original) for r in recordings)
