"""The meeting's page in a real browser: keys, following, finding, and what can be done with a sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import current, now, until
from tests.web.conftest import MAIN, TEXT_ONLY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


PLAYS = "!document.getElementById('media').paused"
STANDS = "document.getElementById('media').paused"
PAGE = f"/moeder/{MAIN}"


def focused(page: Page) -> str:
    said: str = page.evaluate("document.activeElement.id")
    return said


def test_keys_play_stop_and_jump(page: Page, address: str) -> None:
    page.goto(address + PAGE)
    until(page, "document.getElementById('media').readyState > 0")
    page.keyboard.press("k")
    until(page, PLAYS)
    page.keyboard.press(" ")
    until(page, STANDS)
    page.keyboard.press("n")  # the next item begins at 2 seconds
    until(page, "document.getElementById('media').currentTime === 2")
    page.keyboard.press("n")
    until(page, "document.getElementById('media').currentTime === 6")
    page.keyboard.press("p")
    until(page, "document.getElementById('media').currentTime === 2")
    page.keyboard.press("j")
    until(page, "document.getElementById('media').currentTime === 0")
    page.keyboard.press("l")  # into the second recording, which begins at 9
    until(page, f"document.getElementById('media').currentSrc.includes('/medie/{MAIN}/2')")
    until(page, "document.getElementById('media').currentTime === 1")


def test_keys_leave_fields_and_browser_commands_alone(page: Page, address: str) -> None:
    page.goto(address + PAGE)
    page.click("#q-her")
    page.keyboard.type("jk l,.n?")
    assert page.locator("#q-her").input_value() == "jk l,.n?"
    assert page.evaluate(STANDS)
    assert now(page) == 0
    page.click("h1")
    page.keyboard.press("Control+k")
    page.wait_for_timeout(100)
    assert page.evaluate(STANDS)


def test_keys_can_be_turned_off_for_the_visit(page: Page, address: str) -> None:
    page.goto(address + PAGE)
    page.keyboard.press("?")
    assert page.locator("kbd >> nth=0").is_visible()
    page.uncheck("#genveje-til")
    page.reload()
    page.keyboard.press("k")
    page.wait_for_timeout(100)
    assert page.evaluate(STANDS)


def test_speed_is_kept_for_the_visit_and_not_in_the_address(page: Page, address: str) -> None:
    page.goto(address + PAGE)
    page.keyboard.press(".")
    assert page.evaluate("document.getElementById('media').playbackRate") == 1.25
    assert page.locator("#besked").inner_text() == "Hastighed 1,25 ×"
    page.select_option("#hastighed", "2")
    page.click("#s-13")
    until(page, f"document.getElementById('media').currentSrc.includes('/medie/{MAIN}/2')")
    until(page, "document.getElementById('media').readyState > 0")
    assert page.evaluate("document.getElementById('media').playbackRate") == 2
    page.goto(f"{address}/moeder/{MAIN}?t=3")
    assert page.evaluate("document.getElementById('media').playbackRate") == 2
    assert "speed" not in page.url


def test_captions_are_shown_by_a_button_and_a_key(page: Page, address: str) -> None:
    page.goto(address + PAGE)
    button = page.locator("#undertekster")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    until(page, "document.getElementById('media').textTracks[0].cues?.length > 0")
    page.keyboard.press("c")
    assert button.get_attribute("aria-pressed") == "false"


def test_the_next_recording_follows(page: Page, address: str) -> None:
    page.goto(address + PAGE)
    page.click("#s-7")
    until(page, f"document.getElementById('media').currentSrc.includes('/medie/{MAIN}/2')")
    until(page, PLAYS)
    assert page.locator(".recordings [aria-current]").inner_text().startswith("Optagelse 2")


def test_the_text_follows_when_asked_and_lets_go_at_once(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1000, "height": 400})
    page.goto(address + PAGE)
    button = page.locator("#foelg")
    button.click()
    page.click("#s-0")
    until(page, "document.querySelector('#tekst a[aria-current]')?.id === 's-1'")
    page.mouse.move(700, 200)
    page.mouse.wheel(0, 60)
    until(page, "document.getElementById('foelg').getAttribute('aria-pressed') === 'false'")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"


def test_arrows_go_from_sentence_to_sentence_and_tab_to_the_tools(page: Page, address: str) -> None:
    page.goto(f"{address}{PAGE}?t=2")
    assert page.locator("#tekst a[data-end][tabindex='0']").count() == 1
    page.locator("#s-2").focus()
    page.keyboard.press("ArrowDown")
    assert focused(page) == "s-3"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "s-6"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.tool") == "copy"
    page.keyboard.press("Tab")
    href = page.evaluate("document.activeElement.getAttribute('href')")
    assert href == f"{PAGE}/citat?fra=3&til=4"
    page.keyboard.press("Escape")
    assert focused(page) == "s-3"
    assert page.locator(".tools").count() == 0
    page.keyboard.press("Enter")
    until(page, PLAYS)


def test_the_link_of_a_sentence_is_copied(browser: Browser, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address + PAGE)
    page.locator("#s-7").hover()
    page.locator("[data-tool=copy]").click()
    until(page, "document.getElementById('besked').textContent !== ''")
    assert page.locator("#besked").inner_text() == "Linket er kopieret"
    assert page.evaluate("navigator.clipboard.readText()") == f"{address}{PAGE}?t=7#s-7"
    context.close()


def test_selected_sentences_are_quoted_together(page: Page, address: str) -> None:
    page.goto(address + PAGE)
    page.evaluate(
        """() => { const range = document.createRange();
          range.setStart(document.getElementById("s-6").firstChild, 3);
          range.setEnd(document.getElementById("s-7").firstChild, 6);
          getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    offered = page.locator(".marked-words [data-do=quote]")
    offered.wait_for()
    assert f"{PAGE}/citat?fra=" in (offered.get_attribute("href") or "")
    assert page.locator(".tools").count() == 0  # one set of tools for what is marked


def test_words_of_a_sentence_can_be_selected_with_the_mouse(page: Page, address: str) -> None:
    page.goto(address + PAGE)
    box = page.locator("#s-7").bounding_box()
    assert box
    page.mouse.move(box["x"] + 4, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 12, steps=5)
    page.mouse.up()
    assert len(page.evaluate("getSelection().toString()")) > 3
    assert page.evaluate(STANDS)  # selecting is not playing
    assert "t=" not in page.url


def test_finding_stays_on_the_page_and_goes_on_playing(page: Page, address: str) -> None:
    page.goto(address + PAGE)
    page.evaluate("window.same = true")
    page.fill("#q-her", "cykelstien")
    page.keyboard.press("Enter")
    until(page, "document.querySelectorAll('#tekst mark').length === 2")
    assert page.locator(".found-count").inner_text().startswith("1 af 2")
    assert current(page) == "s-2"
    page.keyboard.press("Enter")
    assert page.locator(".is-found").get_attribute("id") == "s-13"
    page.keyboard.press("Enter")  # round and round
    assert page.locator(".is-found").get_attribute("id") == "s-2"
    page.keyboard.press("Shift+Enter")
    assert page.locator(".is-found").get_attribute("id") == "s-13"
    page.click("[data-step='-1']")
    assert page.locator(".is-found").get_attribute("id") == "s-2"
    assert re.search(r"[?&]q=cykelstien", page.url)
    assert page.evaluate("window.same")
    page.click("[data-clear]")
    assert page.locator("mark").count() == 0
    assert "q=" not in page.url


def test_marks_of_the_script_are_those_of_the_server(page: Page, address: str) -> None:
    page.goto(f"{address}{PAGE}?q=stier")
    said = "[...document.querySelectorAll('#tekst mark')].map((m) => [m.parentElement.id, m.textContent])"
    server = page.evaluate(said)
    assert server
    page.goto(address + PAGE)
    page.fill("#q-her", "stier")
    page.keyboard.press("Enter")
    until(page, f"document.querySelectorAll('#tekst mark').length === {len(server)}")
    assert page.evaluate(said) == server


def test_where_finding_fails_the_form_is_sent(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.route("**/*del=fund*", lambda route: route.abort())
    page.goto(address + PAGE)
    page.fill("#q-her", "cykelstien")
    page.keyboard.press("Enter")
    page.wait_for_url("**?q=cykelstien")
    assert page.locator("#tekst mark").count() == 2
    page.close()


def test_finding_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PAGE)
    page.fill("#q-her", "cykelstien")
    page.keyboard.press("Enter")
    page.wait_for_url("**?q=cykelstien")
    page.click("a[rel=next]")
    assert page.url.endswith("?q=cykelstien&t=2#s-2")
    page.click("a[rel=next]")
    assert page.url.endswith("?q=cykelstien&t=13#s-13")
    assert page.locator("a[rel=prev]").count() == 1
    context.close()


def test_the_text_alone_can_be_found_in_and_quoted(page: Page, address: str) -> None:
    page.goto(f"{address}/moeder/{TEXT_ONLY}")
    page.fill("#q-her", "museet")
    page.keyboard.press("Enter")
    until(page, "document.querySelectorAll('#tekst mark').length === 1")
    page.locator("#s-0").focus()
    assert page.locator("[data-tool]").evaluate_all("all => all.map((t) => t.dataset.tool)") == [
        "copy",
        "quote",
        "report",
    ]
    page.keyboard.press("Enter")  # nothing to play: the link leads to the sentence
    page.wait_for_url("**?t=0#s-0")


@pytest.mark.parametrize("width", [320, 390])
def test_a_tapped_sentence_has_its_tools_at_the_foot_of_a_phone(
    browser: Browser, address: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 700}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(address + PAGE)
    page.locator("#s-6").tap()
    until(page, PLAYS)
    boxes = page.locator(".tools .tool").evaluate_all(
        "all => all.map((e) => e.getBoundingClientRect().toJSON())"
    )
    assert len(boxes) == 4
    assert all(box["height"] >= 44 and box["bottom"] <= 700 and box["right"] <= width for box in boxes)
    assert page.locator("#media").evaluate("e => e.getBoundingClientRect().top") >= 0  # it stays in view
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
