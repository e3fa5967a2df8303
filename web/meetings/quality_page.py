"""How well a meeting was heard: what is missing from its text, what is doubtful, and by which model."""

from __future__ import annotations

import json
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from catalogue import Provenance, PublishedMeeting, PublishedQuality, PublishedRecording, TranscriptOrigin
from web.conditional import conditional, make_tag
from web.site import site_of
from web.words import Words, model_name


@dataclass(frozen=True, slots=True)
class Account:
    """One recording of the page. `quality` is None where the text was not made by us."""

    ordinal: int
    origin: str
    model: str | None
    revision: str
    options: str
    quality: PublishedQuality | None


def quality_page(request: Request) -> Response:
    site = site_of(request)
    revised = site.archive.meeting(request.path_params["meeting_id"])
    tag = make_tag(site.templates.fingerprint, "kvalitet", revised.meeting.id, revised.revision)
    return conditional(
        request,
        tag,
        lambda: site.page(request, "quality.html", _context(revised.meeting, site.words(request))),
    )


def _context(meeting: PublishedMeeting, words: Words) -> dict[str, object]:
    accounts = [_account(r, r.provenance, words) for r in meeting.recordings if r.provenance]
    return {"meeting": meeting, "accounts": accounts}


def _account(recording: PublishedRecording, made: Provenance, words: Words) -> Account:
    heard = made.origin is TranscriptOrigin.MODEL
    return Account(
        ordinal=recording.ordinal,
        origin=words.origin(made),
        model=model_name(made) if heard else None,
        revision=made.revision[:12] if heard else "",
        options=_options(made.options) if heard else "",
        quality=recording.quality,
    )


def _options(text: str) -> str:
    """The options that decide a text, as they are stored (JSON): `beam_size 5, language da`."""
    try:
        options = json.loads(text)
        return ", ".join(f"{name} {value}" for name, value in sorted(options.items()))
    except (ValueError, AttributeError):
        return text
