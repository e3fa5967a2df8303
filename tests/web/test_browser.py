"""The pages in a real browser: the player, the marked sentence, a phone's width, and no complaint in the console."""

from __future__ import annotations

import importlib.util
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from tests.web.conftest import MAIN, TEXT_ONLY, Built

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason="Chromium is not installed (Debian: apt-get install chromium)"
    ),
    pytest.mark.skipif(
        importlib.util.find_spec("playwright") is None,
        reason="playwright is not installed (pip install playwright)",
    ),
]


@pytest.fixture(scope="module")
def address(built: Built) -> Iterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(built.app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)
    listening.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test if the browser complains about anything on it."""
    complaints: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="da-DK")
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert complaints == []


def now(page: Page) -> float:
    seconds: float = page.evaluate("document.getElementById('media').currentTime")
    return seconds


def current(page: Page) -> str | None:
    return page.locator("#tekst a[aria-current]").get_attribute("id")


def until(page: Page, condition: str) -> None:
    """Asked again and again from outside: the page's own policy forbids evaluating a string within it."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not within 10 seconds: {condition}")


def test_a_click_on_a_sentence_plays_it(page: Page, address: str) -> None:
    page.goto(f"{address}/moeder/{MAIN}")
    page.click("#s-6")
    until(page, "document.getElementById('media').currentTime >= 6")
    assert now(page) < 7.5
    assert not page.evaluate("document.getElementById('media').paused")
    assert "t=6" in page.url
    assert page.url.endswith("#s-6")


def test_the_sentence_being_said_is_marked(page: Page, address: str) -> None:
    page.goto(f"{address}/moeder/{MAIN}")
    page.click("#s-0")
    assert current(page) == "s-0"
    until(page, "document.querySelector('#tekst a[aria-current]')?.id === 's-1'")
    assert page.locator("#tekst a[aria-current]").count() == 1
    assert page.locator(".item.is-current .item-number").inner_text() == "1"


def test_a_second_in_the_address_is_where_the_player_stands(page: Page, address: str) -> None:
    page.goto(f"{address}/moeder/{MAIN}?t=3")
    until(page, "document.getElementById('media').currentTime >= 3")
    assert current(page) == "s-3"
    assert "Den nuværende sti" in page.locator(".now").inner_text()


def test_a_hit_plays_from_its_sentence(page: Page, address: str) -> None:
    page.goto(f"{address}/soeg?q=b%C3%A6nke")
    page.click(".hit .time")
    page.wait_for_url("**/moeder/**")
    until(page, "document.getElementById('media').currentTime >= 7")
    until(page, "!document.getElementById('media').paused || document.getElementById('media').ended")


def test_another_recording_is_put_in_when_its_second_is_asked_for(page: Page, address: str) -> None:
    page.goto(f"{address}/moeder/{MAIN}")
    page.click("#s-13")
    until(page, f"document.getElementById('media').currentSrc.includes('/medie/{MAIN}/2')")
    until(page, "document.getElementById('media').currentTime >= 4")
    assert current(page) == "s-13"
    assert page.locator(".recordings [aria-current]").inner_text().startswith("Optagelse 2")
    page.click(".recordings a >> nth=0")
    until(page, f"document.getElementById('media').currentSrc.includes('/medie/{MAIN}/1')")


CHAPTERS = """[...document.getElementById('media').textTracks].filter((t) => t.kind === 'chapters')
  .flatMap((t) => [...(t.cues ?? [])].map((c) => [c.startTime, c.endTime, c.text]))"""


def test_the_player_has_the_items_as_chapters(page: Page, address: str) -> None:
    page.goto(f"{address}/moeder/{MAIN}")
    until(page, f"({CHAPTERS}).length === 3")
    assert page.evaluate(CHAPTERS) == [
        [0, 2, "1: Godkendelse af dagsorden"],
        [2, 4, "2, 3: Cykelsti langs Havnegade &amp; Åboulevarden · Tilskud til cykelparkering"],
        [6, 8, '5: Høring om &lt;script&gt;alert("x")&lt;/script&gt; på havnen'],
    ]
    page.click(".recordings a >> nth=1")
    until(page, f"({CHAPTERS}).length === 1")
    assert page.evaluate(CHAPTERS) == [[3, 5, "9: Eventuelt"]]


