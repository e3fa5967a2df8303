"""`/moeder/{id}/fejl`: a reader says what is wrong at a second; staff see it with `talerstol reports`."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue import LONGEST_REPORT, PublishedMeeting, ReportKind, TooManyReports, digest
from web.addresses import meeting_address, report_address
from web.conditional import ALWAYS_ASK
from web.language import N_, language_of
from web.moments import LONGEST, parse_moment
from web.quotes import stretch, version_of
from web.reading import sentence_at
from web.reports.form import KINDS, TRAP, Filled, Refused, read_form
from web.search_query import BadParameter
from web.site import Site, site_of

EMPTY = Filled(None, "", False, {})


@dataclass(frozen=True, slots=True)
class About:
    """The place that a report is about. `text` is what stands there in public; None where nothing does."""

    meeting: PublishedMeeting
    second: float
    text: str | None
    speaker: str | None
    version: str

    @property
    def sentence(self) -> str:
        """A digest of the sentence, by which staff can tell whether it still stands there."""
        return digest(self.text) if self.text else ""


async def report_page(request: Request) -> Response:
    """The form, what becomes of it, and the thanks."""
    about = await run_in_threadpool(_about, request)
    if request.method != "POST":
        template = "report_thanks.html" if request.query_params.get("tak") == "1" else "report.html"
        return _page(request, about, template, EMPTY)
    try:
        filled = await read_form(request)
        if filled.errors:
            return _page(request, about, "report.html", filled, 422)
        if not filled.trapped:  # a program that fell into the trap is thanked like everybody
            await run_in_threadpool(_keep, request, about, filled)
    except Refused as refused:
        return _page(request, about, "report.html", EMPTY, refused.status, refused.said)
    address = language_of(request).link(f"{report_address(about.meeting.id, about.second)}&tak=1")
    return RedirectResponse(address, 303, headers={"cache-control": "no-store"})


def _about(request: Request) -> About:
    site = site_of(request)
    meeting = site.archive.meeting(request.path_params["meeting_id"]).meeting
    asked = request.query_params.get("t", "").strip()
    second = parse_moment(asked or "0")
    if second is None or second >= LONGEST:
        raise BadParameter("not a second of a meeting", where="t", remedy="Write it as t=745.2.")
    place = sentence_at(meeting, second)
    sentence = meeting.sentences[place] if place is not None else None
    version = version_of(meeting, stretch(second, second + 1))
    return About(
        meeting,
        round(second, 2),
        sentence.text if sentence else None,
        sentence.speaker if sentence else None,
        str(version)[:64],
    )


def _keep(request: Request, about: About, filled: Filled) -> None:
    site = site_of(request)
    if not site.visitors.may(site.visitor(request)):
        raise Refused(429, N_("Du har sendt mange meldinger på kort tid. Prøv igen om ti minutter."))
    try:
        site.archive.report(
            about.meeting.id,
            about.second,
            filled.kind or ReportKind.OTHER,
            filled.text,
            about.sentence,
            about.version,
        )
    except TooManyReports as error:
        raise Refused(
            429, N_("Mødet har allerede mange meldinger, som ikke er set på endnu. Prøv igen en anden dag.")
        ) from error


def _page(
    request: Request, about: About, template: str, filled: Filled, status: int = 200, refused: str = ""
) -> Response:
    site: Site = site_of(request)
    words = site.words(request)
    context = {
        "meeting": about.meeting,
        "about": about,
        "kinds": [(kind.value, words.gettext(said)) for kind, said in KINDS.items()],
        "chosen": filled.kind.value if filled.kind else "",
        "written": filled.text,
        "errors": {name: words.gettext(said) for name, said in filled.errors.items()},
        "refused": words.gettext(refused),
        "longest": LONGEST_REPORT,
        "trap": TRAP,
        "back": meeting_address(about.meeting.id, about.second),
        "address": report_address(about.meeting.id, about.second),
    }
    headers = {"cache-control": ALWAYS_ASK if status == 200 else "no-store"}
    return site.page(request, template, context, status=status, headers=headers)
