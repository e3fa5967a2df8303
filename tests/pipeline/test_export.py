"""`talerstol export`, and the open data at the end of a run."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from tests.pipeline.conftest import Material, Talerstol
from web import read_dump


def texts(folder: Path) -> list[str]:
    rows = gzip.decompress((folder / "sentences.jsonl.gz").read_bytes()).splitlines()
    return [json.loads(row)["text"] for row in rows]


def test_a_run_makes_the_open_data_and_export_copies_it(
    talerstol: Talerstol, material: Material, tmp_path: Path
) -> None:
    added = talerstol(
        "add", str(material.video), "--agenda", str(material.agenda("2025-09-24")), "--transcript", str(material.captions)
    )  # fmt: skip
    assert added.code == 0
    assert talerstol("run").code == 0
    home = talerstol.home / "export"
    first = read_dump(home)
    assert first is not None
    said = texts(home / first.folder)
    assert any("cykelsti" in text for text in said)
    assert not any("Granvænget" in text for text in said)  # closed

    assert talerstol("run").code == 0
    assert read_dump(home) == first  # nothing has changed

    target = tmp_path / "aabne data"
    told = json.loads(talerstol("export", "--to", str(target), "--json").out)
    assert told["folder"] == str(target)
    assert {file["name"] for file in told["files"]} == {file.name for file in target.iterdir()}
    assert texts(target) == said
    refused = talerstol("export", "--to", str(tmp_path))
    assert (refused.code, refused.out) == (2, "")
