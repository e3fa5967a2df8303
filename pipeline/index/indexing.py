"""What the search index is to hold of a meeting, and building it anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import structlog

from catalogue import Delivered, EngineError, Indexed, UnknownMeeting, digest, published_meeting
from pipeline.archive import Archive
from pipeline.runs.locks import writing_index
from pipeline.runs.steps import INDEX
from pipeline.terminal.reporter import Reporter
from search import ANALYSER_VERSION, SCHEMA_VERSION, Passage, passages

log = structlog.get_logger()

PATIENCE = 60.0  # s that who has to write waits for another writer


def engine_key(archive: Archive) -> str:
    """Which index it is, and made by what: an index with another key holds nothing that is known."""
    engine, settings = archive.engine, archive.settings
    where = [settings.meili_url, settings.meili_index] if settings.meili_url else []
    return digest([engine.name, engine.version, ANALYSER_VERSION, SCHEMA_VERSION, where])


def read_passages(archive: Archive, meeting_id: str) -> tuple[Delivered, list[Passage]]:
    """What is public of a meeting now, and what will be on record of it once the index has it.

    A change that comes while it is read is seen by the revision, which is read first.
    """
    revision = archive.catalogue.revision(meeting_id)
    try:
        published = published_meeting(archive.catalogue, meeting_id)
    except UnknownMeeting:  # it is gone, and so is what was public of it
        published = None
    found = passages(published) if published else []
    content = digest([asdict(passage) for passage in found])
    return Delivered(revision, Indexed(engine_key(archive), content, len(found))), found


def made_otherwise(archive: Archive) -> str | None:
    """Why the index as a whole cannot be taken for ours: it is old, broken, or of unknown content; None if it can."""
    reason = archive.engine.needs_rebuild()
    if reason is not None:
        return reason
    known = archive.catalogue.outbox.indexed().values()
    key = engine_key(archive)
    if any(one.engine != key for one in known):
        return "it was made by another engine or version"
    return "what it holds is not known" if not known and archive.engine.meetings() else None


def out_of_step(archive: Archive) -> str | None:
    """Why the index is not what was put into it: it lacks meetings, or has others; None if it is."""
    outbox = archive.catalogue.outbox
    wanted = {meeting_id for meeting_id, one in outbox.indexed().items() if one.passages}
    held = archive.engine.meetings().keys()
    if lost := wanted - held:
        return f"{len(lost)} meetings are missing from it"
    # A writer that was killed leaves one that nothing is known of, and which waits.
    if stray := held - wanted - {entry.meeting_id for entry in outbox.waiting()}:
        return f"{len(stray)} meetings should not be in it"
    return None


def rebuild_index(archive: Archive, reporter: Reporter) -> int:
    """The whole index from the catalogue, beside the old one and then in its place. Returns the passages.

    For who is the one writer. Every meeting waits in the outbox until the new index is there, so that a rebuild that
    is killed at any moment leaves nothing out; what changed meanwhile waits on, and so does a meeting that cannot be
    read: it is refused alone when it is delivered.
    """
    archive.catalogue.outbox.enter_all()
    meeting_ids = archive.catalogue.meeting_ids()
    delivered: dict[str, Delivered] = {}
    with reporter.step("all meetings", INDEX) as progress:

        def supply() -> Iterator[tuple[str, Sequence[Passage]]]:
            for n, meeting_id in enumerate(meeting_ids, start=1):
                try:
                    delivered[meeting_id], found = read_passages(archive, meeting_id)
                except EngineError:
                    raise  # the catalogue itself
                except Exception:
                    log.exception("a meeting could not be read", meeting=meeting_id)
                    continue
                yield meeting_id, found
                progress(n, len(meeting_ids))

        archive.engine.rebuild(supply(), lambda _: None)
    archive.catalogue.outbox.settle(delivered)
    return sum(one.indexed.passages for one in delivered.values())


def reindex_all(archive: Archive, reporter: Reporter) -> int:
    """`rebuild_index` as the one writer; a run may be at work, and goes on."""
    with writing_index(archive, PATIENCE):
        return rebuild_index(archive, reporter)
