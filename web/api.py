"""`/api/v1`: the same archive for machines."""

from __future__ import annotations

import json
from dataclasses import asdict

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from catalogue import (
    Incomplete,
    Interval,
    Provenance,
    PublishedEdit,
    PublishedItem,
    PublishedMeeting,
    PublishedQuality,
    PublishedRecording,
    Settings,
    TranscriptOrigin,
)
from search import Group, Hit, SearchResult
from transcribe import to_json, to_srt, to_txt, to_vtt
from web.addresses import (
    captions_address,
    chapters_address,
    media_address,
    meeting_address,
    outward,
    quality_address,
)
from web.archive import Listed, Revised
from web.conditional import conditional, make_tag, tagged
from web.meetings import CHAPTER_FORMATS
from web.moments import moment_json
from web.openapi import document
from web.reading import UNENDING
from web.references import named_json, reference_json
from web.search_query import BadParameter, day, flag, moment, search_request, texts, whole
from web.searching import did_you_mean
from web.site import Site, absolute, site_of
from web.words import model_name

LARGEST_PAGE = 100
WRITERS = {"json": to_json, "vtt": to_vtt, "srt": to_srt, "txt": to_txt}
MEDIA_TYPES = {
    "json": "application/json",
    "vtt": "text/vtt",
    "srt": "application/x-subrip",
    "txt": "text/plain",
}


def search(request: Request) -> Response:
    site = site_of(request)
    asked = search_request(request.query_params, grouped=flag(request.query_params, "grouped"))
    result = site.search(asked)
    instead = did_you_mean(site, asked, result)
    return JSONResponse(search_json(result, site.settings) | {"did_you_mean": instead})


def search_json(result: SearchResult, settings: Settings) -> dict[str, object]:
    """A search result as the API promises it; the command line prints the same."""
    facets = {
        name: [{"value": v.value, "count": v.count} for v in values] for name, values in result.facets.items()
    }
    return {
        "query": result.query,
        "total": result.total,
        "page": result.page,
        "per_page": result.per_page,
        "hits": [_hit(hit, settings) for hit in result.hits],
        "groups": [_group(group, settings) for group in result.groups],
        "group_total": result.group_total,
        "also": [_hit(hit, settings) for hit in result.also],
        "facets": facets,
        "relaxed": result.relaxed,
        "dropped": list(result.dropped),
    }


def meetings(request: Request) -> Response:
    site, params = site_of(request), request.query_params
    municipalities, bodies = texts(params, "municipality"), texts(params, "body")
    first, last = day(params, "from"), day(params, "to")
    since = moment(params, "changed_since")
    page, per_page = paging(params)
    found = [
        m
        for m in site.archive.meetings()
        if (not municipalities or m.municipality in municipalities)
        and (not bodies or m.body in bodies)
        and (first is None or (m.date is not None and m.date >= first))
        and (last is None or (m.date is not None and m.date <= last))
        and (since is None or m.touched >= since)
    ]
    shown = found[(page - 1) * per_page : page * per_page]
    body = {
        "total": len(found),
        "page": page,
        "per_page": per_page,
        "meetings": [_listed(site, m) for m in shown],
    }
    return tagged(request, JSONResponse(body))


def paging(params: QueryParams) -> tuple[int, int]:
    """Which page, and how many a page."""
    page, per_page = whole(params, "page", 1), whole(params, "per_page", 50)
    if page < 1 or not 1 <= per_page <= LARGEST_PAGE:
        raise BadParameter(f"page counts from 1, per_page goes to {LARGEST_PAGE}", where="page, per_page")
    return page, per_page


def meeting(request: Request) -> Response:
    site = site_of(request)
    revised = site.archive.meeting(request.path_params["meeting_id"])
    tag = make_tag("api", site.settings.base_url, revised.meeting.id, revised.revision)
    return conditional(request, tag, lambda: JSONResponse(_meeting(site, revised)))


