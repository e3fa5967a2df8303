"""A made-up meeting of five hours in an archive of its own, and its page measured on this machine's Chromium.

python -m bench.web.long_meeting --home /tmp/long-meeting
"""

from __future__ import annotations

import argparse
import gzip
import random
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.testclient import TestClient

from bench.web.archive import make_sound
from catalogue import (
    Agenda,
    AgendaItem,
    Catalogue,
    Evidence,
    ItemSpan,
    MediaStore,
    Meeting,
    Provenance,
    Recording,
    RecordingKind,
    Segment,
    Segmentation,
    Settings,
    SpanStatus,
    TranscriptOrigin,
    Word,
    agenda_key,
    make_transcript,
    published_meeting,
    withheld_digest,
)
from search import open_engine, passages
from web import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from starlette.applications import Starlette

MEETING = "langby-byraadet-2025-10-08"
TONE = "sine=frequency=220:sample_rate=16000"
HOURS, SENTENCES, WORDS, ITEMS = 5, 3_000, 45_000, 30
SAID = (
    "vi skal i byrådet tage stilling til en cykelsti langs havnegade og det koster mange penge som kommunen ikke har "
    "men jeg mener at skolen og børnehaven er vigtigere end vindmøller fordi borgerne har bedt om det i høringen og "
    "forvaltningen indstiller derfor at udvalget godkender lokalplanen med de ændringer der blev aftalt på mødet i går "
    "aftes så budgettet for næste år holder selv om indtægterne falder og ældreplejen mangler medarbejdere i weekenden"
).split()
ASKED = 9_000.0  # seconds into the meeting


def build(home: Path) -> Starlette:
    """The archive at `home` with the meeting in it, made where it is not there, and the site over it."""
    settings = Settings(home=home)  # type: ignore[call-arg]
    catalogue, store = Catalogue.open(settings.database), MediaStore(settings.media_folder)
    engine = open_engine(settings)
    if MEETING not in catalogue.meeting_ids():
        _add(catalogue, store)
        public = published_meeting(catalogue, MEETING)
        assert public is not None
        engine.rebuild([(MEETING, passages(public))], lambda done: None)
    return create_app(settings, catalogue, store, engine)


