"""What happens when the Meilisearch server is away, slow, old or does not know the key; and what it costs to ask it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread

import pytest
from meilisearch.models.task import TaskInfo
from pydantic import SecretStr

from catalogue import Settings
from search import IndexStalled, IndexUnavailable, SearchRequest, open_engine
from search.engine import Backend
from search.meili_server import MeiliServer
from search.stored import dump_passage
from search.vocabulary import Vocabulary
from tests.search.conftest import KEY, LIVE, corpus, meilisearch, on_the_wire

VERSION = {"commitSha": "unknown", "commitDate": "unknown", "pkgVersion": "1.50.0"}  # as the server says it
#: What the server says while it starts or is full.
AWAY = {"message": "Service unavailable.", "code": "service_unavailable", "type": "internal", "link": ""}

#: What it says of a task, and of what it is at, from when its disk (of 40 MB) is full: the same for ever.
WAITING = {
    "uid": 7, "batchUid": 7, "indexUid": "full", "status": "processing", "type": "documentAdditionOrUpdate",
    "canceledBy": None, "details": {"receivedDocuments": 500, "indexedDocuments": None}, "error": None,
    "duration": None, "enqueuedAt": "2026-11-26T14:47:48.486069032Z", "startedAt": "2026-11-26T14:52:48.503567129Z",
    "finishedAt": None,
}  # fmt: skip


def at_work(look: int) -> object:
    """What it says of what it is at: the same for five minutes, and then with another beginning each ten seconds."""
    progress = {
        "steps": [
            {"currentStep": "writing tasks to disk", "finished": 1, "total": 2},
            {"currentStep": "task", "finished": 1, "total": 1},
        ],
        "percentage": 100.0,
    }
    stats = {
        "totalNbTasks": 1,
        "status": {"processing": 1},
        "types": {"documentAdditionOrUpdate": 1},
        "indexUids": {"full": 1},
    }
    batch = {
        "uid": 7,
        "progress": progress | {"percentage": 100.0 - (look % 2 if look > 30 else 0)},
        "details": {"receivedDocuments": 500, "indexedDocuments": None},
        "stats": stats,
        "duration": None,
        "startedAt": f"2026-11-26T14:54:{max(0, look - 30) % 60:02}.901307276Z",
        "finishedAt": None,
        "batchStrategy": "batched all enqueued tasks",
    }
    return {"results": [batch], "total": 1, "limit": 20, "from": 7, "next": None}


HANGS_UP = 0  # for a status: without an answer


@contextmanager
def answering(*answers: tuple[int, object, float]) -> Iterator[tuple[Settings, list[int]]]:
    """A loopback server with these answers (status, body, seconds to think), and the ports it was asked from."""
    left, ports, looked = list(answers), list[int](), count()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            ports.append(self.client_address[1])
            self.rfile.read(int(self.headers.get("content-length") or 0))
            status, body, seconds = left.pop(0) if len(left) > 1 else left[0]
            if self.path.startswith("/batches"):
                status, body = 200, at_work(next(looked))
            time.sleep(seconds)
            if status == HANGS_UP:
                self.close_connection = True
                return
            said = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        yield Settings(meili_url=url, meili_key=SecretStr("very-secret"), meili_timeout=1.0), ports  # type: ignore[call-arg]
    finally:
        server.shutdown()
        server.server_close()


def live(home: Path, key: str | None) -> Settings:
    url = LIVE or "http://127.0.0.1:7700"
    return Settings(home=home, meili_url=url, meili_key=SecretStr(key) if key else None)  # type: ignore[call-arg]


def version(settings: Settings) -> str:
    server = MeiliServer(settings)
    with server.faults():
        return server.version()


def test_a_busy_server_is_asked_again() -> None:
    with answering((503, AWAY, 0), (503, AWAY, 0), (200, VERSION, 0)) as (settings, ports):
        assert version(settings) == "1.50.0"
        assert len(ports) == 3


def test_a_server_that_stays_away_is_given_up() -> None:
    with answering((503, AWAY, 0)) as (settings, ports):
        with pytest.raises(IndexUnavailable, match="refuses: service_unavailable") as away:
            version(settings)
        assert len(ports) == 3
        assert "very-secret" not in away.value.sentence


def test_a_slow_server_is_not_waited_for() -> None:
    with answering((200, VERSION, 1.5)) as (settings, _), pytest.raises(IndexUnavailable, match="in time"):
        version(settings)


@pytest.mark.parametrize("stalled", [0.5, 60.0])
def test_a_server_with_a_full_disk_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, stalled: float) -> None:
    monkeypatch.setattr("search.meili_server.LOOK_SECONDS", 0.06)
    monkeypatch.setattr("search.meili_server.STALLED_SECONDS", stalled)
    with answering((200, WAITING, 0)) as (settings, _):
        server = MeiliServer(settings)
        queued = TaskInfo.model_validate(WAITING | {"taskUid": 7})
        with server.faults(), pytest.raises(IndexUnavailable, match="no progress; its disk may be full"):
            server.done(lambda: queued)


def test_a_full_disk_is_told_from_other_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.meili_server.LOOK_SECONDS", 0.06)
    monkeypatch.setattr("search.meili_server.STALLED_SECONDS", 0.1)
    with answering((200, WAITING, 0)) as (settings, _):
        server = MeiliServer(settings)
        queued = TaskInfo.model_validate(WAITING | {"taskUid": 7})
        with server.faults(), pytest.raises(IndexStalled) as full:
            server.done(lambda: queued)
    assert "very-secret" not in full.value.sentence


@pytest.mark.parametrize(("once", "asked"), [(True, 1), (False, 3)])
def test_what_must_not_be_done_twice_is_not_tried_again(once: bool, asked: int) -> None:
    with answering((HANGS_UP, None, 0)) as (settings, ports):  # it may have been taken
        server = MeiliServer(settings)
        with pytest.raises(IndexUnavailable), server.faults():
            server.asked(lambda: server.client().get_version(), once=once)
        assert len(ports) == asked
    with answering((503, AWAY, 0), (200, VERSION, 0)) as (settings, ports):  # not taken
        MeiliServer(settings).asked(lambda: MeiliServer(settings).client().get_version(), once=once)
        assert len(ports) == 2


def test_an_index_that_changes_between_two_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The groups of a page are asked for in three steps; what the last ones do not know any more is left out."""
    first, second, third = (corpus()[0][1][n] for n in (0, 8, 16))
    hits = [{"passage": dump_passage(p)} for p in (first, second, third)]
    leaders = {"hits": hits, "totalHits": 3, "facetDistribution": {}}
    counted = {"hits": [], "totalHits": 3, "facetDistribution": {"item": {"1": 2}}}
    later = [
        ({"hits": hits[:1], "facetDistribution": {"section": {first.section: 1, third.section: 2}}}, 1, 1),
        ({"hits": [], "facetDistribution": {}}, 0, 0),
        ({"hits": hits}, 0, 0),  # dropped and made anew: without facets
    ]
    for together, alone, groups in later:
        answers = [[leaders, counted], [together], [{"hits": []}] * alone]
        with answering(*((200, {"results": results}, 0) for results in answers)) as (settings, _):
            engine = open_engine(settings)
            monkeypatch.setattr(engine, "_backend", Knowing(engine._backend))  # type: ignore[attr-defined]
            found = engine.search(SearchRequest(q="", grouped=True))
        assert [(g.total, g.hits[0].passage.id) for g in found.groups] == [(1, first.id)] * groups
        assert found.total == 3


