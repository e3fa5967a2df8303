"""What a person should look at in one meeting, in Danish, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pipeline.editing.clock import short_clock
from pipeline.night.page import Entry
from pipeline.night.report import Note, NoteKind, Place, Review

MOST_PLACES = 6  # minutes that are named; `talerstol status MEETING` has all


def note_entry(review: Review) -> Entry:
    """All that there is to say of a meeting, as one thing to do."""
    then = dict.fromkeys(command for note in review.notes if (command := _then(review.meeting_id, note)))
    return Entry(
        what=review.name,
        said=tuple(_SAID[note.kind](note) for note in review.notes),
        then=tuple(then),
        meeting_id=review.meeting_id,
    )


def _then(meeting_id: str, note: Note) -> str:
    if note.kind in (NoteKind.CLOSED, NoteKind.DOORS, NoteKind.ITEMS, NoteKind.LOST):
        return f"talerstol items {meeting_id}"
    if note.kind is NoteKind.CUT_ANEW:
        return f"talerstol edit {meeting_id}"
    if note.kind is NoteKind.SPEAKERS:
        return ""
    return f"talerstol status {meeting_id}"


def _closed(note: Note) -> str:
    return (
        f"{_items(note)} er lukket, men blev ikke fundet i optagelsen. Lyt efter, og sæt tiden "
        "(--set NUMMER=1:02:03), eller sig, at det ikke er optaget (--set NUMMER=none)."
    )


def _doors(note: Note) -> str:
    return (
        f"{_items(note)} er lukket. Det, der er optaget, efter at dørene blev lukket, er holdt tilbage; hør efter, om "
        "det er det rigtige."
    )


def _unplaced(note: Note) -> str:
    they = "Det" if len(note.numbers) == 1 else "De"
    return f"{_items(note)} blev ikke fundet i optagelsen. {they} vises uden tid, til nogen sætter den."


def _doubtful(note: Note) -> str:
    return f"Teksten er usikker {_at(note.places)}."


def _gaps(note: Note) -> str:
    seconds = round(sum(place.end - place.start for place in note.places))
    return f"Der er tale uden tekst {_at(note.places)}, i alt {seconds} sekunder."


def _speakers(note: Note) -> str:
    return f"{note.count} af {note.of} sætninger har ingen taler."


def _incomplete(note: Note) -> str:
    where = f": der mangler noget {_at(note.places)}" if note.places else ""
    why = f" ({note.detail})" if note.detail else ""
    return f"Optagelsen er ikke hel{where}{why}."


def _cut_anew(_: Note) -> str:
    return (
        "Kilden har lagt optagelsen op igen, klippet anderledes. Arkivet beholder den gamle, for de tider, I har sat i "
        "den, ville ramme noget andet i den nye. Hør, hvad der er ændret: er noget taget ud, fordi det ikke må være "
        "offentligt, så skal det også holdes tilbage her. Ellers skal der intet gøres. Den nye kommer, hvis I tager "
        "tiderne tilbage (--take-back; punkters med talerstol items, --unset)."
    )


def _late_captions(note: Note) -> str:
    end, captions = (short_clock(time) for time in (note.places[0].start, note.places[0].end))
    return f"Optagelsen slutter ved {end}, underteksterne først ved {captions}. Hører de sammen?"


def _lost(note: Note) -> str:
    return (
        f"Den tid, I har sat for {_items(note, 'punkt')}, passer ikke til dagsordenen mere. Sæt den igen, eller fjern den "
        "(--unset NUMMER)."
    )


_SAID: dict[NoteKind, Callable[[Note], str]] = {
    NoteKind.CLOSED: _closed,
    NoteKind.DOORS: _doors,
    NoteKind.ITEMS: _unplaced,
    NoteKind.DOUBTFUL: _doubtful,
    NoteKind.GAPS: _gaps,
    NoteKind.SPEAKERS: _speakers,
    NoteKind.INCOMPLETE: _incomplete,
    NoteKind.CUT_ANEW: _cut_anew,
    NoteKind.LATE_CAPTIONS: _late_captions,
    NoteKind.SHORTER: lambda _: (
        "Kilden har nu en meget kortere optagelse; arkivet beholder den lange. Find ud af, om noget er taget af med "
        "vilje."
    ),
    NoteKind.NEVER_ENDED: lambda _: (
        "Kilden sagde aldrig, at udsendelsen var slut. Optagelsen er taget, som den var, da den holdt op med at vokse."
    ),
    NoteKind.NO_AGENDA: lambda _: "Der er ingen dagsorden, så mødet er ikke delt i punkter.",
    NoteKind.NO_TEXT: lambda _: "Der er ingen offentlig tekst i mødet.",
    NoteKind.LOST: _lost,
}


def _items(note: Note, word: str = "Punkt") -> str:
    """»Punkt 5A og 12.B«: the numbers as they are published, for that is how `talerstol items` finds them."""
    numbers = [number for number in note.numbers if number] or ["?"]
    if len(numbers) == 1:
        return f"{word} {numbers[0]}"
    return f"{word} {', '.join(numbers[:-1])} og {numbers[-1]}"


def _at(places: Iterable[Place]) -> str:
    """ved 0:12:30, 1:02:05 og 3 steder til"""
    known = list(places)
    times = [short_clock(place.start) for place in known[:MOST_PLACES]]
    more = len(known) - len(times)
    if more:
        return f"ved {', '.join(times)} og {more} {'sted' if more == 1 else 'steder'} til"
    return f"ved {times[0]}" if len(times) == 1 else f"ved {', '.join(times[:-1])} og {times[-1]}"
