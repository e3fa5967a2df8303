"""Every kind of page in every state, held to WCAG 2.2 AA: axe, and what axe cannot see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Sites, heard_from
from tests.browser.looks import axe, focus, headings, overflow, small_targets
from tests.browser.states import ACTS, STATES, State
from tests.web.asked import answered
from web.language import LANGUAGES, Language

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SETTLED = 400  # ms until colours that change have changed
DESKTOP, PHONE = (1280, 900), (375, 667)
SHOWN = tuple(state for state in STATES if answered(state.path))


@contextmanager
def opened(
    browser: Browser,
    sites: Sites,
    state: State,
    *,
    size: tuple[int, int] = DESKTOP,
    language: Language = LANGUAGES[0],
    zoom: float = 1,
) -> Iterator[Page]:
    """A page in that state. Nothing on it may have been complained about by the browser."""
    width, height = round(size[0] / zoom), round(size[1] / zoom)
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=zoom,
        locale="da-DK",
        has_touch=size == PHONE,
        reduced_motion="reduce",  # a colour on its way is none that can be measured
    )
    try:
        page = context.new_page()
        complaints = heard_from(page, status=state.status)
        path = language.link(state.path) if state.languages else state.path
        answer = page.goto(getattr(sites, state.site) + path)
        assert answer is not None
        assert answer.status == state.status
        ACTS[state.act](page)
        yield page
        assert complaints == []
    finally:
        context.close()


def told(faults: dict[str, list[str]]) -> str:
    return "\n".join(f"{where}: {fault}" for where, found in faults.items() for fault in found)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
@pytest.mark.parametrize("state", SHOWN, ids=str)
def test_axe_finds_nothing(
    browser: Browser, sites: Sites, state: State, language: Language, size: tuple[int, int]
) -> None:
    if not state.languages and language is not LANGUAGES[0]:
        pytest.skip("the same in every language")
    with opened(browser, sites, state, size=size, language=language) as page:
        found = {}
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_timeout(SETTLED)
            found[scheme] = axe(page)
        found |= {"targets": small_targets(page), "headings": headings(page)}
        wrong = told(found)
        assert not wrong, wrong
        assert page.locator("html").get_attribute("lang") == (language.code if state.languages else "da")


@pytest.mark.parametrize("state", SHOWN, ids=str)
def test_nothing_is_cut_when_enlarged(browser: Browser, sites: Sites, state: State) -> None:
    faults = {}
    with opened(browser, sites, state, size=DESKTOP, zoom=4) as page:  # 320 CSS pixels
        faults["400 %"] = overflow(page)
    with opened(browser, sites, state, size=DESKTOP, zoom=2) as page:
        faults["200 %"] = overflow(page)
    with opened(browser, sites, state, size=PHONE) as page:
        faults["phone"] = overflow(page)
        # Text alone twice as large, as who has set it in the browser sees it.
        page.evaluate("document.documentElement.style.fontSize = '125%'")
        faults["phone, text at 200 %"] = overflow(page)
    wrong = told(faults)
    assert not wrong, wrong


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("state", [s for s in SHOWN if s.act != "suggest"], ids=str)
def test_focus_is_seen_at_every_stop(
    browser: Browser, sites: Sites, state: State, size: tuple[int, int]
) -> None:
    with opened(browser, sites, state, size=size) as page:
        faults = focus(page)
        assert not faults, "\n".join(faults)


def test_every_kind_of_page_has_a_title_of_its_own(browser: Browser, sites: Sites) -> None:
    kinds: dict[str, set[str]] = {}
    for state in SHOWN:
        if state.site == "usual" and not state.act:
            with opened(browser, sites, state) as page:
                title = page.title()
                assert title.strip(" –"), state
                kinds.setdefault(title, set()).add(state.kind)
    assert {title: kind for title, kind in kinds.items() if len(kind) > 1} == {}
