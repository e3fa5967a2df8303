"""The pages in a real browser: the player, the marked sentence, a phone's width, and no complaint in the console."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import current, now, until
from tests.web.conftest import MAIN, TEXT_ONLY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route


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


def test_nothing_follows_until_it_is_asked_to(page: Page, address: str) -> None:
    page.goto(f"{address}/moeder/{MAIN}")
    button = page.locator("#foelg")
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    assert button.get_attribute("aria-pressed") == "true"


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
    assert page.locator(".suggestions [role=group]").evaluate_all("all => all.map((g) => g.ariaLabel)") == [
        "Personer"
    ]
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


def test_who_types_on_lets_go_of_what_was_marked(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    typed(page, "havn")
    page.keyboard.press("ArrowDown")
    assert marked(page)
    page.keyboard.press("f")
    assert marked(page) is None
    page.keyboard.press("Enter")
    page.wait_for_url("**/soeg?q=havnf")


def test_no_arrow_brings_back_what_is_out_of_date(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    typed(page, "havn")
    page.locator(FIELD).fill("h")  # too short for any
    assert not is_open(page)
    page.keyboard.press("ArrowDown")
    assert not is_open(page)
    page.locator(FIELD).fill("")
    typed(page, "havn")
    page.route("**/api/v1/suggest**", lambda route: route.fulfill(json={}, status=200))  # not what was agreed
    page.keyboard.press("e")
    until(page, "document.querySelector('[role=listbox]').hidden")
    page.keyboard.press("Alt+ArrowDown")
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


def test_a_clip_is_cut_while_the_page_is_watched(page: Page, address: str) -> None:
    page.goto(f"{address}/moeder/{MAIN}/klip?fra=0&til=3")
    until(page, "document.getElementById('media').readyState >= 1")
    page.evaluate("document.getElementById('media').currentTime = 1")
    page.get_by_role("button", name="Begynd klippet her").press("Enter")
    assert page.input_value("#begynder") == "0:01"
    page.get_by_label("Kun lyd").check()
    page.get_by_role("button", name="Lav klippet").press("Enter")
    page.wait_for_url("**fra=1&til=3&form=lyd**")
    until(page, "document.querySelector('#klippet a[download]') !== null")
    assert page.get_by_role("status").inner_text() == "Klippet er færdigt."
    with page.expect_download() as saved:
        page.get_by_role("link", name="Hent klippet").click()
    assert saved.value.suggested_filename == "Aarhus Kommune Byrådet 2025-10-08 0.01-0.03.m4a"


def test_a_clip_without_script_on_a_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(f"{address}/moeder/{MAIN}/klip")
    page.fill("#begynder", "0.00")
    page.fill("#slutter", "0:02")
    page.get_by_label("Kun lyd").check()
    page.get_by_role("button", name="Lav klippet").click()
    for _ in range(100):
        if page.get_by_role("link", name="Hent klippet").count():
            break
        page.get_by_role("link", name="Se, hvor langt det er").click()
        page.wait_for_timeout(100)
    assert page.get_by_role("link", name="Hent klippet").is_visible()
    context.close()


@pytest.fixture
def elsewhere(address: str) -> Iterator[str]:
    """Another site, whose only page has one of ours in a frame."""
    framed = f"{address}/indlejret/{MAIN}?fra=6&til=8"

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(f'<iframe src="{framed}" width="400" height="400"></iframe>'.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/page"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_frame_on_another_site_plays_its_stretch(page: Page, elsewhere: str) -> None:
    page.goto(elsewhere)
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="Havnen skal have flere bænke.").click()
    inside = page.frames[1]
    for _ in range(200):
        if inside.evaluate("document.getElementById('media').currentTime") >= 7:
            break
        page.wait_for_timeout(50)
    assert frame.locator("a[aria-current]").inner_text() == "Havnen skal have flere bænke."
    assert inside.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_place_is_heard_where_it_stands_and_one_at_a_time(page: Page, address: str) -> None:
    page.goto(f"{address}/soeg?q=vi")
    buttons = page.locator(".play-here:visible")
    buttons.first.focus()
    page.keyboard.press("Enter")
    until(page, "document.querySelector('.here .media')?.currentTime > 0")
    start, end = (float(buttons.first.get_attribute(name) or "") for name in ("data-start", "data-end"))
    until(page, "document.querySelector('.here .media').paused")
    assert start <= page.evaluate("document.querySelector('.here .media').currentTime") <= end + 1
    buttons.nth(1).click()
    assert page.locator(".here").count() == 1
    assert buttons.first.get_attribute("aria-expanded") == "false"
    assert buttons.nth(1).get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert page.locator(".here").count() == 0
    assert page.evaluate("document.activeElement.className") == "play-here"


def test_filters_are_folded_on_a_phone_and_open_beside_the_results(page: Page, address: str) -> None:
    page.goto(f"{address}/soeg?q=vi")
    assert page.locator(".facets a").first.is_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    assert not page.locator(".facets a").first.is_visible()
    page.locator(".facets-summary").click()
    assert page.locator(".facets a").first.is_visible()
