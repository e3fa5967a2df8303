"""Which item each site may open, with the signs for and against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from segment.cues import Cue, Cues
from segment.numbers import plain, sounds_like
from segment.sites import Mention, Site
from segment.stream import Stream
from segment.titles import NOTHING, TitleMatch, Titles

TITLE_SECONDS, TITLE_WORDS = 22.0, 40  # after the beginning of a site, in which the title is read out
BEFORE_SECONDS, BEFORE_WORDS = 15.0, 24  # before it, in which the item before is closed
APART = 25.0  # seconds from which an item is said another time
READ_AGAIN = 1 / 3  # of the items of a run, said again later, from which it is an agenda that is read out
QUICK = 9.0  # seconds between two items of an agenda that is read out
DEBATE_SECONDS, DEBATE_WORDS = 240.0, 500  # after and before it, which show what the debate is about
MOST_NEAR = 12  # items that one site may open
MOST_MISHEARD = 400  # items among which a misheard number is looked for
ENDS_ALIKE = 0.85  # how near "56" comes to 156
SOUNDS_ENOUGH = 0.72  # of a number that could not be read, to be looked at
TITLE_ENOUGH, FIRST_ENOUGH = 0.3, 0.6  # of a title, without its number

ANY = -1  # the item of a site that does not say which

SIGNS = (
    "always", "number", "number bare", "number misheard", "another number", "number of no item", "no number",
    "title", "whole title", "title begins", "title alone", "title and number",
    "item word", "next", "moves on", "sentence begins", "pause", "mentions", "closed before", "floor after",
    "closed after", "chair", "quick after", "quick before", "read out", "again later", "said before",
    "debate after", "debate before", "withdrawn", "agenda", "several numbers", "approval",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that a site may open; `signs` are numbers, one for each of `SIGNS`."""

    site: int
    item: int
    signs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What a site is in itself, whatever item it may open."""

    site: Site
    titles: dict[int, TitleMatch]
    rivals: tuple[float, float]  # the two largest shares of titles
    around: tuple[float, ...]  # the signs from "item word" to "chair"
    withdrawn: bool
    joint: bool

    @property
    def moves(self) -> bool:
        """Whether words lead on: "så går vi til"."""
        return self.around[2] > 0


@dataclass(frozen=True, slots=True)
class Meeting:
    """All that is looked at to find the openings of one meeting."""

    stream: Stream
    cues: Cues
    titles: Titles
    numbers: tuple[str, ...]  # of the items, as they would be read
    approvals: frozenset[int]  # the items that are the agenda's own approval
    contexts: tuple[Context, ...]


def contexts(stream: Stream, cues: Cues, titles: Titles, sites: Sequence[Site]) -> tuple[Context, ...]:
    chairs = _chairs(stream, cues)
    found = []
    until = len(stream.words)
    for site in reversed(sites):
        found.append(_context(stream, cues, titles, chairs, site, until))
        if _leads(stream, cues, site):
            until = site.begin
    return tuple(reversed(found))


def _leads(stream: Stream, cues: Cues, site: Site) -> bool:
    """Whether a site sounds like the beginning of something, so that no title before it goes on into it."""
    lead = [cues.of(w) for w in stream.words[site.begin : site.sign + 2]]
    following = any(Cue.NEXT in a and Cue.ITEM in b for a, b in zip(lead, lead[1:], strict=False))
    return bool(site.numbers) or following or any(Cue.MOVE in k and Cue.NEXT not in k for k in lead)


def find_openings(meeting: Meeting) -> list[Candidate]:
    """The candidates of all sites, in the sites' order.

    A site at which nothing points to an item, but words like "næste punkt" to one, is a candidate for `ANY`.
    """
    near = [_near(meeting, n) for n in range(len(meeting.contexts))]
    seen: dict[int, list[int]] = defaultdict(list)
    for n, found in enumerate(near):
        for item, number in found.items():
            if _telling(meeting, n, item, number):
                seen[item].append(n)
    quick = _quick(meeting, near, seen)
    return [
        Candidate(n, item, _signs(meeting, n, item, number, seen[item], quick[n]))
        for n, found in enumerate(near)
        for item, number in (found or {ANY: (0.0, 0.0, 0.0, 0.0)}).items()
    ]


def _context(
    stream: Stream, cues: Cues, titles: Titles, chairs: dict[str | None, float], site: Site, until: int
) -> Context:
    begin, sign = site.begin, site.sign
    end = max(sign + 1, min(until, stream.until(begin, TITLE_SECONDS, TITLE_WORDS)))
    lead = [cues.of(w) for w in stream.words[begin : sign + 4]]
    line = [cues.of(w) for w in stream.words[max(0, begin - 2) : min(end, sign + 10)]]
    before = [cues.of(w) for w in stream.words[stream.since(begin, BEFORE_SECONDS, BEFORE_WORDS) : begin]]
    after = [cues.of(w) for w in stream.words[sign + 1 : end]]
    closed_before = any(Cue.CLOSES in c for c in before)
    around = (
        float(any(Cue.ITEM in c for c in lead)),
        float(any(Cue.NEXT in c for c in lead)),
        min(2, sum(Cue.MOVE in c for c in lead)) / 2,
        float(stream.begins[begin]),
        min(2.0, stream.gaps[begin]) / 2,
        min(3, sum(Cue.MENTION in c for c in line)) / 3,
        float(closed_before),
        float(any(Cue.FLOOR in c for c in after)),
        float(any(Cue.CLOSES in c for c in after)),
        chairs[stream.speakers[begin]],
    )
    matches = titles.matches(begin, end)
    largest = (*nlargest(2, (match.share for match in matches.values())), 0.0, 0.0)
    return Context(
        site,
        matches,
        (largest[0], largest[1]),
        around,
        withdrawn=any(Cue.WITHDRAWN in c for c in line),
        joint=_joint(line),
    )


def _joint(line: Sequence[frozenset[Cue]]) -> bool:
    """ "samlet", "sammen", or "under ét", "i én debat", "på én gang"."""
    as_one = any(Cue.AS in a and Cue.ONE in b for a, b in zip(line, line[1:], strict=False))
    return as_one or any(Cue.JOINT in kinds for kinds in line)


def _chairs(stream: Stream, cues: Cues) -> dict[str | None, float]:
    """How much (0–1) each speaker sounds like who leads the meeting; one half where speakers are not known."""
    said: dict[str | None, int] = defaultdict(int)
    procedure: dict[str | None, int] = defaultdict(int)
    for word, speaker in zip(stream.words, stream.speakers, strict=True):
        said[speaker] += 1
        procedure[speaker] += Cue.PROCEDURE in cues.of(word)
    shares = {speaker: procedure[speaker] / (said[speaker] + 20) for speaker in said if speaker is not None}
    most = max(shares.values(), default=0.0) or 1.0
    return {speaker: share / most for speaker, share in shares.items()} | {None: 0.5}


def _near(meeting: Meeting, n: int) -> dict[int, tuple[float, float, float, float]]:
    """The items that a site may open, each with what its number says: right, misheard, another's, no item's.

    After a word that moves on, a title's first word is enough to look closer.
    """
    context = meeting.contexts[n]
    first = context.site.numbers[0] if context.site.numbers else None
    value = first.value if first else None
    known = value is not None and value in meeting.numbers
    few = len(meeting.numbers) <= MOST_MISHEARD
    heard = _heard(meeting.stream, first) if first and not known and few else ()
    first_enough = FIRST_ENOUGH / 2 if context.around[2] else FIRST_ENOUGH
    found: dict[int, tuple[float, float, float, float]] = {}
    for item, number in enumerate(meeting.numbers):
        match = context.titles.get(item, NOTHING)
        exact = number == value
        sounds = 0.0 if exact else _sounds(heard, value, number)
        if exact or sounds >= SOUNDS_ENOUGH or match.share >= TITLE_ENOUGH or match.first >= first_enough:
            other = float(known and not exact)
            sounds = sounds if sounds >= SOUNDS_ENOUGH else 0.0
            found[item] = (float(exact), sounds, other, float(value is not None and not known and not sounds))
    return found if len(found) <= MOST_NEAR else _nearest(context, found)


def _nearest(
    context: Context, found: dict[int, tuple[float, float, float, float]]
) -> dict[int, tuple[float, float, float, float]]:
    """Of very many items with like titles those whose number was said, and whose title is nearest."""

    def nearness(item: int) -> tuple[float, float]:
        exact, sounds, _, _ = found[item]
        return (exact + sounds, context.titles.get(item, NOTHING).share)

    kept = sorted(found, key=nearness, reverse=True)[:MOST_NEAR]
    return {item: found[item] for item in sorted(kept)}


def _heard(stream: Stream, mention: Mention) -> tuple[str, ...]:
    """What may be the number after "punkt" where none can be read: the words there, one to five of them in one."""
    end = next((at for at in range(mention.end, len(stream.words)) if stream.begins[at]), len(stream.words))
    after = [
        w for w in stream.words[mention.end : min(end, mention.end + 6)] if w not in ("nummer", "nr", "øh")
    ]
    return tuple("".join(after[:count]) for count in range(1, min(5, len(after)) + 1))


def _sounds(heard: Sequence[str], value: str | None, number: str) -> float:
    """How near what was heard comes to a number that it is not: misheard, or its end alone."""
    if value is not None:
        ends_alike = len(number) > 2 and value.isdecimal() and number.endswith(value.zfill(2))
        return ENDS_ALIKE if heard and ends_alike else 0.0
    return max((sounds_like(h, number) for h in heard), default=0.0)


def _quick(
    meeting: Meeting, near: Sequence[dict[int, tuple[float, float, float, float]]], seen: dict[int, list[int]]
) -> list[tuple[float, float, float]]:
    """For each site whether another item is said right after it and right before it, and whether it is read out.

    An agenda that is read out is a run of three items or more with nothing decided between; the share of them
    that is said again later tells how sure that is.
    """
    told = {n: items for n in range(len(near)) if (items := _told(meeting, n, near[n]))}
    result = [(0.0, 0.0, 0.0)] * len(near)
    for run in _runs(meeting, told):
        last = run[-1][-1]
        again = sum(
            any(_later(meeting, last, m) for k in told[step[0]] for m in seen[k]) for step in run
        ) / len(run)
        read = min(1.0, again / READ_AGAIN) if len(run) > 2 else 0.0
        length = min(3, len(run) - 1) / 3
        for place, step in enumerate(run):
            for n in step:
                result[n] = (length if place + 1 < len(run) else 0.0, length if place else 0.0, read)
    return result


def _runs(meeting: Meeting, told: Mapping[int, set[int]]) -> list[list[list[int]]]:
    """Runs of steps in quick succession; a step is the sites that tell of the same items, as number and title do."""
    runs: list[list[list[int]]] = []
    for n, items in told.items():
        step = runs[-1][-1] if runs else None
        if step is not None and _quickly(meeting, step[-1], n) and not told[step[-1]] & meeting.approvals:
            if items == told[step[-1]]:
                step.append(n)
            else:
                runs[-1].append([n])
        else:
            runs.append([[n]])
    return runs


def _quickly(meeting: Meeting, one: int, other: int) -> bool:
    here, there = meeting.contexts[one].site, meeting.contexts[other].site
    apart = meeting.stream.times[there.begin] - meeting.stream.times[here.begin]
    between = meeting.stream.words[here.sign + 1 : there.begin]
    return apart < QUICK and not any({Cue.CLOSES, Cue.FLOOR} & meeting.cues.of(w) for w in between)


def _later(meeting: Meeting, one: int, other: int) -> bool:
    """Whether one site comes long enough after another to be a time of its own."""
    times = meeting.stream.times
    return times[meeting.contexts[other].site.begin] - times[meeting.contexts[one].site.begin] > APART


def _telling(meeting: Meeting, n: int, item: int, number: tuple[float, float, float, float]) -> bool:
    return bool(number[0]) or meeting.contexts[n].titles.get(item, NOTHING).share >= 0.6


def _told(meeting: Meeting, n: int, near: dict[int, tuple[float, float, float, float]]) -> set[int]:
    return {item for item, number in near.items() if _telling(meeting, n, item, number)}


def _signs(
    meeting: Meeting,
    n: int,
    item: int,
    number: tuple[float, float, float, float],
    seen: Sequence[int],
    quick: tuple[float, float, float],
) -> tuple[float, ...]:
    context = meeting.contexts[n]
    exact, misheard, other, of_none = number
    match = context.titles.get(item, NOTHING)
    bare = bool(context.site.numbers) and context.site.numbers[0].bare
    rival = context.rivals[0] if match.share < context.rivals[0] else context.rivals[1]
    site = context.site
    stream, titles = meeting.stream, meeting.titles
    spoken_of = stream.until(site.begin, TITLE_SECONDS, TITLE_WORDS)
    after = before = 0.0
    if item != ANY:
        after = titles.density(item, spoken_of, stream.until(site.begin, DEBATE_SECONDS, DEBATE_WORDS))
        before = titles.density(item, stream.since(site.begin, DEBATE_SECONDS, DEBATE_WORDS), site.begin)
    return (
        1.0,
        exact if not bare else 0.0,
        exact if bare else 0.0,
        misheard,
        other if not bare else 0.0,
        of_none,
        float(not site.numbers),
        match.share,
        float(match.share >= 0.75),
        match.first,
        max(0.0, match.share - rival),
        match.share * max(exact, misheard),
        *context.around,
        *quick,
        float(bool(seen) and _later(meeting, n, seen[-1]) and item not in meeting.approvals),
        float(bool(seen) and _later(meeting, seen[0], n)),
        min(1.0, after),
        min(1.0, before),
        float(context.withdrawn),
        float(any(Cue.AGENDA in meeting.cues.of(w) for w in stream.words[site.begin : site.sign + 8])),
        float(len({m.value for m in site.numbers}) > 1),
        float(item in meeting.approvals),
    )


def numbers_as_read(numbers: Sequence[str]) -> tuple[str, ...]:
    return tuple(plain(number) for number in numbers)
