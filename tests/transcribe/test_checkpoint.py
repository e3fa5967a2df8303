"""What was written down is read back as it was, and nothing else is believed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import Word
from transcribe.checkpoint import Checkpoint, Done
from transcribe.gate import Doubt
from transcribe.hearing import Answer
from transcribe.windows import Speech

seconds = st.floats(0, 50_000, allow_nan=False)
# No half characters: the model's tokenizer makes none.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
doubts = st.lists(st.sampled_from(Doubt), max_size=3).map(tuple)
answers = st.builds(
    Answer,
    start=seconds,
    end=seconds,
    speech=st.lists(st.builds(Speech, seconds, seconds), max_size=3).map(tuple),
    text=texts,
    words=st.lists(st.builds(Word, seconds, seconds, texts, st.floats(0, 1)), max_size=4).map(tuple),
    doubts=doubts,
    decoded_again=doubts,
    names=st.integers(0, 9),
)


@st.composite
def stretches(draw: st.DrawFn) -> list[Done]:
    """Stretches in order, each begun where the last one ended."""
    found: list[Done] = []
    for _ in range(draw(st.integers(1, 4))):
        start = found[-1].end if found else 0.0
        end = start + draw(st.floats(0.1, 300))
        found.append(Done(start, end, False, draw(seconds), tuple(draw(st.lists(answers, max_size=3)))))
    return found


def written(file: Path, done: list[Done], key: str = "key") -> bytes:
    file.unlink(missing_ok=True)
    checkpoint = Checkpoint(file, key)
    for stretch in done:
        checkpoint.add(stretch)
    return file.read_bytes()


def simple(count: int = 3) -> list[Done]:
    word = Word(1.0, 1.5, "Æblegrød", 0.5)
    answer = Answer(0.0, 2.0, (Speech(1.0, 2.0),), "Æblegrød", (word,), (Doubt.HOLE,), (Doubt.LOOP,), 1)
    return [Done(n * 240.0, n * 240.0 + 240.0, False, 1.5, (answer,)) for n in range(count)]


@given(stretches())
@settings(deadline=None, max_examples=50)
def test_what_was_written_is_read_back_as_it_was(done: list[Done]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "deeper" / "checkpoint.jsonl"
        content = written(file, done)
        again = Checkpoint(file, "key")
        assert again.done == done
        assert all(type(d) is Doubt for s in again.done for a in s.answers for d in a.doubts)
        assert again.reached == done[-1].end
        assert file.read_bytes() == content


@given(stretches(), st.data())
@settings(deadline=None, max_examples=50)
def test_a_file_cut_off_anywhere_keeps_its_whole_lines(done: list[Done], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "checkpoint.jsonl"
        content = written(file, done)
        cut = data.draw(st.integers(0, len(content)))
        file.write_bytes(content[:cut])
        whole = content[:cut].count(b"\n")
        assert Checkpoint(file, "key").done == done[:whole]
        assert file.read_bytes() == b"".join(content.splitlines(keepends=True)[:whole])


@given(stretches(), st.data())
@settings(deadline=None, max_examples=80)
def test_a_line_with_one_changed_byte_and_all_behind_it_are_dropped(
    done: list[Done], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "checkpoint.jsonl"
        content = bytearray(written(file, done))
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= data.draw(st.integers(1, 255))
        before = bytes(content[:place]).count(b"\n")
        file.write_bytes(content)
        assert Checkpoint(file, "key").done == done[:before]
        assert file.stat().st_size == sum(map(len, bytes(content).split(b"\n")[:before])) + before


@given(st.binary(max_size=400))
@settings(deadline=None, max_examples=60)
def test_garbage_is_dropped(garbage: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "checkpoint.jsonl"
        file.write_bytes(garbage)
        assert Checkpoint(file, "key").done == []
        assert file.read_bytes() == b""
        content = written(file, simple(2))
        file.write_bytes(content + garbage + b"\n")
        assert Checkpoint(file, "key").done == simple(2)
        assert file.read_bytes() == content


def test_another_key_begins_anew(tmp_path: Path) -> None:
    file = tmp_path / "checkpoint.jsonl"
    written(file, simple(), key="one model")
    assert Checkpoint(file, "another model").done == []
    assert Checkpoint(file, "one model").done == []  # and the old text is gone


def test_one_goes_on_after_a_torn_line(tmp_path: Path) -> None:
    file = tmp_path / "checkpoint.jsonl"
    content = written(file, simple(3))
    file.write_bytes(content[:-7])
    checkpoint = Checkpoint(file, "key")
    assert checkpoint.reached == 480.0
    checkpoint.add(simple(3)[2])
    assert file.read_bytes() == content


@pytest.mark.parametrize("order", [[1], [0, 2], [0, 0], [0, 1, 1, 2]])
def test_stretches_that_do_not_follow_one_another_are_dropped(tmp_path: Path, order: list[int]) -> None:
    file = tmp_path / "checkpoint.jsonl"
    written(file, [simple()[n] for n in order])
    kept = Checkpoint(file, "key").done
    assert kept == [simple()[n] for n in order][: len(kept)]
    assert [s.start for s in kept] == [240.0 * n for n in range(len(kept))]
    assert len(kept) < len(order)


def test_nothing_follows_the_last_stretch(tmp_path: Path) -> None:
    file = tmp_path / "checkpoint.jsonl"
    last = Done(0.0, 10.0, True, 1.0, ())
    written(file, [last, Done(10.0, 20.0, True, 1.0, ())])
    again = Checkpoint(file, "key")
    assert again.done == [last]
    assert again.complete


def test_a_new_checkpoint_has_reached_nothing(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "folder" / "checkpoint.jsonl", "key")
    assert (checkpoint.done, checkpoint.reached, checkpoint.complete) == ([], 0.0, False)
