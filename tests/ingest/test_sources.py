"""What a source is, and its original, whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalogue import InputError, Recording, RecordingKind, Settings, SourceError, TalerstolError
from ingest import Web, fetch, look, probe, register
from tests.ingest.conftest import Media, Site, ffmpeg, nothing


def test_a_file(media: Media, web: Web, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(media.folder)
    recording = register("video.mp4", 2, "tranevig-2025", None, web, settings)
    assert recording == Recording("tranevig-2025-2", 2, RecordingKind.FILE, str(media.video.resolve()), None)


def test_nothing_but_a_transcript(web: Web, settings: Settings) -> None:
    assert register("-", 1, "m", 0.0, web, settings) == Recording("m-1", 1, RecordingKind.NONE, "-", 0.0)


def test_files_that_are_refused(media: Media, web: Web, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("Only text.\n" * 100)
    refused = [tmp_path / "none.mp4", tmp_path / "empty.mp4", tmp_path / "text.mp4", media.silent_film]
    for path in refused:
        with pytest.raises(InputError) as error:
            register(str(path), 1, "m", 0.0, web, settings)
        assert path.name in str(error.value) and len(str(error.value).splitlines()) <= 2
    with pytest.raises(InputError, match="sound"):
        register(str(media.silent_film), 1, "m", 0.0, web, settings)


def kind_of(site: Site, web: Web, settings: Settings, path: str, data: bytes, type: str) -> RecordingKind:
    site.files[path], site.types[path] = data, type
    return register(site.address + path, 1, "m", 0.0, web, settings).kind


def test_addresses(media: Media, site: Site, web: Web, settings: Settings) -> None:
    video, manifest = media.video.read_bytes(), b"#EXTM3U\n#EXT-X-ENDLIST\n"
    rows = [
        ("/a.mp4", video, "video/mp4", RecordingKind.HTTP),
        ("/b", video, "application/octet-stream", RecordingKind.HTTP),
        ("/c", media.sound.read_bytes(), "", RecordingKind.HTTP),
        ("/d.mp3", media.sound.read_bytes(), "binary/octet-stream", RecordingKind.HTTP),
        ("/e.m3u8", manifest, "application/vnd.apple.mpegurl", RecordingKind.HLS),
        ("/f", manifest, "text/plain", RecordingKind.HLS),
        ("/g", b"\xef\xbb\xbf" + manifest, "application/octet-stream", RecordingKind.HLS),
    ]
    for path, data, type, kind in rows:
        assert kind_of(site, web, settings, path, data, type) is kind, path
    for path, data, type in [
        ("/x.pdf", b"%PDF-1.7", "application/pdf"),
        ("/y", b"tekst", "text/plain"),
        ("/z.json", b"{}", "application/json"),
    ]:
        with pytest.raises(InputError, match="no recording"):
            kind_of(site, web, settings, path, data, type)
    with pytest.raises(SourceError, match="404"):
        register(site.address + "/none.mp4", 1, "m", 0.0, web, settings)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/a.mp4", "http://[::1]/a.mp4", "http://169.254.169.254/a", "ftp://x/a"]
)
def test_addresses_that_are_refused(guarded: Web, settings: Settings, address: str) -> None:
    with pytest.raises(InputError):
        register(address, 1, "m", 0.0, guarded, settings)


def test_fetching_a_file_leaves_the_user_s_own_alone(
    media: Media, web: Web, settings: Settings, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs.mp4"
    theirs.write_bytes(media.video.read_bytes())
    work = tmp_path / "work"
    work.mkdir()
    recording = register(str(theirs), 1, "m", 0.0, web, settings)
    file = fetch(recording, work, web, settings, nothing).file
    assert (file.parent, file.suffix, file.read_bytes()) == (work, ".mp4", theirs.read_bytes())
    file.replace(tmp_path / "adopted.mp4")
    assert theirs.is_file()
    theirs.unlink()
    with pytest.raises(SourceError, match=r"no such file|no longer"):
        fetch(recording, work, web, settings, nothing)


def test_fetching_over_http_goes_on_and_ends(
    media: Media, site: Site, web: Web, settings: Settings, tmp_path: Path
) -> None:
    site.files["/v.mp4"], site.types["/v.mp4"] = media.video.read_bytes(), "video/mp4"
    recording = register(site.address + "/v.mp4", 1, "m", 0.0, web, settings)
    site.cuts, site.cut_after = 3, 20_000
    with pytest.raises(SourceError):
        fetch(recording, tmp_path, web, settings, nothing)
    file = fetch(recording, tmp_path, web, settings, nothing).file
    assert file.read_bytes() == media.video.read_bytes()
    asked = len(site.asked)
    assert fetch(recording, tmp_path, web, settings, nothing).file == file
    assert len(site.asked) == asked


@pytest.mark.parametrize("over", ["file", "http"])
def test_a_truncated_recording_is_said_to_be_incomplete(
    media: Media, site: Site, web: Web, settings: Settings, tmp_path: Path, over: str
) -> None:
    whole = media.video.read_bytes()
    half, work = tmp_path / "half.mp4", tmp_path / "work"
    half.write_bytes(whole[: len(whole) // 2])
    site.files["/half.mp4"], site.types["/half.mp4"] = half.read_bytes(), "video/mp4"
    source = str(half) if over == "file" else site.address + "/half.mp4"
    recording = register(source, 1, "m", 0.0, web, settings)
    came = fetch(recording, work, web, settings, nothing)
    assert came.announced == pytest.approx(10, abs=0.1) and 3 < came.measured < 7
    assert re.fullmatch(r"only 0:00:0[3-6] of 0:00:10 is there", came.incomplete)
    came.file.unlink()
    half.write_bytes(whole)
    site.files["/half.mp4"], site.etag = whole, '"mended"'
    came = fetch(recording, work, web, settings, nothing)
    assert (came.incomplete, came.has_video, came.version.length) == ("", True, len(whole))


@pytest.mark.parametrize("what", ["silent", "page", "empty"])
def test_what_came_is_no_recording(
    media: Media, site: Site, web: Web, settings: Settings, tmp_path: Path, what: str
) -> None:
    data = {"silent": media.silent_film.read_bytes(), "page": b"<!doctype html>Nej", "empty": b""}[what]
    site.files["/v.mp4"] = data
    recording = Recording("m-1", 1, RecordingKind.HTTP, site.address + "/v.mp4")
    with pytest.raises(SourceError) as refused:
        fetch(recording, tmp_path, web, settings, nothing)
    assert site.address in str(refused.value) and str(tmp_path) not in str(refused.value)


PAGE = '<!doctype html><html><head><title>Byrådet</title></head><body><video src="{}"></video></body></html>'


def test_a_page_with_a_player(media: Media, site: Site, web: Web, settings: Settings, tmp_path: Path) -> None:
    site.files["/v.mp4"], site.types["/v.mp4"] = media.video.read_bytes(), "video/mp4"
    site.files["/moede"], site.types["/moede"] = PAGE.format("/v.mp4").encode(), "text/html; charset=utf-8"
    recording = register(site.address + "/moede", 1, "m", 0.0, web, settings)
    assert recording.kind is RecordingKind.PAGE
    file = fetch(recording, tmp_path, web, settings, nothing).file
    assert file.read_bytes() == media.video.read_bytes()


@pytest.mark.parametrize(
    "page",
    [
        "<!doctype html><p>Ingen optagelse her</p>",
        PAGE.format("/a.mp4").replace("</body>", '<video src="/b.mp4"></video></body>'),
    ],
)
def test_pages_without_one_recording(site: Site, web: Web, settings: Settings, page: str) -> None:
    for name in ("/a.mp4", "/b.mp4"):
        site.files[name], site.types[name] = b"x", "video/mp4"
    site.files["/moede"], site.types["/moede"] = page.encode(), "text/html"
    with pytest.raises(InputError) as refused:
        register(site.address + "/moede", 1, "m", 0.0, web, settings)
    assert len(str(refused.value).splitlines()) <= 2
    assert "yt-dlp" not in str(refused.value) and "\x1b" not in str(refused.value)


def test_a_page_does_not_lead_inside(site: Site, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page itself is public; what it has yt-dlp open is not."""
    inside = site.address.replace("127.0.0.1", "127.0.0.2")
    site.redirects["/frame"] = inside + "/secret"
    site.files["/secret"] = b"secret"
    site.files["/moede"] = (
        f'<html><iframe src="{inside}/embed"></iframe>{PAGE.format(inside + "/secret.m3u8")}</html>'.encode()
    )
    site.types["/moede"] = "text/html"
    monkeypatch.setattr("ingest.connections._is_public", lambda address: address == "127.0.0.1")
    guarded = Web(settings.model_copy(update={"allow_private_addresses": False}))
    with pytest.raises(TalerstolError):
        fetch(
            register(site.address + "/moede", 1, "m", 0.0, guarded, settings),
            settings.home,
            guarded,
            settings,
            nothing,
        )
    assert not {path for path, _ in site.asked} & {"/secret", "/secret.m3u8", "/embed"}


