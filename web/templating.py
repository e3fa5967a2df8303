"""Jinja as the pages need it: everything escaped, an undefined name is an error, Danish filters."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from catalogue import InputError, Settings
from web import danish, moments

HERE = Path(__file__).parent
STATIC = HERE / "static"
DESIGN = Path("vendor") / "dkfds" / "css" / "dkfds.min.css"


class Templates:
    """The templates of the site, and a fingerprint of them and of what they say about the site."""

    def __init__(self, settings: Settings) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "clock": moments.clock,
            "seconds": moments.address_seconds,
            "machine_duration": moments.machine_duration,
            "short_date": danish.short_date,
            "number": danish.number,
            "lasting": danish.length,
            "became": danish.became,
            "set_by": danish.set_by,
            "origin": danish.origin,
            "doubt": danish.doubt,
            "percent": danish.percent,
            "why": danish.why,
            "query": _query,
        }
        self._environment.globals |= {
            "site_name": settings.site_name,
            "base_url": settings.base_url.rstrip("/"),
            "design_css": f"/static/{DESIGN.as_posix()}" if design_fetched() else None,
            "count": danish.count,
        }
        self.fingerprint = _fingerprint(settings)

    def render(self, template: str, context: Mapping[str, object]) -> str:
        return self._environment.get_template(template).render(context)

    def fragment(self, template: str, context: Mapping[str, object]) -> Markup:
        """A piece of a page, safe to set into another template as it is."""
        return Markup(self.render(template, context))


def design_fetched() -> bool:
    """Whether the design system is in place (scripts/fetch_design.py puts it there)."""
    return (STATIC / DESIGN).is_file()


def design_files() -> str:
    """Where the design system is, for `talerstol check`. Raises `InputError` where it was not fetched."""
    if not design_fetched():
        raise InputError("was not fetched; pages are plainer", remedy="Run scripts/fetch_design.py.")
    return "DKFDS is in place"


def _query(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs)


def _fingerprint(settings: Settings) -> str:
    """Tags of pages change with the templates they are made from."""
    made_of = hashlib.sha256(f"{settings.site_name}\0{settings.base_url}\0{design_fetched()}".encode())
    for file in sorted((HERE / "templates").iterdir()):
        made_of.update(file.read_bytes())
    return made_of.hexdigest()[:16]
