"""What the rules say of what is public, written into the catalogue, which decides and does not read files."""

from __future__ import annotations

import structlog

from pipeline.archive import Archive
from pipeline.retention.rules import RETENTION, Publish, Rules, rules

REMEDY = f"Copy {RETENTION} from the machine that has it; an empty one takes back what it said."

log = structlog.get_logger()


def follow_rules(archive: Archive, said: Rules | None = None) -> None:
    """Bring the catalogue to what the rules say: which meetings wait for their captions, whose text went with the video.

    The catalogue may be shared, and the file is each machine's own: one that lacks it opens nothing, and what that
    leaves withheld is logged. Raises `InputError` for rules that cannot be used.
    """
    said = said or rules(archive.settings.home)
    if not said.written:
        if left := withheld_by_rules(archive):
            log.warning(
                "the rules' file is not here: what was withheld by rules stays so",
                file=RETENTION,
                meetings=len(left),
                first=left[0],
                remedy=REMEDY,
            )
        return
    held = {hold.meeting_id for hold in archive.catalogue.retention.holds()}
    for meeting in archive.catalogue.meetings():
        rule = said.of(meeting)
        first = rule.publish is Publish.WITH_CAPTIONS
        if meeting.captions_first is not first:
            archive.catalogue.retention.captions_first(meeting.id, first)
        withheld = not rule.keep_text and meeting.id not in held
        if any(r.retired and r.text_retired is not withheld for r in meeting.recordings):
            archive.catalogue.retention.withhold_text(meeting.id, withheld)


def withheld_by_rules(archive: Archive) -> list[str]:
    """The ids of the meetings of which the catalogue withholds something because rules said so."""
    return [
        meeting.id
        for meeting in archive.catalogue.meetings()
        if meeting.captions_first or any(r.text_retired for r in meeting.recordings)
    ]