def test_the_words_that_placed_an_item_are_played(page: Page, address: str) -> None:
    page.goto(f"{address}/moeder/{MAIN}?t=3")
    page.click(".item-why")
    until(page, "!document.getElementById('media').paused")
    assert now(page) < 2.5
    assert current(page) == "s-0"


def test_nothing_is_marked_in_withheld_time(page: Page, address: str) -> None:
    page.goto(f"{address}/moeder/{MAIN}?t=5")
    until(page, "document.getElementById('media').currentTime >= 5")
    page.wait_for_timeout(200)
    assert page.locator("#tekst a[aria-current]").count() == 0
    assert page.locator(".item.is-current").count() == 0


def test_follow_can_be_turned_off(page: Page, address: str) -> None:
    page.goto(f"{address}/moeder/{MAIN}")
    button = page.locator("#foelg")
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert button.get_attribute("aria-pressed") == "false"


def test_the_address_follows_when_the_reader_stops(page: Page, address: str) -> None:
    page.goto(f"{address}/moeder/{MAIN}")
    page.click("#s-1")
    until(page, "document.getElementById('media').currentTime > 2.2")
    page.evaluate("document.getElementById('media').pause()")
    until(page, "Number(new URL(location.href).searchParams.get('t')) > 2.2")
    assert page.evaluate("history.length") <= 3


def test_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/moeder/{MAIN}")
    assert page.locator("#tekst a").count() > 5
    assert page.locator(".controls").is_hidden()
    page.click("#s-6")
    assert page.url.endswith("?t=6#s-6")
    assert page.locator("#s-6").get_attribute("aria-current") == "true"
    assert page.locator("#media source").get_attribute("src") == f"/medie/{MAIN}/1#t=6"
    assert (
        page.locator("#media track[kind=chapters]").get_attribute("src") == f"/moeder/{MAIN}/kapitler/1.vtt"
    )
    context.close()


@pytest.mark.parametrize(
    "path",
    ["/", "/soeg", "/soeg?q=cykelstien", "/moeder", f"/moeder/{MAIN}?t=3", f"/moeder/{TEXT_ONLY}", "/om"],
)
def test_fits_a_phone(page: Page, address: str, path: str) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    widest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('main *')].map((e) => e.getBoundingClientRect().right))"
    )
    assert widest <= 376


