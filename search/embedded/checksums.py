"""Whether an index's files are as tantivy wrote them.

Each file of a segment ends with a footer: JSON that holds the CRC-32 of what is before it, the footer's length and a
number that marks it (tantivy, src/directory/footer.rs). tantivy itself does not look at the sum when it reads.
"""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

from search.embedded.meta import Segment, read_meta

MARK = 1337
TAIL = struct.Struct("<II")  # length of the footer, mark
LONGEST_FOOTER = 50_000  # bytes; tantivy's own bound
BLOCK = 1 << 20  # bytes read at a time


class Checksums:
    """Files are written once and never changed: one that was right and has the same size and time is not read again."""

    def __init__(self) -> None:
        self._right: dict[Path, tuple[int, int]] = {}

    def first_damaged(self, folder: Path) -> Path | None:
        """The first file of the segments in use that is not as it was written; None where all are. A file that a writer
        takes away meanwhile is passed over. Raises what `read_meta` does, and `OSError`."""
        right = {}
        for name in sorted({name for one in read_meta(folder).segments for name in _files_of(one, folder)}):
            file = folder / name
            try:
                state = file.stat()
                seen = state.st_size, state.st_mtime_ns
                if self._right.get(file) != seen and not _is_whole(file, state.st_size):
                    return file
                right[file] = seen
            except FileNotFoundError:
                continue
        self._right = right
        return None


def _files_of(segment: Segment, folder: Path) -> list[str]:
    """The files of a segment; of those that tell what is deleted, the one in use."""
    files = [file.name for file in folder.glob(f"{segment.stem}.*") if file.suffix != ".del"]
    return files if segment.deletes is None else [*files, f"{segment.stem}.{segment.deletes}.del"]


def _is_whole(file: Path, size: int) -> bool:
    with file.open("rb") as handle:
        if size < TAIL.size:
            return False
        handle.seek(size - TAIL.size)
        length, mark = TAIL.unpack(handle.read(TAIL.size))
        body = size - TAIL.size - length
        if mark != MARK or length > LONGEST_FOOTER or body < 0:
            return False
        handle.seek(body)
        try:
            told = json.loads(handle.read(length))["crc"]
        except (ValueError, KeyError, TypeError):
            return False
        handle.seek(0)
        crc, left = 0, body
        while left and (block := handle.read(min(BLOCK, left))):
            crc, left = zlib.crc32(block, crc), left - len(block)
    return not left and crc == told
