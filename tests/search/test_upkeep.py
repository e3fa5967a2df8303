"""Writing to the index: a meeting replaced or removed, rebuilt without a gap, and engines that are away."""

from __future__ import annotations

import random
import shutil
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import Settings
from search import IndexUnavailable, SearchEngine, SearchRequest, open_engine
from search import meili as meili_module
from tests.search.conftest import corpus, embedded, meilisearch, on_the_wire


@pytest.fixture(params=["embedded", "meilisearch"])
def fresh(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SearchEngine]:
    """Each engine in turn, with nothing in it."""
    if request.param == "embedded":
        yield embedded(tmp_path)
        return
    # What the engine remembers of the words must not outlive what this test has just written.
    monkeypatch.setattr(meili_module, "FRESH_SECONDS", 0.0)
    name = request.node.originalname
    with on_the_wire(name):
        made = meilisearch(tmp_path, name)
        made.rebuild([], lambda _: None)
        yield made


# tantivy's own list of what it may delete, which nothing is read by.
UNSUMMED = {".managed.json"}


def total(engine: SearchEngine, q: str) -> int:
    return engine.search(SearchRequest(q=q)).total


def test_a_meeting_is_replaced_and_removed(fresh: SearchEngine) -> None:
    (first, said), (second, more), *_ = corpus()
    fresh.replace_meeting(first, said)
    fresh.replace_meeting(second, more[:4])
    assert fresh.meetings() == {first: 40, second: 4}

    secret = replace(said[0], text="Granvænget 7 er solgt.", sentences=((0, 0.0, 9.0),))
    fresh.replace_meeting(first, [secret])
    assert fresh.meetings() == {first: 1, second: 4}
    assert total(fresh, "granvænget") == 1
    fresh.replace_meeting(first, [])
    assert fresh.meetings() == {second: 4}
    assert total(fresh, "granvænget") == 0


def test_a_rebuild_takes_the_place_of_what_was(fresh: SearchEngine) -> None:
    counted: list[int] = []
    assert fresh.rebuild(corpus()[:2], counted.append) == 80
    assert counted[-1] == 80
    assert fresh.rebuild(corpus()[2:3], counted.append) == 40
    assert list(fresh.meetings()) == ["tranevig-teknik-2024-11-05"]
    assert fresh.needs_rebuild() is None
    assert "40 passages" in fresh.check()