def transcript(request: Request) -> Response:
    """The public text of a meeting on the meeting's clock, in the format asked for."""
    site = site_of(request)
    revised = site.archive.meeting(request.path_params["meeting_id"])
    name = request.query_params.get("format") or "json"
    if name not in WRITERS:
        raise BadParameter("no such format", where="format", remedy="One of: " + ", ".join(WRITERS) + ".")
    tag = make_tag("transcript", name, revised.meeting.id, revised.revision)

    def make() -> Response:
        written = WRITERS[name](revised.meeting.sentences)
        headers = {"content-disposition": f'inline; filename="{revised.meeting.id}.{name}"'}
        return Response(written, media_type=MEDIA_TYPES[name], headers=headers)

    return conditional(request, tag, make)


def item(request: Request) -> Response:
    """One agenda item of a meeting, and what was said under it."""
    site, position = site_of(request), request.path_params["position"] - 1
    revised = site.archive.meeting(request.path_params["meeting_id"])
    if not 0 <= position < len(revised.meeting.items):
        raise HTTPException(404, "no such item")
    tag = make_tag("item", site.settings.base_url, revised.meeting.id, revised.revision, position)

    def make() -> Response:
        found = revised.meeting.items[position]
        said = [s for s in revised.meeting.sentences if s.item == position]
        body = {
            "meeting": reference_json(revised.meeting),
            "item": item_json(found),
            "segments": json.loads(to_json(said))["segments"],
            "url": site.url(meeting_address(revised.meeting.id, found.start)),
        }
        return JSONResponse(body)

    return conditional(request, tag, make)


def quality(request: Request) -> Response:
    """How well each recording of a meeting was heard."""
    site = site_of(request)
    revised = site.archive.meeting(request.path_params["meeting_id"])
    tag = make_tag("quality", site.settings.base_url, revised.meeting.id, revised.revision)

    def make() -> Response:
        recordings = [
            {"ordinal": r.ordinal, "text": _made(r.provenance), "heard": _heard(r.quality)}
            for r in revised.meeting.recordings
        ]
        page = site.url(quality_address(revised.meeting.id))
        return JSONResponse({"id": revised.meeting.id, "recordings": recordings, "url": page})

    return conditional(request, tag, make)


def openapi(request: Request) -> Response:
    return tagged(request, JSONResponse(document(site_of(request).url("/"))))


def _group(group: Group, settings: Settings) -> dict[str, object]:
    hits = [_hit(hit, settings) for hit in group.hits]
    section = group.hits[0].passage.section
    return {
        "section": section,
        "total": group.total,
        "meeting": hits[0]["meeting"],
        "item": hits[0]["item"],
        "hits": hits,
    }


def _hit(hit: Hit, settings: Settings) -> dict[str, object]:
    passage = hit.passage
    item = {"number": passage.item, "title": passage.item_title}
    return {
        "meeting": named_json(
            passage.meeting, passage.title, passage.date, passage.body, passage.municipality
        ),
        "item": item if passage.item or passage.item_title else None,
        "speaker": passage.speaker,
        "start": hit.start,
        "end": passage.end,
        "text": passage.text,
        "highlights": [list(span) for span in hit.highlights],
        "missing": list(hit.missing),
        "why": [asdict(reason) for reason in hit.why],
        "url": absolute(settings, meeting_address(passage.meeting, hit.start)),
    }


def _listed(site: Site, listed: Listed) -> dict[str, object]:
    return {
        **reference_json(listed),
        "items": listed.items,
        "duration": listed.duration,
        "revision": listed.revision,
        "updated": moment_json(listed.changed),
        "url": site.url(meeting_address(listed.id)),
    }


