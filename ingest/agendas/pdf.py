"""An agenda published as a PDF: its lines as they stand on the page, and how each looks.

The file is opened in a process of its own, so that one that is broken on purpose ends that process and nothing more.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from catalogue import Agenda, InputError
from ingest.agendas.document import AgendaDocument
from ingest.agendas.lines import Rank, TextLine, clean
from ingest.agendas.outline import outline
from ingest.agendas.pdf_process import FAILED, LOCKED, PageLine

PATIENCE = 120.0  # seconds for all pages; 1,000 pages take some ten
_LARGER = 1.12  # times the size of the running text: above it a line is a heading
_EDGE = 3  # lines at the top and at the foot of a page in which running heads stand
_PAGE_NUMBER = re.compile(r"(?:side|s\.)?\s*\d{1,4}\s*(?:(?:af|/|\()\s*\d{1,4}\)?)?", re.IGNORECASE)
_SOFT_HYPHENS = re.compile(r"[\x02\xad\ufffe-]\s*$")
_PROCESS = Path(__file__).with_name("pdf_process.py")


class Pdf:
    name = "a PDF with text in it"

    def recognises(self, document: AgendaDocument) -> bool:
        return b"%PDF-" in document.data[:1024]

    def read(self, document: AgendaDocument) -> Agenda:
        return outline(_text_lines(_page_lines(document)), document.source)


def _page_lines(document: AgendaDocument) -> list[PageLine]:
    """The lines that the process finds. Raises `InputError` where the file is locked, broken, or a scan without text."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(_PROCESS)],
            input=document.data, capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"the PDF took more than {PATIENCE:g} seconds to read",
            where=document.source,
            remedy="Save it again as a PDF.",
        ) from error
    if done.returncode == LOCKED:
        raise InputError(
            "the PDF is locked with a password", where=document.source, remedy="Save it without a password."
        )
    if done.returncode != 0:
        how = (
            "is broken"
            if done.returncode == FAILED
            else f"cannot be read (the reader ended with {done.returncode})"
        )
        raise InputError(
            f"the PDF {how}", where=document.source, remedy="Fetch it again, or save it again as a PDF."
        )
    found = [PageLine(*json.loads(row)) for row in done.stdout.decode().splitlines()]
    if not found:
        raise InputError(
            "the PDF has no text, only pictures of pages",
            where=document.source,
            remedy="Give the PDF as it was saved, not a scan of it, or the agenda in another format.",
        )
    return found


def _text_lines(found: Sequence[PageLine]) -> list[TextLine]:
    """Lines with what stands out in them marked, without the running heads and feet of the pages."""
    letters: Counter[float] = Counter()
    for line in found:
        letters[line.size] += len(line.text)
    running_size = letters.most_common(1)[0][0]
    bold = sum(len(line.text) for line in found if line.bold) * 2 < letters.total()
    return [
        TextLine(
            text=text,
            style=f"{line.size:g}{'/b' if line.bold else ''}",
            rank=_rank(line, running_size, bold),
        )
        for line in _without_running(found)
        if (text := clean(_SOFT_HYPHENS.sub("-", line.text)))
    ]


def _rank(line: PageLine, running_size: float, bold_stands_out: bool) -> Rank:
    if line.size >= running_size * _LARGER:
        return Rank.HEADING
    return Rank.BOLD if line.bold and bold_stands_out else Rank.BODY


def _without_running(found: Sequence[PageLine]) -> Iterator[PageLine]:
    """All but page numbers and what stands at the edge of half the pages, whatever its numbers."""
    pages = [list(rows) for _, rows in groupby(found, key=lambda line: line.page)]
    edges: Counter[str] = Counter()
    for rows in pages:
        edges.update({_shape(line) for line in (*rows[:_EDGE], *rows[-_EDGE:])})
    running = {shape for shape, times in edges.items() if times > 2 and times * 2 >= len(pages)}
    for rows in pages:
        for n, line in enumerate(rows):
            at_edge = n < _EDGE or n >= len(rows) - _EDGE
            if not (at_edge and (_shape(line) in running or _PAGE_NUMBER.fullmatch(line.text.strip()))):
                yield line


def _shape(line: PageLine) -> str:
    return re.sub(r"\d+", "#", line.text.strip()) + f" {line.size:g}"
