"""Room on the disk: asked for before a step that fills it, and looked at while it does.

What is kept free (`TALERSTOL_KEEP_FREE_BYTES`) belongs to the catalogue and the search index: what has to be withdrawn
can be withdrawn however full the disk is with recordings.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from catalogue import DiskFull, InputError, Meeting, RecordingKind, free_bytes
from ingest import Progress, probe
from pipeline.archive import Archive
from pipeline.recordings.to_fetch import to_fetch

PCM = 32_000  # bytes a second of 16 kHz mono sound in 16 bits: FLAC takes about half, and never more
COPIES = 2  # the playable file, and the same once more while its index or chapters are written
AGAIN = "run the same command again"


def little_room(archive: Archive) -> bool:
    """Whether so little is free that nothing which takes room is begun."""
    return free_bytes(archive.settings.media_folder) < archive.settings.keep_free_bytes


def require_room(archive: Archive, meeting: Meeting, step: str) -> None:
    """Raise `DiskFull` where a step of this meeting would take from what is kept free."""
    needs = _NEEDS.get(step)
    if needs is not None:
        require_bytes(archive, needs(archive, meeting), f"{step} of {meeting.id}")


def within_room(archive: Archive, step: str, progress: Progress) -> Progress:
    """The same progress, which raises `DiskFull` once what is still to come (where bytes are told) does not fit."""
    if step not in _NEEDS or step == "transcribe":
        return progress

    def report(done: float, total: float | None) -> None:
        left = (total or 0.0) - done if step == "fetch" else 0.0  # the others tell seconds
        require_bytes(archive, max(0, int(left)), step)
        progress(done, total)

    return report


def require_bytes(archive: Archive, needed: int, work: str, then: str = AGAIN) -> None:
    """Raise `DiskFull` where so many bytes for that work would be taken from what is kept free. `then` is what a person
    does once there is room."""
    folder, keep = archive.settings.media_folder, archive.settings.keep_free_bytes
    free = free_bytes(folder)
    if free < needed + keep:
        wanted = f", and {work} needs {size_said(needed)}" if needed else f" ({work} waits)"
        raise DiskFull(
            f"there is too little room: {size_said(free)} free, {size_said(keep)} are kept free{wanted}",
            where=str(folder),
            remedy=f"Make room there, or lower TALERSTOL_KEEP_FREE_BYTES; then {then}.",
        )


def _to_fetch(archive: Archive, meeting: Meeting) -> int:
    """What is on this machine has a size; what comes by network tells it when it comes (`within_room`)."""
    missing = [r for r in to_fetch(archive, meeting) if not (r.original and archive.store.exists(r.original))]
    return sum(_bytes(Path(r.source)) for r in missing if r.kind is RecordingKind.FILE)


def _sound(archive: Archive, meeting: Meeting) -> int:
    originals = [archive.store.path(r.original) for r in meeting.recordings if r.original]
    return sum(int(PCM * _seconds(file)) or _bytes(file) for file in originals)


def _nothing(_: Archive, __: Meeting) -> int:
    return 0


def _playable(archive: Archive, meeting: Meeting) -> int:
    return COPIES * sum(_bytes(archive.store.path(r.original)) for r in meeting.recordings if r.original)


# Text takes no room worth counting: a transcript of three hours is a megabyte.
_NEEDS: dict[str, Callable[[Archive, Meeting], int]] = {
    "fetch": _to_fetch,
    "audio": _sound,
    "transcribe": _nothing,
    "media": _playable,
}


def _bytes(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:  # a name that no disk can have, say: the step itself says so
        return 0


def _seconds(file: Path) -> float:
    try:
        return probe(file).duration or 0.0
    except InputError:  # the step itself says what is wrong with it
        return 0.0


def size_said(count: int) -> str:
    """`3.2 GB`: bytes as a person reads them."""
    return f"{count / 1024**3:.1f} GB" if count >= 1024**3 else f"{count / 1024**2:.1f} MB"
