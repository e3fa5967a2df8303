"""Names that the model should know: from the agenda and the municipality's own list, chosen for each window.

Telling the model a long list makes it say the list (asr.md, section 3). So it first hears a window without, and
only where it is unsure of something that sounds like a name is it told those names and asked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from rapidfuzz import fuzz

from catalogue import Agenda, InputError, slug
from transcribe.gate import plain
from transcribe.whisper import HeardWord

MOST_NAMES = 2000  # of one meeting; more is no list of names
MOST_TOLD = 8  # names for one window, some 60 tokens
ALIKE = 68.0  # rapidfuzz ratio of letters from which a stretch may be a name misheard
SURE = 0.85  # a word the model is this sure of is left alone
_CAPITAL = r"[A-ZÆØÅ][\w.&'’-]*"
_NAME = re.compile(rf"\b{_CAPITAL}(?:\s+(?:(?:von|van|de|der)\s+)*{_CAPITAL})*")


def names_in_agenda(agenda: Agenda) -> tuple[str, ...]:
    """What is written with a capital within the titles, and abbreviations: places, projects, people, companies."""
    found: dict[str, None] = {}
    for item in agenda.items:
        for match in _NAME.finditer(item.title):
            name = match[0].strip(" .,-")
            begins = " " not in name and not name.isupper() and _begins(item.title[: match.start()])
            if (len(name) > 2 or len(name) == 2 and name.isupper()) and not begins:
                found[name] = None
    return tuple(found)


def _begins(before: str) -> bool:
    """Whether a capital is only there because a title or a sentence begins."""
    return not before.strip(" 0123456789.)") or before.rstrip()[-1:] in (".", ":", ";")


def names_file(folder: Path, municipality: str) -> tuple[str, ...]:
    """The municipality's own list: a name, place or abbreviation a line; `#` begins a remark. Empty if there is none."""
    file = folder / f"{slug(municipality)}.txt"
    if not municipality or not file.is_file():
        return ()
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError("the list of names is not UTF-8 text", where=str(file)) from error
    names = (line.partition("#")[0].strip() for line in lines)
    return tuple(dict.fromkeys(name[:80] for name in names if name))[:MOST_NAMES]


class Names:
    """The names of one meeting, ready to be compared with what was heard."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_length: dict[int, list[tuple[str, str]]] = {}
        for name in dict.fromkeys(names):
            folded = plain(name)
            if folded:
                self._by_length.setdefault(len(folded), []).append((name, " ".join(folded)))

    def suspected(self, words: Sequence[HeardWord]) -> tuple[str, ...]:
        """The names that unsure words sound like, the likeliest first. Names that were heard as written are none."""
        found: dict[str, float] = {}
        heard = [(" ".join(plain(w.word)), w.probability) for w in words]
        said = f" {' '.join(text for text, _ in heard)} "
        for length, names in self._by_length.items():
            missing = [(name, letters) for name, letters in names if f" {letters} " not in said]
            for start in range(len(heard)):
                for taken in (length, length + 1) if length < 3 else (length,):
                    part = heard[start : start + taken]
                    if len(part) == taken and min(p for _, p in part) < SURE:
                        _compare(" ".join(text for text, _ in part), missing, found)
        return tuple(sorted(found, key=lambda name: (-found[name], name))[:MOST_TOLD])

    def told(self, text: str, names: Sequence[str]) -> int:
        """How many of these names are in a text, as written."""
        said = f" {' '.join(plain(text))} "
        return sum(f" {' '.join(plain(name))} " in said for name in names)


def _compare(heard: str, names: Iterable[tuple[str, str]], found: dict[str, float]) -> None:
    """Note the names that are alike, written together or apart."""
    letters = heard.replace(" ", "")
    for name, folded in names:
        alike = fuzz.ratio(letters, folded.replace(" ", ""), score_cutoff=ALIKE)
        if alike > found.get(name, 0.0):
            found[name] = alike
