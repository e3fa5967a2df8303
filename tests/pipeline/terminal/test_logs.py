"""What is logged opens nothing, and says nothing of what was said."""

from __future__ import annotations

import json
import logging

import pytest
import structlog
from pydantic import SecretStr

from catalogue import Settings, SourceError
from pipeline.terminal.logs import Redaction, configure_logging

SECRETS = ("nøgle-til-søgning", "pa55word", "sig-4711", "tok-1234", "lukket tekst")


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_and_no_words_of_a_meeting_are_logged(
    settings: Settings, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        configure_logging(
            settings.model_copy(
                update={
                    "log_format": form,
                    "meili_key": SecretStr(SECRETS[0]),
                    "database_url": f"postgresql://me:{SECRETS[1]}@host/db",
                }
            )
        )
        log = structlog.get_logger()
        try:
            raise KeyError(SECRETS[4])
        except KeyError:
            log.exception("step failed", meeting="a", step="fetch", where=f"https://h/a.mp4?sig={SECRETS[2]}")
        try:
            raise SourceError("bad", where=f"https://me:{SECRETS[1]}@h/?t={SECRETS[3]}")
        except SourceError:
            logging.getLogger("elsewhere").exception("Bearer %s and %s", SECRETS[3], SECRETS[0])
        told = capsys.readouterr().err
    finally:
        structlog.reset_defaults()
        root.handlers[:], root.level = before, level
    assert not [secret for secret in SECRETS if secret in told], told
    assert "KeyError" in told and "SourceError" in told
    if form == "json":
        for line in told.splitlines():
            assert {"time", "level", "event", "runner"} <= json.loads(line).keys()
        first = json.loads(told.splitlines()[0])
        assert (first["meeting"], first["step"], first["level"]) == ("a", "fetch", "error")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("https://u:p@x.dk/a", "https://…@x.dk/a"),
        ("https://x.dk/a?token=abc&b=c", "https://x.dk/a?token=…&b=…"),
        ("Authorization: Bearer abcdef.g", "Authorization: Bearer …"),
        ("punkt 5 = seks", "punkt 5 = seks"),
    ],
)
def test_what_is_taken_out(text: str, clean: str) -> None:
    assert Redaction().text(text) == clean
