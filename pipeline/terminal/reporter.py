"""Who shows the work while it goes on. Only the command line knows how it looks."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from catalogue import RunProgress
from ingest import Progress


class Work(Protocol):
    """What a person is told of a piece of work: its name, and what it is doing."""

    @property
    def name(self) -> str: ...
    @property
    def doing(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Task:
    """Work that is no step of a meeting."""

    name: str
    doing: str


class Reporter(Protocol):
    """Who shows the work while it goes on."""

    def step(self, meeting_id: str, step: Work) -> AbstractContextManager[Progress]: ...
    def failed(self, meeting_id: str, step: Work, message: str) -> None: ...
    def note(self, text: str) -> None: ...


@runtime_checkable
class ShowsRun(Protocol):
    """A reporter that shows how far the run as a whole is, too."""

    def run(self, progress: RunProgress) -> None: ...


class Silent:
    """Shows nothing: for work that a person did not ask for."""

    def step(self, meeting_id: str, step: Work) -> AbstractContextManager[Progress]:
        return nullcontext(lambda done, total: None)

    def failed(self, meeting_id: str, step: Work, message: str) -> None:
        """Whoever asked tells it in their own words."""

    def note(self, text: str) -> None:
        """Whoever asked tells it in their own words."""
