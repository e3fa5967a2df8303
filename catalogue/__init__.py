"""What the archive knows and keeps: settings, record types, the database, the media store."""

from catalogue.arrivals import Arrival, Version
from catalogue.boundaries import lost_boundaries
from catalogue.catalogue import Catalogue, MeetingExists, make_transcript
from catalogue.chapters import ItemChapter, chapters_in, chapters_of, chapters_on
from catalogue.edits import closed_by_title, closed_items, item_key, named_items
from catalogue.errors import EngineError, InputError, SourceError, TalerstolError, UnknownMeeting
from catalogue.files import files_of
from catalogue.full_disk import DiskFull, disk_full, free_bytes, says_full, told_when_full
from catalogue.ids import meeting_id, slug
from catalogue.intervals import Interval, subtract, touches, union
from catalogue.keys import HIDDEN, without_keys
from catalogue.media_store import MediaStore
from catalogue.outbox import Delivered, Indexed, Outbox, OutboxEntry
from catalogue.progress import AtWork, RunProgress
from catalogue.published import (
    CLOSED_TITLE,
    Correction,
    PublishedItem,
    PublishedMeeting,
    PublishedRecording,
    Sentence,
    published_agenda,
    published_meeting,
    published_meetings,
    published_outline,
    published_provenances,
    published_without,
)
from catalogue.published_edits import PublishedEdit
from catalogue.published_quality import PublishedQuality
from catalogue.published_wholeness import Incomplete, Lack
from catalogue.records import (
    Agenda,
    AgendaItem,
    AgendaKind,
    Attachment,
    Chapter,
    ClosedDoors,
    Edit,
    EditKind,
    Evidence,
    Gap,
    GapReason,
    ItemSpan,
    Meeting,
    PaperLink,
    Part,
    Provenance,
    Recording,
    RecordingKind,
    Segment,
    Segmentation,
    SetBy,
    SpanStatus,
    StepResult,
    StepState,
    Transcript,
    TranscriptOrigin,
    TranscriptQuality,
    TranscriptVersion,
    Word,
)
from catalogue.reports import LONGEST_REPORT, Report, ReportKind, Reports, TooManyReports
from catalogue.retention import Hold
from catalogue.rows_kept import Damaged, put_back
from catalogue.runners import FRESH, INDEXING, LeaseLost, Runner, Runners
from catalogue.serial import agenda_key, digest, file_sha256
from catalogue.set_times import set_times
from catalogue.settings import LogFormat, LogLevel, Settings, home_named_outside, load_settings
from catalogue.sound import sound_name
from catalogue.soundness import Misfit
from catalogue.titles import spoken_title
from catalogue.updates import Updated
from catalogue.whole import has_text, public_decision
from catalogue.whole_file import write_whole
from catalogue.withholding import (
    Decision,
    closed_clips,
    closed_not_found,
    decide,
    effective_segmentation,
    on_recording_clock,
    withheld_digest,
    withheld_in,
)
from catalogue.work import Work

__all__ = [
    "AtWork",
    "FRESH",
    "INDEXING",
    "LeaseLost",
    "RunProgress",
    "Runner",
    "Runners",
    "Work",
    "Damaged",
    "put_back",
    "named_items",
    "lost_boundaries",
    "effective_segmentation",
    "decide",
    "chapters_of",
    "chapters_on",
    "chapters_in",
    "ItemChapter",
    "Decision",
    "Delivered",
    "DiskFull",
    "CLOSED_TITLE",
    "LONGEST_REPORT",
    "Agenda",
    "AgendaItem",
    "AgendaKind",
    "Arrival",
    "Attachment",
    "Catalogue",
    "Chapter",
    "ClosedDoors",
    "Correction",
    "Edit",
    "EditKind",
    "EngineError",
    "Evidence",
    "Hold",
    "Gap",
    "GapReason",
    "HIDDEN",
    "Incomplete",
    "InputError",
    "Indexed",
    "Interval",
    "ItemSpan",
    "Lack",
    "LogFormat",
    "LogLevel",
    "MediaStore",
    "Meeting",
    "MeetingExists",
    "Misfit",
    "Outbox",
    "OutboxEntry",
    "PaperLink",
    "Part",
    "Provenance",
    "PublishedEdit",
    "PublishedItem",
    "PublishedMeeting",
    "PublishedQuality",
    "PublishedRecording",
    "Recording",
    "RecordingKind",
    "Report",
    "ReportKind",
    "Reports",
    "Segment",
    "Segmentation",
    "Sentence",
    "SetBy",
    "Settings",
    "SourceError",
    "SpanStatus",
    "StepResult",
    "StepState",
    "TalerstolError",
    "Transcript",
    "TranscriptOrigin",
    "TranscriptQuality",
    "TranscriptVersion",
    "TooManyReports",
    "UnknownMeeting",
    "Version",
    "Updated",
    "Word",
    "agenda_key",
    "closed_clips",
    "closed_by_title",
    "closed_items",
    "closed_not_found",
    "digest",
    "file_sha256",
    "files_of",
    "disk_full",
    "free_bytes",
    "has_text",
    "item_key",
    "home_named_outside",
    "load_settings",
    "make_transcript",
    "meeting_id",
    "on_recording_clock",
    "public_decision",
    "published_agenda",
    "published_meeting",
    "published_meetings",
    "published_outline",
    "published_provenances",
    "published_without",
    "says_full",
    "set_times",
    "slug",
    "sound_name",
    "spoken_title",
    "subtract",
    "told_when_full",
    "touches",
    "union",
    "withheld_digest",
    "without_keys",
    "withheld_in",
    "write_whole",
]
