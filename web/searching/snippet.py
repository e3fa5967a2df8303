"""A hit's text cut into marked and unmarked pieces, and no longer than a reader wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 420  # characters of a hit that are shown
BEFORE = 120  # characters shown before the first mark


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool = False


def snippet(text: str, highlights: Sequence[tuple[int, int]], longest: int = LONGEST) -> list[Piece]:
    """The text around its first mark, at most `longest` characters. The marks count characters of `text`, as the search gives them."""
    marks = sorted((max(0, a), min(len(text), b)) for a, b in highlights if a < b and a < len(text))
    first, last = _window(text, marks[0][0] if marks else 0, longest)
    pieces = [Piece("… ")] if first else []
    at = first
    for begin, end in marks:
        begin, end = max(begin, at), min(end, last)
        if begin >= end:
            continue
        if begin > at:
            pieces.append(Piece(text[at:begin]))
        pieces.append(Piece(text[begin:end], marked=True))
        at = end
    if at < last:
        pieces.append(Piece(text[at:last]))
    if last < len(text):
        pieces.append(Piece(" …"))
    return pieces


def _window(text: str, mark: int, longest: int) -> tuple[int, int]:
    """From where to where the text is shown, cut between words where there is a space near."""
    if len(text) <= longest:
        return 0, len(text)
    first = max(0, min(mark - BEFORE, len(text) - longest))
    if first:
        first = _after_space(text, first, mark)
    last = min(len(text), first + longest)
    if last < len(text):
        space = text.rfind(" ", first + longest // 2, last)
        last = space if space > mark else last
    return first, last


def _after_space(text: str, first: int, mark: int) -> int:
    space = text.find(" ", first, mark)
    return space + 1 if space >= 0 else first
