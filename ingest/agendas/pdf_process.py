"""The process that opens a PDF: the file on its input, a line of JSON for each line of text on its output.

It imports nothing of ours, so that it starts at once, and bounds its own time and memory.
"""

from __future__ import annotations

import ctypes
import json
import resource
import sys
from collections.abc import Iterator
from typing import NamedTuple

MOST_PAGES = 2_000
MOST_LETTERS = 6_000_000
MEMORY = 2 * 1024**3  # bytes of address space
SECONDS = 110  # of processor time
LOCKED, FAILED = 3, 4  # what the process ends with
_SAME_LINE = 0.4  # of a letter's size: baselines nearer than this are one line
_WORD_GAP = 0.18  # of a letter's size, between the end of a letter and the next
_BOLD_WEIGHT = 600
_LONGEST = 4_000  # letters of one line


class PageLine(NamedTuple):
    page: int
    text: str
    size: float  # points, to the nearest half
    bold: bool


class _Letter(NamedTuple):
    text: str
    x: float
    right: float
    y: float
    size: float
    bold: bool


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    data = sys.stdin.buffer.read()
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
        for line in _lines(document):
            sys.stdout.write(json.dumps(line) + "\n")
    except pdfium.PdfiumError as error:
        return LOCKED if "password" in str(error).lower() else FAILED
    except MemoryError:
        return FAILED
    return 0


def _lines(document: object) -> Iterator[PageLine]:
    letters = 0
    for number in range(min(len(document), MOST_PAGES)):  # type: ignore[arg-type]
        page = document[number]  # type: ignore[index]
        found = list(_letters(page, MOST_LETTERS - letters))
        letters += len(found)
        for row in _rows(found):
            text = _text(row)[:_LONGEST]
            if text.strip():
                yield PageLine(
                    number + 1, text, _size(row), all(letter.bold for letter in row if letter.text.strip())
                )
        page.close()


def _letters(page: object, most: int) -> Iterator[_Letter]:
    """Every letter of a page with where it stands and how it looks; what pdfium makes up itself is left out."""
    from pypdfium2 import raw

    text = page.get_textpage()  # type: ignore[attr-defined]
    looks: dict[int, tuple[float, bool]] = {}
    x, y = ctypes.c_double(), ctypes.c_double()
    box = raw.FS_RECTF()
    for at in range(min(text.count_chars(), most)):
        code = raw.FPDFText_GetUnicode(text, at)
        if not code or (code in (10, 13, 32) and raw.FPDFText_IsGenerated(text, at) == 1):
            continue
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        raw.FPDFText_GetLooseCharBox(text, at, box)
        drawn = ctypes.cast(raw.FPDFText_GetTextObject(text, at), ctypes.c_void_p).value or 0
        if drawn not in looks:
            looks[drawn] = _look(text, at)
        size, bold = looks[drawn]
        yield _Letter(chr(code), x.value, box.right, y.value, size, bold)


def _look(text: object, at: int) -> tuple[float, bool]:
    """The size in points as it is drawn, and whether it is bold: by its weight or, where it has none, by its name."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, at, box)
    name = ctypes.create_string_buffer(200)
    raw.FPDFText_GetFontInfo(text, at, name, len(name), ctypes.c_int())
    bold = raw.FPDFText_GetFontWeight(text, at) >= _BOLD_WEIGHT or b"bold" in name.value.lower()
    size = raw.FPDFText_GetFontSize(text, at)
    # Some writers set the font to one point and scale the page: then only the drawn height tells.
    return (size if size > 2 else max(box.top - box.bottom, 0.0)), bold


def _rows(letters: list[_Letter]) -> Iterator[list[_Letter]]:
    """The letters of each line from the top of the page down, in the order they are read."""
    row: list[_Letter] = []
    for letter in sorted(letters, key=lambda letter: (-letter.y, letter.x)):
        if row and row[0].y - letter.y > _SAME_LINE * max(row[0].size, 1.0):
            yield sorted(row, key=lambda letter: letter.x)
            row = []
        row.append(letter)
    if row:
        yield sorted(row, key=lambda letter: letter.x)


def _text(row: list[_Letter]) -> str:
    said = ""
    before: _Letter | None = None
    for letter in row:
        if before is not None and letter.x - before.right > _WORD_GAP * letter.size:
            said += " "
        said += letter.text
        before = letter
    return said


def _size(row: list[_Letter]) -> float:
    return round(max(letter.size for letter in row if letter.text.strip() or len(row) == 1) * 2) / 2


if __name__ == "__main__":
    sys.exit(main())
