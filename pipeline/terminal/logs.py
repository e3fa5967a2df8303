"""What is written on stderr for whoever runs the archive: one event a line, as text or JSON, without secrets.

Every line has `time`, `level`, `event` and `runner`; what a step does has `meeting` and `step` too. No line has what was
said at a meeting: of an error of which nothing is known, the log has where it happened and its type, not its words,
which may be text that is withheld.
"""

from __future__ import annotations

import logging
import os
import re
import socket
import sys
import traceback
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

import structlog
from pydantic import SecretStr
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from stamina.instrumentation import set_on_retry_hooks

from catalogue import HIDDEN, LogFormat, LogLevel, Settings, TalerstolError, without_keys

FRAMES = 12  # of an error's way that are told; the last ones

_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{4,}")

Event = MutableMapping[str, Any]


def configure_logging(
    settings: Settings | None = None, *, format: LogFormat = "text", level: LogLevel = "warning"
) -> None:
    """From here on all that is logged, by us and by others, goes to stderr in one form."""
    if settings is not None:
        format, level = settings.log_format, settings.log_level
    threshold = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Callable[[Any, str, Event], Event]] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _runner,
        _without_words,
        Redaction(_secrets(settings)),
    ]
    structlog.configure(
        processors=[*shared, _renderer(format)],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(format)],
        )
    )
    # Libraries tell of every request at `info`: theirs are heard from `warning` on, or where all is asked for.
    logging.basicConfig(
        level=threshold if level == "debug" else max(threshold, logging.WARNING),
        handlers=[handler],
        force=True,
    )
    # A retry that helps is no news; one that does not ends in an error that says what happened.
    set_on_retry_hooks([])


def as_json() -> bool:
    """Whether what goes to stderr is for machines."""
    return isinstance(structlog.get_config()["processors"][-1], structlog.processors.JSONRenderer)


def _renderer(format: LogFormat) -> Any:
    if format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return _as_text


def _as_text(_: Any, __: str, event: Event) -> str:
    """`2026-11-26T03:00:01Z warning event key=value …`, and under it an error's way."""
    way = event.pop("where_in_code", None)
    head = " ".join(str(event.pop(key)) for key in ("time", "level", "event"))
    event.pop("runner", None)  # on one machine it is noise
    rest = " ".join(f"{key}={_quoted(value)}" for key, value in event.items() if value not in (None, ""))
    lines = [f"{head} {rest}".rstrip(), *(f"    {place}" for place in way or ())]
    return "\n".join(lines)


def _quoted(value: object) -> str:
    text = str(value).replace("\n", " ")
    return f'"{text}"' if " " in text else text


def _runner(_: Any, __: str, event: Event) -> Event:
    event.setdefault("runner", f"{socket.gethostname()}:{os.getpid()}")
    return event


def _without_words(_: Any, __: str, event: Event) -> Event:
    """An exception as its type and its way; its words only where they are ours, or the system's."""
    told = event.pop("exc_info", None)
    event.pop("stack_info", None)
    error = told[1] if isinstance(told, tuple) else sys.exc_info()[1] if told is True else told
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        if isinstance(error, TalerstolError):
            event["reason"] = error.sentence
        elif isinstance(error, OSError) and error.strerror:
            event["reason"] = error.strerror
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        event["where_in_code"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


class Redaction:
    """The one processor through which every line goes: what could open something is not in it.

    What opens addresses (`catalogue.without_keys`), tokens in headers, and the secrets of the settings wherever they
    turn up.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = sorted((s for s in secrets if s), key=len, reverse=True)

    def __call__(self, _: Any, __: str, event: Event) -> Event:
        return {key: self._clean(value) for key, value in event.items()}

    def text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _BEARER.sub(rf"\1 {HIDDEN}", without_keys(text))

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self._clean(one) for key, one in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(one) for one in value]
        return value if isinstance(value, int | float | type(None)) else self.text(str(value))


def _secrets(settings: Settings | None) -> list[str]:
    if settings is None:
        return []
    found = [value.get_secret_value() for _, value in settings if isinstance(value, SecretStr)]
    try:
        password = make_url(settings.database_url).password if settings.database_url else None
    except ArgumentError:  # opening the catalogue says so
        password = None
    return [*found, *([str(password)] if password else [])]
