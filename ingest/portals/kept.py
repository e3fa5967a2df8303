"""The documents of one portal as they were last seen, so that what has not changed is not sent again.

One file a document under `TALERSTOL_HOME/sync/`: a line of JSON with its validators and fingerprint, then its
bytes. They are whole or absent; what does not fit its fingerprint is taken as absent. Nothing here is public.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from catalogue import EngineError

# A pass that was killed is gone on with for this long: then what it has may be old (seconds).
RESUMED_WITHIN = 6 * 3600.0
UNFINISHED = "unfinished"
LONGEST_VALIDATOR = 1_000  # characters; real ones have under 100


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as it was last seen. A `fresh` one was seen in the pass that goes on: it is not asked for again."""

    data: bytes
    etag: str
    last_modified: str
    fresh: bool

    @property
    def conditions(self) -> dict[str, str]:
        """The headers by which a server may answer that nothing has changed (RFC 9110, section 13.1)."""
        told = {"if-none-match": self.etag, "if-modified-since": self.last_modified}
        return {name: value for name, value in told.items() if value}


class KeptDocuments:
    """The documents of one portal. With `writable` false it is only read: for trying out."""

    def __init__(self, folder: Path, writable: bool = True) -> None:
        self._folder, self._writable = folder, writable
        self._used: set[Path] = set()
        self._since = float("inf")  # what was seen from then on is fresh

    def begin(self) -> None:
        """A pass begins, or one that was killed goes on."""
        marker = self._folder / UNFINISHED
        with suppress(OSError):
            if time.time() - marker.stat().st_mtime < RESUMED_WITHIN:
                self._since = marker.stat().st_mtime
                return
        if self._writable:
            self._write(marker, b"")

    def finish(self, whole: bool) -> None:
        """The pass has ended. After a `whole` one, what the portal no longer has is let go."""
        if not self._writable:
            return
        with suppress(OSError):
            for file in self._folder.iterdir() if whole else ():
                if file not in self._used:
                    file.unlink(missing_ok=True)
            (self._folder / UNFINISHED).unlink(missing_ok=True)

    def get(self, url: str) -> Kept | None:
        file = self._file(url)
        self._used.add(file)
        try:
            head, _, data = file.read_bytes().partition(b"\n")
            told = json.loads(head)
            if told["sha256"] != hashlib.sha256(data).hexdigest():
                return None
            fresh = file.stat().st_mtime >= self._since
            return Kept(data, str(told["etag"]), str(told["last_modified"]), fresh)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, url: str, data: bytes, etag: str, last_modified: str) -> None:
        """Keep what was just seen."""
        if self._writable:
            told = {
                "url": url,
                "etag": etag if _can_be_sent(etag) else "",
                "last_modified": last_modified if _can_be_sent(last_modified) else "",
                "sha256": hashlib.sha256(data).hexdigest(),
            }
            self._write(self._file(url), json.dumps(told).encode() + b"\n" + data)

    def confirm(self, url: str) -> None:
        """The portal says that what is kept is still so."""
        if self._writable:
            with suppress(OSError):
                os.utime(self._file(url))

    def _file(self, url: str) -> Path:
        return self._folder / hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:40]

    def _write(self, file: Path, data: bytes) -> None:
        temporary = file.with_suffix(".new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(data)
            temporary.replace(file)
        except OSError as error:
            raise EngineError(
                f"cannot be written ({error.strerror})",
                where=str(self._folder),
                remedy="Make room on the disk, then run the same command again.",
            ) from error


def _can_be_sent(validator: str) -> bool:
    """Whether it can stand in a header of ours: servers send more than they should."""
    return validator.isascii() and validator.isprintable() and len(validator) <= LONGEST_VALIDATOR