def test_a_page_that_sends_yt_dlp_elsewhere(
    media: Media, site: Site, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Harmless when it was looked at first, it redirects inside when yt-dlp asks for it."""
    from ingest.pages import resolve_page

    site.redirects["/moede"] = site.address.replace("127.0.0.1", "127.0.0.2") + "/secret"
    site.files["/secret"], site.types["/secret"] = PAGE.format("/v.mp4").encode(), "text/html"
    monkeypatch.setattr("ingest.connections._is_public", lambda address: address == "127.0.0.1")
    guarded = Web(settings.model_copy(update={"allow_private_addresses": False}))
    with pytest.raises(SourceError, match="private"):
        resolve_page(site.address + "/moede", guarded, settings)
    assert {path for path, _ in site.asked} == {"/moede"}


def test_a_page_whose_links_expire(
    media: Media, site: Site, web: Web, settings: Settings, tmp_path: Path
) -> None:
    """Each link is good for one question, and the transfer is cut: the page is asked again, and it goes on."""
    data = media.wav.read_bytes()
    site.files["/v.wav"], site.types["/v.wav"] = data, "audio/wav"
    pages = [0]

    def page() -> bytes:
        pages[0] += 1
        return PAGE.format(f"/v.wav?s={pages[0]}").encode()

    site.made["/moede"], site.types["/moede"] = page, "text/html"
    recording = register(site.address + "/moede", 1, "m", 0.0, web, settings)
    site.signed_for, site.cut_after, site.cuts = 1, 300_000, 2
    came = fetch(recording, tmp_path, web, settings, nothing)
    assert came.file.read_bytes() == data and came.incomplete == ""

    began = [wanted for path, wanted in site.asked if path == "/v.wav" and "4095" not in wanted]
    assert all(wanted for wanted in began[1:])  # never from the beginning again


@pytest.mark.parametrize(
    ("length", "says"),
    [(0.5, "broke off"), (2, "broke off")],
)
def test_a_length_that_is_wrong(
    media: Media, site: Site, web: Web, settings: Settings, tmp_path: Path, length: float, says: str
) -> None:
    data = media.sound.read_bytes()
    site.files["/v.mp3"], site.types["/v.mp3"] = data, "audio/mpeg"
    site.headers["/v.mp3"] = {"Content-Length": str(int(len(data) * length))}
    recording = Recording("m-1", 1, RecordingKind.HTTP, site.address + "/v.mp3")
    try:
        came = fetch(recording, tmp_path, web, settings, nothing)
    except SourceError as error:
        assert says in str(error) and "peer" not in str(error)
    else:
        assert came.incomplete  # half of it, and it says so


def test_what_a_source_has_now(
    media: Media, site: Site, web: Web, settings: Settings, tmp_path: Path
) -> None:
    site.files["/v.mp3"], site.types["/v.mp3"] = media.sound.read_bytes(), "audio/mpeg"
    http = Recording("m-1", 1, RecordingKind.HTTP, site.address + "/v.mp3")
    came = fetch(http, tmp_path / "a", web, settings, nothing)
    site.asked.clear()
    assert look(http, web, settings).same_as(came.version) and len(site.asked) == 1
    site.files["/v.mp3"] += b"more"
    assert look(http, web, settings).longer_than(came.version)
    file = Recording("m-1", 1, RecordingKind.FILE, str(media.wav))
    came = fetch(file, tmp_path / "b", web, settings, nothing)
    assert look(file, web, settings).same_as(came.version)


def test_a_page_with_a_stream(media: Media, site: Site, web: Web, settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "hls"
    folder.mkdir()
    ffmpeg("-i", str(media.video), "-c", "copy", "-f", "hls", "-hls_list_size", "0", str(folder / "a.m3u8"))
    site.add_folder(folder)
    site.types["/a.m3u8"] = "application/vnd.apple.mpegurl"
    site.files["/moede"], site.types["/moede"] = PAGE.format("/a.m3u8").encode(), "text/html"
    recording = register(site.address + "/moede", 1, "m", 0.0, web, settings)
    assert look(recording, web, settings).ended
    assert probe(fetch(recording, tmp_path / "work", web, settings, nothing).file).audio == "aac"
