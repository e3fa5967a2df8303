"""One meeting: player, items, text, how well it was heard, and its media, captions and chapters."""

from starlette.routing import Route

from web.meetings import chapters, media
from web.meetings.chapters import FORMATS as CHAPTER_FORMATS
from web.meetings.media import recording_named, stored, to_play
from web.meetings.meeting_page import meeting_page
from web.meetings.quality_page import quality_page

PAGES = (
    Route("/moeder/{meeting_id}", meeting_page),
    Route("/moeder/{meeting_id}/kvalitet", quality_page),
)
FILES = (
    Route("/moeder/{meeting_id}/undertekster/{ordinal}.vtt", media.captions),
    Route("/moeder/{meeting_id}/undertekster/{ordinal}.srt", media.subtitles),
    Route("/moeder/{meeting_id}/kapitler/{ordinal}.vtt", chapters.track),
    Route("/medie/{meeting_id}/{ordinal}", media.media),
    Route("/api/v1/meetings/{meeting_id}/chapters", chapters.chapters),
)

__all__ = ["CHAPTER_FORMATS", "FILES", "PAGES", "recording_named", "stored", "to_play"]
