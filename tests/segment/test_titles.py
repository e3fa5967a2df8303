from __future__ import annotations

import pytest

from catalogue import Segment
from segment.stream import Stream
from segment.titles import Titles

TITLES = (
    "Beslutning: Ny cykelsti langs Strandvejen",
    "Lukning af Nørre Holme Skole",
    "Regnskab 2024",
    "Lukket punkt",
)


@pytest.mark.parametrize(
    ("said", "item", "least"),
    [
        ("det er ny cykelsti langs strandvejen", 0, 1.0),
        ("ny cykel sti langs strand vejen", 0, 1.0),  # compounds written in two
        ("og så cykelstien", 0, 0.2),  # inflected, in part
        ("lukni af nørre hulme skole", 1, 0.9),  # misheard
        ("regnskab 2024", 2, 1.0),
    ],
)
def test_a_title_is_known_however_it_is_said(said: str, item: int, least: float) -> None:
    stream = Stream.of([Segment(0, 5, said)])
    matches = Titles(TITLES, stream).matches(0, len(stream.words))
    assert matches[item].share >= least
    assert max(matches, key=lambda k: matches[k].share) == item


def test_words_that_every_title_has_tell_little() -> None:
    stream = Stream.of([Segment(0, 5, "lokalplan for strandvejen")])
    titles = Titles(
        [f"Lokalplan for {place}" for place in ("Strandvejen", "Bakken", "Engen", "Havnen")], stream
    )
    matches = titles.matches(0, len(stream.words))
    assert matches[0].share > 2 * matches[1].share


def test_a_title_that_only_says_closed_is_never_heard() -> None:
    stream = Stream.of([Segment(0, 5, "det er et lukket punkt")])
    assert 3 not in Titles(TITLES, stream).matches(0, len(stream.words))


def test_mentions_are_where_titles_begin() -> None:
    stream = Stream.of([Segment(0, 9, "vi taler om meget men nu ny cykelsti langs strandvejen og så videre")])
    assert [stream.words[at] for at in Titles(TITLES, stream).mentions(0.5)] == ["ny"]
