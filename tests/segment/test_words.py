from __future__ import annotations

import pytest

from segment.words import alike


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("råstofindvinding", "råstofindvindi", True),
        ("cykelsti", "cykelstien", True),
        ("skole", "skile", True),
        ("tre", "tres", False),
        ("1246", "1247", False),
        ("budget", "bibliotek", False),
    ],
)
def test_misheard_and_inflected_words_are_alike(a: str, b: str, same: bool) -> None:
    assert alike(a, b) is same
    assert alike(b, a) is same
