"""A playlist of what is here, which any player can open while the recording grows.

It is only ever added to (an EVENT playlist). A segment that comes late, out of its turn, is not in it: the finished
recording has it in its place. Of sound that comes apart from its picture, the picture alone is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.live.journal import Missed, Taken
from ingest.local_playlist import playlist_head

LONGEST = (
    60  # seconds that a segment is announced to last at most: it may not change while the playlist grows
)


class Growing:
    """The playlist, written anew from what is there and then added to."""

    def __init__(self, file: Path, part: Sequence[Taken | Missed]) -> None:
        self._file = file
        self._last: Taken | None = None
        file.write_text("\n".join([*playlist_head(LONGEST, 0, "EVENT"), ""]), encoding="utf-8")
        for entry in part:
            if isinstance(entry, Taken):
                self.add(entry)

    def add(self, taken: Taken) -> None:
        """A segment that has arrived."""
        last, piece = self._last, taken.piece
        if last and taken.place < last.place:
            return
        lines = []
        if last and (piece.discontinuity or taken.run != last.run or taken.number != last.number + 1):
            lines.append("#EXT-X-DISCONTINUITY")
        if piece.key and (not last or piece.key != last.piece.key):
            lines.append(f'#EXT-X-KEY:METHOD=AES-128,URI="{piece.key.url}",IV={piece.key.iv}')
        if not piece.key and last and last.piece.key:
            lines.append("#EXT-X-KEY:METHOD=NONE")
        if piece.header and (not last or piece.header != last.piece.header):
            lines.append(f'#EXT-X-MAP:URI="{piece.header}"')
        self._write([*lines, f"#EXTINF:{piece.duration:.6f},", piece.url])
        self._last = taken

    def finish(self) -> None:
        """Nothing will follow."""
        self._write(["#EXT-X-ENDLIST"])

    def _write(self, lines: Sequence[str]) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write("\n".join([*lines, ""]))
