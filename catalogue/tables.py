"""The catalogue's tables (SQLAlchemy 2 typed declarative), the same on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment in UTC, aware on both databases (SQLite forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return value if value is None or value.tzinfo else value.replace(tzinfo=dt.UTC)


class Base(DeclarativeBase):
    # Constraints need names for alembic to change them on SQLite.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class MeetingRow(Base):
    __tablename__ = "meetings"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    date: Mapped[dt.date | None] = mapped_column(index=True)
    body: Mapped[str] = mapped_column(Text)
    municipality: Mapped[str] = mapped_column(Text)
    agenda_source: Mapped[str] = mapped_column(Text, default="")
    created: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    # Counts every change that a reader could see (`catalogue.outbox.changed`); caches and the outbox ask it.
    revision: Mapped[int] = mapped_column(default=0)
    # JSON of the current Segmentation; a meeting without one is not public.
    segmentation: Mapped[str | None] = mapped_column(Text)
    captions_first: Mapped[bool] = mapped_column(default=False, server_default=false())

    recordings: Mapped[list[RecordingRow]] = relationship(
        order_by="RecordingRow.ordinal", cascade="all, delete-orphan", lazy="selectin"
    )
    items: Mapped[list[AgendaItemRow]] = relationship(
        order_by="AgendaItemRow.position", cascade="all, delete-orphan", lazy="selectin"
    )


class RecordingRow(Base):
    __tablename__ = "recordings"

    id: Mapped[str] = mapped_column(String(140), primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    ordinal: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(Text)
    offset: Mapped[float | None]
    duration: Mapped[float | None]
    original: Mapped[str | None] = mapped_column(Text)
    audio: Mapped[str | None] = mapped_column(Text)
    playable: Mapped[str | None] = mapped_column(Text)
    playable_without: Mapped[str | None] = mapped_column(String(64))
    has_video: Mapped[bool] = mapped_column(default=False)
    transcript: Mapped[str | None] = mapped_column(String(64))
    item: Mapped[str] = mapped_column(Text, default="", server_default="")
    chapters: Mapped[str] = mapped_column(Text, default="[]", server_default="[]")  # JSON
    announced: Mapped[float | None]
    incomplete: Mapped[str] = mapped_column(Text, default="", server_default="")
    retired: Mapped[dt.date | None]
    retired_why: Mapped[str] = mapped_column(Text, default="", server_default="")
    text_retired: Mapped[bool] = mapped_column(default=False, server_default=false())
    gaps: Mapped[str] = mapped_column(Text, default="[]", server_default="[]")  # JSON


class ArrivalRow(Base):
    """What a recording's source said when it was last looked at."""

    __tablename__ = "arrivals"

    recording_id: Mapped[str] = mapped_column(
        ForeignKey("recordings.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")  # JSON
    looked: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    wanted: Mapped[bool] = mapped_column(default=False, server_default=false())
    growing: Mapped[bool] = mapped_column(default=False, server_default=false())
    note: Mapped[str] = mapped_column(Text, default="", server_default="")


class AgendaItemRow(Base):
    __tablename__ = "agenda_items"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(Text)
    case: Mapped[str] = mapped_column(Text, default="")
    open: Mapped[bool]
    source_id: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(Text, default="")
    attachments: Mapped[str] = mapped_column(Text, default="[]", server_default="[]")  # JSON
    url: Mapped[str] = mapped_column(Text, default="", server_default="")
    audio: Mapped[str] = mapped_column(Text, default="[]", server_default="[]")  # JSON
    begins: Mapped[float | None]


class TranscriptRow(Base):
    __tablename__ = "transcripts"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    recording_id: Mapped[str] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(10))
    segments: Mapped[bytes] = mapped_column(LargeBinary)  # zlib of JSON; written once, read whole
    origin: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(Text)
    revision: Mapped[str] = mapped_column(Text, default="")
    options: Mapped[str] = mapped_column(Text, default="")
    audio_sha256: Mapped[str] = mapped_column(String(64), default="")
    tools: Mapped[str] = mapped_column(Text, default="")
    quality: Mapped[str | None] = mapped_column(Text)  # JSON of TranscriptQuality
    created: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class EditRow(Base):
    __tablename__ = "edits"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    by: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    start: Mapped[float | None]
    end: Mapped[float | None]
    item: Mapped[str | None] = mapped_column(String(40))
    item_key: Mapped[str] = mapped_column(String(64), default="", server_default="")
    text: Mapped[str] = mapped_column(Text, default="")
    taken_back: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    taken_back_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    taken_back_why: Mapped[str] = mapped_column(Text, default="", server_default="")


class PaperRow(Base):
    """Which meeting a portal's paper belongs to, so that it is known again when its day or title changes."""

    __tablename__ = "papers"

    portal: Mapped[str] = mapped_column(String(160), primary_key=True)
    source_id: Mapped[str] = mapped_column(Text, primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)


class StepRow(Base):
    __tablename__ = "steps"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[str] = mapped_column(String(20), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    fingerprint: Mapped[str] = mapped_column(String(64))
    finished: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    seconds: Mapped[float]
    message: Mapped[str] = mapped_column(Text, default="")


class OutboxRow(Base):
    """A meeting that has changed since the search index took it. The id is the order of first changes."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[str] = mapped_column(String(120), unique=True)  # also of one that is gone
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    withdraws: Mapped[bool]


class IndexedRow(Base):
    """What the search index holds of a meeting, as far as that is known."""

    __tablename__ = "indexed"

    meeting_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    engine: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    passages: Mapped[int]


class ReportRow(Base):
    """What a reader said is wrong at a second of a meeting. Nothing is known of who said it."""

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    second: Mapped[float]
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    sentence: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    done: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class RunnerRow(Base):
    """A process at work on the archive, as it last said."""

    __tablename__ = "runners"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    host: Mapped[str] = mapped_column(Text)
    pid: Mapped[int]
    home: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(64))
    doing: Mapped[str] = mapped_column(String(20))
    began: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    heartbeat: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    progress: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")  # JSON


class LeaseRow(Base):
    """What a runner works on, and nobody else: a meeting, or the search index."""

    __tablename__ = "leases"

    key: Mapped[str] = mapped_column(String(140), primary_key=True)
    runner_id: Mapped[str] = mapped_column(ForeignKey("runners.id", ondelete="CASCADE"), index=True)


class HoldRow(Base):
    """A person's word that a meeting's recordings stay, whatever the rules say; `ended` when it was taken back."""

    __tablename__ = "holds"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    by: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ended: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


Index("ix_meetings_municipality_body", MeetingRow.municipality, MeetingRow.body)
