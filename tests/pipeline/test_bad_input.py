"""Bad input gives one clear sentence and leaves the archive unharmed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.pipeline.conftest import AGENDA, Material, Talerstol, as_hls, ffmpeg


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A web server on loopback, and the folder it serves."""
    folder = tmp_path / "site"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    thread.join()
    server.server_close()


def refused(talerstol: Talerstol, *words: str) -> str:
    """The sentence with which `add`, or the `run` after it, says no; the archive holds no half of it."""
    said = talerstol("add", *words)
    if said.code == 0:
        said = talerstol("run")
        assert said.code == 1, said.out
        statuses = json.loads(talerstol("status", "--json").out)["meetings"]
        assert [(s["public"], s["state"]) for s in statuses] == [(False, "failed")]
        message: str = next(s["message"] for s in statuses[0]["steps"] if s["state"] == "failed")
        return message
    assert said.code in (1, 2)
    assert json.loads(talerstol("status", "--json").out)["meetings"] == []
    assert 1 <= len(said.err.strip().splitlines()) <= 2, said.err
    return said.err


def test_no_such_file(talerstol: Talerstol, tmp_path: Path) -> None:
    assert "missing.mp4" in refused(talerstol, str(tmp_path / "missing.mp4"))


@pytest.mark.parametrize("content", [b"", b"This is only text.\n" * 50], ids=["empty", "text"])
def test_a_file_that_is_no_recording(talerstol: Talerstol, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "moede.mp4"
    file.write_bytes(content)
    assert "moede.mp4" in refused(talerstol, str(file))


def test_a_recording_without_sound(talerstol: Talerstol, tmp_path: Path) -> None:
    file = tmp_path / "stum.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc=duration=2:size=160x90:rate=5", "-pix_fmt", "yuv420p", str(file))
    assert "sound" in refused(talerstol, str(file))


def test_a_truncated_recording(talerstol: Talerstol, material: Material, tmp_path: Path) -> None:
    file = tmp_path / "kort.mp4"
    whole = material.video.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert "kort.mp4" in refused(talerstol, str(file))


def test_a_page_that_is_not_there(talerstol: Talerstol, site: tuple[str, Path]) -> None:
    assert "404" in refused(talerstol, f"{site[0]}/none.mp4")


def test_a_manifest_with_missing_segments(
    talerstol: Talerstol, material: Material, site: tuple[str, Path]
) -> None:
    address, folder = site
    as_hls(material.video, folder / "a.m3u8")
    sorted(folder.glob("*.ts"))[1].unlink()
    assert "missing" in refused(talerstol, f"{address}/a.m3u8", "--title", "Hullet", "--date", "2025-01-01")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/x.mp4",
        "http://[::1]/x.mp4",
        "http://169.254.169.254/latest",
        "http://10.0.0.1/x.m3u8",
        "http://localhost/x.mp4",
    ],
)
def test_a_private_address(another: Callable[..., Talerstol], address: str) -> None:
    guarded = another(TALERSTOL_ALLOW_PRIVATE_ADDRESSES="0")
    sentence = refused(guarded, address)
    assert "private" in sentence
    assert "TALERSTOL_ALLOW_PRIVATE_ADDRESSES" in sentence


@pytest.mark.parametrize(
    "captions",
    [
        "",
        "WEBVTT\n\nnonsense",
        '{"segments": 7}',
        "00:00 --> backwards\nx",
        '{"segments":[{"start":NaN,"end":1,"text":"x"}]}',
    ],
)
def test_malformed_captions(talerstol: Talerstol, material: Material, tmp_path: Path, captions: str) -> None:
    file = tmp_path / "broken.vtt"
    file.write_text(captions, encoding="utf-8")
    assert "broken.vtt" in refused(talerstol, str(material.video), "--transcript", str(file))


@pytest.mark.parametrize("agenda", ['{"items": []}', "{", "[1, 2]", '{"items": [{"number": "1"}]}'])
def test_a_broken_agenda(talerstol: Talerstol, material: Material, tmp_path: Path, agenda: str) -> None:
    file = tmp_path / "dagsorden.json"
    file.write_text(agenda, encoding="utf-8")
    assert "dagsorden.json" in refused(talerstol, str(material.video), "--agenda", str(file))


def test_an_agenda_of_500_items_with_scripts_in_their_titles(
    talerstol: Talerstol, material: Material, tmp_path: Path
) -> None:
    file = tmp_path / "lang.json"
    items = [{"title": f"<script>alert({n})</script> punkt {n}"} for n in range(500)]
    file.write_text(json.dumps(AGENDA | {"items": items, "date": "2025-05-05"}), encoding="utf-8")
    said = talerstol(
        "add", str(material.video), "--agenda", str(file), "--transcript", str(material.captions)
    )
    assert said.code == 0, said.err
    assert talerstol("run").code == 0
    assert json.loads(talerstol("status", "--json").out)["meetings"][0]["items"] == 500


def test_two_meetings_with_one_id(talerstol: Talerstol, material: Material) -> None:
    words = ["--title", "Møde", "--date", "2025-01-01", "--transcript", str(material.captions)]
    assert talerstol("add", str(material.video), *words).code == 0
    before = talerstol("status", "--json").out
    said = talerstol("add", str(material.sound), *words)
    assert said.code == 2
    assert "moede-2025-01-01" in said.err
    assert "another meeting" in said.err
    assert talerstol("status", "--json").out == before


def test_a_data_folder_that_cannot_be_made(another: Callable[..., Talerstol], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said = another("file/home")("status")
    assert said.code == 1
    assert "data folder" in said.err
