"""The lines of `talerstol.toml` that name where an archive lies: put into another, they lead every command to the first."""

from __future__ import annotations

import io
import tomllib

PLACES = frozenset({"home", "database_url", "media", "meili_url"})
UNREADABLE = "what cannot be read"


def without_places(text: str) -> tuple[str, tuple[str, ...]]:
    """The settings without those of places, each comment and all else as it was, and the names of what was left out.

    What is not TOML is left out too, under the name `UNREADABLE`: nobody knows what it would say once it is mended.
    """
    kept, left_out, statement = "", list[str](), ""
    for line in io.StringIO(text):
        statement += line
        try:
            names = tomllib.loads(statement).keys()
        except tomllib.TOMLDecodeError:
            continue  # it goes on in the next line
        places = [name for name in names if name.lower() in PLACES]
        left_out += places
        kept += "" if places else statement
        statement = ""
    if statement:
        left_out.append(UNREADABLE)
    return kept, tuple(left_out)
