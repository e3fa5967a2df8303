"""A folder on this machine into which a case system drops exported agendas (XML, JSON, HTML, PDF)."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path

from catalogue import Agenda, InputError, Settings, SourceError, TalerstolError
from ingest.agendas import parse_agenda
from ingest.portals.portal import Listing, Paper, Reference

ENDINGS = (".json", ".xml", ".html", ".htm", ".pdf")
MOST_FILES = 20_000
SETTLED = 2.0  # s since a file was last written to, after which it is taken as whole
_DAY = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")


class FolderPortal:
    """The files in one folder and the folders in it. A file is known by its place there."""

    def __init__(self, folder: Path, bodies: tuple[str, ...], settings: Settings) -> None:
        self._folder, self._bodies, self._limit = folder, bodies, settings.max_document_bytes
        self._read: dict[str, Agenda] = {}

    def meetings(self, since: date) -> Listing:
        if not self._folder.is_dir():
            raise InputError(
                "there is no such folder",
                where=str(self._folder),
                remedy="Make it, or mend `address` in municipalities.toml.",
            )
        found: list[Reference] = []
        refused: list[str] = []
        for file in self._files():
            name = file.relative_to(self._folder).as_posix()
            if not name.isprintable():  # also bytes that are no UTF-8
                refused.append(f"{ascii(name)}: its name has characters that cannot be written; rename it")
                continue
            try:
                reference = self._reference(name, self._agenda(file, name))
            except TalerstolError as error:
                refused.append(error.sentence)
                continue
            wanted = {body.casefold() for body in self._bodies}
            if reference.day >= since and (not wanted or reference.body.casefold() in wanted):
                found.append(reference)
        return Listing(tuple(found), tuple(refused))

    def paper(self, reference: Reference) -> Paper:
        return Paper(self._read[reference.source_id])

    def _files(self) -> list[Path]:
        """Those with the endings of agendas; hidden and temporary ones are left."""
        try:
            there = sorted(f for f in self._folder.rglob("*") if f.suffix.lower() in ENDINGS and f.is_file())
        except OSError as error:
            raise SourceError(f"cannot be read ({error.strerror})", where=str(self._folder)) from error
        if len(there) > MOST_FILES:
            raise SourceError(f"holds more than {MOST_FILES:,} files", where=str(self._folder))
        return [f for f in there if not f.name.startswith((".", "~"))]

    def _agenda(self, file: Path, name: str) -> Agenda:
        try:
            before = file.stat()
            age = time.time() - before.st_mtime
            if 0 <= age < SETTLED:
                time.sleep(SETTLED - age)
            data = file.read_bytes() if before.st_size <= self._limit else b""
            after = file.stat()
        except OSError as error:
            raise SourceError(f"cannot be read ({error.strerror})", where=str(file)) from error
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise SourceError("is still being written", where=str(file), remedy="Run the same command again.")
        if not data:
            raise InputError("the file is empty or too large", where=str(file))
        agenda = parse_agenda(data, str(file))
        self._read[name] = agenda
        return agenda

    def _reference(self, name: str, agenda: Agenda) -> Reference:
        day = agenda.date or _day_in(name)
        body = agenda.body or (self._bodies[0] if len(self._bodies) == 1 else "")
        if day is None or not body:
            raise InputError(
                f"it is not known {'on which day' if day is None else 'of which body'} this meeting is",
                where=str(self._folder / name),
                remedy="Put the day in the file's name (2026-03-04)."
                if day is None
                else "Name the one body of this folder in municipalities.toml.",
            )
        closed = "lukke" in name.casefold()
        return Reference(name, body, day, kind=agenda.kind, closed=closed)


def _day_in(name: str) -> date | None:
    found = _DAY.search(name)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
