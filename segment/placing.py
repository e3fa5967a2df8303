"""Which item of the agenda is taken when: one decision over the whole meeting, with the words that show it.

Every place at which an item may begin is found (`sites`) and weighed for every item (`openings`, `nodes`); the
best chain of them is chosen (`chain`) and each start in it given its confidence. What the publisher says itself
wins. An item without a start that is sure enough stays unplaced: "not found" is an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalogue import (
    Agenda,
    AgendaItem,
    ClosedDoors,
    Evidence,
    ItemSpan,
    Segment,
    Segmentation,
    SetBy,
    SpanStatus,
    agenda_key,
    closed_items,
)
from segment.chain import Link, Node, best_chain
from segment.confidence import confidence, features
from segment.cues import Cue, Cues
from segment.doors import UNTIL_THE_END, as_lines, closed_doors, meeting_ends
from segment.index_points import IndexPoint
from segment.nodes import make_nodes
from segment.openings import Meeting, contexts, find_openings, numbers_as_read
from segment.sites import find_sites
from segment.stream import Stream
from segment.titles import Titles
from segment.withdrawn import called_off

SURE_ENOUGH = 0.6  # below this an open item is not found
ONLY_NAMED = 30.0  # seconds from its opening in which an open item that is then withdrawn was not discussed
NUMBER_AHEAD = 25.0  # seconds from an item's number to its title
WITH_IT = 60.0  # seconds in which "sammen med dette punkt foretages" joins an item to the one before


@dataclass(frozen=True, slots=True)
class Start:
    """Where an item begins, as it was found."""

    at: float
    confidence: float
    evidence: Evidence
    site: int
    joint: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a meeting's words say of its agenda, before it is made into spans."""

    meeting: Meeting
    starts: Mapping[int, Start]
    withdrawn: Mapping[int, Evidence]
    chain: tuple[Link, ...]
    nodes: tuple[Node, ...]


def place_items(
    spoken: Sequence[Segment],
    agenda: Agenda,
    transcripts: tuple[str, ...] = (),
    given: Iterable[IndexPoint] = (),
) -> Segmentation:
    """One span for every item of the agenda, in agenda order; `start` None where there is no evidence.

    `spoken` are the whole meeting's segments, in order, on the meeting's clock; `given` are the publisher's points.
    """
    closed = closed_items(agenda.items, ())
    found = find_items(spoken, agenda, closed)
    points = {point.item: point for point in given}
    lines = as_lines(spoken)
    heard = closed_doors(spoken, lines)
    known = found.starts.keys() | points.keys()
    doors = (*heard, *_maybe_closed(spoken, found, heard, closed - known, closed))
    spans = _spans(spoken, agenda.items, found, points, doors, meeting_ends(spoken, lines))
    return Segmentation(agenda_key(agenda), transcripts, spans, doors)


def find_items(spoken: Sequence[Segment], agenda: Agenda, closed: frozenset[int]) -> Found:
    meeting = look_at(spoken, agenda.items)
    off = called_off(meeting)
    nodes = make_nodes(meeting, find_openings(meeting), off)
    chain = best_chain(nodes, len(agenda.items), frozenset(off))
    starts: dict[int, Start] = {}
    for place, link in enumerate(chain):
        for item in link.items:
            sure = confidence(features(meeting, chain, place, item, nodes, off))
            # An item that is to be withheld is withheld on any sign: in doubt, closed.
            if sure >= SURE_ENOUGH or item in closed:
                starts[item] = _start(spoken, meeting, chain, place, sure)
                if (
                    starts[item].site == chain[place - 1].node.site
                ):  # taken with the one before, which is then sure
                    starts |= dict.fromkeys(chain[place - 1].items, starts[item])
    said_off = {item: _said(spoken, meeting, site) for item, site in off.items()}
    withdrawn = {
        item: said
        for item, said in said_off.items()
        if item not in starts or 0 <= said.at - starts[item].at <= (0.0 if item in closed else ONLY_NAMED)
    }
    kept = {item: start for item, start in starts.items() if item not in withdrawn or item in closed}
    return Found(meeting, kept, withdrawn, tuple(chain), tuple(nodes))


def look_at(spoken: Sequence[Segment], items: Sequence[AgendaItem]) -> Meeting:
    """The meeting with all its sites, ready to be weighed."""
    stream = Stream.of(spoken)
    cues = Cues(stream.words)
    titles = Titles([item.title for item in items], stream)
    numbers = numbers_as_read([item.number for item in items])
    sites = find_sites(stream, cues, titles, frozenset(numbers))
    approvals = frozenset(n for n, item in enumerate(items) if "dagsorden" in item.title.lower())
    return Meeting(stream, cues, titles, numbers, approvals, contexts(stream, cues, titles, sites))


def _start(
    spoken: Sequence[Segment], meeting: Meeting, chain: Sequence[Link], place: int, sure: float
) -> Start:
    node = chain[place].node
    before = chain[place - 1].node if place else None
    if before is not None and node.at - before.at <= WITH_IT and _with_the_one_before(meeting, node):
        return _start_at(spoken, meeting, before.site, sure, joint=True)
    site = _number_before(meeting, node, before)
    return _start_at(spoken, meeting, site, sure, joint=len(chain[place].items) > 1)


def _start_at(spoken: Sequence[Segment], meeting: Meeting, site: int, sure: float, joint: bool) -> Start:
    at = meeting.stream.times[meeting.contexts[site].site.begin]
    return Start(at, sure, _said(spoken, meeting, site), site, joint)


