"""Searching goes on while the index is written: no answer fails, none is empty."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from search import SearchEngine, SearchRequest
from tests.search.conftest import corpus, embedded

READERS = 4


def test_a_rebuild_under_load_loses_no_answer(tmp_path: Path) -> None:
    writer = embedded(tmp_path)
    writer.rebuild(corpus(), lambda _: None)
    wanted = _total(writer)
    done = Event()

    def read() -> set[int]:
        reader, totals = embedded(tmp_path), set[int]()  # an engine of its own, as another process has
        while not done.is_set():
            totals.add(_total(reader))
        return totals

    with ThreadPoolExecutor(READERS) as pool:
        readers = [pool.submit(read) for _ in range(READERS)]
        try:
            for _ in range(5):
                writer.rebuild(corpus(), lambda _: None)
            for meeting, passages in corpus():
                writer.replace_meeting(meeting, passages)
        finally:
            done.set()
        assert set().union(*(reader.result() for reader in readers)) == {wanted}


def _total(engine: SearchEngine) -> int:
    return engine.search(SearchRequest(q="cykelsti børn")).total
