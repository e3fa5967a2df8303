"""When a recording is whole, and what is said where it is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalogue import Version
from ingest import clock, missing

SECONDS = st.floats(0, 200_000)
VERSIONS = st.builds(
    Version,
    tag=st.sampled_from(["", '"a"', '"b"']),
    modified=st.sampled_from(["", "Mon", "Tue"]),
    length=st.sampled_from([None, 1, 2]),
    seconds=st.sampled_from([None, 10.0, 11.0, 20.0]),
)


def test_the_words() -> None:
    assert missing(10_800.0, 4_500.4) == "only 1:15:00 of 3:00:00 is there"
    assert clock(59.6) == "0:01:00"


def test_what_is_let_pass() -> None:
    assert not missing(None, 3.0)  # nothing was announced
    assert not missing(10.0, 8.1) and missing(10.0, 7.9)
    assert not missing(14_400.0, 14_386.0) and missing(14_400.0, 14_385.0)  # four hours, a tenth of a percent
    assert not missing(3000.0, 2600.0, slack=500.0)


@given(SECONDS, SECONDS)
def test_one_that_is_as_long_as_announced_or_longer_is_whole(announced: float, more: float) -> None:
    assert not missing(announced, announced + more)


@given(VERSIONS, VERSIONS)
def test_versions_are_the_same_or_another_or_nothing_tells(a: Version, b: Version) -> None:
    assert not (a.same_as(b) and a.differs_from(b))
    assert a.differs_from(b) == b.differs_from(a)
    assert not a.differs_from(a)
    assert not (a.longer_than(b) and b.longer_than(a))


def test_of_the_same_length_and_day_another_tag_is_another_machine() -> None:
    assert not Version('"1"', "Mon", 5).differs_from(Version('"2"', "Mon", 5))
    assert Version('"1"', "", 5).differs_from(Version('"2"', "", 5))
    assert Version('"1"', "Mon", 5).differs_from(Version('"1"', "Mon", 6))
