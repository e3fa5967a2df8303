"""The chapters that a publisher set in a recording: in the file itself, or on the page that shows it."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from catalogue import Chapter

MOST_CHAPTERS = 2_000  # as many as an agenda may have items
LONGEST_TITLE = 2_000  # characters, as of an agenda item
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# What ffmpeg prints of an input (libavformat/dump.c): the container's own start, then each chapter with its
# metadata. A title of several lines goes on after an empty name.
_START = re.compile(r"^\s*Duration: [^\n]*?\bstart: (-?\d+(?:\.\d+)?)", re.MULTILINE)
_CHAPTER = re.compile(r"^\s+Chapter #0:\d+: start (-?\d+(?:\.\d+)?), end ")
_TITLE = re.compile(r"^\s+title\s*: (.*)$")
_GOES_ON = re.compile(r"^\s+: (.*)$")


def chapters_in(said: str) -> tuple[Chapter, ...]:
    """The chapters in what ffmpeg says of a file, on the recording's clock, which begins where the file does."""
    begins = _START.search(said)
    return bounded_chapters(_told(said.splitlines(), float(begins[1]) if begins else 0.0))


def _told(lines: Iterable[str], begins: float) -> Iterator[tuple[float, str]]:
    start: float | None = None
    title = ""
    in_title = False
    for line in lines:
        if chapter := _CHAPTER.match(line):
            if start is not None:
                yield start, title
            start, title, in_title = float(chapter[1]) - begins, "", False
        elif start is not None and (more := _GOES_ON.match(line)) and in_title:
            title += " " + more[1]
        elif start is not None and (named := _TITLE.match(line)) and not title:
            title, in_title = named[1], True
        else:
            in_title = False
            if start is not None and "Stream #" in line:
                break
    if start is not None:
        yield start, title


def chapters_of_page(told: Any) -> tuple[Chapter, ...]:
    """The chapters in what yt-dlp found out about a page; what is no chapter is left out."""
    rows = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return bounded_chapters(
        (float(one["start_time"]), one["title"])
        for one in rows
        if isinstance(one.get("start_time"), int | float) and isinstance(one.get("title"), str)
    )


def bounded_chapters(told: Iterable[tuple[float, str]]) -> tuple[Chapter, ...]:
    """In order of time, titles on one line, without those that have no title; at most `MOST_CHAPTERS`."""
    found = []
    for start, title in told:
        text = " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", title[: 2 * LONGEST_TITLE])).split())
        if text and math.isfinite(start):
            found.append(Chapter(round(max(0.0, start), 3), text[:LONGEST_TITLE]))
        if len(found) >= MOST_CHAPTERS:
            break
    return tuple(sorted(found, key=lambda chapter: chapter.start))
