"""What WCAG 2.2 AA asks beyond what axe can see: sizes of targets, focus, enlarged text, order of headings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: axe's rules for WCAG 2.2 AA and all before it, and its own advice.
RULES = (
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"),
    "best-practice",
)
SCROLLED = 300  # ms in which a page has scrolled to what has the focus
MOST_STOPS = 400  # of the Tab key on a page
_LOOKS = (Path(__file__).parent / "looks.js").read_text(encoding="utf-8")


def look(page: Page, what: str, *given: object) -> Any:
    """One of the functions of `looks.js` evaluated in the page."""
    return page.evaluate(f"(given) => ({_LOOKS.strip()}).{what}(...given)", list(given))


def axe(page: Page) -> list[str]:
    """What axe finds against the page, a line each."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": {"type": "tag", "values": list(RULES)}, "resultTypes": ["violations"]}
    found = cast("list[dict[str, Any]]", Axe().run(page, options=options).response["violations"])
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['html'][:140]} {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]


def small_targets(page: Page) -> list[str]:
    return cast("list[str]", look(page, "smallTargets"))


def overflow(page: Page) -> list[str]:
    return cast("list[str]", look(page, "overflow"))


def headings(page: Page) -> list[str]:
    return cast("list[str]", look(page, "headings"))


def focus(page: Page) -> list[str]:
    """Tab through the whole page: each stop looks otherwise with the focus than without, and is not covered."""
    faults: list[str] = []
    before: dict[str, Any] | None = None
    seen: set[int] = set()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = _focused(page)
        left = before is not None and (here is None or here["number"] != before["number"])
        if left and before and not before["media"]:
            now = look(page, "looksOf", before["number"])
            if now == before["looks"]:
                faults.append(f"focus is not seen: {before['html']}")
        if here is None or (here["number"] in seen and here["number"] != (before or {}).get("number")):
            break  # out of the page, or round
        if here["tab"] > 0:
            faults.append(f"order of its own (tabindex {here['tab']}): {here['html']}")
        if not here["places"]:
            faults.append(f"focus on what is not shown: {here['html']}")
        elif not here["free"]:
            faults.append(f"focus lies behind {here['over']}: {here['html']}")
        seen.add(here["number"])
        if before is None or before["number"] != here["number"]:
            before = here  # a field of several parts (a date) is looked at when one comes to it
    else:
        faults.append(f"still on the page after {MOST_STOPS} stops")
    if not seen:
        faults.append("no stop at all")
    return faults


def _focused(page: Page) -> dict[str, Any] | None:
    """What has the focus, once the page has scrolled to it."""
    here = look(page, "focused")
    if here is not None and not here["free"]:
        page.wait_for_timeout(SCROLLED)
        here = look(page, "focused")
    return cast("dict[str, Any] | None", here)
