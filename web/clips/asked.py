"""What a reader asks for on the clip page, from an address or a form: times as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from catalogue import PublishedMeeting
from ingest import ClipForm
from web.clips.stretch import FORMS, USUAL, Named, Stretch, ending, recording_at, stretch
from web.moments import address_seconds, exact_clock, parse_clock, parse_moment, parse_typed

TYPED = ("begynder", "slutter")  # fields with clock times; an address has `fra` and `til` in seconds
LARGEST_BODY = 4096  # bytes of a form
MOST_FIELDS = 20
LONGEST_TIME = 20  # characters of a time that are shown again


@dataclass(frozen=True, slots=True)
class Asked:
    """`stretch` is None where a time cannot be read; `start` and `end` are as typed, or as they would be."""

    start: str
    end: str
    unread: tuple[str, ...]  # the fields of `TYPED` that cannot be read
    stretch: Stretch | None
    form: ClipForm
    given: bool  # whether somebody asks for a stretch, or just opened the page

    @property
    def named(self) -> Named | None:
        return Named(self.stretch, self.form) if self.stretch else None


def asked(meeting: PublishedMeeting, fields: Mapping[str, str], forms: tuple[ClipForm, ...]) -> Asked:
    """What the fields say; what they leave out is proposed."""
    typed = {name: fields.get(name, "").strip()[:LONGEST_TIME] for name in TYPED}
    times = {name: parse_typed(said) for name, said in typed.items()}
    unread = tuple(name for name in TYPED if typed[name] and times[name] is None)
    start = times["begynder"] if typed["begynder"] else parse_clock(fields.get("fra"))
    end = times["slutter"] if typed["slutter"] else parse_clock(fields.get("til"))
    given = start is not None and end is not None
    if start is None:
        start = parse_moment(fields.get("t")) or _beginning(meeting)
    if end is None:
        end = _proposed(meeting, start)
    chosen = FORMS.get(fields.get("form", ""), forms[0])
    return Asked(
        start=typed["begynder"] if "begynder" in unread else exact_clock(start),
        end=typed["slutter"] if "slutter" in unread else exact_clock(end),
        unread=unread,
        stretch=None if unread else stretch(start, end),
        form=chosen if chosen in forms else forms[0],
        given=given,
    )


def address(meeting: str, cut: Stretch, form: str = "") -> str:
    """The page of a clip."""
    page = f"/moeder/{meeting}/klip?fra={address_seconds(cut.start)}&til={address_seconds(cut.end)}"
    return f"{page}&form={form}" if form else page


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a small form. Raises `HTTPException` for one that is large, or comes from another site."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "a form of another site")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise HTTPException(413, "too large for a form")
    try:
        return dict(parse_qsl(body.decode("ascii"), max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise HTTPException(422, "not a form") from error


def _beginning(meeting: PublishedMeeting) -> float:
    return next((r.offset for r in meeting.recordings if r.playable), 0.0)


def _proposed(meeting: PublishedMeeting, start: float) -> float:
    recording = recording_at(meeting, start)
    end = start + USUAL
    if recording is None:
        return end
    after = [gap.start for gap in meeting.withheld if gap.start > start]
    return min([end, ending(meeting, recording), *after])
