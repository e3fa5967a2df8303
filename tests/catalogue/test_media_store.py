from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import InputError, MediaStore, meeting_id, slug


def test_a_file_is_whole_or_absent(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    with pytest.raises(RuntimeError), store.create("m/1.wav") as file:
        file.write_bytes(b"half")
        raise RuntimeError
    assert not store.exists("m/1.wav")
    with store.create("m/1.wav") as file:
        file.write_bytes(b"whole")
    assert store.path("m/1.wav").read_bytes() == b"whole"
    assert not [p for p in (tmp_path / ".partial").iterdir() if p.is_file()]


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../b", "", "a\\..\\b"])
def test_names_never_leave_the_store(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        MediaStore(tmp_path).path(name)


def test_ids_are_readable_and_safe() -> None:
    from datetime import date

    made = meeting_id(municipality="Aarhus Kommune", body="Byrådet", day=date(2025, 10, 8), title="x")
    assert made == "aarhus-byraadet-2025-10-08"
    assert slug("Ærø / Ålborg – Øst <script>") == "aeroe-aalborg-oest-script"
    assert meeting_id(municipality="", body="", day=None, title="☃") == "moede"


def test_a_sweep_removes_what_is_half_made_and_keeps_transfers(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    workspace = store.workspace("m-1")
    (workspace / "segment-0").write_bytes(b"arrived")
    (tmp_path / ".partial" / "half.flac").write_bytes(b"half")
    store.sweep()
    assert [p.name for p in (tmp_path / ".partial").iterdir()] == ["m-1"]
    assert (workspace / "segment-0").exists()
    store.discard("m-1")
    assert not workspace.exists()
