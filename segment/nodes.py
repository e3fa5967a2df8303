"""What every opening is worth, and which items open together: the nodes that the best chain is chosen from."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segment.chain import Node
from segment.openings import ANY, Candidate, Context, Meeting
from segment.weights import ANY_WEIGHTS, WEIGHTS

# Added to the log odds of an opening before the chain is chosen: what is likely only in its place in the order
# must be able to win there. Chosen with the costs in `segment/chain.py`.
LENIENT, LENIENT_ANY = 2.0, 1.0
LEAST = -1.0  # worth of a node that may still be chosen
TOGETHER = 2.0  # more for items whose numbers are said in a row with "samlet" or the like
TITLES_TOGETHER, TITLE_TOGETHER = (
    1.5,
    0.5,
)  # more for items whose titles are; and how much of each title at least
UNHEARD = -2.0  # log odds of an item of a row that is no candidate itself
MOST_OPENINGS = 12  # of every item; of "the next item" the square of it
CALLED_OFF = 3.0  # less for an item that was said to be withdrawn


@dataclass(frozen=True, slots=True)
class Weights:
    """What each of `SIGNS` tells, of an opening of a certain item and of whichever is next."""

    opening: tuple[float, ...]
    next: tuple[float, ...]


FITTED = Weights(WEIGHTS, ANY_WEIGHTS)


def log_odds(candidate: Candidate, weights: Weights) -> float:
    told = weights.next if candidate.item == ANY else weights.opening
    return math.fsum(weight * sign for weight, sign in zip(told, candidate.signs, strict=True))


def make_nodes(
    meeting: Meeting,
    candidates: Sequence[Candidate],
    called_off: Mapping[int, int],
    weights: Weights = FITTED,
) -> list[Node]:
    """The nodes of a meeting. `called_off` are the items said to be withdrawn, each with the site that says so."""
    by_site: dict[int, dict[int, float]] = defaultdict(dict)
    for candidate in candidates:
        by_site[candidate.site][candidate.item] = log_odds(candidate, weights)
    nodes: list[Node] = []
    for site, odds in by_site.items():
        for item in odds.keys() & called_off.keys():
            odds[item] -= CALLED_OFF
        nodes += _of_site(meeting, site, odds)
    return _best_of_each(nodes)


def _best_of_each(nodes: list[Node]) -> list[Node]:
    """At most `MOST_OPENINGS` of every item, the best and of equals the earliest; also a hostile text ends soon."""
    seen: dict[tuple[int, ...], int] = defaultdict(int)
    kept = []
    for node in sorted(nodes, key=lambda n: (-n.worth, n.at)):
        seen[node.items] += 1
        if seen[node.items] <= (MOST_OPENINGS if node.items else MOST_OPENINGS * MOST_OPENINGS):
            kept.append(node)
    return kept


def _of_site(meeting: Meeting, site: int, odds: dict[int, float]) -> list[Node]:
    context = meeting.contexts[site]
    at = meeting.stream.times[context.site.begin]
    if ANY in odds:
        worth = odds[ANY] + LENIENT_ANY
        return [Node(at, site, (), worth)] if worth > LEAST else []
    row = said_together(meeting, context)
    if row and (context.joint or context.moves):
        best = max(odds.get(k, UNHEARD) for k in row)
        return [Node(at, site, row, _worth_together(best + (TOGETHER if context.joint else 0.0), len(row)))]
    nodes = [Node(at, site, (k,), z + LENIENT) for k, z in odds.items() if z + LENIENT > LEAST]
    titles = tuple(sorted(k for k, m in context.titles.items() if m.share >= TITLE_TOGETHER))
    if context.joint and not context.site.numbers and len(titles) > 1:
        mean = sum(odds.get(k, UNHEARD) for k in titles) / len(titles)
        nodes.append(Node(at, site, titles, _worth_together(mean + TITLES_TOGETHER, len(titles))))
    return nodes


def said_together(meeting: Meeting, context: Context) -> tuple[int, ...]:
    """The items whose numbers are said in a row ("3 til 7", "3, 4 og 5"); empty where one or none is."""
    numbers = context.site.numbers
    if not numbers:
        return ()
    row = {m.value for m in numbers if m.begin == numbers[0].begin}
    items = tuple(k for k, number in enumerate(meeting.numbers) if number in row)
    return items if len(row) > 1 and len(items) > 1 else ()


def _worth_together(odds: float, count: int) -> float:
    """One opening of several items is worth more than one of a single item, but no sum of them."""
    return (odds + LENIENT) * math.sqrt(count)
