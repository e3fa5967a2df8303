"""A source becomes recordings and an agenda."""

from ingest.agendas import merge_agendas, parse_agenda, read_agenda
from ingest.captions import parse_captions, read_captions
from ingest.chapters import with_chapters
from ingest.http import Document, Head, Web
from ingest.media import (
    MediaInfo,
    decode_audio,
    extract_audio,
    ffmpeg_version,
    make_hls,
    probe,
)
from ingest.playable import make_playable
from ingest.progress import Progress
from ingest.sources import Original, fetch, register

__all__ = [
    "Document",
    "Head",
    "MediaInfo",
    "Original",
    "Progress",
    "Web",
    "decode_audio",
    "extract_audio",
    "fetch",
    "ffmpeg_version",
    "make_hls",
    "make_playable",
    "merge_agendas",
    "parse_agenda",
    "parse_captions",
    "probe",
    "read_agenda",
    "read_captions",
    "register",
    "with_chapters",
]
