from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segment.numbers import Number, plain, read_number, read_ordinal, sounds_like, spoken_forms
from segment.words import tokens

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
    assert read_number(words, 0) == Number(str(n), len(words))


@pytest.mark.parametrize(
    ("said", "number"),
    [("142", "142"), ("007", "7"), ("halvfjerdsindstyve", "70"), ("12a", "12a"), ("femmeren", "5")],
)
def test_digits_and_old_forms(said: str, number: str) -> None:
    assert read_number(tokens(said), 0) == Number(number, 1)


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    words = tokens(text)
    for at in range(len(words) + 1):
        read_number(words, at)


def test_a_letter_belongs_to_its_number_and_a_word_does_not() -> None:
    assert read_number(("12", "a"), 0) == Number("12a", 2)
    assert read_number(("12", "i", "aften"), 0) == Number("12", 1)


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("femte", "5"),
        ("ellevte", "11"),
        ("enogtyvende", "21"),
        ("syvoghalvtredsindstyvende", "57"),
        ("fem", None),
    ],
)
def test_ordinals(word: str, number: str | None) -> None:
    assert read_ordinal(word) == number


@pytest.mark.parametrize(
    ("published", "read"), [("5.", "5"), ("12 A", "12a"), ("007", "7"), ("Tillæg 2", "tillæg2"), ("", "")]
)
def test_published_numbers_as_they_would_be_read(published: str, read: str) -> None:
    assert plain(published) == read


@given(st.integers(1, 999))
def test_a_number_is_read_from_each_of_its_forms(n: int) -> None:
    for form in spoken_forms(str(n)):
        assert sounds_like(form, str(n)) == 1.0
        assert read_number((form,), 0) in (Number(str(n), 1), None)


def test_a_misheard_number_sounds_more_like_itself_than_like_another() -> None:
    assert sounds_like("ethurdredeognioghalvtreds", "159") > sounds_like("ethurdredeognioghalvtreds", "158")
    assert sounds_like("såks", "6") > sounds_like("såks", "7")
