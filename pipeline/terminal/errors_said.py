"""How a command of `talerstol` runs: what it logs goes to stderr, and an error is a sentence and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from catalogue import InputError, Settings, TalerstolError, load_settings
from pipeline.runs.faults import fault
from pipeline.terminal import logs
from pipeline.terminal.console import err

log = structlog.get_logger()


@contextmanager
def errors_said() -> Iterator[None]:
    logs.configure_logging(_settings())
    try:
        yield
    except TalerstolError as error:
        if logs.as_json():
            log.error("command failed", reason=error.sentence)
        else:
            err.print(error.sentence, markup=False)
        sys.exit(error.exit_code)


def say_unforeseen(error: Exception) -> None:
    """A fault of the program itself by its kind, without its words: they may be text that is withheld."""
    log.error("command failed unexpectedly", exc_info=error)
    if not logs.as_json():
        err.print(fault(type(error).__name__), markup=False)


def _settings() -> Settings | None:
    """None where one of them is wrong: the command itself says which."""
    try:
        return load_settings()
    except InputError:
        return None