def _number_before(meeting: Meeting, node: Node, before: Node | None) -> int:
    """ "Vi er nået til punkt 5. … Det handler om …": an item begins with its number, where only its title was sure."""
    if len(node.items) != 1 or meeting.contexts[node.site].site.numbers:
        return node.site
    number = meeting.numbers[node.items[0]]
    for n in range(node.site - 1, before.site if before else -1, -1):
        context = meeting.contexts[n]
        if node.at - meeting.stream.times[context.site.begin] > NUMBER_AHEAD:
            break
        if number in {m.value for m in context.site.numbers} and not context.withdrawn:
            return n
    return node.site


def _with_the_one_before(meeting: Meeting, node: Node) -> bool:
    """ "Sammen med dette punkt foretages …": the item is taken with the one just opened."""
    site = meeting.contexts[node.site].site
    words = meeting.stream.words[max(0, site.begin - 6) : site.sign]
    return any(
        Cue.JOINT in meeting.cues.of(a) and b in ("med", "hermed")
        for a, b in zip(words, words[1:], strict=False)
    )


def _said(spoken: Sequence[Segment], meeting: Meeting, site: int) -> Evidence:
    segment = spoken[meeting.stream.segments[meeting.contexts[site].site.begin]]
    return Evidence(segment.start, segment.text)


def _maybe_closed(
    spoken: Sequence[Segment],
    found: Found,
    heard: tuple[ClosedDoors, ...],
    missing: frozenset[int],
    closed: frozenset[int],
) -> tuple[ClosedDoors, ...]:
    """Where a closed item was not found: what follows words that sound like an opening which no item took.

    They are no evidence for an item, but in doubt it is closed: from the first such words after the item before
    it, to the next item that was placed. Where the doors are heard to close in between, that is the sign.
    """
    meeting, starts = found.meeting, found.starts
    begun = sorted(start.at for start in starts.values())
    end = spoken[-1].end if spoken else 0.0
    stretches: dict[float, ClosedDoors] = {}
    for k in sorted(missing):
        before = max((p for p in starts if p < k), default=None)
        first = starts[before].at if before is not None else -1.0
        after = next((at for at in begun if at > first), None)
        until = after if after is not None else end + UNTIL_THE_END
        if any(first < door.start < until for door in heard):
            continue
        for n, context in enumerate(meeting.contexts):
            at = meeting.stream.times[context.site.begin]
            if first < at < until and _opens_something(found, n, closed):
                said = _said(spoken, meeting, n)
                stretches[at] = ClosedDoors(min(at, said.at), until, said)
                break
    return tuple(stretches.values())


def _opens_something(found: Found, n: int, closed: frozenset[int]) -> bool:
    """Whether a site sounds like an opening, and not like that of any open item, nor like a mention."""
    context = found.meeting.contexts[n]
    item_word, following, moves, _, _, mentions, *_ = context.around
    of_open = {number for k, number in enumerate(found.meeting.numbers) if k not in closed}
    if not item_word or not (following or moves) or mentions > MENTIONED or context.withdrawn:
        return False
    if of_open & {m.value for m in context.site.numbers}:
        return False
    return not any(node.site == n and set(node.items) - closed for node in found.nodes)


MENTIONED = 0.4  # of the most words that only mention an item


def _spans(
    spoken: Sequence[Segment],
    items: Sequence[AgendaItem],
    found: Found,
    points: Mapping[int, IndexPoint],
    doors: tuple[ClosedDoors, ...],
    finish: float,
) -> tuple[ItemSpan, ...]:
    begun = {start.at for k, start in found.starts.items() if k not in points}
    boundaries = sorted(begun | {p.start for p in points.values()} | {d.start for d in doors} | {finish})
    last = max((s.end for s in spoken), default=0.0)
    spans = []
    for k, item in enumerate(items):
        if k in points:
            joint = sum(p.start == points[k].start for p in points.values()) > 1
            spans.append(_given(points[k], item, boundaries, last, joint))
        elif k in found.starts:
            spans.append(_heard(k, item, found.starts[k], boundaries, last))
        else:
            spans.append(_unplaced(k, item, found.withdrawn.get(k)))
    return tuple(spans)


def _heard(k: int, item: AgendaItem, start: Start, boundaries: Sequence[float], last: float) -> ItemSpan:
    status = SpanStatus.JOINT if start.joint else SpanStatus.DISCUSSED
    return ItemSpan(
        item=k,
        status=status if item.open else SpanStatus.CLOSED,
        start=start.at,
        end=_next(boundaries, start.at, last),
        confidence=start.confidence,
        evidence=start.evidence,
    )


def _given(
    point: IndexPoint, item: AgendaItem, boundaries: Sequence[float], last: float, joint: bool
) -> ItemSpan:
    """What the publisher says is not doubted; there are no words of the meeting to show for it."""
    end = _next(boundaries, point.start, last)
    status = SpanStatus.JOINT if joint else SpanStatus.DISCUSSED
    return ItemSpan(
        item=point.item,
        status=status if item.open else SpanStatus.CLOSED,
        start=point.start,
        end=end if point.end is None else max(point.start, min(end, point.end)),
        confidence=1.0,
        set_by=SetBy.PUBLISHER,
    )


def _next(boundaries: Sequence[float], start: float, last: float) -> float:
    return next((b for b in boundaries if b > start), max(last, start))


def _unplaced(k: int, item: AgendaItem, withdrawn: Evidence | None) -> ItemSpan:
    if withdrawn is not None:
        return ItemSpan(k, SpanStatus.WITHDRAWN, confidence=WITHDRAWN_SURE, evidence=withdrawn)
    return ItemSpan(k, SpanStatus.NOT_FOUND if item.open else SpanStatus.CLOSED)


WITHDRAWN_SURE = (
    0.9  # share of right ones among items said to be withdrawn (`python -m bench.items`), rounded down
)
