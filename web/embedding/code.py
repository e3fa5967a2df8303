"""The code that others put into their pages."""

from __future__ import annotations

from html import escape

from web.language import N_

WIDTH, HEIGHT = 640, 480  # of a frame with a picture
LOW = 300  # height of one with sound alone
SMALLEST = 200  # pixels either way: less is no player
TITLE = N_("{meeting}: optagelse og tekst")


def iframe(address: str, title: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The frame as HTML. The address is absolute; nothing but this site is asked for anything."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{width}" height="{height}"'
        ' loading="lazy" allow="fullscreen; picture-in-picture" referrerpolicy="no-referrer"></iframe>'
    )
