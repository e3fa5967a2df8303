"""The page for staff keeps up by itself, and leaves whoever is reading alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.web.conftest import Built

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE = 25_000  # ms; it looks every ten seconds


def test_what_begins_is_shown_without_loading_the_page_anew(built: Built, page: Page, address: str) -> None:
    page.goto(f"{address}/drift")
    page.evaluate("window.sameDocument = true")
    runner = built.catalogue.runners.enter("maskine-2", 1, "/h", "another place", "sync")
    expect(page.get_by_text("Spørger portaler")).to_be_visible(timeout=PATIENCE)
    built.catalogue.runners.leave(runner.id)
    page.get_by_role("link", name="Møde i Aarhus Byråd").first.focus()
    page.wait_for_timeout(11_000)
    expect(page.get_by_text("Spørger portaler")).to_be_visible()  # a reader is in the middle of it
    page.evaluate("document.activeElement.blur()")
    expect(page.get_by_text("Spørger portaler")).to_be_hidden(timeout=PATIENCE)
    assert page.evaluate("window.sameDocument")
