"""`talerstol edit`: what a person changes in a meeting's text and sound, and takes back again.

People write times as the page shows them, in whole seconds; sentences begin and end at fractions. What is left out is
left out in whole sentences, so that no half of one is heard; what is corrected is the sentences that begin in the
seconds that were named.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from catalogue import (
    Decision,
    Edit,
    EditKind,
    InputError,
    Interval,
    LoggedEdit,
    Sentence,
    TakenBack,
    edit_time,
    published_meeting,
    touches,
)
from pipeline.archive import Archive
from pipeline.editing.changed import Changed, decided, meeting_length, what_changed
from pipeline.editing.clock import parse_span, past_the_end, short_clock
from pipeline.editing.naming import find_item, item_edit

LONGEST_CORRECTION = 2_000  # characters: some minutes of speech; a whole speech is no correction
SHOWN = "Write it as the page shows it: 1:02:03-1:02:09."


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asks for, as it was typed: stretches `A-B`, corrections `A=TEXT` or `A-B=TEXT`, items or stretches
    to open, items to close, and numbers of edits to take back."""

    redact: Sequence[str] = ()
    correct: Sequence[str] = ()
    open: Sequence[str] = ()
    close: Sequence[str] = ()
    take_back: Sequence[int] = ()

    @property
    def any(self) -> bool:
        return any((self.redact, self.correct, self.open, self.close, self.take_back))


def edits_on_record(archive: Archive, meeting_id: str) -> list[LoggedEdit]:
    """Every edit of a meeting; of a correction whose text nobody may read, or that was taken back, without the text."""
    decision = decided(archive, archive.catalogue.meeting(meeting_id))
    return [_without_hidden(one, decision) for one in archive.catalogue.edit_log.of(meeting_id)]


def make_edits(archive: Archive, meeting_id: str, wishes: Wishes, by: str, why: str) -> Changed:
    """Keep what a person says, all or nothing. Raises `InputError` for what cannot be meant."""
    before = decided(archive, archive.catalogue.meeting(meeting_id))
    public = published_meeting(archive.catalogue, meeting_id, words=False)
    maker = _Maker(before, public.sentences if public else (), _spoken(archive, before), by, why)
    edits = [
        *(maker.redaction(word) for word in wishes.redact),
        *(maker.correction(word) for word in wishes.correct),
        *(maker.opening(word) for word in wishes.open),
        *(maker.closing(word) for word in wishes.close),
    ]
    if edits and wishes.take_back:
        raise InputError("is for a command of its own", where="--take-back")
    if wishes.take_back:
        said = TakenBack(by, why, datetime.now(UTC))
        archive.catalogue.edit_log.take_back(meeting_id, wishes.take_back, said)
    else:
        archive.catalogue.add_edit(meeting_id, *edits)
    after = decided(archive, before.meeting)
    return what_changed(
        before, after, tuple(_told(edit) for edit in edits if edit.kind is EditKind.CORRECTION)
    )


def whole_sentences(start: float, end: float, spoken: Sequence[Interval]) -> tuple[float, float]:
    """A stretch widened to the sentences that it touches. A whole second means the sentence that begins in it, and not
    the one that ends in it."""
    start = next((s.start for s in spoken if math.floor(s.start) == start), start)
    said = [s for s in spoken if s.start < end and s.end > start]
    return min([start, *(s.start for s in said)]), max([end, *(s.end for s in said)])


def _spoken(archive: Archive, decision: Decision) -> tuple[Interval, ...]:
    """When each sentence is said, also of a meeting that is not public and of what is withheld, in order."""
    texts = archive.catalogue.transcripts(decision.segmentation.transcripts, words=False)
    return tuple(
        sorted(
            Interval((recording.offset or 0.0) + said.start, (recording.offset or 0.0) + said.end)
            for recording in decision.meeting.recordings
            if recording.id in texts
            for said in texts[recording.id].segments
        )
    )


def _told(edit: Edit) -> str:
    time = edit_time(edit)
    return f"what was said from {short_clock(time.start)} to {short_clock(time.end)} reads otherwise now"


def _without_hidden(one: LoggedEdit, decision: Decision) -> LoggedEdit:
    time = edit_time(one.edit)
    shown = one.taken_back is None and not touches(decision.withheld, time.start, time.end)
    return one if shown else replace(one, edit=replace(one.edit, text=""))


@dataclass(frozen=True, slots=True)
class _Maker:
    """The meeting as it is, its public sentences and when each is said, and who changes it."""

    decision: Decision
    sentences: Sequence[Sentence]
    spoken: Sequence[Interval]
    by: str
    why: str

    def redaction(self, word: str) -> Edit:
        return self._edit(EditKind.REDACTION, *whole_sentences(*self._stretch(word), self.spoken))

    def correction(self, word: str) -> Edit:
        name, equals, text = word.partition("=")
        text = " ".join(text.split())
        if not equals or not text:
            raise InputError("is not TIME=TEXT", where=word, remedy='Write it as "1:02:03=What was said."')
        if len(text) > LONGEST_CORRECTION or not text.isprintable():
            raise InputError(
                f"a correction is text of at most {LONGEST_CORRECTION:,} characters",
                where=f"{name}={text[:40]}…",
            )
        start, last = parse_span(name)
        end = start if last is None else last
        chosen = [
            s for s in self.sentences if start <= (s.start if start % 1 else math.floor(s.start)) <= end
        ]
        if not chosen:
            raise InputError(
                "no public sentence begins there",
                where=name,
                remedy="The page shows when each sentence begins.",
            )
        return self._edit(EditKind.CORRECTION, *self._alone(chosen), text=text)

    def opening(self, word: str) -> Edit:
        if self._is_item(word):
            return item_edit(EditKind.OPEN, self._item(word), self.decision, self.by, self.why)
        return self._edit(EditKind.OPEN, *self._stretch(word))

    def closing(self, word: str) -> Edit:
        return item_edit(EditKind.CLOSE, self._item(word), self.decision, self.by, self.why)

    def _item(self, word: str) -> int:
        return find_item(word, self.decision.meeting.agenda.items)

    def _is_item(self, word: str) -> bool:
        numbers = {item.number.strip() for item in self.decision.meeting.agenda.items}
        return "-" not in word or word.strip() in numbers or word.partition("@")[0].strip() in numbers

    def _stretch(self, word: str) -> tuple[float, float]:
        if "-" not in word:
            raise InputError("has only one of start and end", where=word, remedy=SHOWN)
        start, end = parse_span(word)
        if end is None or end <= start:
            raise InputError("ends before it starts", where=word, remedy=SHOWN)
        if start >= (length := meeting_length(self.decision.meeting)):
            raise past_the_end(word, length)
        return start, end

    def _alone(self, chosen: Sequence[Sentence]) -> tuple[float, float]:
        """The time of sentences without what they share with others, which a correction would take with it."""
        start, end = chosen[0].start, max(s.end for s in chosen)
        others = [s for s in self.sentences if s not in chosen]
        begin = max([start, *(s.end for s in others if s.start < start < s.end < end)])
        finish = min([end, *(s.start for s in others if start < s.start < end < s.end)])
        return (begin, finish) if begin < finish else (start, end)

    def _edit(self, kind: EditKind, start: float, end: float, text: str = "") -> Edit:
        return Edit(kind, self.by, self.why, datetime.now(UTC), start, end, text=text)
