from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segment.words import alike, read_number, tokens

UNITS = ["", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni"]
TEENS = ["ti", "elleve", "tolv", "tretten", "fjorten", "femten", "seksten", "sytten", "atten", "nitten"]
TENS = ["", "", "tyve", "tredive", "fyrre", "halvtreds", "tres", "halvfjerds", "firs", "halvfems"]


def spell(n: int, joiner: str) -> str:
    """A number as Danes say it, with the parts fused ("og") or spaced (" og ")."""
    words = []
    if n >= 100:
        words.append(f"{UNITS[n // 100]}hundrede" if n // 100 > 1 else "ethundrede")
    rest = n % 100
    if rest:
        words += ["og"] if words else []
        if rest < 10:
            words.append(UNITS[rest])
        elif rest < 20:
            words.append(TEENS[rest - 10])
        else:
            words.append(f"{UNITS[rest % 10]}{joiner}{TENS[rest // 10]}" if rest % 10 else TENS[rest // 10])
    return " ".join(words)


@given(st.integers(1, 999), st.sampled_from(["og", " og "]))
def test_every_number_to_999_is_read_fused_and_spaced(n: int, joiner: str) -> None:
    words = tokens(spell(n, joiner))
    assert read_number(words, 0) == (str(n), len(words))


@pytest.mark.parametrize(("said", "number"), [("142", "142"), ("007", "7"), ("halvfjerdsindstyve", "70")])
def test_digits_and_old_forms(said: str, number: str) -> None:
    assert read_number(tokens(said), 0) == (number, 1)


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    words = tokens(text)
    for at in range(len(words) + 1):
        read_number(words, at)


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
