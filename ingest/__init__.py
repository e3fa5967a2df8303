"""A source becomes recordings and an agenda."""

from ingest.agendas import merge_agendas, parse_agenda, read_agenda
from ingest.beginnings import begins_with
from ingest.burned import ClipCaption, can_draw
from ingest.captions import parse_captions, read_captions
from ingest.chapters import with_chapters
from ingest.clips import Clip, ClipForm, cut_clip
from ingest.gathering import MissingSegments, StillLive
from ingest.http import CutTransfer, Document, Head, Web
from ingest.media import (
    MediaInfo,
    decode_audio,
    extract_audio,
    ffmpeg_version,
    make_hls,
    probe,
)
from ingest.playable import make_playable
from ingest.process import named
from ingest.progress import Progress
from ingest.sound import extract_sound
from ingest.sources import Original, fetch, look, register
from ingest.wholeness import clock, missing

__all__ = [
    "Clip",
    "ClipCaption",
    "ClipForm",
    "CutTransfer",
    "Document",
    "Head",
    "MediaInfo",
    "MissingSegments",
    "Original",
    "Progress",
    "StillLive",
    "Web",
    "look",
    "missing",
    "named",
    "begins_with",
    "can_draw",
    "clock",
    "cut_clip",
    "decode_audio",
    "extract_audio",
    "extract_sound",
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