def _add(catalogue: Catalogue, store: MediaStore) -> None:
    chance = random.Random(1)
    name = f"{MEETING}/1-play.m4a"
    with store.create(name) as file:
        make_sound(file, HOURS * 3600, TONE, "32k", part=600)
    recording = Recording(
        f"{MEETING}-1", 1, RecordingKind.FILE, "made up", 0.0, HOURS * 3600.0, playable=name, has_video=False
    )
    items = tuple(
        AgendaItem(str(n + 1), f"Punkt om {chance.choice(SAID)} og {chance.choice(SAID)}", f"25/{1000 + n}")
        for n in range(ITEMS)
    )
    meeting = Meeting(
        MEETING, "Møde i Langby Byråd", date(2025, 10, 8), "Byrådet", "Langby", (recording,), Agenda(items)
    )
    said = tuple(_sentences(chance))
    provenance = Provenance(TranscriptOrigin.MODEL, "made-up", revision="0" * 40)
    transcript = make_transcript(recording.id, "da", said, provenance)
    catalogue.add_meeting(meeting, [(recording.id, transcript)])
    begins = [HOURS * 3600 * n / ITEMS for n in range(ITEMS + 1)]
    spans = tuple(
        ItemSpan(
            n,
            SpanStatus.DISCUSSED,
            begins[n],
            begins[n + 1],
            0.9,
            Evidence(said[n * SENTENCES // ITEMS].start, said[n * SENTENCES // ITEMS].text),
        )
        for n in range(ITEMS)
    )
    catalogue.save_segmentation(MEETING, Segmentation(agenda_key(meeting.agenda), (transcript.id,), spans))
    catalogue.update_recording(
        replace(catalogue.meeting(MEETING).recordings[0], playable_without=withheld_digest((), recording))
    )


def _sentences(chance: random.Random) -> Iterator[Segment]:
    length, each = HOURS * 3600 / SENTENCES, WORDS // SENTENCES
    for n in range(SENTENCES):
        start = n * length
        words = [chance.choice(SAID) for _ in range(each)]
        words[0], words[-1] = words[0].capitalize(), words[-1] + "."
        step = length / each
        heard = tuple(
            Word(
                start + k * step, start + (k + 1) * step, f" {word}", 0.3 if chance.random() < 0.06 else 0.95
            )
            for k, word in enumerate(words)
        )
        yield Segment(
            round(start, 2),
            round(start + length - 0.1, 2),
            " ".join(words),
            f"Taler {n // 7 % 12} (A)",
            heard,
        )


# Measuring ------------------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, required=True)
    app = build(parser.parse_args().home)
    print("| what | measured |\n|---|---|")
    _server(app)
    with _served(app) as address:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium",
                args=[
                    "--no-sandbox",
                    "--disable-gpu",
                    "--autoplay-policy=no-user-gesture-required",
                    "--enable-precise-memory-info",
                    "--js-flags=--expose-gc",
                ],
            )
            _reading(browser, address)
            _keys(browser, address)
            browser.close()


def _row(what: str, said: str) -> None:
    print(f"| {what} | {said} |", flush=True)


def _server(app: Starlette) -> None:
    client = TestClient(app)
    page = f"/moeder/{MEETING}"
    body = client.get(page, headers={"accept-encoding": "identity"}).content
    _row("page, bytes", f"{len(body):,}; gzip as served {len(gzip.compress(body, 5)):,}")
    for said, path in (
        ("from cache", page),
        ("at a second", f"{page}?t={ASKED:g}"),
        ("with what was found", f"{page}?q=cykelsti&t={ASKED:g}"),
        ("found alone", f"{page}?q=cykelsti&del=fund"),
    ):
        times = [
            _timed(lambda path=path: client.get(path, headers={"accept-encoding": "gzip"})) for _ in range(30)
        ]  # type: ignore[misc]
        _row(
            f"server's and client's processor time, {said}: median, most of 30",
            f"{statistics.median(times) * 1e3:.0f} ms, {max(times) * 1e3:.0f} ms",
        )


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


@contextmanager
def _served(app: Starlette) -> Iterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()


def _work(page: Page) -> Callable[[], float]:
    """Seconds of work of the page's main thread so far, which other work on the machine does not stretch much."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def now() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return float(next(m["value"] for m in metrics if m["name"] == "TaskDuration"))

    return now


def _reading(browser: Browser, address: str) -> None:
    paints, plays, works = [], [], []
    for _ in range(5):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        work = _work(page)
        page.goto(f"{address}/moeder/{MEETING}?t={ASKED:g}", wait_until="domcontentloaded")
        page.wait_for_timeout(500)
        paints.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        works.append(work())
        plays.append(page.evaluate(PLAYING, ASKED))
        page.close()
    _row("readable (first contentful paint), most of 5", f"{max(paints):.0f} ms")
    _row("work of the page's main thread until then, most of 5", f"{max(works) * 1e3:.0f} ms")
    _row("playing at the asked second, from the start of loading, most of 5", f"{max(plays):.0f} ms")


# Loading has begun before; what is added is from asking it to play until its time has moved on.
PLAYING = """(asked) => new Promise((done) => {
  const media = document.getElementById("media");
  const ready = performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd;
  const began = performance.now();
  const look = () => media.currentTime > asked ? done(ready + performance.now() - began) : requestAnimationFrame(look);
  media.play().then(look);
})"""

# From the key to the frame that shows what it did.
PRESS = """(key) => new Promise((done) => {
  const began = performance.now();
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  document.body.offsetHeight;
  requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = () => done(performance.now() - began); channel.port2.postMessage(0); });
})"""


def _keys(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/moeder/{MEETING}?t={ASKED:g}")
    page.locator("#tekst a[aria-current]").focus()
    before, work = _memory(page), _work(page)
    worked = work()
    times = sorted(page.evaluate(PRESS, "ArrowDown") for _ in range(300))
    _row(
        "a key in the text, to the next frame: median, 99 of 100, most of 300",
        f"{times[150]:.0f}, {times[297]:.0f}, {times[-1]:.0f} ms",
    )
    _row("work for a key, mean", f"{(work() - worked) / 300 * 1e3:.1f} ms")
    for _ in range(1_000):
        page.evaluate(PRESS, "ArrowDown")
    _row(
        "script's memory before and after 1,300 keys",
        f"{before / 2**20:.1f} MiB, {_memory(page) / 2**20:.1f} MiB",
    )
    page.close()


def _memory(page: Page) -> int:
    page.evaluate("window.gc && window.gc()")
    used: int = page.evaluate("performance.memory.usedJSHeapSize")
    return used


if __name__ == "__main__":
    main()
