"""While the server runs the index follows by itself, and the server stops as cleanly as without."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from catalogue import Settings
from pipeline.archive import Archive, open_archive
from pipeline.index import catching_up as module
from pipeline.index import outbox as outbox_module
from pipeline.index.catching_up import catching_up, may_write
from tests.pipeline.chamber import add_public, in_index, public, redact, says, unsteady
from tests.pipeline.conftest import Talerstol

URL = "http://127.0.0.1:7700"


def until(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def in_step(archive: Archive) -> bool:
    return in_index(archive) == public(archive) and not archive.catalogue.outbox.waiting()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EVERY", 0.05)
    monkeypatch.setattr(module, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(outbox_module, "REST", 0.2)


def test_what_another_process_changes_follows(settings: Settings) -> None:
    with open_archive(settings) as archive, open_archive(settings) as other, catching_up(archive):
        add_public(other, "a", "b")
        assert until(lambda: in_step(other) and says(other, "atal0"))
        redact(other, "a")
        assert until(lambda: not says(other, "atal0"))


def test_an_engine_that_was_away_catches_up(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with open_archive(settings) as archive:
        engine = unsteady(archive)
        engine.away = True
        add_public(archive, "a")
        with catching_up(archive):
            time.sleep(1.0)
            assert archive.catalogue.outbox.waits("a")
            engine.away = False
            assert until(lambda: in_step(archive))
    printed = capsys.readouterr()
    assert (printed.out + printed.err).count("the engine is away") == 1


def test_a_lost_index_comes_back(settings: Settings) -> None:
    with open_archive(settings) as archive:
        add_public(archive, "a", "b")
        with catching_up(archive):
            assert until(lambda: in_step(archive))
            shutil.rmtree(settings.index_folder)
            assert until(lambda: in_step(archive) and says(archive, "atal0"))


def test_an_index_of_another_version_comes_back_when_a_server_starts(settings: Settings) -> None:
    def age() -> None:
        """As if another version of the analyser had made the index."""
        (stamp,) = settings.index_folder.glob("*/stamp.json")
        stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"analyser": "0"}))

    with open_archive(settings) as archive:
        add_public(archive, "a")
        with catching_up(archive):
            assert until(lambda: in_step(archive))
        age()
        assert archive.engine.needs_rebuild()
        with catching_up(archive):
            assert until(lambda: archive.engine.needs_rebuild() is None and says(archive, "atal0"))
            # What comes while it runs is a newer version's, and is left alone.
            age()
            time.sleep(0.5)
            assert archive.engine.needs_rebuild()


def test_it_stops_with_the_block_and_leaves_the_rest(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_archive(settings) as archive:
        engine = unsteady(archive)
        engine.before = lambda _: time.sleep(0.4)
        add_public(archive, *(f"m{n}" for n in range(20)))
        began = time.monotonic()
        with catching_up(archive):
            assert until(lambda: bool(engine.written))
        assert time.monotonic() - began < 8
        written = len(engine.written)
        time.sleep(0.6)
        assert len(engine.written) == written < 20


@pytest.mark.parametrize(
    ("keys", "may"),
    [
        ({}, True),
        ({"meili_url": URL}, True),  # a server without keys
        ({"meili_url": URL, "meili_key": SecretStr("w")}, True),
        ({"meili_url": URL, "meili_key": SecretStr("w"), "meili_search_key": SecretStr("s")}, True),
        ({"meili_url": URL, "meili_search_key": SecretStr("s")}, False),
    ],
)
def test_who_has_only_the_searching_key_leaves_the_index_alone(
    tmp_path: Path, keys: dict[str, object], may: bool
) -> None:
    assert may_write(Settings(home=tmp_path, **keys)) is may  # type: ignore[arg-type]


def test_a_server_without_the_key_starts_no_thread(settings: Settings) -> None:
    with open_archive(settings) as archive:
        engine = unsteady(archive)
        archive.settings = settings.model_copy(
            update={"meili_url": URL, "meili_search_key": SecretStr("s"), "meili_key": None}
        )
        add_public(archive, "a")
        with catching_up(archive):
            time.sleep(0.3)
        assert (engine.written, archive.catalogue.outbox.waits("a")) == ([], True)


def test_serve_follows_and_stops_when_asked(talerstol: Talerstol) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(home=talerstol.home)  # type: ignore[call-arg]
    server = talerstol.start("serve", "--port", str(port))
    try:
        with open_archive(settings) as archive:
            add_public(archive, "a")
            assert until(lambda: in_step(archive) and says(archive, "atal0"), 60)
            redact(archive, "a")
            assert until(lambda: not says(archive, "atal0"))
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0
    finally:
        server.kill()
        printed = "".join(server.communicate())
    assert "Traceback" not in printed
