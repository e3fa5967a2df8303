"""Which segments are new, whatever a sender and the caches before it answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from catalogue import GapReason
from ingest.live.following import Following, mark_of
from ingest.live.holes import lay_out
from ingest.live.journal import Missed, Taken
from ingest.live.listing import Listed, Listing
from ingest.local_playlist import Piece

BEGAN = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
SECONDS = 2.0


def listed(run: int, number: int, second: float | None) -> Listed:
    date = None if second is None else BEGAN + timedelta(seconds=second)
    return Listed(number, Piece(f"http://sender/{run}-{number}.ts?token={second}", SECONDS), date)


# What happens between two questions: so many segments sent, a restart, an old answer, a segment that cannot be had.
EVENTS = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["", "", "", "restart", "stale", "lost", "killed"])),
    min_size=1,
    max_size=30,
)


@given(events=EVENTS, window=st.integers(1, 6), dated=st.booleans())
def test_in_order_none_twice_and_the_gaps_are_what_is_missing(
    events: list[tuple[int, str]], window: int, dated: bool
) -> None:
    sent: list[tuple[int, int]] = []  # run and number of every segment, in order
    run, number, following = 0, 0, Following()
    part: list[Taken | Missed] = []
    before: Listing | None = None
    for count, event in events:
        if event == "restart":
            run, number = run + 1, 0
        for _ in range(count):
            sent.append((run, number))
            number += 1
        at = {one: n * SECONDS for n, one in enumerate(sent)}
        named = [one for one in sent if one[0] == run][-window:]
        listing = Listing(tuple(listed(r, n, at[r, n] if dated else None) for r, n in named), False, SECONDS)
        if event == "killed":  # another recorder goes on with what is on the disk
            following = Following(known=[(e.run, e.number, e.mark) for e in part])
        shown = before if event == "stale" and before else listing
        for n, due in enumerate(following.new_in(shown)):
            mark = mark_of(due.listed)
            if event == "lost" and n == 0:
                part.append(Missed(due.run, due.listed.number, mark, GapReason.CONNECTION))
            else:
                piece = due.listed.piece
                part.append(Taken(due.run, due.listed.number, piece, mark, BEGAN, 1))
        before = listing if event != "stale" else before
    part.sort(key=lambda entry: entry.place)
    names = [e.mark.name for e in part]
    order = {f"{r}-{n}.ts ": place for place, (r, n) in enumerate(sent)}
    assert len(set(names)) == len(names)
    assert [order[name] for name in names] == sorted(order[name] for name in names)
    taken = [e for e in part if isinstance(e, Taken)]
    if dated and taken:
        first, last = order[part[0].mark.name], order[part[-1].mark.name]
        known = [hole.lost for hole in lay_out(part).holes]
        assert None not in known
        missing = (last - first + 1 - len(taken)) * SECONDS
        assert abs(sum(lost or 0.0 for lost in known) - missing) < 0.01
