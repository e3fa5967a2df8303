"""A podcast for each body: RSS 2.0 with Apple's tags and the podcast namespace; an episode a recording."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from xml.etree import ElementTree

from starlette.requests import Request
from starlette.responses import Response

from catalogue import PublishedMeeting, PublishedRecording
from web.addresses import captions_address, meeting_address, podcast_chapters_address
from web.archive import Brief
from web.atom import midnight, text, xml_text
from web.conditional import tagged
from web.feeds.bodies import Body, body_asked_for
from web.feeds.entries import meeting_urn, page_of, summary
from web.feeds.listening import CHAPTERS_TYPE, Sound, sound_of
from web.site import Site, site_of

MEDIA_TYPE = "application/rss+xml"
COVER = "/static/podcast.png"  # 1,400 pixels square, as directories ask (scripts/make_podcast_cover.py)
_NAMESPACES = {
    "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
    "xmlns:atom": "http://www.w3.org/2005/Atom",
}
_PODCASTS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # the podcast namespace's, for `podcast:guid`


@dataclass(frozen=True, slots=True)
class Episode:
    """A recording that may be heard."""

    meeting: PublishedMeeting
    recording: PublishedRecording
    sound: Sound
    part: int | None  # which of the meeting's recordings; None where there is one

    @property
    def guid(self) -> str:
        return f"{meeting_urn(self.meeting.id)}:lyd:{self.recording.ordinal}"

    @property
    def title(self) -> str:
        title = self.meeting.title or self.meeting.id
        return title if self.part is None else f"{title} (del {self.part})"


def podcast(request: Request) -> Response:
    """`/podcast.xml?municipality=&body=`: the newest recordings of a council or committee."""
    site, body = site_of(request), body_asked_for(request)
    page = page_of(body.meetings, "/podcast.xml", request.query_params, ("municipality", "body"))
    briefs = site.archive.briefs(meeting.id for meeting in page.things)
    episodes = [episode for brief in briefs for episode in _episodes(site, brief)]
    root = ElementTree.Element("rss", {"version": "2.0", **_NAMESPACES})
    channel = ElementTree.SubElement(root, "channel")
    _about(channel, site, body)
    for rel, path in (("self", _itself(request)), ("next", page.next), ("previous", page.previous)):
        if path:
            link = {"rel": rel, "type": MEDIA_TYPE, "href": site.url(path)}
            ElementTree.SubElement(channel, "atom:link", link)
    for episode in episodes:
        _item(channel, site, episode)
    written = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return tagged(request, Response(written, media_type=MEDIA_TYPE))


def _episodes(site: Site, brief: Brief) -> Iterator[Episode]:
    recordings = brief.meeting.recordings
    for recording in recordings:
        sound = sound_of(site.store, brief.meeting, recording)
        if sound is not None:
            yield Episode(brief.meeting, recording, sound, recording.ordinal if len(recordings) > 1 else None)


def _about(channel: ElementTree.Element, site: Site, body: Body) -> None:
    said = (
        f"Optagelser af møder i {body.title}, med dagsordenens punkter som kapitler. "
        "Lukkede punkter og det, der er fjernet, er ikke med."
    )
    text(channel, "title", body.title)
    text(channel, "link", site.url(body.list))
    text(channel, "description", said)
    text(channel, "language", "da")
    text(channel, "generator", site.settings.site_name)
    text(channel, "itunes:author", body.municipality or site.settings.site_name)
    text(channel, "itunes:type", "episodic")
    text(channel, "itunes:explicit", "false")
    ElementTree.SubElement(channel, "itunes:category", {"text": "Government"})
    ElementTree.SubElement(channel, "itunes:image", {"href": site.url(COVER)})
    image = ElementTree.SubElement(channel, "image")
    text(image, "url", site.url(COVER))
    text(image, "title", body.title)
    text(image, "link", site.url(body.list))
    text(channel, "podcast:medium", "podcast")
    if site.settings.base_url:
        name = site.url(body.podcast).split("://", 1)[-1].rstrip("/")
        text(channel, "podcast:guid", str(uuid.uuid5(_PODCASTS, name)))


def _item(channel: ElementTree.Element, site: Site, episode: Episode) -> None:
    meeting, recording, sound = episode.meeting, episode.recording, episode.sound
    item = ElementTree.SubElement(channel, "item")
    text(item, "title", episode.title)
    text(item, "link", site.url(meeting_address(meeting.id, recording.offset or None)))
    text(item, "guid", episode.guid, isPermaLink="false")
    if meeting.date:
        text(item, "pubDate", format_datetime(midnight(meeting.date)))
    text(item, "description", summary(meeting))
    ElementTree.SubElement(
        item,
        "enclosure",
        {"url": xml_text(site.url(sound.address)), "length": str(sound.size), "type": sound.kind},
    )
    if recording.duration:
        text(item, "itunes:duration", str(round(recording.duration)))
    text(item, "itunes:explicit", "false")
    text(item, "itunes:episodeType", "full")
    chapters = site.url(podcast_chapters_address(meeting.id, recording.ordinal))
    ElementTree.SubElement(item, "podcast:chapters", {"url": chapters, "type": CHAPTERS_TYPE})
    captions = site.url(captions_address(meeting.id, recording.ordinal))
    ElementTree.SubElement(
        item, "podcast:transcript", {"url": captions, "type": "text/vtt", "language": "da", "rel": "captions"}
    )


def _itself(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}"
