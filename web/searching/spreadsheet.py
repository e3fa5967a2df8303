"""CSV as a Danish Excel opens it: semicolons, decimal commas, UTF-8 with its mark; and nothing that is a formula.

Excel takes the separator from the country it is set to, and in Denmark that is the semicolon, because the comma is in the
numbers. Without the mark at the beginning it would take the text for Windows-1252.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

BOM = "\ufeff"
# What makes a cell a formula in Excel, LibreOffice or Google Sheets, also in full width.
FORMULA = tuple("=+-@|%\t\r\n＝＋－＠")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff\ufeff]")
_SPACE = re.compile(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+")
LONGEST_CELL = 32_000  # characters; Excel holds 32,767

Cell = str | float | int | None


def written(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The whole file as text, every text in quotes."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    file.write(BOM)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return file.getvalue()


def cell(value: Cell) -> str:
    """A value as it stands in a cell: numbers with a comma, text in one line that no program takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return guarded(_UNWRITABLE.sub("", _SPACE.sub(" ", value))[:LONGEST_CELL])


def guarded(text: str) -> str:
    """The text, behind an apostrophe where a program might run it; `unguarded` takes exactly that away."""
    return f"'{text}" if _dangerous(text) else text


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _dangerous(text) else text


def _dangerous(text: str) -> bool:
    return text.lstrip("' \xa0").startswith(FORMULA)
