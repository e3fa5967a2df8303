"""Readers of four kinds, who can do the same things on a page, each in their own way: mouse, finger, keys; with script or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PATIENCE = 10_000  # ms
MOST_STOPS = 400  # of the Tab key until something must have been reached


@dataclass(frozen=True, slots=True)
class Kind:
    """`keys`: no mouse and no finger is used at all."""

    name: str
    phone: bool = False
    keys: bool = False
    script: bool = True

    def __str__(self) -> str:
        return self.name


KINDS = (
    Kind("mouse"),
    Kind("keys", keys=True),
    Kind("phone", phone=True),
    Kind("phone with keys", phone=True, keys=True),
    Kind("without script", script=False),
    Kind("keys without script", keys=True, script=False),
    Kind("phone without script", phone=True, script=False),
)


class Reader:
    """Somebody at a page. Every way of doing something fails where it cannot be done in that way."""

    def __init__(self, kind: Kind, page: Page) -> None:
        self.kind = kind
        self.page = page

    def goes_to(self, address: str) -> None:
        self.page.goto(address)

    def uses(self, what: Locator) -> None:
        """Follows a link, presses a button, opens what is folded."""
        what = what.first
        if self.kind.keys:
            self.reaches(what)
            self.page.keyboard.press("Enter")
        elif self.kind.phone:
            what.tap()
        else:
            what.click()

    def writes(self, where: Locator, text: str) -> None:
        """Writes into a field and sends it with Enter."""
        where = where.first
        if self.kind.keys:
            self.reaches(where)
        else:
            self.uses(where)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def reaches(self, what: Locator) -> None:
        """Tabs on until it has the focus; over the page's end it begins again."""
        handle = what.element_handle(timeout=5000)
        assert handle is not None
        for _ in range(MOST_STOPS):
            if handle.evaluate("e => document.activeElement === e"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"not reached by {MOST_STOPS} presses of Tab: {what}")


def reader_of(browser: Browser, kind: Kind) -> Reader:
    context = browser.new_context(
        viewport={"width": 390, "height": 844} if kind.phone else {"width": 1280, "height": 900},
        has_touch=kind.phone,
        is_mobile=kind.phone,
        java_script_enabled=kind.script,
        locale="da-DK",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    return Reader(kind, context.new_page())