def _meeting(site: Site, revised: Revised) -> dict[str, object]:
    meeting = revised.meeting
    texts_at = f"/api/v1/meetings/{meeting.id}/transcript?format="
    chapters_at = f"/api/v1/meetings/{meeting.id}/chapters?format="
    return {
        **reference_json(meeting),
        "duration": meeting.duration,
        "placed": meeting.placed,
        "revision": revised.revision,
        "items": [item_json(item) for item in meeting.items],
        "recordings": [_recording(site, meeting, r) for r in meeting.recordings],
        "withheld": [_gap(gap) for gap in meeting.withheld],
        "edits": [_edit(edit) for edit in meeting.edits],
        "transcript": {name: site.url(texts_at + name) for name in WRITERS},
        "chapters": {name: site.url(chapters_at + name) for name in CHAPTER_FORMATS},
        "url": site.url(meeting_address(meeting.id)),
    }


def item_json(item: PublishedItem) -> dict[str, object]:
    """An agenda item as the API has it everywhere."""
    evidence = {"at": item.evidence.at, "text": item.evidence.text} if item.evidence else None
    return {
        "position": item.position + 1,
        "number": item.number,
        "title": item.title,
        "spoken_title": item.spoken_title,
        "case": item.case,
        "open": item.open,
        "outcome": item.outcome,
        "status": item.status.value,
        "start": item.start,
        "end": item.end,
        "confidence": item.confidence,
        "evidence": evidence,
        "set_by": item.set_by.value,
        "url": outward(item.url),
        "attachments": [{"name": a.name, "url": outward(a.url)} for a in item.attachments],
    }


def _recording(site: Site, meeting: PublishedMeeting, recording: PublishedRecording) -> dict[str, object]:
    return {
        "ordinal": recording.ordinal,
        "offset": recording.offset,
        "duration": recording.duration,
        "has_video": recording.has_video,
        "media": site.url(media_address(meeting.id, recording.ordinal)) if recording.playable else None,
        "retired": recording.retired.isoformat() if recording.retired else None,
        "captions": site.url(captions_address(meeting.id, recording.ordinal)),
        "chapters": site.url(chapters_address(meeting.id, recording.ordinal)),
        "text": _origin(recording.provenance) if recording.provenance else None,
        "gaps": [{"at": gap.at, "lost": gap.lost, "reason": gap.reason.value} for gap in recording.gaps],
        "incomplete": _lacks(recording.incomplete) if recording.incomplete else None,
    }


def _lacks(what: Incomplete) -> dict[str, object]:
    return {"reason": what.lack.value, "announced": what.announced}


def _origin(provenance: Provenance) -> dict[str, object]:
    """Where the text came from. The name or address of captions is not told: it may be the staff's own."""
    heard = provenance.origin is TranscriptOrigin.MODEL
    return {
        "origin": provenance.origin.value,
        "model": model_name(provenance) if heard else None,
        "revision": provenance.revision if heard else None,
    }


def _made(provenance: Provenance | None) -> dict[str, object] | None:
    if provenance is None:
        return None
    heard = provenance.origin is TranscriptOrigin.MODEL
    return _origin(provenance) | {"options": provenance.options if heard else None}


def _heard(quality: PublishedQuality | None) -> dict[str, object] | None:
    return asdict(quality) if quality else None


def _edit(edit: PublishedEdit) -> dict[str, object]:
    known = edit.end is not None and edit.end < UNENDING
    return {
        "kind": edit.kind.value,
        "at": edit.at.isoformat(),
        "start": edit.start,
        "end": edit.end if known else None,
        "items": list(edit.items),
    }


def _gap(gap: Interval) -> dict[str, object]:
    return {"start": gap.start, "end": gap.end if gap.end < UNENDING else None}


FILES = (
    Route("/api/v1/search", search),
    Route("/api/v1/meetings", meetings),
    Route("/api/v1/meetings/{meeting_id}", meeting),
    Route("/api/v1/meetings/{meeting_id}/transcript", transcript),
    Route("/api/v1/meetings/{meeting_id}/items/{position:int}", item),
    Route("/api/v1/meetings/{meeting_id}/quality", quality),
    Route("/api/v1/openapi.json", openapi),
)
