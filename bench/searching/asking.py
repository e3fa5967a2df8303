"""Our engines asked as people's programs ask them: through the HTTP API."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from starlette.testclient import TestClient

from catalogue import Catalogue, MediaStore, Settings
from search import Passage, open_engine
from web import create_app

DEEPEST = 10
Meetings = Sequence[tuple[str, Sequence[Passage]]]


@dataclass(frozen=True, slots=True)
class Found:
    """A hit as the API gives it: `end` is that of its passage, in seconds."""

    meeting: str
    text: str
    end: float


#: Gives the first `DEEPEST` hits, best first.
Ask = Callable[[str], Sequence[Found]]


def our_engines(
    settings: Settings, meetings: Meetings, index: str, only: str = ""
) -> Iterator[tuple[str, Ask]]:
    """The embedded engine, and Meilisearch (in an index of that name) where TALERSTOL_MEILI_URL names a server.

    `only`: "embedded" or "meilisearch" for one of them.
    """
    if only in ("", "embedded"):
        yield "embedded", through_the_api(settings, meetings)
    if only in ("", "meilisearch") and os.environ.get("TALERSTOL_MEILI_URL"):
        live = Settings(home=settings.home, meili_index=index)  # type: ignore[call-arg]
        yield "meilisearch", through_the_api(live, meetings)


def through_the_api(settings: Settings, meetings: Meetings) -> Ask:
    engine = open_engine(settings)
    if engine.needs_rebuild() or not engine.meetings():
        engine.rebuild(meetings, lambda _: None)
    catalogue = Catalogue.open(settings.database)
    client = TestClient(create_app(settings, catalogue, MediaStore(settings.media_folder), engine))

    def ask(text: str) -> Sequence[Found]:
        answer = client.get("/api/v1/search", params={"q": text, "per_page": DEEPEST})
        if answer.status_code != 200:
            sys.exit(f"{text!r}: {answer.status_code} {answer.text[:200]}")
        found = answer.json()
        hits = [*found["hits"], *found["also"]][:DEEPEST]
        return [Found(hit["meeting"]["id"], hit["text"], hit["end"]) for hit in hits]

    return ask
