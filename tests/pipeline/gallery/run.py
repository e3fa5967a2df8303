"""All of the gallery in one archive, between good meetings, in one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from catalogue import Meeting, Provenance, Recording, TalerstolError, TranscriptOrigin, make_transcript
from ingest import read_captions
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive
from pipeline.runs.outcome import Outcome
from pipeline.runs.runner import Run
from pipeline.status import State, meeting_status
from pipeline.terminal.reporter import Silent
from tests.pipeline.gallery import documents, network, places, recordings
from tests.pipeline.gallery.case import Case, Ends, Given
from tests.pipeline.gallery.world import World

CASES: tuple[Case, ...] = (*recordings.CASES, *network.CASES, *documents.CASES, *places.CASES)


@dataclass
class Shown:
    """What became of a case: its end, and what was said (at `add`, by the run, for review), as it would read
    elsewhere."""

    case: Case
    ends: Ends
    at_add: str = ""
    by_run: str = ""
    review: tuple[str, ...] = ()
    raw: tuple[str, ...] = ()


@dataclass
class Hung:
    """All cases, after one run."""

    shown: dict[str, Shown] = field(default_factory=dict)
    good: tuple[str, ...] = ()
    outcome: Outcome | None = None


def hang(archive: Archive, world: World, cases: Sequence[Case], good: int = 3) -> Hung:
    """Add every case, and `good` meetings between them; run once."""
    found, ids, good_ids = Hung(), list[str](), list[str]()
    told: dict[str, str] = {}
    thens, of_case = [], {}
    every = max(1, len(cases) // good)
    for number, case in enumerate(cases):
        if number % every == 0 and len(good_ids) < good:
            good_ids.append(_add(archive, Given(world.good, world.agenda, world.captions), f"God {number}"))
            ids.append(good_ids[-1])
        given = case.make(world)
        meeting_id, told[case.name] = _try(archive, world, given, f"Tilfælde {number}")
        if meeting_id:
            of_case[case.name] = meeting_id
            ids.append(meeting_id)
            thens.append(given.then)
    for then in thens:
        if then is not None:
            then()
    found.good, found.outcome = tuple(good_ids), Run(archive, Silent()).bring_up_to_date(ids)
    failed = {failure.meeting_id: failure.message for failure in found.outcome.failed}
    for case in cases:
        shown = _shown(archive, world, case, of_case.get(case.name), told[case.name], failed)
        found.shown[case.name] = shown
    return found


def _shown(
    archive: Archive, world: World, case: Case, meeting_id: str | None, at_add: str, failed: dict[str, str]
) -> Shown:
    if meeting_id is None:
        return Shown(case, Ends.REFUSED, world.plain(at_add), raw=(at_add,))
    status = meeting_status(archive, meeting_id)
    by_run = failed.get(meeting_id, status.waits_for)
    ends = Ends.REVIEW if status.review else Ends.FINE
    if by_run:
        ends = Ends.FAILED if meeting_id in failed else Ends.WAITS
    assert (status.state is State.DONE) is not bool(by_run), (case.name, status)
    said = tuple(text for text in (at_add, by_run, *status.review) if text)
    review = () if by_run else tuple(world.plain(note) for note in status.review)
    return Shown(case, ends, world.plain(at_add), world.plain(by_run), review, said)


def _add(archive: Archive, given: Given, title: str) -> str:
    asked = Registration(
        (given.source,),
        agenda=given.agenda,
        transcripts=(given.transcript,) if given.transcript else (),
        title=given.title or title,
        date=given.day or date(2026, 3, 4),
    )
    if "9999" in given.agenda:
        asked = Registration(asked.sources, asked.agenda, asked.transcripts)
    return add_meeting(archive, asked).meeting_id


def _try(archive: Archive, world: World, given: Given, title: str) -> tuple[str | None, str]:
    """The meeting's id, and what `add` said. A recording that it refuses is put into the catalogue nevertheless."""
    try:
        return _add(archive, given, title), ""
    except TalerstolError as error:
        said = error.sentence
    if given.agenda not in ("", world.agenda) or given.transcript != world.captions or "\0" in given.source:
        return None, said
    id_ = title.lower().replace(" ", "-").replace("æ", "ae")
    recording = Recording(f"{id_}-1", 1, given.kind, given.source, 0.0)
    segments = read_captions(world.captions, archive.web, archive.settings)
    made = make_transcript(recording.id, "da", segments, Provenance(TranscriptOrigin.CAPTIONS, "god.vtt"))
    meeting = Meeting(id_, title, date(2026, 3, 4), "", "", (recording,))
    archive.catalogue.add_meeting(meeting, [(recording.id, made)])
    return id_, said
