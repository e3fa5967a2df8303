"""Small public meetings without media, and a search engine that can be away, refuse, or be cut off while it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from catalogue import (
    Agenda,
    AgendaItem,
    Edit,
    EditKind,
    ItemSpan,
    Meeting,
    Provenance,
    Recording,
    RecordingKind,
    Segment,
    Segmentation,
    SpanStatus,
    TranscriptOrigin,
    UnknownMeeting,
    agenda_key,
    make_transcript,
    published_meeting,
)
from pipeline.archive import Archive
from search import (
    IndexStalled,
    IndexUnavailable,
    Passage,
    SearchEngine,
    SearchRequest,
    SearchResult,
    passages,
)
from search.names import Names
from search.vocabulary import Vocabulary

ITEMS = (AgendaItem("1", "Skolen"), AgendaItem("2", "Køb af jord", open=False), AgendaItem("3", "Cykelsti"))
SPANS = (
    ItemSpan(0, SpanStatus.DISCUSSED, 0.0, 40.0, 0.9),
    ItemSpan(1, SpanStatus.CLOSED, 40.0, 80.0, 0.9),
    ItemSpan(2, SpanStatus.DISCUSSED, 80.0, 120.0, 0.9),
)
SAID = ("Skolen skal bestå", "Jorden koster fire millioner", "Cykelstien er smal")


def add_public(archive: Archive, *ids: str) -> None:
    """Meetings of twelve sentences, each with a word of its own; those of the second item are closed."""
    for one in ids:
        segments = tuple(
            Segment(n * 10.0, n * 10.0 + 9, f"{SAID[n // 4]}, siger {one}tal{n}.", "Karen Holm (A)")
            for n in range(12)
        )
        transcript = make_transcript(
            f"{one}-1", "da", segments, Provenance(TranscriptOrigin.CAPTIONS, "captions.vtt")
        )
        recording = Recording(f"{one}-1", 1, RecordingKind.NONE, "-", offset=0.0, duration=120.0)
        archive.catalogue.add_meeting(
            Meeting(one, "Byrådet", date(2025, 9, 24), "Byrådet", "Tranevig", (recording,), Agenda(ITEMS)),
            [(recording.id, transcript)],
        )
        place(archive, one)


def place(archive: Archive, meeting_id: str) -> None:
    """Items placed for the agenda as it is now: public again after a newer agenda."""
    meeting = archive.catalogue.meeting(meeting_id)
    transcripts = tuple(r.transcript for r in meeting.recordings if r.transcript)
    spans = SPANS[: len(meeting.agenda.items)]
    archive.catalogue.save_segmentation(
        meeting_id, Segmentation(agenda_key(meeting.agenda), transcripts, spans)
    )


def edit(
    kind: EditKind, start: float | None, end: float | None, text: str = "", item: str | None = None
) -> Edit:
    return Edit(kind, "Anna", "personal data", datetime(2025, 10, 1, tzinfo=UTC), start, end, item, text)


def redact(archive: Archive, meeting_id: str, start: float = 0.0, end: float = 9.0) -> None:
    archive.catalogue.add_edit(meeting_id, edit(EditKind.REDACTION, start, end))


def in_index(archive: Archive) -> dict[str, Passage]:
    """All passages that the index holds, whatever the catalogue says."""
    found = archive.engine.search(SearchRequest(per_page=100))
    assert found.total <= 100
    return {hit.passage.id: hit.passage for hit in found.hits}


def public(archive: Archive) -> dict[str, Passage]:
    """All passages that are public now."""
    published = [published_meeting(archive.catalogue, one) for one in archive.catalogue.meeting_ids()]
    return {passage.id: passage for meeting in published if meeting for passage in passages(meeting)}


def says(archive: Archive, word: str) -> bool:
    return any(word in passage.text for passage in in_index(archive).values())


class Killed(BaseException):
    """The process ends here, as far as the code under test can tell."""


class Unsteady:
    """The real engine, which may be away, refuse a meeting, or have something happen around its writes."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self.away = False
        self.refuses = frozenset[str]()
        self.full = False  # its disk
        self.tried: list[str] = []  # as `written`, and those that it did not take
        self.before: Callable[[str], object] = lambda _: None
        self.after: Callable[[str], object] = lambda _: None
        self.written: list[str] = []  # meetings, or * for a rebuild

    name = property(lambda self: self._engine.name)
    version = property(lambda self: self._engine.version)

    def _there(self) -> SearchEngine:
        if self.away:
            raise IndexUnavailable("the engine is away", where="here", remedy="Start it.")
        return self._engine

    def search(self, request: SearchRequest) -> SearchResult:
        return self._there().search(request)

    def by_meeting(self, request: SearchRequest) -> Mapping[str, int]:
        return self._there().by_meeting(request)

    def samples(self, request: SearchRequest) -> tuple[int, tuple[Passage, ...]]:
        return self._there().samples(request)

    def vocabulary(self) -> Vocabulary:
        return self._there().vocabulary()

    def warm(self) -> None:
        self._there().warm()

    def names(self) -> Names:
        return self._there().names()

    def _try(self, what: str) -> None:
        self.tried.append(what)
        if self.full:
            raise IndexStalled("it makes no progress; its disk may be full", where="here")

    def replace_meeting(self, meeting_id: str, passages: Sequence[Passage]) -> None:
        self._try(meeting_id)
        self.before(meeting_id)
        if meeting_id in self.refuses:
            raise IndexUnavailable("a task failed: too large", where="here")
        self._there().replace_meeting(meeting_id, passages)
        self.written.append(meeting_id)
        self.after(meeting_id)

    def meetings(self) -> dict[str, int]:
        return self._there().meetings()

    def rebuild(
        self, meetings: Iterable[tuple[str, Sequence[Passage]]], progress: Callable[[int], None]
    ) -> int:
        self._try("*")

        def supply() -> Iterable[tuple[str, Sequence[Passage]]]:
            for meeting_id, found in meetings:
                yield meeting_id, found
                self.before(meeting_id)

        count = self._there().rebuild(supply(), progress)
        self.written.append("*")
        self.after("*")
        return count

    def needs_rebuild(self) -> str | None:
        return self._there().needs_rebuild()

    def check(self) -> str:
        return self._there().check()


def unsteady(archive: Archive) -> Unsteady:
    """The archive's engine from here on."""
    archive.engine = engine = Unsteady(archive.engine)
    return engine


def exists(archive: Archive, meeting_id: str) -> bool:
    try:
        archive.catalogue.meeting(meeting_id)
    except UnknownMeeting:
        return False
    return True
