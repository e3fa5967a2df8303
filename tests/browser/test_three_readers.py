"""The ways of the three whom the archive is for: a citizen, a journalist, a member of staff.

Each walks by mouse, by finger and by keys alone, with and without script. A step is a function; what a walk is made of
stands in one place below. A step that needs a route is taken where the application has it, and `test_all_ways_are_open`
fails where one is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import heard_from, until
from tests.browser.readers import KINDS, Kind, Reader, reader_of
from tests.web.asked import route_of
from tests.web.conftest import MAIN

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

PLAYING = "document.getElementById('media').currentTime > 2 && !document.getElementById('media').paused"
FIRST_SECOND = re.compile(r"[?&]t=(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Step:
    """`needs` is an address that the application must know for the step to be taken."""

    take: Callable[[Reader], None]
    needs: str = "/"


def _main(reader: Reader) -> Locator:
    return reader.page.locator("main")


# Steps: the citizen -------------------------------------------------------------------------------------------


def asks_on_the_front_page(reader: Reader) -> None:
    assert reader.page.locator("h1").count() == 1
    reader.writes(reader.page.locator("main input[type=search]"), "cykelstien")
    reader.page.wait_for_url("**/soeg?q=cykelstien*")
    assert "cykelstien" in reader.page.title().lower()


def sees_what_was_found(reader: Reader) -> None:
    found = _main(reader).locator(".found")
    assert found.count() >= 1
    mayors = found.filter(has_text="Borgmesteren").first
    text = mayors.inner_text()
    for said in ("8. oktober 2025", "Aarhus Kommune", "Byråd", "2. Cykelsti langs Havnegade", "0:02"):
        assert said in text, said
    assert mayors.locator("mark").first.inner_text().lower().startswith("cykelsti")


def narrows_and_widens(reader: Reader) -> None:
    """A filter of the facets, and out of it again by its own chip."""
    fold = reader.page.locator("details.facets > summary")
    if fold.is_visible():  # on a phone
        reader.uses(fold)
    choice = reader.page.locator("a[href*='speaker=Borgmesteren']")
    reader.uses(choice)
    reader.page.wait_for_url("**speaker=Borgmesteren**")
    assert "Borgmesteren" in reader.page.locator(".chosen").inner_text()
    reader.uses(reader.page.locator(".chosen a"))
    reader.page.wait_for_url(lambda url: "speaker" not in url)


def opens_the_hit(reader: Reader) -> None:
    reader.uses(_main(reader).locator(".hit a.time"))
    reader.page.wait_for_url(f"**/moeder/{MAIN}?t=*")


def opens_what_the_mayor_said(reader: Reader) -> None:
    reader.uses(_main(reader).locator(".hit", has_text="Borgmesteren").locator("a.time"))
    reader.page.wait_for_url(f"**/moeder/{MAIN}?t=2*")


def hears_it(reader: Reader) -> None:
    """At the second that was asked for. Without script the player stands there, and its own button plays."""
    found = FIRST_SECOND.search(reader.page.url)
    assert found is not None
    second = float(found[1])
    source = reader.page.locator("#media source")
    if not reader.kind.script:
        assert source.get_attribute("src") == f"/medie/{MAIN}/1#t={second:g}"
        return
    until(reader.page, f"document.getElementById('media').currentTime >= {second - 0.1}")
    if reader.page.evaluate("document.getElementById('media').paused"):
        media = reader.page.locator("#media")
        if reader.kind.keys:
            reader.reaches(media)
            reader.page.keyboard.press("Space")
        else:
            media.evaluate("media => media.play()")
    until(reader.page, f"document.getElementById('media').currentTime > {second}")


def reads_on(reader: Reader) -> None:
    """From the sentence to the next one, which is a link as every sentence is."""
    following = reader.page.locator("#tekst a[id^='s-']", has_text="Den nuværende sti er for smal.")
    reader.uses(following)
    reader.page.wait_for_url("**t=3*#s-3")
    assert reader.page.locator("#s-3").get_attribute("aria-current") == "true"


def finds_in_the_meeting(reader: Reader) -> None:
    reader.writes(reader.page.locator("#q-her"), "bænke")
    reader.page.wait_for_url("**q=b%C3%A6nke**")
    where = reader.page.locator("#fund")
    assert "1 sætning" in where.inner_text() or "1 af 1" in where.inner_text()


def follows_the_search(reader: Reader) -> None:
    reader.goes_to(re.sub(r"/moeder.*", "/soeg?q=cykelstien", reader.page.url))
    link = reader.page.locator("main a[href^='/soeg.atom?']").first
    address = link.get_attribute("href")
    assert address is not None
    answer = reader.page.request.get(re.sub(r"/soeg.*", address, reader.page.url))
    assert answer.status == 200
    assert "<entry>" in answer.text()


# Steps: the journalist ----------------------------------------------------------------------------------------


def asks_for_a_phrase(reader: Reader) -> None:
    reader.writes(reader.page.locator("main input[type=search]"), '"cykelstien bliver bygget"')
    reader.page.wait_for_url("**/soeg?q=%22cykelstien*")
    assert _main(reader).locator(".hit").count() == 1


def cites_the_sentence(reader: Reader) -> None:
    """From the sentence's second to the page of its quote."""
    found = FIRST_SECOND.search(reader.page.url)
    assert found is not None
    reader.goes_to(re.sub(r"[?#].*", "", reader.page.url) + f"?t={found[1]}")
    reader.uses(reader.page.locator(".now a[href*='/citat']"))
    reader.page.wait_for_url("**/citat?**")


