"""Clips: any reader cuts some minutes of a meeting to a file with captions and a credit line."""

from starlette.routing import Route

from web.clips.clip_files import clip_file
from web.clips.clip_page import clip_page
from web.clips.clips_api import clip_state
from web.clips.cutting import Clips, forget_clips

PAGES = (Route("/moeder/{meeting_id}/klip", clip_page, methods=["GET", "POST"]),)
FILES = (
    Route("/moeder/{meeting_id}/klip/{name}", clip_file),
    Route("/api/v1/meetings/{meeting_id}/clips", clip_state, methods=["GET", "POST"]),
)

__all__ = ["FILES", "PAGES", "Clips", "forget_clips"]
