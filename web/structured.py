"""A meeting as search engines read it (schema.org, JSON-LD): its recordings with the agenda's items as clips.

It is a block of data in the page, which browsers do not run and the policy does not concern.
"""

from __future__ import annotations

import json

from markupsafe import Markup

from catalogue import ItemChapter, PublishedMeeting, PublishedRecording, Settings, chapters_of, chapters_on
from web.addresses import captions_address, media_address, meeting_address
from web.moments import machine_duration

COVER = "/static/podcast.png"
_IN_HTML = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}

Json = dict[str, object]


def structured(meeting: PublishedMeeting, settings: Settings) -> Markup:
    """The data as text that cannot end its own block, whatever a title says."""
    told = {
        "@context": "https://schema.org",
        "@graph": [_crumbs(meeting, settings), *_recordings(meeting, settings)],
    }
    written = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return Markup(written.translate(_IN_HTML))


def _at(settings: Settings, path: str) -> str:
    return settings.base_url.rstrip("/") + path


def _crumbs(meeting: PublishedMeeting, settings: Settings) -> Json:
    steps = [
        ("Forside", "/"),
        ("Møder", "/moeder"),
        (meeting.title or meeting.id, meeting_address(meeting.id)),
    ]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": _at(settings, path)}
            for n, (name, path) in enumerate(steps, start=1)
        ],
    }


def _recordings(meeting: PublishedMeeting, settings: Settings) -> list[Json]:
    whole = chapters_of(meeting.items, meeting.withheld, meeting.duration)
    playable = [r for r in meeting.recordings if r.playable is not None]
    return [_recording(meeting, r, whole, settings, alone=len(playable) == 1) for r in playable]


def _recording(
    meeting: PublishedMeeting,
    recording: PublishedRecording,
    whole: tuple[ItemChapter, ...],
    settings: Settings,
    *,
    alone: bool,
) -> Json:
    title = meeting.title or meeting.id
    about = ", ".join(part for part in (meeting.body, meeting.municipality) if part)
    captions = _at(settings, captions_address(meeting.id, recording.ordinal))
    told: Json = {
        "@type": "VideoObject" if recording.has_video else "AudioObject",
        "name": title if alone else f"{title} (optagelse {recording.ordinal})",
        "description": f"{title}{f', {about}' if about else ''}: optagelse, dagsorden og alt, hvad der blev sagt.",
        "thumbnailUrl": _at(settings, COVER),
        "contentUrl": _at(settings, media_address(meeting.id, recording.ordinal)),
        "url": _at(settings, meeting_address(meeting.id, recording.offset or None)),
        "inLanguage": "da",
        "isAccessibleForFree": True,
        "caption": {"@type": "MediaObject", "contentUrl": captions, "encodingFormat": "text/vtt"},
        "hasPart": [
            {
                "@type": "Clip",
                "name": chapter.title,
                "startOffset": round(chapter.start, 2),
                "endOffset": round(chapter.end, 2),
                "url": _at(settings, meeting_address(meeting.id, chapter.start + recording.offset)),
            }
            for chapter in chapters_on(whole, meeting.withheld, recording.offset, recording.duration)
        ],
    }
    if meeting.date:
        told["uploadDate"] = f"{meeting.date.isoformat()}T00:00:00Z"
    if recording.duration:
        told["duration"] = machine_duration(recording.duration)
    if about:
        told["creator"] = {"@type": "Organization", "name": about}
    return told
