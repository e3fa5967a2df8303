"""The application, assembled once, top to bottom."""

from __future__ import annotations

import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.routing import Mount, Route, Router

from catalogue import Catalogue, EngineError, MediaStore, Settings
from search import SearchEngine, warm
from web import (
    api,
    clips,
    embedding,
    errors,
    feeds,
    meetings,
    open_data,
    pages,
    quotes,
    reports,
    searching,
    staff,
)
from web.archive import Archive
from web.beside import MadeBeside, Makers, makers_wanted
from web.client_address import TrustedProxies
from web.health import health
from web.language import ENGLISH
from web.lru import Lru
from web.metrics import Measured, Metrics, metrics
from web.public_now import PublicNow
from web.rate_limits import RateLimits
from web.request_bounds import RequestBounds
from web.security import SecurityHeaders
from web.site import Site
from web.spoken_time import SpokenTime
from web.static_files import Static
from web.still_public import StillPublic
from web.templating import Templates

AS_THEY_ARE = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/vnd.apache.parquet")  # compressed already
TEXTS_KEPT = 16  # the longest text is about 1.5 MB of HTML

# What people read, in every language; each room names its own.
PAGES = (
    *pages.PAGES,
    *searching.PAGES,
    *meetings.PAGES,
    *quotes.PAGES,
    *reports.PAGES,
    *clips.PAGES,
    *embedding.PAGES,
    *feeds.PAGES,
    *open_data.PAGES,
    *staff.PAGES,
)

ROUTES = (
    *PAGES,
    *pages.FILES,
    *searching.FILES,
    *meetings.FILES,
    *quotes.FILES,
    *clips.FILES,
    *embedding.FILES,
    *feeds.FILES,
    *open_data.FILES,
    *staff.FILES,
    *api.FILES,
    Route("/sundhed", health),
    Route("/metrics", metrics),
)


def create_app(
    settings: Settings,
    catalogue: Catalogue,
    store: MediaStore,
    engine: SearchEngine,
    *,
    bare: bool = False,
) -> Starlette:
    """The web application over an archive that is already open. `bare`: views alone, as a maker beside the server has them."""
    public_now, archive, spoken = PublicNow(catalogue), Archive(catalogue), SpokenTime(catalogue)
    texts, cutting = Lru[Any, Any](TEXTS_KEPT), clips.Clips(settings, archive, store)
    makers = Makers(settings, 0 if bare else makers_wanted(settings))
    counted = Metrics({"meetings": archive.kept, "texts": texts})
    counted.watch("meetings", "Meetings that are public.", lambda: len(archive.meetings()))
    counted.watch("index_waiting", "Meetings that wait for the search index.", archive.unindexed)
    counted.watch(
        "page_makers", "Processes beside the server that make pages.", lambda: len(makers.processes)
    )
    counted.watch_work(catalogue)
    app = Starlette(
        routes=[
            *ROUTES,
            Mount(ENGLISH.prefix, app=Router(PAGES, redirect_slashes=False)),
            Mount("/static", Static()),
        ],
        middleware=[] if bare else _layers(settings, counted, makers),
        exception_handlers=errors.HANDLERS,
        lifespan=lambda app: _alive(public_now, spoken, engine, cutting, makers),
    )
    app.router.redirect_slashes = False  # `RequestBounds` does it, without the Host that a visitor claims
    app.state.makers = makers
    app.state.metrics = counted
    app.state.searching = searching.Kept(spoken)
    app.state.site = Site(
        settings=settings,
        archive=archive,
        store=store,
        engine=engine,
        still_public=StillPublic(catalogue),
        public_now=public_now,
        templates=Templates(settings),
        texts=texts,
    )
    app.state.clips = cutting
    app.state.overlook = staff.Overlook(settings, catalogue)
    return app


def _layers(settings: Settings, counted: Metrics, makers: Makers) -> list[Middleware]:
    """What a request goes through before a view sees it, outermost first."""
    limits = Middleware(
        RateLimits, trusted=TrustedProxies.read(settings.trusted_proxies), refused=counted.refused
    )
    return [
        Middleware(Measured, metrics=counted),
        Middleware(SecurityHeaders, https=settings.base_url.startswith("https://")),
        Middleware(RequestBounds),
        *([limits] if settings.rate_limits else []),
        # Compressed answers give secrets away by their length only where a secret stands beside what a stranger
        # chose (BREACH). There is none here: no cookies, no tokens, the same page for everybody.
        Middleware(GZipMiddleware, compresslevel=5, exclude_content_types=AS_THEY_ARE),
        *([Middleware(MadeBeside, makers=makers)] if makers.wanted else []),
    ]


@asynccontextmanager
async def _alive(
    public_now: PublicNow, spoken: SpokenTime, engine: SearchEngine, cutting: clips.Clips, makers: Makers
) -> AsyncIterator[None]:
    """What the first readers would wait for is got ready behind their answers: agendas by the thousand, words.

    Clips are cut for as long as the application lives.
    """
    cutting.start()
    makers.start()
    for work in (public_now.learn, lambda: _warm(engine), spoken.learn):
        threading.Thread(target=work, daemon=True).start()
    try:
        yield
    finally:
        await makers.stop()
        await run_in_threadpool(cutting.stop)


def _warm(engine: SearchEngine) -> None:
    warm()
    gc.collect()
    gc.freeze()  # word tables stay: looking through them again and again costs every hundredth reader 100 ms
    with suppress(EngineError):  # who searches is told
        engine.warm()  # not frozen: an index that changes has new words, and the old ones are to go
