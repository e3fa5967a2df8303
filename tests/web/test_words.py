"""Numbers as they are written here."""

from __future__ import annotations

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from web.language import DANISH, LANGUAGES, Language
from web.words import Words


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.code)
@given(value=st.integers(-(10**12), 10**12))
def test_whole_numbers_are_written_as_the_language_does(language: Language, value: int) -> None:
    assert Words(language).number(value) == format_decimal(value, locale=language.code)


def test_a_small_share_is_never_nothing() -> None:
    said = [Words(DANISH).tiny_percent(share) for share in (0.0, 1e-9, 0.000123, 0.00456, 0.123, 1.0)]
    assert said == ["0 %", "< 0,001 %", "0,012 %", "0,46 %", "12,3 %", "100 %"]
