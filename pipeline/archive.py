"""The parts of one archive, opened together and handed to the steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from catalogue import Catalogue, EngineError, MediaStore, Settings
from ingest import Web
from search import SearchEngine, open_engine
from transcribe import Recogniser


@dataclass
class Archive:
    """An open archive. The speech model is loaded when the first recording needs it, and kept."""

    settings: Settings
    catalogue: Catalogue
    store: MediaStore
    web: Web
    engine: SearchEngine
    _recogniser: Recogniser | None = field(default=None, repr=False)

    @property
    def recogniser(self) -> Recogniser:
        if self._recogniser is None:
            self._recogniser = Recogniser.load(self.settings)
        return self._recogniser


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
        yield Archive(
            settings=settings,
            catalogue=catalogue,
            store=MediaStore(settings.media_folder),
            web=Web(settings),
            engine=open_engine(settings),
        )
    finally:
        catalogue.close()
