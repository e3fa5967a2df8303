"""The report as one page that needs nothing else: it is opened from the disk, mailed and printed."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from pipeline.night.page import Page

_COMMAND = re.compile(r"`([^`]*)`")


def as_html(page: Page, base_url: str = "") -> str:
    """The page; public meetings are linked where the archive's own address is known."""
    return _template().render(page=page, base_url=_web(base_url))


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["commands"] = _commands
    return environment.get_template("report.html")


def _commands(text: str) -> Markup:
    """What stands between backticks is a command."""
    return Markup(_COMMAND.sub(r"<code>\1</code>", str(escape(text))))


def _web(base_url: str) -> str:
    return base_url.rstrip("/") if base_url.startswith(("https://", "http://")) else ""
