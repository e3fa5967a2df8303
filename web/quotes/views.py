"""The pages of a quote: its own, its picture, and its answer to machines."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import quote as percent
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from catalogue import PublishedMeeting
from web.addresses import (
    captions_address,
    clip_address,
    media_address,
    meeting_address,
    quote_picture_address,
    report_address,
    sentence_anchor,
)
from web.archive import Revised
from web.conditional import ALWAYS_ASK, conditional, make_tag
from web.language import language_of
from web.moments import clock
from web.quotes.citations import citations, speaker_known, speaker_note
from web.quotes.picture import Busy, Card, can_draw, draw
from web.quotes.quote import Quote, Silent, Withheld, quote_of, since, stretch_of, text_made
from web.quotes.selected import LONGEST_TEXT, selected
from web.quotes.stretch import LONGEST_QUOTE, TooLong, parse_sentences, parse_stretch
from web.references import reference_json
from web.search_query import BadParameter, plain, whole
from web.site import Site, site_of

WHOLE_FRAGMENT = 300  # letters of a quote that a link marks whole; of a longer one its ends
LONGEST_MAIL = 1_500  # letters; mail programs cut an address that is longer


def quote_page(request: Request) -> Response:
    """Words between two seconds. Without the version of the text in its address it leads to the one that has it."""
    site = site_of(request)
    revised = site.archive.meeting(request.path_params["meeting_id"])
    try:
        start, end = parse_stretch(request.query_params)
        quote = quote_of(revised.meeting, stretch_of(revised.meeting, start, end))
    except (Withheld, Silent, TooLong) as error:
        return _nothing(request, revised.meeting, error)
    linked = request.query_params.get("v", "").strip()
    if not linked or end is None:
        address = language_of(request).link(quote.address)
        return RedirectResponse(address, 302, headers={"cache-control": ALWAYS_ASK})
    tag = make_tag(
        site.templates.fingerprint, "citat", revised.meeting.id, revised.revision, quote.stretch, linked
    )
    return conditional(
        request,
        tag,
        lambda: site.page(request, "quote.html", _context(site, request, revised, quote, linked)),
    )


def quote_picture(request: Request) -> Response:
    """The words as they stand now, whatever the version in the address: a picture may be of no others."""
    site = site_of(request)
    revised = site.archive.meeting(request.path_params["meeting_id"])
    start, end = parse_stretch(request.query_params)
    asked = stretch_of(revised.meeting, start, end)
    quote_of(revised.meeting, asked)  # what is withheld now is in no picture, kept or not
    if not can_draw():
        raise HTTPException(404, "no letters to draw with")
    key = (revised.meeting.id, revised.revision, asked.start, asked.end)
    tag = make_tag("citat.png", site.settings.site_name, *key)

    def make() -> Response:
        try:
            drawn = site.pictures.get(
                key, lambda: draw(_card(site, request, quote_of(revised.meeting, asked)))
            )
        except Busy as error:
            raise HTTPException(503, "busy", headers={"retry-after": "10"}) from error
        return Response(drawn, media_type="image/png")

    return conditional(request, tag, make)


def quote_json(request: Request) -> Response:
    """`/api/v1`: a quote for machines; with `text`, of words that stand in the sentences from `from` to `to`."""
    site, params = site_of(request), request.query_params
    revised = site.archive.meeting(request.path_params["meeting_id"])
    meeting, text = revised.meeting, plain(params.get("text", ""))
    if len(text) > LONGEST_TEXT:
        raise BadParameter("too long", where="text", remedy=f"At most {LONGEST_TEXT} characters.")
    offset = whole(params, "offset", 0)
    if text:
        first, last = parse_sentences(params)
        asked = selected(meeting, first, last, text, offset)
    else:
        asked = stretch_of(meeting, *parse_stretch(params, "from", "to"))
    tag = make_tag("quote", site.settings.base_url, meeting.id, revised.revision, asked)
    return conditional(request, tag, lambda: JSONResponse(_json(site, request, quote_of(meeting, asked))))


def _nothing(request: Request, meeting: PublishedMeeting, error: Exception) -> Response:
    """A page that says why there is no quote, with the status that says it to machines."""
    why, status = ("silent", 404) if isinstance(error, Silent) else ("withheld", 410)
    if isinstance(error, TooLong):
        why, status = "long", 422
    context = {"meeting": meeting, "why": why, "minutes": round(LONGEST_QUOTE / 60)}
    headers = {"cache-control": ALWAYS_ASK}
    return site_of(request).page(request, "quote_nothing.html", context, status=status, headers=headers)


def _context(site: Site, request: Request, revised: Revised, quote: Quote, linked: str) -> dict[str, object]:
    words, meeting, asked = site.words(request), quote.meeting, quote.stretch
    permanent = site.base(request) + quote.address
    cited = citations(quote, permanent, site.settings.site_name, words)
    return {
        "meeting": meeting,
        "quote": quote,
        "since": since(site.archive, revised, quote, linked),
        "permanent": permanent,
        "citations": cited,
        "speaker_note": speaker_note(quote, words),
        "made": text_made(site.archive, quote),
        "play": _play(quote),
        "in_text": _in_text(quote),
        "mail": _mail(cited.plain, meeting.title or meeting.id, permanent),
        "report": report_address(meeting.id, asked.start),
        "clip": clip_address(meeting.id, asked.start, asked.end),
        "picture": quote_picture_address(meeting.id, asked.start, asked.end, str(quote.version)),
        "short": _shortened(quote.text, 200),
    }


def _play(quote: Quote) -> dict[str, object] | None:
    """The recording at the quote: a media fragment plays just that, in a browser without scripts too."""
    recording = quote.recording
    if recording is None:
        return None
    start = max(0.0, quote.stretch.start - recording.offset)
    end = quote.stretch.end - recording.offset
    return {
        "source": media_address(quote.meeting.id, recording.ordinal),
        "start": start,
        "end": min(end, recording.duration) if recording.duration else end,
        "has_video": recording.has_video,
        "captions": captions_address(quote.meeting.id, recording.ordinal),
    }


def _in_text(quote: Quote) -> str:
    """The meeting's page at the quote; browsers that know text fragments mark its words."""
    spoken = [turn.text.removeprefix("… ").removesuffix(" …") for turn in quote.said]
    first, last = spoken[0].split(), spoken[-1].split()
    if len(spoken) == 1 and len(spoken[0]) <= WHOLE_FRAGMENT:
        marked = _fragment(spoken[0])
    else:
        marked = f"{_fragment(' '.join(first[:5]))},{_fragment(' '.join(last[-5:]))}"
    anchor = sentence_anchor(quote.stretch.start)
    return f"{meeting_address(quote.meeting.id, quote.stretch.start)}#{anchor}:~:text={marked}"


