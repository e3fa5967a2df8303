"""The application, assembled once, top to bottom."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from catalogue import Catalogue, EngineError, MediaStore, Settings
from search import SearchEngine
from web import api, chapters, errors, media, pages, suggest
from web.archive import Archive
from web.conditional import ALWAYS_ASK
from web.feed import feed
from web.health import health
from web.lru import Lru
from web.meeting_page import meeting_page
from web.public_now import PublicNow
from web.quality_page import quality_page
from web.search_page import search_page
from web.security import SecurityHeaders
from web.site import Site
from web.still_public import StillPublic
from web.templating import STATIC, Templates

TEXTS_KEPT = 16  # the longest text is about 1.5 MB of HTML

ROUTES = (
    Route("/", pages.front),
    Route("/soeg", search_page),
    Route("/moeder", pages.meetings),
    Route("/moeder.atom", feed),
    Route("/moeder/{meeting_id}", meeting_page),
    Route("/moeder/{meeting_id}/kvalitet", quality_page),
    Route("/moeder/{meeting_id}/undertekster/{ordinal}.vtt", media.captions),
    Route("/moeder/{meeting_id}/kapitler/{ordinal}.vtt", chapters.track),
    Route("/medie/{meeting_id}/{ordinal}", media.media),
    Route("/om", pages.about),
    Route("/sundhed", health),
    Route("/api/v1/search", api.search),
    Route("/api/v1/suggest", suggest.suggest),
    Route("/api/v1/meetings", api.meetings),
    Route("/api/v1/meetings/{meeting_id}", api.meeting),
    Route("/api/v1/meetings/{meeting_id}/transcript", api.transcript),
    Route("/api/v1/meetings/{meeting_id}/chapters", chapters.chapters),
    Route("/api/v1/meetings/{meeting_id}/quality", api.quality),
    Route("/api/v1/openapi.json", api.openapi),
)


class Static(StaticFiles):
    """Our own scripts and styles change with a release; the fetched design system hardly ever."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        answer = super().file_response(full_path, stat_result, scope, status_code)
        fetched = "/vendor/" in os.fspath(full_path)
        answer.headers["cache-control"] = "public, max-age=604800" if fetched else ALWAYS_ASK
        return answer


def create_app(
    settings: Settings, catalogue: Catalogue, store: MediaStore, engine: SearchEngine
) -> Starlette:
    """The web application over an archive that is already open."""
    public_now = PublicNow(catalogue)
    app = Starlette(
        routes=[*ROUTES, Mount("/static", Static(directory=STATIC))],
        middleware=[Middleware(SecurityHeaders), Middleware(GZipMiddleware, compresslevel=5)],
        exception_handlers=errors.HANDLERS,
        lifespan=lambda app: _learning(public_now, engine),
    )
    app.state.site = Site(
        settings=settings,
        archive=Archive(catalogue),
        store=store,
        engine=engine,
        still_public=StillPublic(catalogue),
        public_now=public_now,
        templates=Templates(settings),
        texts=Lru(TEXTS_KEPT),
    )
    return app


@asynccontextmanager
async def _learning(public_now: PublicNow, engine: SearchEngine) -> AsyncIterator[None]:
    """What the first readers would wait for is got ready behind their answers: agendas by the thousand, words."""
    for work in (public_now.learn, lambda: _warm(engine)):
        threading.Thread(target=work, daemon=True).start()
    yield


def _warm(engine: SearchEngine) -> None:
    with suppress(EngineError):  # who searches is told
        engine.warm()
    gc.freeze()  # word tables stay: looking through them again and again costs every hundredth reader 100 ms