def test_the_skip_link_is_the_first_stop(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").is_visible()
    page.keyboard.press("Enter")
    time.sleep(0.1)
    assert page.url.endswith("#indhold")


# Suggestions while typing -------------------------------------------------------------------------------------

FIELD = "input[role=combobox]"
OPTIONS = ".suggestion"


def typed(page: Page, text: str) -> None:
    """Typed into the field of the page; the suggestions are there."""
    page.locator(FIELD).press_sequentially(text)
    until(page, f"document.querySelectorAll('{OPTIONS}').length > 0")


def marked(page: Page) -> str | None:
    """What is marked in the list, if the field names it as what is active."""
    active = page.locator(FIELD).get_attribute("aria-activedescendant")
    selected = page.locator(f"{OPTIONS}[aria-selected=true]")
    assert selected.count() == (1 if active else 0)
    if not active:
        return None
    assert selected.get_attribute("id") == active
    return selected.locator(".suggestion-text").inner_text()


def is_open(page: Page) -> bool:
    expanded = page.locator(FIELD).get_attribute("aria-expanded") == "true"
    assert page.locator("[role=listbox]").is_visible() == expanded
    return expanded


@pytest.mark.parametrize("path", ["/", "/soeg", "/soeg?q=havnen"])
def test_suggestions_are_told_to_everybody(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    page.locator(FIELD).fill("")
    typed(page, "bo")
    assert is_open(page)
    assert page.locator("[role=group]").evaluate_all("all => all.map((g) => g.ariaLabel)") == ["Personer"]
    assert page.locator(".suggestion-text").all_inner_texts()[0] == "Borgmesteren"
    assert page.locator("form [role=status]").inner_text() == "3 forslag. Brug pil op og ned."
    assert marked(page) is None  # nothing is chosen for anybody
    assert page.locator(FIELD).input_value() == "bo"
    page.locator(FIELD).press_sequentially("qqq")
    until(page, "document.querySelector('[role=listbox]').hidden")
    assert page.locator("form [role=status]").inner_text() == ""


def test_the_keys_go_through_the_list_and_leave_it(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    typed(page, "havn")
    texts = page.locator(".suggestion-text").all_inner_texts()
    assert texts[:2] == ["havnen", "havnefronten"]
    page.keyboard.press("ArrowDown")
    assert marked(page) == texts[0]
    page.keyboard.press("ArrowUp")
    assert marked(page) is None
    page.keyboard.press("ArrowUp")
    assert marked(page) == texts[-1]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert marked(page) == texts[1]
    page.keyboard.press("Home")
    assert marked(page) is None
    assert page.evaluate(f"document.querySelector('{FIELD}').selectionStart") == 0
    page.keyboard.press("End")
    assert page.evaluate(f"document.querySelector('{FIELD}').selectionStart") == 4
    page.keyboard.press("Escape")
    assert not is_open(page)
    assert page.locator(FIELD).input_value() == "havn"
    page.keyboard.press("Alt+ArrowDown")
    assert is_open(page)
    assert marked(page) is None
    page.keyboard.press("Tab")
    assert not is_open(page)


def test_a_word_is_searched_for(page: Page, address: str) -> None:
    page.goto(f"{address}/soeg?speaker=Borgmesteren")
    typed(page, "vi cykels")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/soeg?**q=vi+cykelsti**")
    assert "speaker=Borgmesteren" in page.url  # what was chosen before stays
    assert page.locator(FIELD).input_value() == "vi cykelsti"


def test_enter_alone_searches_for_what_was_typed(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    typed(page, "cykels")
    page.keyboard.press("Enter")
    page.wait_for_url("**/soeg?q=cykels")


def test_a_person_leads_to_what_they_said(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    typed(page, "anna")
    page.click(OPTIONS)
    page.wait_for_url("**/soeg?speaker=Anna+Friis+%28A%29")
    assert "Taler: Anna Friis (A)" in page.locator(".chosen").inner_text()


def test_an_item_leads_to_its_second(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    typed(page, "cykels")
    facts = page.locator("[aria-label=Punkter] .suggestion-facts").inner_text()
    assert facts == "Punkt 2 · 8. oktober 2025 · Byrådet · Aarhus Kommune"
    page.click("[aria-label=Punkter] .suggestion")
    page.wait_for_url(f"**/moeder/{MAIN}?t=2**")
    assert page.url.startswith(address)  # not to the archive's public name, which is elsewhere


def test_markup_in_a_suggestion_is_text(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    typed(page, "høring")
    assert "<script>" in page.locator("[aria-label=Punkter] .suggestion-text").inner_text()
    assert page.locator(".suggestions script").count() == 0


def test_only_the_last_question_is_waited_for(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest?" in request.url else None)
    page.goto(f"{address}/")
    page.locator(FIELD).press_sequentially("c")
    page.wait_for_timeout(300)
    assert asked == []
    page.locator(FIELD).evaluate(
        """field => ["cy", "cyk", "cykels"].forEach((text) => {
          field.value = text;
          field.dispatchEvent(new Event("input"));
        })"""
    )
    until(page, f"document.querySelectorAll('{OPTIONS}').length > 0")
    assert [url.partition("?")[2] for url in asked] == ["q=cykels"]


@pytest.mark.parametrize("status", [503, 422, None])
def test_where_nothing_answers_the_field_is_a_field(
    browser: Browser, address: str, status: int | None
) -> None:
    def answer(route: Route) -> None:
        if status:
            route.fulfill(status=status, body="{}")
        else:
            route.abort()

    page = browser.new_page()  # a failed request is a complaint of the browser's, so not the fixture's
    page.route("**/api/v1/suggest**", answer)
    page.goto(f"{address}/")
    page.locator(FIELD).press_sequentially("cykels")
    page.wait_for_timeout(400)
    assert not is_open(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/soeg?q=cykels")
    page.close()


@pytest.mark.parametrize("width", [320, 375])
def test_suggestions_fit_a_phone_and_a_finger(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    for path in ("/", "/soeg"):
        page.goto(address + path)
        typed(page, "havn")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        boxes = page.locator(OPTIONS).evaluate_all(
            "all => all.map((e) => e.getBoundingClientRect().toJSON())"
        )
        assert all(box["height"] >= 44 and box["left"] >= 0 and box["right"] <= width for box in boxes)


def test_the_search_within_a_meeting_is_left_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/moeder/{MAIN}")
    assert page.locator(FIELD).count() == 0