def _fragment(text: str) -> str:
    return percent(text, safe="").replace("-", "%2D")


def _mail(text: str, title: str, url: str) -> str:
    body = text if len(text) <= LONGEST_MAIL else f"{_shortened(text, LONGEST_MAIL)}\n\n{url}"
    return "mailto:?" + urlencode({"subject": title[:200], "body": body}, quote_via=percent)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


def _card(site: Site, request: Request, quote: Quote) -> Card:
    words, meeting = site.words(request), quote.meeting
    place = [
        meeting.title or meeting.id,
        "" if meeting.municipality in meeting.title else meeting.municipality,
    ]
    facts = [words.short_date(meeting.date) if meeting.date else "", clock(quote.stretch.start)]
    if quote.item:
        facts.append(
            words.gettext("Punkt {number}").format(number=quote.item.number or quote.item.position + 1)
        )
    return Card(
        quote=" – ".join(f"{name}: {said}" if name else said for name, said in quote.parts),
        speaker=", ".join(quote.speakers),
        speaker_note=words.gettext(speaker_known(quote)),
        meeting=", ".join(part for part in place if part),
        facts=" · ".join(part for part in facts if part),
        site=site.settings.site_name,
    )


def _json(site: Site, request: Request, quote: Quote) -> dict[str, object]:
    meeting, asked = quote.meeting, quote.stretch
    url = site.url(quote.address)
    item = {"number": quote.item.number, "title": quote.item.title} if quote.item else None
    return {
        "meeting": reference_json(meeting),
        "item": item,
        "start": asked.start,
        "end": asked.end,
        "text": quote.text,
        "turns": [{"speaker": turn.speaker, "text": turn.text} for turn in quote.said],
        "speaker_source": _speaker_source(quote),
        "partly_withheld": quote.partly,
        "whole_sentences": quote.whole_sentences,
        "version": str(quote.version),
        "citations": asdict(citations(quote, url, site.settings.site_name, site.words(request))),
        "url": url,
        "picture": site.url(quote_picture_address(meeting.id, asked.start, asked.end, str(quote.version))),
        "clip": site.url(clip_address(meeting.id, asked.start, asked.end)),
        "report": site.url(report_address(meeting.id, asked.start)),
    }


def _speaker_source(quote: Quote) -> str | None:
    """Who said the names: nobody, where there are none."""
    return None if not quote.speakers else "publisher" if quote.named_by_publisher else "machine"
