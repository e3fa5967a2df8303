from __future__ import annotations

import pytest

from catalogue import Segment
from segment.doors import as_lines, closed_doors, meeting_ends


def doors(*said: str) -> list[tuple[float, float]]:
    spoken = [Segment(10.0 * n, 10.0 * n + 9, text) for n, text in enumerate(said)]
    return [(d.start, d.end) for d in closed_doors(spoken, as_lines(spoken))]


@pytest.mark.parametrize(
    "words",
    [
        "Så lukker vi dørene.",
        "Dørene lukkes.",
        "Nu går vi over til den lukkede del af mødet.",
        "Så beder jeg tilhørerne om at forlade salen.",
        "Resten er lukket møde.",
        "Herefter er det lukket møde.",
        "Vi lukker for transmissionen.",
    ],
)
def test_the_doors_close_to_the_very_end(words: str) -> None:
    (only,) = doors("Velkommen.", words, "Hemmeligt.")
    assert only[0] == 10
    assert only[1] > 1e5


def test_the_doors_open_again() -> None:
    assert doors("Velkommen.", "Så lukker vi dørene.", "Hemmeligt.", "Så åbner vi dørene igen.", "Tak.") == [
        (10, 30)
    ]


@pytest.mark.parametrize("words", ["Skolen er lukket.", "Vi lukker sagen.", "Vejen blev åbnet for trafik."])
def test_other_things_close_too(words: str) -> None:
    assert doors("Velkommen.", words) == []


def test_the_meeting_ends_in_words_or_with_the_last_one() -> None:
    spoken = [Segment(n, n + 1, "Ja.") for n in range(100)] + [
        Segment(100, 101, "Mødet er hævet."),
        Segment(102, 110, "Kaffe?"),
    ]
    assert meeting_ends(spoken, as_lines(spoken)) == 101
    assert meeting_ends(spoken[:50], as_lines(spoken[:50])) == 50
