"""Which text a quote was made from, in a few letters that stand in its address.

A version names its sources, so that it can be looked up again for as long as the catalogue keeps them: eight letters of
the id of each recording's transcript (an id is made from what the transcript says), and six of the corrections that
people had made there. `3f9a1c2b`, `3f9a1c2b-77e0aa10.0c4d5e`. See docs/decisions/0013.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalogue import Interval, PublishedMeeting, PublishedRecording, TranscriptVersion, digest, touches
from web.quotes.stretch import Stretch

MOST_RECORDINGS = 8  # of one quote that its version names
NO_TEXT = "0" * 8
NEAR = 30.0  # seconds by which two versions of a text may differ about when something was said
_VERSION = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{8}){0,7})(?:\.([0-9a-f]{6}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Version:
    """`texts`: one a recording of the stretch; `corrections` is empty where there were none."""

    texts: tuple[str, ...]
    corrections: str = ""

    def __str__(self) -> str:
        return "-".join(self.texts) + (f".{self.corrections}" if self.corrections else "")


def parse_version(text: str) -> Version | None:
    """The version that an address names; None where it names none that could be ours."""
    found = _VERSION.fullmatch(text.strip())
    return Version(tuple(found[1].split("-")), found[2] or "") if found else None


def version_of(meeting: PublishedMeeting, stretch: Stretch) -> Version:
    """What the words of a stretch are made from now."""
    texts = [r.transcript[:8] or NO_TEXT for r in recordings_of(meeting, stretch)]
    marks = [c.mark for c in meeting.corrections if stretch.start < c.end and c.start < stretch.end]
    return Version(tuple(texts) or (NO_TEXT,), digest(marks)[:6] if marks else "")


def recordings_of(meeting: PublishedMeeting, stretch: Stretch) -> tuple[PublishedRecording, ...]:
    """The recordings that a stretch lies in, in their order."""
    found = []
    for n, recording in enumerate(meeting.recordings):
        following = meeting.recordings[n + 1].offset if n + 1 < len(meeting.recordings) else float("inf")
        end = recording.offset + recording.duration if recording.duration else following
        if recording.offset < stretch.end and stretch.start < max(end, following):
            found.append(recording)
    return tuple(found[:MOST_RECORDINGS])


def transcripts_of(
    version: Version,
    recordings: Sequence[PublishedRecording],
    known: Mapping[str, Sequence[TranscriptVersion]],
) -> dict[str, str] | None:
    """The transcripts that a version names, by the recording; None where the catalogue has no such."""
    if len(version.texts) != len(recordings):
        return None
    found: dict[str, str] = {}
    for text, recording in zip(version.texts, recordings, strict=True):
        ids = [each.id for each in known.get(recording.id, ()) if each.id.startswith(text)]
        if not ids and text != NO_TEXT:
            return None
        if ids:
            found[recording.id] = ids[-1]
    return found


def may_show_earlier(meeting: PublishedMeeting, stretch: Stretch) -> bool:
    """Whether words of an earlier text may be shown there: only far from all that is withheld or was corrected.

    What people withheld or corrected they found by the times of the text before them. In an earlier one the same
    words may stand a little beside that time, and there nobody has taken them out.
    """
    start, end = stretch.start - NEAR, stretch.end + NEAR
    corrected = any(touches((Interval(c.start, c.end),), start, end) for c in meeting.corrections)
    return not corrected and not touches(meeting.withheld, start, end)
