"""One meeting: player, agenda items with their times, and the whole text, at the second asked for."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from catalogue import PublishedItem, PublishedMeeting, PublishedRecording, SetBy
from web import danish
from web.addresses import captions_address, chapters_address, media_address, outward, sentence_anchor
from web.archive import Revised
from web.conditional import conditional, make_tag
from web.moments import address_seconds, parse_moment
from web.reading import lay_out, recording_at, sentence_at
from web.site import MeetingText, Site, site_of

UNSURE = 0.5  # below this confidence an item's time is shown as uncertain


@dataclass(frozen=True, slots=True)
class Play:
    """A recording as the player needs it. `start` is on its own clock; None: from the beginning."""

    ordinal: int
    source: str
    captions: str
    chapters: str
    offset: float
    duration: float | None
    current: bool
    start: str | None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An agenda item as the list shows it. `href` is None where it has no time, `why` where no words placed it;
    `page` is the publisher's own, and of `attachments` each is a name with its address elsewhere, or None."""

    item: PublishedItem
    href: str | None
    why: str | None
    unsure: bool
    page: str | None
    attachments: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Now:
    """The moment asked for, and what was said there (None: it is withheld, or nothing was said yet)."""

    moment: float
    withheld: bool
    text: str | None
    speaker: str | None
    anchor: str | None


def meeting_page(request: Request) -> Response:
    site = site_of(request)
    revised = site.archive.meeting(request.path_params["meeting_id"])
    moment = parse_moment(request.query_params.get("t"))
    tag = make_tag(site.templates.fingerprint, revised.meeting.id, revised.revision, moment)
    return conditional(request, tag, lambda: site.page("meeting.html", _context(site, revised, moment)))


def _context(site: Site, revised: Revised, moment: float | None) -> dict[str, object]:
    meeting = revised.meeting
    text = _text(site, revised)
    now = _now(meeting, text, moment) if moment is not None else None
    plays = _plays(meeting, moment)
    return {
        "meeting": meeting,
        "items": _items(meeting, text),
        "plays": plays,
        "playing": next((play for play in plays if play.current), None),
        "has_video": any(r.has_video and r.playable for r in meeting.recordings),
        "origins": sorted({danish.origin(r.provenance) for r in meeting.recordings if r.provenance}),
        "now": now,
        "transcript": _marked(text.html, now),
        "formats": (("vtt", "WebVTT"), ("srt", "SRT"), ("txt", "ren tekst"), ("json", "JSON")),
    }


def _text(site: Site, revised: Revised) -> MeetingText:
    """The text of a meeting, rendered once for each revision: the longest has thousands of sentences."""

    def make() -> MeetingText:
        reading = lay_out(revised.meeting)
        return MeetingText(reading, site.templates.fragment("transcript.html", {"reading": reading}))

    return site.texts.get((revised.meeting.id, revised.revision), make)


def _now(meeting: PublishedMeeting, text: MeetingText, moment: float) -> Now:
    at = sentence_at(meeting, moment)
    if at is None:
        withheld = any(gap.start <= moment < gap.end for gap in meeting.withheld)
        return Now(moment, withheld, text=None, speaker=None, anchor=None)
    sentence = meeting.sentences[at]
    return Now(sentence.start, False, sentence.text, sentence.speaker, text.reading.anchors[at])


def _marked(html: Markup, now: Now | None) -> Markup:
    """The text with the current sentence marked, without rendering it all again."""
    if now is None or now.anchor is None:
        return html
    here = f'id="{now.anchor}"'
    return Markup(str(html).replace(here, f'{here} aria-current="true"', 1))


def _plays(meeting: PublishedMeeting, moment: float | None) -> list[Play]:
    current = recording_at(meeting, moment or 0.0)
    return [_play(meeting, r, moment, current) for r in meeting.recordings if r.playable is not None]


def _play(
    meeting: PublishedMeeting,
    recording: PublishedRecording,
    moment: float | None,
    current: PublishedRecording | None,
) -> Play:
    here = current is not None and recording.ordinal == current.ordinal
    start = moment - recording.offset if moment is not None and here else 0.0
    return Play(
        ordinal=recording.ordinal,
        source=media_address(meeting.id, recording.ordinal),
        captions=captions_address(meeting.id, recording.ordinal),
        chapters=chapters_address(meeting.id, recording.ordinal),
        offset=recording.offset,
        duration=recording.duration,
        current=here,
        start=address_seconds(start) if start > 0 else None,
    )


def _items(meeting: PublishedMeeting, text: MeetingText) -> list[ItemRow]:
    return [
        ItemRow(
            item=item,
            href=_href(item, text),
            why=_why(item),
            unsure=_unsure(item),
            page=outward(item.url),
            attachments=tuple((a.name or a.url, outward(a.url)) for a in item.attachments),
        )
        for item in meeting.items
    ]


def _why(item: PublishedItem) -> str | None:
    """Where the words were said that placed an item (or withdrew it)."""
    if item.evidence is None:
        return None
    return f"?t={address_seconds(item.evidence.at)}#{sentence_anchor(item.evidence.at)}"


def _href(item: PublishedItem, text: MeetingText) -> str | None:
    if item.start is None:
        return None
    anchor = text.reading.item_anchors.get(item.position)
    return f"?t={address_seconds(item.start)}" + (f"#{anchor}" if anchor else "")


def _unsure(item: PublishedItem) -> bool:
    return item.start is not None and item.set_by is SetBy.MACHINE and item.confidence < UNSURE
