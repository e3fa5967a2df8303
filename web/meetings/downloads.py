"""What can be fetched of a meeting: its text in every format, and the files of each recording."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue import PublishedMeeting, PublishedRecording
from web.addresses import captions_address, chapters_address, media_address, subtitles_address
from web.language import N_

TEXT = (
    ("txt", N_("ren tekst")),
    ("json", N_("JSON med tider og ord")),
    ("vtt", N_("undertekster, WebVTT")),
    ("srt", N_("undertekster, SRT")),
)


@dataclass(frozen=True, slots=True)
class File:
    """A file to fetch: what it is called, where it is, and the name it is saved under."""

    name: str
    href: str
    saved_as: str


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one recording, or (`ordinal` None) of the whole meeting."""

    ordinal: int | None
    files: tuple[File, ...]


def downloads(meeting: PublishedMeeting) -> list[Files]:
    """The meeting's own, then those of each recording where there is something to play, or more than one."""
    rows = [_whole(meeting)] if meeting.sentences else []
    several = len(meeting.recordings) > 1
    rows += [_recording(meeting, r) for r in meeting.recordings if r.playable or several]
    return [row for row in rows if row.files]


def _whole(meeting: PublishedMeeting) -> Files:
    base = f"/api/v1/meetings/{meeting.id}"
    text = [File(n, f"{base}/transcript?format={kind}", f"{meeting.id}.{kind}") for kind, n in TEXT]
    chapters = File(N_("punkter, JSON"), f"{base}/chapters?format=json", f"{meeting.id}-punkter.json")
    return Files(None, (*text, chapters))


def _recording(meeting: PublishedMeeting, recording: PublishedRecording) -> Files:
    n, stem = recording.ordinal, f"{meeting.id}-{recording.ordinal}"
    files = []
    if recording.playable is not None:
        kind = N_("video") if recording.has_video else N_("lyd")
        suffix = recording.playable[recording.playable.rfind(".") :]
        files.append(File(kind, media_address(meeting.id, n), stem + suffix))
    if any(sentence.recording == n for sentence in meeting.sentences):
        files += [
            File(N_("undertekster, WebVTT"), captions_address(meeting.id, n), f"{stem}.vtt"),
            File(N_("undertekster, SRT"), subtitles_address(meeting.id, n), f"{stem}.srt"),
        ]
    if recording.playable is not None:
        files.append(File(N_("punkter, WebVTT"), chapters_address(meeting.id, n), f"{stem}-punkter.vtt"))
    return Files(n, tuple(files))
