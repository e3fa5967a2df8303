"""Marked words in a real browser: by mouse and by keyboard, exactly those."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.conftest import build
from tests.web.live import served
from tests.web.quotes.conftest import TIMED, with_timed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BOX = ".marked-words"
SECOND = "#tekst a[id='s-10']"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, clip: Path) -> Iterator[str]:
    archive = with_timed(build(tmp_path_factory.mktemp("marked"), clip), clip)
    with served(archive.app) as at:
        yield at
    archive.catalogue.close()


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="da-DK",
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/moeder/{TIMED}")
    page.locator(SECOND).scroll_into_view_if_needed()
    yield page
    context.close()
    assert complaints == []


def leads_to(page: Page, start: str, end: str) -> None:
    """Waits for the archive's answer: the exact times of the words."""
    page.wait_for_selector(f"{BOX} a[data-do=quote][href$='fra={start}&til={end}']")
    assert page.locator(f"{BOX} a[data-do=clip]").get_attribute("href") == (
        f"/moeder/{TIMED}/klip?fra={start}&til={end}"
    )


def drag(page: Page, first: int, last: int) -> None:
    """Mark letters of the sentence by the mouse, beginning inside its link."""
    where = page.evaluate(
        """([selector, first, last]) => {
          const text = document.querySelector(selector).firstChild;
          return [first, last].map((place) => {
            const range = document.createRange();
            range.setStart(text, place);
            range.setEnd(text, place + 1);
            const box = range.getBoundingClientRect();
            return [box.left + 1, box.top + box.height / 2];
          });
        }""",
        [SECOND, first, last],
    )
    page.mouse.move(*where[0])
    page.mouse.down()
    page.mouse.move(*where[1], steps=5)
    page.mouse.up()


def test_words_marked_by_mouse(page: Page) -> None:
    before = page.url
    drag(page, 12, 21)  # in the midst of "at stien er"; whole words count
    leads_to(page, "10.8", "11.95")
    assert page.url == before  # the click that ends marking is none on the link
    page.click(f"{BOX} [data-do=copy]")
    page.locator(".marked-said", has_text="Linket er kopieret.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.search(rf"/moeder/{TIMED}/citat\?fra=10.8&til=11.95&v=[0-9a-f]{{8}}$", copied)
    page.click(f"{BOX} [data-do=close]")
    page.wait_for_selector(BOX, state="hidden")


def test_by_keyboard_alone(page: Page) -> None:
    page.locator(SECOND).focus()
    page.keyboard.press("c")
    leads_to(page, "10", "15.55")
    assert page.evaluate("document.activeElement.dataset.do") == "quote"
    page.keyboard.press("Shift+ArrowLeft")  # the full stop
    page.keyboard.press("Shift+ArrowLeft")
    leads_to(page, "10", "15.15")
    page.keyboard.press("Escape")
    page.wait_for_selector(BOX, state="hidden")
    assert page.evaluate("document.activeElement.id") == "s-10"
    page.keyboard.press("c")
    leads_to(page, "10", "15.55")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/moeder/{TIMED}/citat?fra=10&til=15.55&v=*")
    assert page.locator(".quote-words").inner_text() == (
        "Anna Friis (A): »Jeg synes, at stien er alt for smal, og at stien er for mørk.«"
    )
