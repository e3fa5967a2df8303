"""The CSV: what goes in comes out, and nothing in it is a formula."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from web.searching.spreadsheet import BOM, FORMULA, cell, guarded, unguarded, written

ANY = st.text(max_size=60)
NASTY = st.sampled_from(
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''@x", "  =1", "=cmd|' /C calc'!A0", "-", "|", "＝1", '"=1"', ";=1", "\r\n=1"]
)  # fmt: skip
TEXTS = st.one_of(ANY, NASTY, st.builds(str.__add__, NASTY, ANY))


def read(text: str) -> list[list[str]]:
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=";"))


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=5))
def test_what_goes_in_comes_out_and_is_no_formula(rows: list[list[str]]) -> None:
    back = read(written(("a", "b", "c"), rows))
    assert back[0] == ["a", "b", "c"]
    assert len(back) == len(rows) + 1
    for row, found in zip(rows, back[1:], strict=True):
        for text, shown in zip(row, found, strict=True):
            assert not shown.lstrip(" \xa0").startswith(FORMULA)
            assert "\n" not in shown
            assert cell(unguarded(shown)) == shown
            plain = text.isprintable() and len(text.splitlines()) < 2
            assert not plain or unguarded(shown) == text


@given(TEXTS)
def test_a_guard_is_taken_away_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_numbers_are_as_danish_spreadsheets_read_them() -> None:
    assert [cell(v) for v in (62.5, 3.0, 0.0, 1234.567, 12, None)] == ["62,5", "3", "0", "1234,57", "12", ""]