class Knowing:
    """A backend with a vocabulary that it need not ask for."""

    def __init__(self, backend: Backend) -> None:
        self.find, self.name = backend.find, backend.name

    def vocabulary(self) -> Vocabulary:
        return Vocabulary({}, {}, {})


def test_an_old_server_is_said_to_be_too_old() -> None:
    with (
        answering((200, VERSION | {"pkgVersion": "1.12.3"}, 0)) as (settings, _),
        pytest.raises(IndexUnavailable, match=r"version 1\.12\.3; 1\.36 or newer is needed"),
    ):
        version(settings)


def test_one_connection_serves_many_requests() -> None:
    with answering((200, VERSION, 0)) as (settings, ports):
        server = MeiliServer(settings)
        for _ in range(20):
            server.version()
        assert len(set(ports)) == 1


def test_a_wrong_key_is_said(tmp_path: Path) -> None:
    with on_the_wire("test_a_wrong_key_is_said"):
        settings = live(tmp_path, "wrong")
        with pytest.raises(IndexUnavailable, match="refuses: invalid_api_key"):
            open_engine(settings).search(SearchRequest(q="cykelsti"))


def test_a_failed_task_is_raised_with_the_servers_words(tmp_path: Path) -> None:
    with on_the_wire("test_a_failed_task"):
        server = MeiliServer(live(tmp_path, KEY))
        with server.faults(), pytest.raises(IndexUnavailable, match="a task failed: .*identifier"):
            server.load("talerstol_failing", [{"id": "not / an / id"}])


def test_an_index_that_is_gone_finds_nothing_and_comes_back(tmp_path: Path) -> None:
    with on_the_wire("test_an_index_that_is_gone"):
        engine = meilisearch(tmp_path, "talerstol_gone")
        engine.rebuild([], lambda _: None)
        server = MeiliServer(live(tmp_path, KEY))
        server.drop("talerstol_gone")
        assert engine.search(SearchRequest(q="cykelsti")).total == 0
        meeting, passages = corpus()[0]
        engine.replace_meeting(meeting, passages[:3])
        assert engine.meetings() == {meeting: 3}