def test_an_index_of_another_version_is_built_anew(
    fresh: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh.rebuild(corpus()[:1], lambda _: None)
    monkeypatch.setitem(meili_module.STAMPED, "schema", "0")
    from search.embedded import backend as embedded_module

    monkeypatch.setitem(embedded_module.STAMPED, "schema", "0")
    assert fresh.needs_rebuild() == "it was made by another version"


def test_a_damaged_embedded_index_says_so(tmp_path: Path) -> None:
    engine = embedded(tmp_path)
    engine.rebuild(corpus()[:1], lambda _: None)
    folder = tmp_path / "index" / "1"
    for file in folder.iterdir():
        if file.name != "stamp.json":
            file.write_bytes(b"damaged")
    again = embedded(tmp_path)
    assert again.needs_rebuild() == "it is damaged"
    with pytest.raises(IndexUnavailable, match="reindex"):
        again.search(SearchRequest(q="cykelsti"))
    again.rebuild(corpus()[:1], lambda _: None)
    assert total(again, "cykelsti") > 0


@pytest.fixture(scope="module")
def whole_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("whole")
    embedded(home).rebuild(corpus(), lambda _: None)
    return home


def _end_of_body(file: Path) -> int:
    """Where the footer of a segment's file begins, by its length at the end; of another file its end."""
    data = file.read_bytes()
    return len(data) if file.suffix == ".json" else len(data) - 8 - int.from_bytes(data[-8:-4], "little")


@settings(max_examples=60)
@given(chance=st.randoms(use_true_random=False), cut=st.booleans())
def test_wherever_an_embedded_index_is_damaged_it_is_said_and_never_a_crash(
    whole_index: Path, tmp_path_factory: pytest.TempPathFactory, chance: random.Random, cut: bool
) -> None:
    """tantivy panics over some damage, and hands on what is not what was written over other. What has a sum is known to be
    damaged; meta.json has none, nor has what a file's footer says beside its sum."""
    home = tmp_path_factory.mktemp("damaged")
    shutil.copytree(whole_index, home, dirs_exist_ok=True)
    files = sorted(
        f for f in (home / "index" / "1").iterdir() if f.suffix != ".lock" and f.name not in UNSUMMED
    )
    file = chance.choice(files)
    data = bytearray(file.read_bytes())
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    file.write_bytes(data[:at] if cut else data)
    summed = file.name != "meta.json" and (cut or at < _end_of_body(file))
    engine = embedded(home)
    for ask in (
        lambda: engine.search(SearchRequest(q="cykelsti")),
        lambda: engine.search(SearchRequest(q="cykelsti børn", grouped=True)),
        engine.vocabulary,
        engine.meetings,
        engine.check,
    ):
        with suppress(IndexUnavailable):
            ask()
    told = engine.needs_rebuild()
    assert told is not None or not summed
    engine.rebuild(corpus()[:1], lambda _: None)
    assert engine.needs_rebuild() is None
    shutil.rmtree(home)


def test_what_a_commit_that_came_to_nothing_left_is_in_no_writers_way(
    whole_index: Path, tmp_path: Path
) -> None:
    """It wrote which passages are deleted, and was killed before it named that file: the next one writes it again."""
    done, cut_off = tmp_path / "done", tmp_path / "cut off"
    for home in (done, cut_off):
        shutil.copytree(whole_index, home)
    first, passages = corpus()[0]
    embedded(done).replace_meeting(first, passages[:5])
    (deletes,) = (done / "index" / "1").glob("*.del")
    shutil.copy(deletes, cut_off / "index" / "1")
    engine = embedded(cut_off)
    engine.replace_meeting(first, passages[:5])
    assert engine.meetings()[first] == 5
    assert engine.needs_rebuild() is None
    for meeting_id, all_of_it in corpus():
        engine.replace_meeting(meeting_id, all_of_it)
    assert engine.meetings() == embedded(whole_index).meetings()


def test_what_a_panic_leaves_is_said_as_a_damaged_index(whole_index: Path, tmp_path: Path) -> None:
    """A name among the facets that is no UTF-8 any more."""
    shutil.copytree(whole_index, tmp_path, dirs_exist_ok=True)
    (file,) = (tmp_path / "index" / "1").glob("*.fast")
    data = file.read_bytes()
    assert "øudvalget".encode() in data
    file.write_bytes(data.replace("øudvalget".encode(), b"\xff\xffudvalget"))
    engine = embedded(tmp_path)
    with pytest.raises(IndexUnavailable, match="reindex"):
        engine.search(SearchRequest(q="cykelsti"))
    assert engine.needs_rebuild() == "it is damaged"


@pytest.mark.parametrize("named", [b"", b"\xff\xfe", b"../1", b"1\n2", b"/", b"0"])
def test_what_names_the_embedded_index_may_be_damaged_too(tmp_path: Path, named: bytes) -> None:
    embedded(tmp_path).rebuild(corpus()[:1], lambda _: None)
    (tmp_path / "index" / "current").write_bytes(named)
    again = embedded(tmp_path)
    assert again.needs_rebuild() == "it is damaged"
    assert total(again, "cykelsti") == 0
    again.rebuild(corpus()[:1], lambda _: None)
    assert again.needs_rebuild() is None
    assert total(again, "cykelsti") > 0


def test_another_process_sees_what_was_written(tmp_path: Path) -> None:
    writer, reader = embedded(tmp_path), embedded(tmp_path)
    assert total(reader, "cykelsti") == 0
    writer.replace_meeting(*corpus()[0])
    assert total(reader, "cykelsti") > 0
    writer.rebuild(corpus()[1:2], lambda _: None)
    assert list(reader.meetings()) == ["tranevig-byraadet-2025-10-29"]


def test_a_server_that_is_away_is_said_without_the_key(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(home=tmp_path, meili_url=f"http://127.0.0.1:{port}", meili_key="very-secret")  # type: ignore[arg-type, call-arg]
    engine = open_engine(settings)
    for ask in (
        lambda: engine.search(SearchRequest(q="x")),
        engine.check,
        engine.meetings,
        engine.needs_rebuild,
    ):
        with pytest.raises(IndexUnavailable, match="cannot be reached") as away:
            ask()
        assert "very-secret" not in away.value.sentence
