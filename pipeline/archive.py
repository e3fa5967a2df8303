"""The parts of one archive, opened together and handed to the steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from catalogue import Catalogue, EngineError, MediaStore, Settings
from ingest import Web
from pipeline.runs.ray_executor import RayTranscriber
from search import SearchEngine, open_engine
from transcribe import Transcriber, load_transcriber


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Archive:
    """An open archive. The speech model is loaded when the first recording needs it, and kept.

    `now` is the clock that deadlines, nights and retention go by; `sleep` lets so many seconds of it pass.
    """

    settings: Settings
    catalogue: Catalogue
    store: MediaStore
    web: Web
    engine: SearchEngine
    now: Callable[[], datetime] = now
    sleep: Callable[[float], None] = time.sleep
    _transcriber: Transcriber | None = field(default=None, repr=False)

    @property
    def transcriber(self) -> Transcriber:
        if self._transcriber is None:
            self._transcriber = _load(self.settings)
        return self._transcriber

    def close_transcriber(self) -> None:
        """Stop hearing; what was heard is kept up to the last checkpoint. The next use loads it anew."""
        if self._transcriber is not None:
            self._transcriber.close()
            self._transcriber = None


def _load(settings: Settings) -> Transcriber:
    return RayTranscriber(settings) if settings.executor == "ray" else load_transcriber(settings)


@contextmanager
def open_archive(settings: Settings) -> Iterator[Archive]:
    """Open (and at the first time make) the archive in `settings.home`."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(
            f"the data folder cannot be made ({error.strerror})",
            where=str(settings.home),
            remedy="Set TALERSTOL_HOME to a folder that may be written.",
        ) from error
    catalogue = Catalogue.open(settings.database)
    try:
        archive = Archive(
            settings=settings,
            catalogue=catalogue,
            store=MediaStore(settings.media_folder),
            web=Web(settings),
            engine=open_engine(settings),
        )
        try:
            yield archive
        finally:
            archive.close_transcriber()
    finally:
        catalogue.close()
