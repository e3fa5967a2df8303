"""`talerstol` and `python -m pipeline`: run the command line, and say errors in a sentence."""

from __future__ import annotations

import os
import sys

import structlog

from catalogue import InputError, Settings, TalerstolError, load_settings
from pipeline import logs
from pipeline.cli import app
from pipeline.console import SOME_FAILED, err
from pipeline.faults import fault

log = structlog.get_logger()


def main() -> None:
    """Exit 0 done, 1 some work failed, 2 bad input or usage, 3 stopped at the deadline with work left."""
    logs.configure_logging(_settings())
    try:
        app()
    except TalerstolError as error:
        if logs.as_json():
            log.error("command failed", reason=error.sentence)
        else:
            err.print(error.sentence, markup=False)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away (`talerstol … | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        log.exception("command failed unexpectedly")
        if not logs.as_json():
            err.print(fault(type(error).__name__), markup=False)
        sys.exit(SOME_FAILED)


def _settings() -> Settings | None:
    """None where one of them is wrong: the command itself says which."""
    try:
        return load_settings()
    except InputError:
        return None


if __name__ == "__main__":
    main()
