"""The chain is the best there is: shown against every other chain of small meetings."""

from __future__ import annotations

import math
from itertools import combinations, product
from unittest.mock import patch

from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from segment import chain as searching
from segment.chain import SOON, TOO_SOON, WAYS, Link, Node, _order, _skipped, best_chain

COUNT = 4
nodes = st.lists(
    st.builds(
        Node,
        at=st.integers(0, 12).map(float),
        site=st.just(0),
        items=st.sampled_from([(0,), (1,), (2,), (3,), (1, 2)]),
        worth=st.integers(-2, 8).map(float),
    ),
    max_size=6,
).map(
    lambda ns: [
        Node(n.at, k, n.items, n.worth) for k, n in enumerate(sorted(ns, key=lambda n: (n.at, -n.worth)))
    ]
)


def value(chain: list[Node]) -> float:
    total, used, last = 0.0, 0, None
    for node in chain:
        total += node.worth
        if last is None:
            total -= _skipped(node.items[0], -1, 0)
        else:
            total -= _order(last.items[-1], node.items[0], used)
            total -= TOO_SOON if node.at - last.at < SOON else 0.0
        used |= sum(1 << k for k in node.items)
        last = node
    return total


@limits(deadline=None)
@given(nodes)
def test_no_other_chain_is_better(given_nodes: list[Node]) -> None:
    """Of what is left where no way is given up, as a node's fifth or as far behind."""
    with patch.multiple(searching, WAYS=2**COUNT, BEHIND=math.inf):
        found = best_chain(given_nodes, COUNT)
    everything = [
        list(chosen)
        for size in range(1, len(given_nodes) + 1)
        for chosen in combinations(given_nodes, size)
        if len({k for n in chosen for k in n.items}) == sum(len(n.items) for n in chosen)
    ]
    best = max((value(chain) for chain in everything), default=0.0)
    assert value([link.node for link in found]) >= best - 1e-6 or not given_nodes


def test_ways_that_go_on_alike_do_not_crowd_out_another() -> None:
    early = [Node(0, site, (0,), 0) for site in range(WAYS + 1)]
    forward, back = Node(4, 10, (2,), 3), Node(8, 11, (0,), 1)
    assert [link.node for link in best_chain([*early, forward, back], COUNT)] == [forward, back]


@given(nodes)
def test_an_item_opens_once_and_time_goes_on(given_nodes: list[Node]) -> None:
    found = best_chain(given_nodes, COUNT)
    items = [k for link in found for k in link.items]
    assert len(items) == len(set(items))
    assert [link.node.at for link in found] == sorted(link.node.at for link in found)


def test_what_is_next_is_the_first_item_left() -> None:
    chain = best_chain(
        [Node(0, 0, (0,), 5), Node(10, 1, (2,), 5), Node(20, 2, (), 3), Node(30, 3, (), 3)], COUNT
    )
    assert [link.items for link in chain] == [(0,), (2,), (3,), (1,)]


def test_items_that_were_withdrawn_are_passed_for_nothing() -> None:
    ahead = [Node(0, 0, (0,), 5), Node(10, 1, (2,), 1.0)]
    assert best_chain(ahead, COUNT)[-1] == Link(ahead[0], (0,))
    assert best_chain(ahead, COUNT, frozenset({1}))[-1] == Link(ahead[1], (2,))


def test_a_hundred_thousand_pairs_are_no_matter() -> None:
    many = [Node(float(n), n, (k,), 1.0) for n, k in enumerate(k for k, _ in product(range(150), range(12)))]
    assert len(best_chain(many, 150)) == 150
