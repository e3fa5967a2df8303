"""Who is at the terminal."""

from __future__ import annotations

import getpass


def login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "staff"  # a user without a name, as in a container
