"""What could open something does not stand in what is told: names and passwords in addresses, and the values of their
parameters, for that is where sources put their signatures."""

from __future__ import annotations

import re

HIDDEN = "…"

_ACCOUNT = re.compile(r"(?<=://)[^/\s@]+(?=@)")
_PARAMETER = re.compile(r"([?&;][^=\s&#\"']{1,80}=)[^\s&#\"')\]]+")


def without_keys(text: str) -> str:
    """The text, its addresses without what could open them."""
    return _PARAMETER.sub(rf"\1{HIDDEN}", _ACCOUNT.sub(HIDDEN, text))
