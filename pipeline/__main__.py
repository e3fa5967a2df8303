"""`talerstol` and `python -m pipeline`: run the command line."""

from __future__ import annotations

import os
import sys

from pipeline.cli import app


def main() -> None:
    """Exit 0 done, 1 some work failed, 2 bad input or usage, 3 stopped with work left."""
    try:
        app()
    except BrokenPipeError:
        # The reader of our output went away (`talerstol … | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # noqa: BLE001  # the edge of the program: told by its kind, in the log with its place
        from pipeline.terminal.errors_said import say_unforeseen

        say_unforeseen(error)
        sys.exit(1)


if __name__ == "__main__":
    main()
