"""JSON from outside, read without surprises."""

from __future__ import annotations

import json
from typing import Any

from catalogue import InputError


def load_json(text: str, source: str) -> Any:
    """The value of a text that begins like a JSON object or list, else None. Raises `InputError` where it is broken."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"the agenda is not JSON (line {error.lineno}: {error.msg})",
            where=source,
            remedy="Fetch it again, or give the agenda in another format.",
        ) from error
    except ValueError as error:  # a number with thousands of digits
        raise InputError("the agenda holds a number that cannot be read", where=source) from error
    except RecursionError as error:
        raise InputError(
            "the agenda is nested too deeply", where=source, remedy="Check that it is the right file."
        ) from error