def has_a_citation(reader: Reader) -> None:
    """Quote, speaker and who says so, meeting, item, time, version, and an address to copy."""
    text = _main(reader).inner_text()
    for said in ("cykelstien bliver bygget", "Møde i Aarhus Byråd", "8. oktober 2025", "Eventuelt"):
        assert said in text, said
    permanent = reader.page.locator("textarea#adresse").input_value()
    assert "v=" in permanent
    assert f"/moeder/{MAIN}/citat?" in permanent
    assert reader.page.locator("textarea#tekst").input_value().count("cykelstien bliver bygget") == 1


def reports_an_error(reader: Reader) -> None:
    reader.uses(_main(reader).locator("a[href*='/fejl']"))
    reader.page.wait_for_url("**/fejl?**")
    assert reader.page.locator("main form").count() >= 1


def cuts_a_clip(reader: Reader) -> None:
    reader.page.go_back()
    reader.page.wait_for_url("**/citat?**")
    reader.uses(_main(reader).locator("a[href*='/klip']"))
    reader.page.wait_for_url("**/klip?**")
    assert reader.page.locator("main form button").count() >= 1


# Steps: staff -------------------------------------------------------------------------------------------------


def looks_at_a_meeting(reader: Reader) -> None:
    reader.uses(reader.page.locator("header a[href='/moeder']"))
    reader.page.wait_for_url("**/moeder")
    reader.uses(reader.page.locator(f"main a[href='/moeder/{MAIN}']"))
    reader.page.wait_for_url(f"**/moeder/{MAIN}")
    assert re.search(r"\d+ af \d+ punkter placeret", _main(reader).inner_text())


def sees_how_well_it_was_heard(reader: Reader) -> None:
    """The link may be folded away among where the text comes from."""
    link = reader.page.locator(f"main a[href='/moeder/{MAIN}/kvalitet']").first
    if not link.is_visible():
        reader.uses(reader.page.locator("details:has(a[href$='/kvalitet']) > summary"))
    reader.uses(link)
    reader.page.wait_for_url("**/kvalitet")
    assert "Tale uden tekst" in _main(reader).inner_text()


def goes_to_a_doubtful_place(reader: Reader) -> None:
    reader.uses(reader.page.locator(".places a.time"))
    reader.page.wait_for_url(f"**/moeder/{MAIN}?t=*")


def sees_that_all_is_well(reader: Reader) -> None:
    answer = reader.page.request.get(re.sub(r"/moeder.*", "/sundhed", reader.page.url))
    assert answer.status == 200
    assert answer.json()["status"] == "ok"


#: A quote's page needs words with a time; a clip's, something to cut.
A_QUOTE, A_REPORT, A_CLIP = (
    f"/moeder/{MAIN}/citat",
    f"/moeder/{MAIN}/fejl",
    f"/moeder/{MAIN}/klip",
)
WALKS: dict[str, tuple[Step, ...]] = {
    "citizen": (
        Step(asks_on_the_front_page),
        Step(sees_what_was_found),
        Step(narrows_and_widens),
        Step(opens_what_the_mayor_said),
        Step(hears_it),
        Step(reads_on),
        Step(finds_in_the_meeting),
        Step(follows_the_search, "/soeg.atom"),
    ),
    "journalist": (
        Step(asks_for_a_phrase),
        Step(opens_the_hit),
        Step(cites_the_sentence, A_QUOTE),
        Step(has_a_citation, A_QUOTE),
        Step(reports_an_error, A_REPORT),
        Step(cuts_a_clip, A_CLIP),
    ),
    "staff": (
        Step(looks_at_a_meeting),
        Step(sees_how_well_it_was_heard),
        Step(goes_to_a_doubtful_place),
        Step(sees_that_all_is_well),
    ),
}


def test_all_ways_are_open() -> None:
    missing = [step.needs for walk in WALKS.values() for step in walk if route_of(step.needs) is None]
    assert missing == []


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("walk", WALKS)
def test_the_way_of_the(browser: Browser, address: str, walk: str, kind: Kind) -> None:
    reader = reader_of(browser, kind)
    complaints = heard_from(reader.page)
    try:
        reader.goes_to(f"{address}/")
        for step in WALKS[walk]:
            if route_of(step.needs) is not None:
                try:
                    step.take(reader)
                except Exception as error:
                    error.add_note(f"{walk}, {kind}: {step.take.__name__} at {reader.page.url}")
                    raise
        assert complaints == []
    finally:
        reader.page.context.close()
