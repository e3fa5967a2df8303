"""Which sentence begins which agenda item: one decision over the whole meeting.

Every sentence that sounds like an opening is weighed for every item (its number, its title, the chair's
phrase). The best chain of openings is then found by dynamic programming, in which the agenda's order is a
tendency: going on to the next item is free, skipping costs a little, going back costs more. An item without an
opening good enough stays unplaced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from catalogue import (
    Agenda,
    AgendaItem,
    ClosedDoors,
    Evidence,
    ItemSpan,
    Segment,
    Segmentation,
    SpanStatus,
    agenda_key,
    closed_items,
)
from segment.cues import Cues, read_cues
from segment.titles import Titles

# Weights of the signs, chosen by hand on half of the development meetings so that a number with an opening
# phrase, or a title with one, is enough, and neither alone is; measured by `python bench/items.py`.
NUMBER, TITLE, OPENING, MENTION = 1.2, 2.0, 0.9, -1.6
ENOUGH = 1.9
SKIP_COST, BACK_COST = 0.08, 1.0
CONTEXT_SECONDS = 12.0  # how long after an opening phrase the title may still be read out
# The best openings kept for each item: the search for the best chain grows with their square.
MOST_OPENINGS = 12
ONLY_NAMED = 30.0  # seconds from its opening in which an open item that is then withdrawn was not discussed
READING_GAP = 14.0  # three openings in a row with no more between them are the agenda being read out


@dataclass(frozen=True, slots=True)
class Opening:
    """A sentence that may begin an item."""

    sentence: int
    item: int
    score: float
    by_number: bool
    title_share: float


def place_items(
    segments: Sequence[Segment], agenda: Agenda, transcripts: tuple[str, ...] = ()
) -> Segmentation:
    """One span for every item of the agenda, in agenda order; `start` None where there is no evidence.

    `segments` are the whole meeting's, in order, on the meeting's clock.
    """
    cues = [read_cues(s.text) for s in segments]
    end = segments[-1].end if segments else 0.0
    closed = closed_items(agenda.items, ())
    openings = _openings(segments, cues, agenda.items, closed)
    withdrawn = _withdrawn(segments, cues, agenda.items, openings, closed)
    chain = _best_chain([o for o in openings if o.item not in withdrawn], segments)
    joint = _joint(segments, cues, agenda.items, chain)
    starts = {o.item: o for o in chain} | {
        item: Opening(sentence, item, ENOUGH + 1, True, 0.0) for item, sentence in joint.items()
    }
    heard = _closed_doors(segments, cues, end)
    doors = (*heard, *_maybe_closed(segments, cues, agenda.items, starts, openings, heard, closed))
    spans = _spans(segments, cues, agenda.items, starts, withdrawn, frozenset(joint), doors, end)
    return Segmentation(agenda_key(agenda), transcripts, spans, doors)


def _openings(
    segments: Sequence[Segment], cues: Sequence[Cues], items: Sequence[AgendaItem], closed: frozenset[int]
) -> list[Opening]:
    titles = Titles([item.title for item in items])
    numbers = {item.number for item in items}
    found: list[Opening] = []
    for n, cue in enumerate(cues):
        if not (cue.opens or cue.numbers) or cue.joins or cue.withdraws:
            continue
        shares = titles.shares(_heard_after(segments, cues, n))
        named = cue.numbers[0] if cue.numbers and cue.numbers[0] in numbers else None
        for k, item in enumerate(items):
            by_number = item.number == named
            score = TITLE * shares[k] + OPENING * cue.opens + MENTION * cue.mentions
            if named is not None:
                score += NUMBER if by_number else -NUMBER  # its own number, or another item's
            if score >= ENOUGH:
                found.append(Opening(n, k, score, by_number, shares[k]))
    return _best_of_each(_without_reading(found, segments, closed))


def _best_of_each(openings: list[Opening]) -> list[Opening]:
    """At most `MOST_OPENINGS` of every item, the best and of equals the earliest; also a hostile text ends soon."""
    kept: list[Opening] = []
    seen: Counter[int] = Counter()
    for opening in sorted(openings, key=lambda o: (-o.score, o.sentence)):
        seen[opening.item] += 1
        if seen[opening.item] <= MOST_OPENINGS:
            kept.append(opening)
    return kept


def _heard_after(segments: Sequence[Segment], cues: Sequence[Cues], n: int) -> str:
    """The sentence and what follows it for a moment, up to the next opening."""
    text = [segments[n].text]
    for m in range(n + 1, min(n + 5, len(segments))):
        if segments[m].start - segments[n].start > CONTEXT_SECONDS or cues[m].opens:
            break
        text.append(segments[m].text)
    return " ".join(text)


def _without_reading(
    openings: list[Opening], segments: Sequence[Segment], closed: frozenset[int]
) -> list[Opening]:
    """Leave out runs of three or more openings close together: somebody reads the agenda out.

    Closed items may really be taken that fast. They stay unless an item of the run is opened again later.
    """
    sentences = sorted({o.sentence for o in openings})
    runs: list[list[int]] = []
    for n in sentences:
        if runs and segments[n].start - segments[runs[-1][-1]].end < READING_GAP and n - runs[-1][-1] <= 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    read_out = {n: run[-1] for run in runs if len(run) >= 3 for n in run}
    named = {n: {o.item for o in openings if read_out.get(o.sentence) == n} for n in read_out.values()}
    last = {o.item: o.sentence for o in sorted(openings, key=lambda o: o.sentence)}
    again = {n for n, said in named.items() if any(last[item] > n for item in said)}
    return [
        o
        for o in openings
        if o.sentence not in read_out or (o.item in closed and read_out[o.sentence] not in again)
    ]


def _best_chain(openings: list[Opening], segments: Sequence[Segment]) -> list[Opening]:
    """The openings, one a sentence and one an item, whose scores less the costs of their order are highest."""
    openings = sorted(openings, key=lambda o: (o.sentence, -o.score))
    best: list[tuple[float, int]] = []  # value, previous
    members: list[frozenset[int]] = []
    for n, opening in enumerate(openings):
        value, previous = opening.score - 1.0, -1
        for p in range(n):
            before = openings[p]
            if before.sentence == opening.sentence or opening.item in members[p]:
                continue
            step = opening.item - before.item
            cost = BACK_COST if step < 0 else SKIP_COST * (step - 1)
            if best[p][0] + opening.score - 1.0 - cost > value:
                value, previous = best[p][0] + opening.score - 1.0 - cost, p
        best.append((value, previous))
        members.append((members[previous] if previous >= 0 else frozenset()) | {opening.item})
    if not best:
        return []
    at = max(range(len(best)), key=lambda n: best[n][0])
    chain = []
    while at >= 0:
        chain.append(openings[at])
        at = best[at][1]
    return chain[::-1]


def _withdrawn(
    segments: Sequence[Segment],
    cues: Sequence[Cues],
    items: Sequence[AgendaItem],
    openings: list[Opening],
    closed: frozenset[int],
) -> dict[int, Evidence]:
    """Items said to be withdrawn, with the words. One that was opened before was discussed, and then put off."""
    by_number = {item.number: k for k, item in enumerate(items)}
    first = {o.item: segments[o.sentence].start for o in sorted(openings, key=lambda o: -o.sentence)}
    withdrawn: dict[int, Evidence] = {}
    for segment, cue in zip(segments, cues, strict=True):
        if not cue.withdraws or cue.joins:
            continue
        # "punkt 1 er udgået, og vi går direkte til punkt 2": only the first is withdrawn
        for number in cue.numbers[:1] if cue.opens else cue.numbers:
            k = by_number.get(number)
            if k is None:
                continue
            opened = first.get(k, segment.start)
            if segment.start - opened <= (0.0 if k in closed else ONLY_NAMED):
                withdrawn[k] = Evidence(segment.start, segment.text)
    return withdrawn


def _joint(
    segments: Sequence[Segment], cues: Sequence[Cues], items: Sequence[AgendaItem], chain: list[Opening]
) -> dict[int, int]:
    """Items said to be taken together, each with the sentence that opens them."""
    by_number = {item.number: k for k, item in enumerate(items)}
    together: dict[int, int] = {}
    for n, cue in enumerate(cues):
        named = [by_number[number] for number in cue.numbers if number in by_number]
        if cue.joins and not cue.mentions and len(named) > 1:
            together.update(dict.fromkeys(named, _opened_after(n, named, chain)))
    return together


def _opened_after(n: int, named: list[int], chain: list[Opening]) -> int:
    """Where items said in sentence `n` to be taken together begin: there, or where one of them is opened when
    it was said ahead of its turn and another item came first."""
    later = [o for o in chain if o.sentence > n]
    if later and later[0].item not in named:
        return next((o.sentence for o in later if o.item in named), n)
    return n


def _closed_doors(segments: Sequence[Segment], cues: Sequence[Cues], end: float) -> tuple[ClosedDoors, ...]:
    closed: list[ClosedDoors] = []
    since: Segment | None = None
    for segment, cue in zip(segments, cues, strict=True):
        if cue.closes_doors and since is None:
            since = segment
        elif cue.opens_doors and since is not None:
            closed.append(ClosedDoors(since.start, segment.start, Evidence(since.start, since.text)))
            since = None
    if since is not None:
        # To the very end, also of a recording that runs on after the last word.
        closed.append(
            ClosedDoors(since.start, max(end, since.end) + UNTIL_THE_END, Evidence(since.start, since.text))
        )
    return tuple(closed)


def _maybe_closed(
    segments: Sequence[Segment],
    cues: Sequence[Cues],
    items: Sequence[AgendaItem],
    starts: dict[int, Opening],
    openings: list[Opening],
    heard: tuple[ClosedDoors, ...],
    closed: frozenset[int],
) -> tuple[ClosedDoors, ...]:
    """Where a closed item was not found: what follows words that sound like an opening which no item took.

    They are no evidence for an item, but in doubt it is closed: from the first such words after the item before
    it, to the next item that was placed. Where the doors are heard to close in between, that is the sign.
    """
    begun = sorted(o.sentence for o in starts.values())
    taken = {o.sentence for o in openings} | set(begun)
    others = {item.number for k, item in enumerate(items) if k not in closed}
    found: dict[int, ClosedDoors] = {}
    for k in sorted(closed - starts.keys()):
        before = max((p for p in starts if p < k), default=None)
        first = starts[before].sentence if before is not None else -1
        after = next((s for s in begun if s > first), len(segments))
        if any(door.start in {s.start for s in segments[first + 1 : after]} for door in heard):
            continue
        for n in range(first + 1, after):
            cue = cues[n]
            if cue.opens and not (cue.mentions or n in taken or others & set(cue.numbers)):
                said = segments[n]
                until = segments[after].start if after < len(segments) else said.end + UNTIL_THE_END
                found[n] = ClosedDoors(said.start, until, Evidence(said.start, said.text))
                break
    return tuple(found.values())


UNTIL_THE_END = 1e6  # seconds; longer than any recording


def _spans(
    segments: Sequence[Segment],
    cues: Sequence[Cues],
    items: Sequence[AgendaItem],
    starts: dict[int, Opening],
    withdrawn: dict[int, Evidence],
    joint: frozenset[int],
    doors: tuple[ClosedDoors, ...],
    end: float,
) -> tuple[ItemSpan, ...]:
    finish = next(
        (s.end for s, c in zip(segments, cues, strict=True) if c.ends_meeting and s.start > 0.9 * end), end
    )
    boundaries = sorted(
        {segments[o.sentence].start for o in starts.values()} | {d.start for d in doors} | {finish}
    )
    spans = []
    for k, item in enumerate(items):
        opening = starts.get(k)
        if opening is None:
            spans.append(_unplaced(k, item, withdrawn.get(k)))
            continue
        said = segments[opening.sentence]
        status = SpanStatus.JOINT if k in joint else SpanStatus.DISCUSSED
        spans.append(
            ItemSpan(
                item=k,
                status=status if item.open else SpanStatus.CLOSED,
                start=said.start,
                end=next((b for b in boundaries if b > said.start), max(end, said.end)),
                confidence=_confidence(opening),
                evidence=Evidence(said.start, said.text),
            )
        )
    return tuple(spans)


def _unplaced(k: int, item: AgendaItem, withdrawn: Evidence | None) -> ItemSpan:
    if withdrawn is not None:
        return ItemSpan(k, SpanStatus.WITHDRAWN, confidence=0.9, evidence=withdrawn)
    return ItemSpan(k, SpanStatus.NOT_FOUND if item.open else SpanStatus.CLOSED)


def _confidence(opening: Opening) -> float:
    """How sure the signs make us: number and title agree, one of them is strong, or little more than enough.

    The steps are the share of right starts among such openings in the development meetings
    (`python bench/items.py`), rounded down.
    """
    if opening.by_number and opening.title_share >= 0.5:
        return 0.97
    if opening.by_number or opening.title_share >= 0.75:
        return 0.9
    return 0.7
