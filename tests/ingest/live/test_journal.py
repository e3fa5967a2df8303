"""The journal of a live recording: what stands in it is whole, whatever the disk does."""

from __future__ import annotations

import errno
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue import DiskFull, GapReason
from ingest.live import DamagedJournal, Entries, Journal, Taken
from ingest.live.following import Mark
from ingest.live.journal import Missed
from ingest.local_playlist import Key, Piece
from tests.small_disk import small_disk

AT = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
URL = "https://live.example.dk/byraad.m3u8"


def taken(run: int, number: int, name: str = "") -> Taken:
    mark = Mark(name or f"{number}.ts", 2.0, AT)
    return Taken(run, number, Piece(f"{number}.ts", 2.0, key=Key("a.key", "0x1")), mark, AT, 100)


def test_a_half_line_is_dropped_and_what_follows_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    journal = Journal(file)
    journal.begin(URL, AT)
    journal.write(taken(0, 1))
    journal.close()
    with file.open("ab") as handle:
        handle.write(b'{"kind": "taken", "run": 0, "num')
    assert Entries(file).part == [taken(0, 1)]
    assert file.read_bytes().endswith(b'"num')  # looked at, it stays as it is
    journal = Journal(file)
    missed = Missed(0, 2, Mark("2.ts", 2.0, None), GapReason.CONNECTION)
    journal.write(missed)
    journal.close()
    assert Entries(file).part == [taken(0, 1), missed]


def test_a_full_disk_leaves_no_half_line(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1) as disk:
        file = disk.folder / "journal.jsonl"
        journal = Journal(file)
        journal.write(taken(0, 0))
        disk.leave(0)
        kept = []
        with pytest.raises(DiskFull) as full:
            for number in range(1, 100):  # the page that is begun still takes some
                journal.write(taken(0, number, "long " * 100))
                kept.append(number)
        assert isinstance(full.value.__cause__, OSError) and full.value.__cause__.errno == errno.ENOSPC
        assert [e.number for e in Entries(file).part] == [0, *kept] == [e.number for e in journal.part]
        disk.clear()
        journal.write(taken(0, 100))
        journal.close()
        assert [e.number for e in Entries(file).part] == [0, *kept, 100]


def test_another_address_is_another_run_and_a_new_token_is_none(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")

    def run_of(url: str) -> int:
        journal.begin(url, AT)
        assert journal.opened is not None and journal.follows(url)
        return journal.opened.run

    assert run_of(f"{URL}?token=1") == 0
    journal.write(taken(0, 7))
    journal.write(taken(1, 0))  # the sender began anew
    assert run_of(f"{URL}?token=2") == 0
    assert run_of("https://other.example.dk/a.m3u8") == 2
    assert not journal.follows(URL)
    assert run_of("https://other.example.dk/a.m3u8") == 2
    journal.close()


@pytest.mark.parametrize("line", [b"\0\0\0", b"[]", b"{}", b'{"kind": "taken"}', b'{"kind": "x"}', b"\xff"])
def test_a_damaged_line_is_said(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "journal.jsonl").write_bytes(line + b"\n")
    with pytest.raises(DamagedJournal, match="damaged"):
        Entries(tmp_path / "journal.jsonl")
