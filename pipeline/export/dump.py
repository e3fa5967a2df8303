"""The open data of the whole archive, put together from the pieces of its meetings."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from catalogue import EngineError, InputError, digest, file_sha256
from ingest import Progress
from pipeline.archive import Archive
from pipeline.export.parquet import can_write_parquet, write_parquet
from pipeline.export.pieces import PIECES, Piece, piece_of, remove_all_but
from web import (
    CURRENT,
    OPEN_DATA_VERSION,
    TABLES,
    Dump,
    DumpFile,
    dump_bytes,
    licence_text,
    read_dump,
    readme,
    release,
)

MANIFEST = "manifest.json"
_CHUNK = 1 << 20
_KINDS = {
    ".gz": "application/gzip",
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


def make_dump(archive: Archive, progress: Progress) -> Dump:
    """The dump of the archive as it is now; the one there is where nothing has changed.

    Meeting by meeting; a killed one goes on where it stopped, and the old one stays in its place until the new one is
    whole. Raises `EngineError` where another process is making one.
    """
    home = archive.settings.export_folder
    with _alone(home):
        pieces = _pieces(archive, progress)
        key = digest([[p.folder.name for p in pieces], archive.settings.data_licence, archive.settings.site_name,
                      OPEN_DATA_VERSION, can_write_parquet()])  # fmt: skip
        current = read_dump(home)
        if current is None or current.key != key or not _whole(home, current):
            current = _put_together(archive, pieces, key)
        _remove_others(home, current)
        remove_all_but(home, pieces)
        return current


def copy_dump(archive: Archive, dump: Dump, target: Path) -> None:
    """The dump's files as a folder of somebody's own; an older dump there is replaced whole."""
    if (
        target.exists()
        and not (target / MANIFEST).is_file()
        and (not target.is_dir() or any(target.iterdir()))
    ):
        raise InputError(
            "is there and is no dump of open data", where=str(target), remedy="Give an empty or a new folder."
        )
    new, old = (target.with_name(f".{target.name}.{end}") for end in ("new", "old"))
    try:
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)
        shutil.copytree(archive.settings.export_folder / dump.folder, new)
        if target.exists():
            target.rename(old)
        new.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", where=str(target)) from error


def is_due(archive: Archive) -> bool:
    """Whether there is a dump that may not be served any more."""
    dump = read_dump(archive.settings.export_folder)
    return dump is not None and not dump.fits(archive.catalogue.revisions())


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home / "export.lock", timeout=0):
            yield
    except Timeout as error:
        raise EngineError(
            "another process is making the open data", where=str(home), remedy="Wait for it to end."
        ) from error


def _pieces(archive: Archive, progress: Progress) -> list[Piece]:
    (archive.settings.export_folder / PIECES).mkdir(parents=True, exist_ok=True)
    revisions = archive.catalogue.revisions()
    found: list[Piece] = []
    for done, meeting_id in enumerate(sorted(revisions), start=1):
        piece = piece_of(archive, meeting_id, revisions[meeting_id])
        found += [piece] if piece else []
        progress(done, len(revisions))
    return found


def _put_together(archive: Archive, pieces: Sequence[Piece], key: str) -> Dump:
    home, made = archive.settings.export_folder, datetime.now(UTC)
    unfinished = home / ".unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    files: list[DumpFile] = []
    for table in TABLES:
        rows = unfinished / f"{table.name}.jsonl.gz"
        with rows.open("wb") as joined:
            joined.write(b"" if pieces else gzip.compress(b"", mtime=0))
            for piece in pieces:
                with piece.file(table.name).open("rb") as packed:
                    shutil.copyfileobj(packed, joined, _CHUNK)
        count = sum(piece.rows[table.name] for piece in pieces)
        files.append(_described(rows, table.name, count))
        if can_write_parquet():
            write_parquet(rows, unfinished / f"{table.name}.parquet", table)
            files.append(_described(unfinished / f"{table.name}.parquet", table.name, count))
        schema = json.dumps(table.json_schema(), ensure_ascii=False, indent=1)
        files.append(_text(unfinished / f"{table.name}.schema.json", schema))
    files.append(_text(unfinished / "LICENSE.txt", licence_text(archive.settings)))
    files.append(_text(unfinished / "README.md", readme(archive.settings, made, files)))
    files.append(_text(unfinished / MANIFEST, _manifest(archive, made, files)))
    folder = f"dump-{made:%Y%m%dT%H%M%S%f}"
    unfinished.rename(home / folder)
    revisions = {piece.meeting: piece.revision for piece in pieces}
    dump = Dump(made, archive.settings.data_licence, release(), key, folder, tuple(files), revisions)
    _write_down(home, dump)
    return dump


def _write_down(home: Path, dump: Dump) -> None:
    temporary = home / f".{CURRENT}"
    with temporary.open("wb") as file:
        file.write(dump_bytes(dump))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(home / CURRENT)


def _manifest(archive: Archive, made: datetime, files: Sequence[DumpFile]) -> str:
    told = {
        "version": OPEN_DATA_VERSION,
        "made": made.isoformat(timespec="seconds"),
        "source": archive.settings.base_url or archive.settings.site_name,
        "licence": archive.settings.data_licence,
        "files": [asdict(file) for file in files],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _text(file: Path, text: str) -> DumpFile:
    file.write_text(text, encoding="utf-8")
    return _described(file)


def _described(file: Path, table: str | None = None, rows: int | None = None) -> DumpFile:
    return DumpFile(file.name, file.stat().st_size, file_sha256(file), _KINDS[file.suffix], table, rows)


def _whole(home: Path, dump: Dump) -> bool:
    return all((home / dump.folder / file.name).is_file() for file in dump.files)


def _remove_others(home: Path, dump: Dump) -> None:
    """Older dumps: what was withheld since is in them. Who is fetching a file of one still gets it to its end."""
    for old in home.glob("dump-*"):
        if old.name != dump.folder:
            shutil.rmtree(old, ignore_errors=True)
