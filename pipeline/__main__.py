"""`talerstol` and `python -m pipeline`: run the command line, and say errors in a sentence."""

from __future__ import annotations

import os
import sys

from catalogue import TalerstolError
from pipeline.cli import app
from pipeline.console import configure_logging, err


def main() -> None:
    """Exit 0 done, 1 some work failed, 2 bad input or usage, 3 stopped at the deadline with work left."""
    configure_logging()
    try:
        app()
    except TalerstolError as error:
        err.print(error.sentence, markup=False)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away (`talerstol … | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
