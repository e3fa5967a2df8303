"""What has changed between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_WORDS = 2_000  # of either text; five minutes of quick speech have half as many
_WORD = re.compile(r"\S+")


class Kind(StrEnum):
    SAME = "same"
    GONE = "gone"  # only the earlier text has it
    NEW = "new"  # only the later one has it


@dataclass(frozen=True, slots=True)
class Change:
    """Words in a row that are the same in both texts, or only in one of them."""

    kind: Kind
    text: str


def changes(before: str, after: str) -> tuple[Change, ...] | None:
    """From one text to the other; None where they are too long to be compared for a reader who waits."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return None
    return tuple(_changes(old, new))


def _changes(old: list[str], new: list[str]) -> Iterator[Change]:
    for how, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            yield Change(Kind.SAME, " ".join(new[k:m]))
            continue
        if j > i:
            yield Change(Kind.GONE, " ".join(old[i:j]))
        if m > k:
            yield Change(Kind.NEW, " ".join(new[k:m]))
