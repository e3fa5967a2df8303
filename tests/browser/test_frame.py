"""The frame in a real browser: dark, printed, enlarged, by keyboard, with the reader's own colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.conftest import MAIN

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATHS = (
    *("/", "/moeder", "/moeder?year=1999", "/om", "/om/saadan", "/om/begraensninger", "/privatliv"),
    *("/tilgaengelighed", "/nej", f"/moeder/{MAIN}/kvalitet", "/en/"),
)
QUIET = [path for path in PATHS if path != "/nej"]  # a 404 is a complaint in the console

TOO_WIDE = """[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1
  && !e.closest('.table-frame, .sr-only')).map((e) => e.outerHTML.slice(0, 80))"""
TOO_SMALL = """[...document.querySelectorAll('a, button, input, select, summary')].filter((e) => {
  const box = e.getBoundingClientRect();
  return box.width && (box.height < 24 || box.width < 24) && !e.closest('p, dd, blockquote');
}).map((e) => e.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("path", QUIET)
def test_text_twice_as_large_on_a_small_phone(page: Page, address: str, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(address + path)
    assert page.evaluate(TOO_SMALL) == []
    page.evaluate("document.documentElement.style.fontSize = '125%'")  # DKFDS' 62.5 % twice
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_are_those_that_the_reader_asks_for(page: Page, address: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{address}/moeder")
    shown = page.evaluate(
        """['body', 'h1', 'label', 'select', '.facts', '.bottom p'].map((name) => {
          const style = getComputedStyle(document.querySelector(name));
          return style.color.match(/\\d+/g).map(Number).reduce((a, b) => a + b) / 3;
        })"""
    )
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    if scheme == "dark":
        assert paper == "rgb(17, 24, 31)"
        assert min(shown) > 150
    else:
        assert paper == "rgb(255, 255, 255)"
        assert max(shown) < 120


def test_paper_is_light_and_has_nothing_to_press(page: Page, address: str) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(f"{address}/moeder")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for name in (".menu", ".filter-form", ".bottom nav", ".skip"):
        assert page.locator(name).first.is_hidden()
    assert page.locator("h1").is_visible()


def test_nothing_moves_for_who_wants_it_still(page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{address}/moeder/{MAIN}")
    longest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('*')].map((e) => parseFloat(getComputedStyle(e).transitionDuration) || 0))"
    )
    assert longest < 0.001


@pytest.mark.parametrize("path", ["/", "/moeder", "/tilgaengelighed"])
def test_the_keyboard_sees_where_it_is(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    stops = page.locator("a[href], button, input:not([type=hidden]), select, [tabindex='0']").count()
    seen = 0
    for _ in range(stops):
        page.keyboard.press("Tab")
        outline, hidden = page.evaluate(
            """() => {
              const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
              return [parseFloat(style.outlineWidth) * (style.outlineStyle !== 'none'),
                      box.bottom < 0 || box.top > innerHeight];
            }"""
        )
        assert outline >= 2, page.evaluate("document.activeElement.outerHTML")
        assert not hidden
        seen += 1
    assert seen == stops


def test_meetings_are_found_on_a_phone_without_javascript(browser: object, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"{address}/")
    page.click("nav >> text=Møder")
    everywhere = page.locator(".meeting-entry").count()
    page.select_option("#municipality", "Odense")
    page.click("text=Vis møder")
    assert page.url.endswith("/moeder?municipality=Odense&body=&year=")
    assert page.locator(".meeting-entry").count() == 1 < everywhere
    page.click("a:has-text('Fjern Odense')")
    assert page.locator(".meeting-entry").count() == everywhere
    context.close()
