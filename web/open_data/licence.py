"""The licence that the open data comes with, and what it does not change."""

from __future__ import annotations

from dataclasses import dataclass

from web.addresses import outward


@dataclass(frozen=True, slots=True)
class Licence:
    """`id` is SPDX's, or whatever was set; `address` is where its text is, or None."""

    id: str
    name: str
    address: str | None


_KNOWN = {
    licence.id: licence
    for licence in (
        Licence(
            "CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"
        ),
        Licence("CC0-1.0", "Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        Licence(
            "ODC-By-1.0", "Open Data Commons Attribution 1.0", "https://opendatacommons.org/licenses/by/1-0/"
        ),
        Licence(
            "PDDL-1.0",
            "Open Data Commons Public Domain 1.0",
            "https://opendatacommons.org/licenses/pddl/1-0/",
        ),
    )
}


def licence_of(setting: str) -> Licence:
    """What `TALERSTOL_DATA_LICENCE` means: a licence known here, an address, or words."""
    said = setting.strip()
    return _KNOWN.get(said) or Licence(said, said, outward(said))
