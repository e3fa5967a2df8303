"""The report as staff read it: the summary first, then what needs them, then what became of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from catalogue import slug
from pipeline.night.late import late, late_entry, late_going_on, late_needing
from pipeline.night.names import in_danish, long_day, time_of_day, weekday
from pipeline.night.notes import note_entry
from pipeline.night.page import Entry, Page, Section
from pipeline.night.reasons import NO_RUN_HELPS, STAYS, reason
from pipeline.night.report import Ahead, Done, GoingOn, NightReport, Portal, Problem, State

MOST = 12  # entries of a kind; the report is one page, and `talerstol status` has them all
STEPS = {
    "fetch": "skal hentes", "audio": "skal hentes", "transcribe": "skrives ud", "segment": "punkterne placeres",
    "media": "gøres klar til afspilning", "index": "skal nå søgningen",
}  # fmt: skip
SYNC, WHOLE_PORTAL = "sync", "the portal's list"
GOES_ON = {
    "live": "Mødet bliver stadig sendt; det hentes, når det er slut.",
    "growing": "Optagelsen vokser stadig hos kilden; den skrives ud, når den er færdig.",
}
FETCH, CAPTIONS, VIDEO = "fetch", "captions", "video"
KINDS = {
    FETCH: "optagelsen slettes hos kilden",
    CAPTIONS: "teksten skal være offentlig",
    VIDEO: "videoen slettes her",
}


def page(report: NightReport) -> Page:
    """The whole report in Danish."""
    needs = tuple(_needs(report))
    sections = (
        Section("Det kræver dig", needs, counted=True),
        Section("Færdigt siden sidste rapport", _shown([_done(one) for one in report.done], "møder")),
        Section("Fortsætter næste nat", _shown([*_going_on(report)], "møder")),
        Section(
            "Over fristen, fortsætter af sig selv", _shown([*map(late_entry, late_going_on(report))], "møder")
        ),
        Section("Hør efter, når der er tid", _shown([*_when_there_is_time(report)], "møder")),
        Section("Fra portalerne", tuple(entry for one in report.portals for entry in _portal(one))),
        Section("Frister de næste 14 dage", _shown([_ahead(one) for one in _not_overdue(report)], "frister")),
        Section("Tal", tuple(_numbers(report))),
    )
    return Page(
        title=f"Nattens rapport, {long_day(report.morning)}",
        headline=headline(report),
        lead=_lead(report),
        sections=tuple(section for section in sections if section.entries),
        foot="`talerstol status` viser alle møder. Hvad linjerne betyder, står i docs/for-medarbejdere.md.",
    )


def headline(report: NightReport) -> str:
    """»Alt er færdigt« / »3 ting kræver dig«"""
    if report.state is State.BEGUN:
        return "Natten er ikke slut"
    needs = _how_many_need(report)
    if needs:
        return "1 ting kræver dig" if needs == 1 else f"{needs} ting kræver dig"
    if report.going_on or report.not_asked:
        return "Intet kræver dig; resten fortsætter næste nat"
    return "Alt er færdigt"


def _how_many_need(report: NightReport) -> int:
    """Also those that are not shown one by one."""
    reports = (report.reports_private > 0) + (report.reports_open > report.reports_private)
    overdue = len(late_needing(report)) + len(_videos_overdue(report))
    little = bool(report.disk and report.disk.little)
    broken = report.state is State.BROKEN
    pressing = sum(one.pressing for one in report.review)
    return broken + len(report.failed) + little + overdue + reports + pressing


def _lead(report: NightReport) -> str:
    if report.state is State.BEGUN:
        return (
            f"Den begyndte {weekday(report.began.astimezone().date())} kl. {time_of_day(report.began)} og standser senest "
            f"kl. {time_of_day(report.until)}. Står her det samme bagefter, blev den afbrudt (strømsvigt, genstart): kør "
            "`talerstol night` igen, så fortsætter den, hvor den slap."
        )
    if report.state is State.NEVER_BEGAN:
        return f"Natten til {weekday(report.morning)} kom ikke i gang. Arkivet er, som det var."
    ended = time_of_day(report.ended) if report.ended else "?"
    told = [f"Natten til {weekday(report.morning)}, kl. {time_of_day(report.began)}–{ended}."]
    told.append(_came_to(report))
    if report.meetings is None:
        told.append("Arkivet kunne ikke læses bagefter: her står kun det, som natten selv skrev ned.")
    return " ".join(part for part in told if part)


def _came_to(report: NightReport) -> str:
    """»2 møder blev færdige, 1 møde fejlede og 1 portal kunne ikke læses.«"""
    of_portals = [problem for problem in report.failed if problem.subject and problem.step == SYNC]
    away = {problem.subject for problem in of_portals if problem.name.endswith(WHOLE_PORTAL)}
    in_part = {problem.subject for problem in of_portals} - away
    meetings = {problem.subject for problem in report.failed if problem.subject and problem.step != SYNC}
    counts = (
        _counted(len(report.done), "møde blev færdigt", "møder blev færdige"),
        _counted(len(report.going_on), "møde fortsætter", "møder fortsætter"),
        _counted(len(meetings), "møde fejlede", "møder fejlede"),
        _counted(len(away), "portal kunne ikke læses", "portaler kunne ikke læses"),
        _counted(len(in_part), "portal kunne ikke læses helt", "portaler kunne ikke læses helt"),
        _counted(len(report.not_asked), "portal blev ikke spurgt", "portaler blev ikke spurgt"),
    )
    if said := [count for count in counts if count]:
        return f"{_and(said)}."
    if report.state is State.BROKEN or report.meetings is None:
        return ""  # what there was to do is not known
    return "Ingen møder blev færdige." if report.failed else "Der var intet nyt at gøre."


def _needs(report: NightReport) -> Iterator[Entry]:
    """What may show what nobody should see comes first."""
    if report.state is State.BROKEN:
        yield Entry(
            "Natten standsede før tid",
            ("Det, der blev færdigt inden da, er gemt. Intet er gået tabt.",),
            ("talerstol night",),
        )
    if report.reports_private:
        told = _counted(report.reports_private, "læser mener", "læsere mener")
        yield Entry(f"{told}, at noget ikke bør være offentligt", (), ("talerstol reports",))
    pressing = [one for one in report.review if one.pressing]
    yield from _shown([note_entry(one) for one in pressing if one.may_leak], "møder")
    missed = {one.meeting_id: one.said for one in late(report)}
    yield from _shown([_problem(one, missed.pop(one.subject, "")) for one in report.failed], "fejl")
    if report.disk and report.disk.little:
        free = f"Der er kun {_bytes(report.disk.free)} ledig plads, så der bliver ikke begyndt på noget nyt."
        yield Entry("Disken er næsten fuld", (free, "Gør plads før næste nat."))
    yield from _shown([late_entry(one) for one in late_needing(report)], "møder")
    yield from _shown([_ahead(one) for one in _videos_overdue(report)], "møder")
    yield from _shown([note_entry(one) for one in pressing if not one.may_leak], "møder")
    if others := report.reports_open - report.reports_private:
        told = _counted(others, "melding fra en læser venter", "meldinger fra læsere venter")
        yield Entry(told, (), ("talerstol reports",))


def _problem(one: Problem, missed: str) -> Entry:
    said = reason(one.step, one.message)
    return Entry(
        what=in_danish(one.name or one.subject) or "Hele arkivet",
        said=(said, missed) if missed else (said,),
        then=(one.then,) if one.then else (),
        message=one.message,
    )


def _done(one: Done) -> Entry:
    told = []
    if one.hours:
        told.append(_hours(one.hours))
    if one.heard and one.covered is not None:
        told.append(f"tekst til {_percent(one.covered)} af talen")
    if one.public is not None:
        told.append("offentligt" if one.public else "ikke offentligt endnu")
    said = ", ".join(told)
    return Entry(
        one.name,
        (said[0].upper() + said[1:] + ".",) if said else (),
        meeting_id=one.meeting_id if one.public else "",
    )


def _going_on(report: NightReport) -> Iterator[Entry]:
    yield from (_left(one) for one in report.going_on)
    for name in report.not_asked:
        yield Entry(name, ("Portalen blev ikke spurgt: tiden var gået.",))


def _left(one: GoingOn) -> Entry:
    if one.source:
        return Entry(one.name, (GOES_ON[one.source],))
    step = STEPS.get(one.step, "venter")
    if one.heard and one.hours:
        return Entry(one.name, (f"{_hours(one.heard)} er skrevet ud, af {_hours(one.hours)}.",))
    length = f", {_hours(one.hours)}" if one.hours else ""
    return Entry(one.name, (f"{step[0].upper()}{step[1:]}{length}.",))


def _when_there_is_time(report: NightReport) -> Iterator[Entry]:
    yield from (note_entry(one) for one in report.review if not one.pressing)


def _portal(one: Portal) -> Iterator[Entry]:
    told = [
        _listed("Nye møder", one.new),
        _listed("Optagelser fundet til", one.recorded),
        f"Ændret: {_counted(one.changed, 'møde', 'møder')}." if one.changed else "",
        f"Venter på en optagelse: {_counted(len(one.waiting), 'møde', 'møder')}." if one.waiting else "",
        _listed("Ikke længere på portalen (står her stadig)", one.gone),
        *(f"Lukket nu: punkt {', '.join(i.numbers)} i {i.name}. Skjult her." for i in one.closed),
        *(f"Åbnet nu: punkt {', '.join(i.numbers)} i {i.name}." for i in one.opened),
    ]
    said = tuple(line for line in told if line)
    yield Entry(one.name, said or ("Intet nyt.",))


def _listed(what: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    more = f" og {len(names) - MOST} til" if len(names) > MOST else ""
    return f"{what}: {'; '.join(names[:MOST])}{more}."


def _not_overdue(report: NightReport) -> Iterable[Ahead]:
    return (one for one in report.deadlines if not one.overdue)


def _videos_overdue(report: NightReport) -> list[Ahead]:
    return [one for one in report.deadlines if one.overdue and one.kind == VIDEO]


def _ahead(one: Ahead) -> Entry:
    kind = KINDS.get(one.kind, one.kind)
    if one.overdue:
        return _stays(one)
    return Entry(one.name, (f"Senest {weekday(one.day)}: {kind}.",))


def _stays(one: Ahead) -> Entry:
    """A video that is here after its day: only a night deletes, and what it waits for is what helps."""
    told = f"Videoen skulle være slettet her {weekday(one.day)}"
    if not one.stays:
        return Entry(one.name, (f"{told}.",), ("talerstol night",))
    then = NO_RUN_HELPS.get(one.stays, "talerstol run {}").format(one.meeting_id)
    why = STAYS.get(one.stays, one.stays)
    return Entry(one.name, (f"{told}, men bliver: {why}.",), (then,))


def _numbers(report: NightReport) -> Iterator[Entry]:
    if report.speech:
        s = report.speech
        speed = f", {_decimal(s.speed)} gange så hurtigt som afspilning" if s.speed else ""
        yield Entry(
            "Tale", (f"{_hours(s.hours)} skrevet ud{speed}; tekst til {_percent(s.covered)} af talen.",)
        )
    for name in report.names_missing:
        told = f"Der er ingen liste for {name}, så navne kan være stavet forkert. Læg den i names/{slug(name)}.txt."
        yield Entry("Navne", (told,))
    if report.retired:
        yield Entry(
            "Optagelser slettet efter jeres regler, teksten står her", (f"{'; '.join(report.retired)}.",)
        )
    if report.retired_whole:
        yield Entry(
            "Optagelser slettet efter jeres regler, teksten er ikke offentlig mere",
            (f"{'; '.join(report.retired_whole)}.",),
        )
    if report.disk:
        used = f"{_bytes(report.disk.free)} ledig; optagelserne fylder {_bytes(report.disk.kept)}."
        yield Entry("Disk", (used,))
    if before := tuple(_from_before(report)):
        yield Entry("Fra før", before)
    if report.meetings is not None:
        yield Entry("Arkivet", (f"{_counted(report.meetings, 'møde', 'møder') or 'Ingen møder'}.",))


def _from_before(report: NightReport) -> Iterator[str]:
    if report.older_reviews:
        told = _counted(report.older_reviews, "ældre møde har", "ældre møder har")
        yield f"{told} punkter, der ikke blev fundet: `talerstol status`."
    if report.gone:
        told = _counted(len(report.gone), "optagelse er", "optagelser er")
        what = f"{told} væk hos kilden og blev aldrig hentet"
        yield f"{_listed(what, report.gone)} Har I selv filen, så brug `talerstol add`."


def _shown(entries: Sequence[Entry], what: str) -> tuple[Entry, ...]:
    if len(entries) <= MOST:
        return tuple(entries)
    more = Entry(f"… og {len(entries) - MOST} {what} til", (), ("talerstol status",))
    return (*entries[:MOST], more)


def _counted(count: int, one: str, many: str) -> str:
    return "" if not count else f"{count} {one if count == 1 else many}"


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} og {parts[-1]}"


def _hours(hours: float) -> str:
    if hours < 1:
        minutes = max(1, round(hours * 60))
        return f"{minutes} minut" if minutes == 1 else f"{minutes} minutter"
    return f"{_decimal(hours)} timer"


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def _percent(share: float) -> str:
    """Cut, never rounded up: 100 % means all of it."""
    return f"{int(share * 1000) / 10:.1f}".replace(".", ",").removesuffix(",0") + "\N{NO-BREAK SPACE}%"


def _bytes(count: float) -> str:
    return (
        f"{_decimal(count / 1e9)}\N{NO-BREAK SPACE}GB"
        if count >= 1e9
        else f"{round(count / 1e6)}\N{NO-BREAK SPACE}MB"
    )
