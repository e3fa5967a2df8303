"""Places in a meeting at which an item may begin: where its number or title, or words like "næste punkt", are said.

A site begins where the chair's sentence does, or, in a text without full stops, with the words that lead on to
the item ("så går vi videre til …").
"""

from __future__ import annotations

from dataclasses import dataclass

from segment.cues import Cue, Cues
from segment.numbers import read_number, read_ordinal
from segment.stream import Stream
from segment.titles import Titles

LEAST_TITLE = 0.34  # of a title, to look closer; most such places are no openings and weigh little
LEAD_IN = 14  # words at most from the beginning of a site to the item's number or title
NEAR_START = 5  # words after a sentence's beginning that belong to it whatever they are
NUMBER_WORDS = 16  # words at most from the beginning of a site to the item's number
TO_NUMBER = 8  # words at most from "punkt" to its number: "punkt på dagsordenen er så nummer 5"
_BETWEEN = frozenset(
    "nummer nr er så nu øh på dagsordenen dagsorden jo og vi har det der hedder punkt sag med".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A number said as an item's: its value (None where it could not be read), and the words that it is in."""

    value: str | None
    begin: int
    end: int
    bare: bool = False  # without "punkt" or its kin before it


@dataclass(frozen=True, slots=True)
class Site:
    """Where an item may begin (a place in the stream), the first sign of it there, and the numbers said."""

    begin: int
    sign: int
    numbers: tuple[Mention, ...]


def find_sites(stream: Stream, cues: Cues, titles: Titles, known: frozenset[str]) -> list[Site]:
    """All sites in order; no two begin at the same word. `known` are the agenda's numbers."""
    numbers = _mentions(stream, cues, titles, known)
    signs = sorted(
        {m.begin for m in numbers}
        | set(titles.mentions(LEAST_TITLE))
        | set(_next_items(stream, cues))
        | set(_moves_to_title(stream, cues, titles))
    )
    sites: list[Site] = []
    for sign in signs:
        begin = _begin(stream, cues, sign)
        if sites and begin <= sites[-1].begin:
            continue
        if sites and sign < sites[-1].sign + 4 and not stream.begins[begin]:
            continue  # the number and the title of one opening
        end = _number_until(stream, begin)
        said = tuple(m for m in numbers if begin <= m.begin < end)
        sites.append(Site(begin, sign, said or _bare(stream, cues, begin, end, known)))
    return sites


def _number_until(stream: Stream, begin: int) -> int:
    """The number is in the sentence that the site begins, or in the next one where that has a word or two."""
    last = stream.until(begin, 15.0, NUMBER_WORDS)
    ends = [at for at in range(begin + 1, last) if stream.begins[at]]
    if ends and ends[0] - begin <= 2:
        ends = ends[1:]
    return ends[0] if ends else last


def _bare(stream: Stream, cues: Cues, begin: int, end: int, known: frozenset[str]) -> tuple[Mention, ...]:
    """ "så vender vi bladet til 87": a number of the agenda after a word that leads on to it."""
    for at in range(begin + 1, min(end, begin + LEAD_IN)):
        number = read_number(stream.words, at)
        if (
            number
            and number.value in known
            and stream.words[at - 1] in ("til", "er", "tager", "så", "nu", "med")
        ):
            return (Mention(number.value, at, at + number.used, bare=True),)
        if Cue.LEAD not in cues.of(stream.words[at]):
            break
    return ()


def _mentions(stream: Stream, cues: Cues, titles: Titles, known: frozenset[str]) -> list[Mention]:
    found: list[Mention] = []
    at = 0
    while at < len(stream.words):
        run = _after_item_word(stream, cues, at) or _at_sentence_start(stream, titles, at, known)
        found += run
        at = max(at + 1, run[-1].end if run else 0)
    return found


def _after_item_word(stream: Stream, cues: Cues, at: int) -> list[Mention]:
    """ "punkt fem", "punkterne 3, 4 og 5", "punkt tre til syv"; "det femte punkt"."""
    if Cue.ITEM not in cues.of(stream.words[at]):
        return []
    ordinal = read_ordinal(stream.words[at - 1]) if at else None
    place = at + 1
    while place < min(len(stream.words), at + TO_NUMBER):
        number = read_number(stream.words, place)
        if number and _is_its_number(stream, place, place + number.used):
            return _listed(stream, at, place)
        if stream.words[place] not in _BETWEEN:
            break
        place += 1
    if ordinal is not None and stream.words[at - 1] not in ("første", "anden", "andet"):
        return [Mention(ordinal, at - 1, at + 1)]
    if stream.words[at].startswith(("nummer", "nr")) or at + 1 >= len(stream.words):
        return []
    return [Mention(None, at, at + 1)]


def _is_its_number(stream: Stream, begin: int, end: int) -> bool:
    """A number in the next sentence is the item's only where it is all of it: "… nr. 5: Lokalplan"; not "Fire millioner."."""
    return not stream.begins[begin] or end >= len(stream.words) or stream.begins[end]


def _listed(stream: Stream, begin: int, at: int) -> list[Mention]:
    found: list[Mention] = []
    ranged = False
    while (number := read_number(stream.words, at)) is not None and at - begin < 40:
        if found and stream.begins[at]:
            break  # "punkt 9: 2. behandling af …"
        last = found[-1].value if found else None
        if ranged and last is not None and last.isdecimal() and number.value.isdecimal():
            between = range(int(last) + 1, min(int(number.value), int(last) + 60))
            found += [Mention(str(n), begin, at) for n in between]
        found.append(Mention(number.value, begin, at + number.used))
        at += number.used
        ranged = False
        while at < len(stream.words) and stream.words[at] in (
            "og",
            "til",
            "med",
            "samt",
            "punkt",
            "sag",
            "nummer",
        ):
            ranged = ranged or stream.words[at] == "til"
            at += 1
    return found


def _at_sentence_start(stream: Stream, titles: Titles, at: int, known: frozenset[str]) -> list[Mention]:
    """ "5. Lokalplan 12", "Fem er budgettet": a number of the agenda as the first word of a sentence.

    "2. behandling" may be a title's own words, and a number in letters may be any: "Fire millioner er nok".
    """
    if not stream.begins[at] or stream.words[at : at + 2] in titles.pairs:
        return []
    number = read_number(stream.words, at)
    if number is None or number.value not in known:
        return []
    after = at + number.used
    if not stream.words[at][0].isdecimal() and after < len(stream.words):
        alone = stream.begins[after] or stream.words[after] == "er"
        if not alone and titles.first_word(after, after + 1) is None:
            return []
    return _listed(stream, at, at)


def _next_items(stream: Stream, cues: Cues) -> list[int]:
    """ "næste punkt", "den næste sag", "dagsordenens sidste punkt"."""
    found = []
    for at, word in enumerate(stream.words[:-1]):
        if Cue.NEXT in cues.of(word):
            after = stream.words[at + 1 : at + 3]
            if any(Cue.ITEM in cues.of(w) for w in after):
                found.append(at)
    return found


def _moves_to_title(stream: Stream, cues: Cues, titles: Titles) -> list[int]:
    """ "dernæst har vi rammeaftale for …": a sentence that moves on, and the first word of a title in it."""
    found = []
    for at, begins in enumerate(stream.begins):
        if begins and any(Cue.MOVE in cues.of(w) for w in stream.words[at : at + 5]):
            place = titles.first_word(at, min(len(stream.words), at + LEAD_IN))
            if place is not None:
                found.append(place)
    return found


def _begin(stream: Stream, cues: Cues, sign: int) -> int:
    """Back to the sentence's beginning, or over the words that lead on to the sign."""
    at = sign
    while at > 0 and sign - at < LEAD_IN and not stream.begins[at]:
        leads = Cue.LEAD in cues.of(stream.words[at - 1])
        over = at > 1 and not stream.begins[at - 1] and Cue.LEAD in cues.of(stream.words[at - 2])
        if not leads and not over:
            break
        at -= 1
    for earlier in range(at, max(-1, at - NEAR_START), -1):
        if stream.begins[earlier]:
            return earlier
    return at
