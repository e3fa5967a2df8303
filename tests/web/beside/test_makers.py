"""Pages made in a process beside the server's: the same as its own, also when something is withheld or the maker dies."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from urllib.parse import quote

import httpx2
import pytest
from starlette.testclient import TestClient

from catalogue import EditKind
from tests.web.conftest import MAIN, NASTY, Built, edit
from tests.web.live import served
from web import create_app
from web.beside import makers_wanted
from web.beside.makers import HANDED_OVER

PATHS = (
    *("/soeg?q=cykelstien", "/en/soeg?q=cykelstien", "/soeg", "/soeg?from=nej", "/soeg?q=%ff%00", f"/soeg?q={quote(NASTY)}"),
    *("/soeg.csv?q=vi", "/soeg.json?q=vi", "/soeg.atom?q=vi", "/api/v1/search?q=vi", "/api/v1/search?page=x", "/soeg/over-tid?q=vi"),
)  # fmt: skip


def until(true: Callable[[], object]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("not within 30 seconds")


@pytest.mark.parametrize(
    ("path", "handed"),
    [("/soeg", True), ("/en/soeg", True), ("/api/v1/frequency", True), ("/soegning", False), ("/api/v1/suggest", False),
     (f"/moeder/{MAIN}", False), ("/soeg/../metrics", False)],
)  # fmt: skip
def test_only_searches_are_handed_over(path: str, handed: bool) -> None:
    assert bool(HANDED_OVER.fullmatch(path)) is handed


@pytest.mark.parametrize(
    ("set_to", "cores", "wanted"), [(None, 1, 0), (None, 2, 2), (None, 64, 2), (0, 8, 0), (7, 2, 7)]
)
def test_so_many_as_the_machine_has_use_for(
    own: Built, monkeypatch: pytest.MonkeyPatch, set_to: int | None, cores: int, wanted: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert makers_wanted(own.settings.model_copy(update={"page_makers": set_to})) == wanted


def test_the_same_pages_from_beside(own: Built) -> None:
    settings = own.settings.model_copy(update={"page_makers": 1, "rate_limits": False})
    app = create_app(settings, own.catalogue, own.store, own.app.state.site.engine)
    itself = TestClient(own.app)
    with served(app) as address, httpx2.Client(base_url=address, timeout=30) as client:
        assert client.get("/soeg?q=vi").status_code == 200  # before there is a maker
        makers = app.state.makers
        until(lambda: makers.ready)
        (process,) = makers.processes
        for path in PATHS:
            expected, answer = itself.get(path), client.get(path)
            assert answer.status_code == expected.status_code, path
            assert answer.content == expected.content, path
            assert answer.headers["content-type"] == expected.headers["content-type"]
            assert answer.headers["x-content-type-options"] == "nosniff"
            if tag := expected.headers.get("etag"):
                assert client.get(path, headers={"if-none-match": tag}).status_code == 304, path
        # What is withheld now is gone from the next page, which another process makes.
        assert "bænke" in client.get("/soeg?q=havnen").text
        own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 7.0, 8.0))
        assert "bænke" not in client.get("/soeg?q=havnen").text
        os.kill(process, signal.SIGKILL)
        assert client.get("/soeg?q=vi").status_code == 200
        until(lambda: makers.processes and makers.processes != [process])
        (process,) = makers.processes
        assert client.get("/soeg?q=cykelstien").status_code == 200
    until(lambda: not _alive(process))


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
