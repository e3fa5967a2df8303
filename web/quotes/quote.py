"""A quote: what was said between two seconds of a meeting, by whom, under which item, and from which text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException

from catalogue import (
    Provenance,
    PublishedItem,
    PublishedMeeting,
    PublishedRecording,
    TranscriptOrigin,
    touches,
)
from web.addresses import quote_address
from web.archive import Archive, Revised
from web.quotes.changes import Change, Kind, changes
from web.quotes.cutting import Piece, Said, around, pieces, turns, words_of
from web.quotes.stretch import Stretch, stretch
from web.quotes.version import (
    Version,
    may_show_earlier,
    parse_version,
    recordings_of,
    transcripts_of,
    version_of,
)
from web.reading import recording_at, sentence_at


class Withheld(HTTPException):
    """What was said there may not be read: all of it, or it is not known which part."""

    def __init__(self) -> None:
        super().__init__(410, "withheld")


class Silent(HTTPException):
    """The archive has no words there."""

    def __init__(self) -> None:
        super().__init__(404, "no words there")


@dataclass(frozen=True, slots=True)
class Quote:
    """`partly`: something inside it is withheld. `address` names the version; it is the permanent one."""

    meeting: PublishedMeeting
    stretch: Stretch
    said: tuple[Said, ...]
    before: tuple[Said, ...]
    after: tuple[Said, ...]
    item: PublishedItem | None
    recording: PublishedRecording | None
    provenance: Provenance | None
    version: Version
    partly: bool
    whole_sentences: bool
    doubtful: bool
    corrected: bool

    @property
    def address(self) -> str:
        return quote_address(self.meeting.id, self.stretch.start, self.stretch.end, str(self.version))

    @property
    def text(self) -> str:
        """All its words in a row, without the speakers' names; »[…]« where something is withheld."""
        return " ".join(("[…] " if turn.after_gap else "") + turn.text for turn in self.said)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who is heard in it, each once; nobody where no name is known."""
        return tuple(dict.fromkeys(turn.speaker for turn in self.said if turn.speaker))

    @property
    def parts(self) -> tuple[tuple[str | None, str], ...]:
        """What each speaker is quoted with, in order: without a name where one alone, or nobody known, is heard."""
        several = len({turn.speaker for turn in self.said}) > 1
        return tuple(
            (turn.speaker if several else None, ("[…] " if turn.after_gap else "") + turn.text)
            for turn in self.said
        )

    @property
    def named_by_publisher(self) -> bool:
        """Whether the names are the publisher's own. Otherwise a program set them, and no person confirmed them:
        the archive has no way yet in which a person could."""
        return self.provenance is not None and self.provenance.origin is TranscriptOrigin.CAPTIONS


@dataclass(frozen=True, slots=True)
class Since:
    """What has happened to the text since a link was made.

    `unknown`: the version that the link names is not known here. `corrected`: people have corrected words in it
    since, or taken a correction away. `again`: it was transcribed anew. `diff` is from the earlier words to those of
    now; None where the earlier ones may not be shown, empty where they are the same.
    """

    unknown: bool = False
    corrected: bool = False
    again: bool = False
    diff: tuple[Change, ...] | None = ()


def stretch_of(meeting: PublishedMeeting, start: float, end: float | None) -> Stretch:
    """The stretch asked for; without an end, of the sentence at the start. Raises `Withheld`, `Silent`."""
    if end is not None:
        return stretch(start, end)
    place = sentence_at(meeting, start)
    if place is None:
        raise Withheld if touches(meeting.withheld, start, start) else Silent
    sentence = meeting.sentences[place]
    if sentence.end <= start:
        raise Silent
    return stretch(sentence.start, sentence.end)


def quote_of(meeting: PublishedMeeting, asked: Stretch) -> Quote:
    """What is public of a stretch. Raises `Withheld` and `Silent` where nothing is."""
    partly = touches(meeting.withheld, asked.start, asked.end)
    cut = pieces(meeting, asked)
    if not cut:
        raise Withheld if partly else Silent
    before, after = around(meeting, asked, cut)
    first = cut[0].sentence
    spoken = next((r for r in meeting.recordings if r.ordinal == first.recording), None)
    playing = recording_at(meeting, asked.start)
    return Quote(
        meeting=meeting,
        stretch=asked,
        said=turns(cut, meeting.withheld),
        before=turns(before),
        after=turns(after),
        item=meeting.items[first.item] if first.item is not None else None,
        recording=playing if playing is not None and _plays(playing, asked) else None,
        provenance=spoken.provenance if spoken else None,
        version=version_of(meeting, asked),
        partly=partly,
        whole_sentences=any(_uncut(piece, asked) for piece in (cut[0], cut[-1])),
        doubtful=any(piece.sentence.doubt for piece in cut),
        corrected=any(piece.sentence.corrected for piece in cut),
    )


def since(archive: Archive, now: Revised, quote: Quote, linked: str) -> Since | None:
    """What has changed since a link to the version `linked` was made; None where nothing has."""
    if linked == str(quote.version):
        return None
    version = parse_version(linked)
    if version is None:
        return Since(unknown=True)
    recordings = recordings_of(now.meeting, quote.stretch)
    texts = transcripts_of(version, recordings, archive.versions(now.meeting.id))
    if texts is None:
        return Since(unknown=True)
    corrected = version.corrections != quote.version.corrections
    if version.texts == quote.version.texts:
        return Since(corrected=corrected)
    return Since(corrected=corrected, again=True, diff=_diff(archive, now, quote, texts))


def text_made(archive: Archive, quote: Quote) -> datetime | None:
    """When the text of the quote's first recording was made."""
    for recording in recordings_of(quote.meeting, quote.stretch):
        for version in archive.versions(quote.meeting.id).get(recording.id, ()):
            if version.id == recording.transcript:
                return version.created
    return None


def _diff(archive: Archive, now: Revised, quote: Quote, texts: dict[str, str]) -> tuple[Change, ...] | None:
    if not may_show_earlier(now.meeting, quote.stretch):
        return None
    earlier = archive.with_transcripts(now, texts)
    if earlier is None or not may_show_earlier(earlier, quote.stretch):
        return None
    found = changes(words_of(pieces(earlier, quote.stretch)), words_of(pieces(now.meeting, quote.stretch)))
    if found is None or any(change.kind is not Kind.SAME for change in found):
        return found
    return ()


def _plays(recording: PublishedRecording, asked: Stretch) -> bool:
    """Whether the beginning of a stretch can be heard in a recording."""
    return recording.duration is None or asked.start < recording.offset + recording.duration


def _uncut(piece: Piece, asked: Stretch) -> bool:
    """Whether more is shown than was asked for, as the words have no times."""
    return not piece.sentence.words and (piece.start < asked.start - 0.5 or piece.end > asked.end + 0.5)
