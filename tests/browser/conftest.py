"""A browser, an archive to show it, and readers of every kind. Every test in this folder is marked `browser`."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from catalogue import (
    Agenda,
    AgendaItem,
    AtWork,
    Catalogue,
    EngineError,
    ItemSpan,
    MediaStore,
    Meeting,
    RunProgress,
    Segment,
    SpanStatus,
    StepResult,
    StepState,
)
from search import SearchEngine
from tests.web.conftest import MAIN, WORDS, Built, build, clip, filled, publish, put, recording, silence
from tests.web.live import served
from web import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["clip"]  # the fixture of the web's tests is this folder's too

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
SOUND_ONLY = "vejle-teknikudvalget-2025-08-12"
INCOMPLETE = "vejle-teknikudvalget-2025-07-08"
GONE = "vejle-teknikudvalget-2025-06-10"  # its recording was let go of, its text is still here
TEXT_GONE = "vejle-teknikudvalget-2025-05-13"
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = (
        "Chromium is not installed (Debian: apt-get install chromium)"
        if not CHROMIUM.exists()
        else "playwright is not installed (pip install playwright)"
        if importlib.util.find_spec("playwright") is None
        else ""
    )
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            if missing:
                item.add_marker(pytest.mark.skip(reason=missing))


@dataclass(frozen=True, slots=True)
class Sites:
    """Addresses of the archive under test, of one that is empty, and of one whose search is down."""

    usual: str
    empty: str
    down: str


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, clip: Path) -> Iterator[Built]:
    """The archive of the web's tests, with meetings whose recordings have no pictures, are not whole, or are gone."""
    archive = build(tmp_path_factory.mktemp("browser"), clip)
    for identity in (SOUND_ONLY, INCOMPLETE, GONE, TEXT_GONE):
        _small(identity, archive.catalogue, archive.store, clip)
    _let_go(archive.catalogue)
    engine = filled(archive.settings, archive.catalogue)
    _work(archive.catalogue)
    app = create_app(archive.settings, archive.catalogue, archive.store, engine)
    yield replace(archive, app=app)
    archive.catalogue.close()


def _work(catalogue: Catalogue) -> None:
    """A run, which is silent after a minute of tests, and a step that failed."""
    run = catalogue.runners.enter("maskine-1", 4711, "/home", "place", "run")
    far = AtWork(MAIN, "transcribe", "transcribing", 0.41, 8.1, 400.0)
    catalogue.runners.beat(run, RunProgress(3, 5, 7200.0, 14400.0, 1, 2, 12.3, 1170.0, (far,)))
    reason = "example.dk/" + "lang-adresse/" * 9 + "moede.mp4: the source does not answer"
    at = datetime(2025, 10, 9, tzinfo=UTC)
    catalogue.record_step(StepResult(MAIN, "fetch", StepState.FAILED, "", at, 1.0, reason))


def _small(identity: str, catalogue: Catalogue, store: MediaStore, clip: Path) -> None:
    """A meeting of one recording of sound."""
    one = replace(
        recording(identity, 1, 0.0, put(store, clip, f"{identity}/1-playable.mp4")),
        has_video=False,
        incomplete="segment 3 of 9 is missing" if identity == INCOMPLETE else "",
    )
    agenda = Agenda((AgendaItem("1", "Vejarbejde på Nørregade"), AgendaItem("2", "Eventuelt")))
    day = date.fromisoformat(identity[-10:])
    meeting = Meeting(identity, "Møde i Teknikudvalget", day, "Teknikudvalget", "Vejle", (one,), agenda)
    said = (
        Segment(0.0, 3.0, "Vejarbejdet på Nørregade begynder til foråret.", "Formanden"),
        Segment(3.0, 6.0, "Hvad gør vi ved trafikken så længe?", "Mette Holm (F)"),
        Segment(6.0, 8.0, "Er der noget under eventuelt?", "Formanden"),
    )
    spans = (
        ItemSpan(0, SpanStatus.DISCUSSED, 0.0, 6.0, 0.9),
        ItemSpan(1, SpanStatus.DISCUSSED, 6.0, 8.0, 0.9),
    )
    publish(catalogue, meeting, (said,), WORDS, spans)
    silence(catalogue, meeting)


def _let_go(catalogue: Catalogue) -> None:
    for identity in (GONE, TEXT_GONE):
        (one,) = catalogue.meeting(identity).recordings
        at = datetime(2025, 9, 1, 2, tzinfo=UTC)
        texts = {one.id: one.transcript or ""}
        assert catalogue.retention.retire(identity, texts, at.date(), "30 days", at)
        catalogue.retention.files_gone(one.id)
    catalogue.retention.withhold_text(TEXT_GONE, True)


@pytest.fixture(scope="session")
def address(built: Built) -> Iterator[str]:
    with served(built.app) as at:
        yield at


@pytest.fixture(scope="session")
def sites(built: Built, address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    home = tmp_path_factory.mktemp("empty")
    settings = built.settings.model_copy(update={"home": home})
    nothing = Catalogue.open(settings.database)
    empty = create_app(settings, nothing, MediaStore(settings.media_folder), filled(settings, nothing))
    down = create_app(built.settings, built.catalogue, built.store, Down())  # type: ignore[arg-type]
    with served(empty) as empty_at, served(down) as down_at:
        yield Sites(address, empty_at, down_at)
    nothing.close()


class Down:
    """A search engine that never answers, whatever it is asked."""

    def __getattr__(self, name: str) -> SearchEngine:
        raise EngineError("does not answer", where="the test", remedy="None.")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test if the browser complains about anything on it."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="da-DK")
    complaints = heard_from(page)
    yield page
    page.close()
    assert complaints == []


def heard_from(page: Page, *, status: int = 200) -> list[str]:
    """What the browser complains about, filled as it comes: console, errors, the policy, requests that fail.

    `status`: what the page itself is meant to be answered with; the browser complains about an error of it.
    """
    complaints: list[str] = []
    expected = f"the server responded with a status of {status} "

    def message(text: str, kind: str) -> None:
        if kind in ("error", "warning") and (status < 400 or expected not in text):
            complaints.append(text)

    page.on("console", lambda said: message(said.text, said.type))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "requestfailed",
        # Leaving a page stops what it was loading, and a player stops a range to ask for another.
        lambda request: (
            complaints.append(f"{request.url}: {request.failure}")
            if request.failure != "net::ERR_ABORTED"
            else None
        ),
    )
    return complaints


def until(page: Page, condition: str) -> None:
    """Asked again and again from outside: the page's own policy forbids evaluating a string within it."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not within 10 seconds: {condition}")


def now(page: Page) -> float:
    seconds: float = page.evaluate("document.getElementById('media').currentTime")
    return seconds


def current(page: Page) -> str | None:
    return page.locator("#tekst a[aria-current]").get_attribute("id")
