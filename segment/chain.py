"""The best chain of openings over a whole meeting: one joint decision in which the agenda's order is a tendency.

Every node is a place in the meeting that may open one item, several taken together, or whichever is next. The
chain with the highest sum of worths, less the costs of its order, is found by dynamic programming over the nodes
in time; since an item opens once, each node keeps its few best ways there, with the items they have used.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Costs, in the same units as worths (log odds), chosen by `python -m bench.fit_items` on meetings made up and on
# ten real ones of each kind.
SKIP, SKIP_MORE = 2.0, 0.3  # an item passed over, and each doubling of their number
BACK, BACK_MORE = 3.5, 0.3  # going back to an item that is not the first one left
RESUMED = 0.2  # going back to the first item left, after one was moved forward
TOO_SOON, SOON = 2.0, 4.0  # for an opening within so many seconds of the one before
WAYS = 4  # kept for each node
LOOK_BACK = 600  # nodes before one that may come just before it; a bound for hostile texts
BEHIND = 20.0  # how much less than the best a way may be worth and still be gone on from


@dataclass(frozen=True, slots=True)
class Node:
    """A place at which items may open, the second it is said, and what it is worth.

    `items` are positions, ascending; none means the next item of the agenda, whichever that is by then.
    """

    at: float
    site: int
    items: tuple[int, ...]
    worth: float


@dataclass(frozen=True, slots=True)
class Link:
    """An opening of the chain: its node, and the items it opens."""

    node: Node
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    value: float
    used: int  # bits of the items
    link: Link
    before: _Way | None


def best_chain(nodes: Sequence[Node], count: int, without: frozenset[int] = frozenset()) -> list[Link]:
    """The openings of the best chain, in time, over an agenda of `count` items.

    `without` are items that are not expected: passing them costs nothing.
    """
    ordered = sorted(nodes, key=lambda n: (n.at, -n.worth))
    passed = sum(1 << item for item in without)
    ways: list[list[_Way]] = []
    best = 0.0
    for n, node in enumerate(ordered):
        found = _ways_to(node, ordered[:n], ways, passed, count, best)
        ways.append(found)
        best = max(best, found[0].value if found else best)
    way = max((w for found in ways for w in found), key=lambda w: w.value, default=None)
    chain: list[Link] = []
    while way is not None:
        chain.append(way.link)
        way = way.before
    return chain[::-1]


def _ways_to(
    node: Node, earlier: Sequence[Node], ways: Sequence[list[_Way]], passed: int, count: int, best: float
) -> list[_Way]:
    """The few best ways that end with a node, best first."""
    found: list[_Way] = []
    if node.items:
        value = node.worth - _skipped(node.items[0], -1, passed)
        found.append(_Way(value, _bits(node.items), Link(node, node.items), None))
    for p in range(len(earlier) - 1, max(-1, len(earlier) - 1 - LOOK_BACK), -1):
        if earlier[p].site == node.site or not ways[p] or ways[p][0].value < best - BEHIND:
            continue
        worth = node.worth - (TOO_SOON if node.at - earlier[p].at < SOON else 0.0)
        for way in ways[p]:
            if len(found) == WAYS and way.value + worth <= found[-1].value:
                break
            gone_on = _gone_on(way, node, worth, passed, count)
            if gone_on is not None:
                found = _kept(found, gone_on)
    return found


def _kept(found: list[_Way], way: _Way) -> list[_Way]:
    """The few best ways, best first, with one more, of ways that can go on alike only the best.

    What comes after depends on the items used and the last one alone: a second way with the same can never win, and
    would crowd out one that can.
    """
    alike = next((w for w in found if w.used == way.used and w.link.items == way.link.items), None)
    if alike is not None and alike.value >= way.value:
        return found
    return sorted([*(w for w in found if w is not alike), way], key=lambda w: -w.value)[:WAYS]


def _gone_on(way: _Way, node: Node, worth: float, passed: int, count: int) -> _Way | None:
    used = way.used | passed
    last = way.link.items[-1]
    items = node.items or _next(last, used, count)
    mask = _bits(items)
    if not items or way.used & mask:
        return None
    value = way.value + worth - _order(last, items[0], used)
    return _Way(value, way.used | mask, Link(node, items), way)


def _bits(items: tuple[int, ...]) -> int:
    bits = 0
    for item in items:
        bits |= 1 << item
    return bits


def _next(last: int, used: int, count: int) -> tuple[int, ...]:
    """The first item left after the last one, else the first one left."""
    left = ~used & ((1 << count) - 1)
    after = left >> (last + 1) << (last + 1)
    return (_lowest(after or left),) if left else ()


def _order(last: int, first: int, used: int) -> float:
    if first > last:
        return _skipped(first, last, used)
    if _lowest(~used) >= first:
        return RESUMED
    return BACK + BACK_MORE * math.log2(last - first + 1)


def _lowest(bits: int) -> int:
    """The place of the lowest bit that is set."""
    return (bits & -bits).bit_length() - 1


def _skipped(first: int, last: int, used: int) -> float:
    """The cost of going on past items that have not been taken."""
    skipped = (((1 << first) - (1 << (last + 1))) & ~used).bit_count() if first > last + 1 else 0
    return SKIP + SKIP_MORE * math.log2(skipped) if skipped else 0.0
