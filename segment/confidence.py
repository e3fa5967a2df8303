"""How sure a start is: the share of right ones among openings like it.

Fitted on meetings whose chair's phrases the openings' weights had not been fitted to, so that it means what it
says on phrases nobody has seen (`python -m bench.fit_items`; picture in `docs/pictures/reliability.svg`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from segment.chain import Link, Node
from segment.openings import Meeting
from segment.titles import NOTHING
from segment.weights import CONFIDENCE_WEIGHTS

FEATURES = (
    "always", "worth", "much worth", "another place", "another item", "item before", "item after", "which is next",
    "together", "its number", "its title", "called off",
)  # fmt: skip
MOST_WORTH = 8.0  # log odds beyond which more tells nothing
MARGIN = 5.0  # likewise, of the distance to what else it may be
SAME_PLACE = 20.0  # seconds within which two sites are the same opening
MOST = 0.99  # nothing read from a transcript is certain


def features(
    meeting: Meeting,
    chain: Sequence[Link],
    place: int,
    item: int,
    nodes: Sequence[Node],
    called_off: Mapping[int, int],
) -> tuple[float, ...]:
    """What speaks for one item of one link of the chain, in the order of `FEATURES`."""
    link = chain[place]
    node = link.node
    elsewhere = [n.worth for n in nodes if item in n.items and abs(n.at - node.at) > SAME_PLACE]
    here = [n.worth for n in nodes if n.site == node.site and item not in n.items]
    expected = [k for k in range(len(meeting.numbers)) if k not in called_off]
    before = chain[place - 1].items[-1] if place else -1
    after = chain[place + 1].items[0] if place + 1 < len(chain) else len(meeting.numbers)
    context = meeting.contexts[node.site]
    numbers = {m.value for m in context.site.numbers}
    return (
        1.0,
        min(node.worth, MOST_WORTH) / MOST_WORTH,
        max(0.0, min(node.worth, MOST_WORTH) - 3.0) / MOST_WORTH,
        _margin(node.worth, elsewhere),
        _margin(node.worth, here),
        float(_follows(before, link.items[0], expected)),
        float(_follows(link.items[-1], after, expected)),
        float(not node.items),
        float(len(link.items) > 1),
        float(meeting.numbers[item] in numbers),
        context.titles.get(item, NOTHING).share,
        float(item in called_off),
    )


def confidence(values: Sequence[float]) -> float:
    """0–1, from `features`."""
    odds = math.fsum(weight * value for weight, value in zip(CONFIDENCE_WEIGHTS, values, strict=True))
    return round(min(MOST, 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))), 3)


def _margin(worth: float, others: Sequence[float]) -> float:
    """How much better it is than the best of the others, 0–1; 1 where there is none."""
    return max(0.0, min(MARGIN, worth - max(others))) / MARGIN if others else 1.0


def _follows(one: int, other: int, expected: Sequence[int]) -> bool:
    """Whether no expected item lies between two."""
    return one < other and not any(one < k < other for k in expected)
