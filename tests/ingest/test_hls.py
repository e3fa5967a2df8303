"""HLS streams as ffmpeg makes them, whole and with everything that can be wrong with them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue import InputError, Recording, RecordingKind, Settings, SourceError
from ingest import Web, extract_audio, fetch, probe, register
from tests.ingest.conftest import H264, PICTURE, TONE, Media, Site, ffmpeg, nothing
from tests.ingest.test_media import brightness, loudness, samples

Fetch = Callable[[str], Path]


@pytest.fixture(scope="session")
def streams(media: Media, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same ten seconds in folders: ts, fmp4, ranges (with their places and without), crypt, and master with its sound apart."""
    root = tmp_path_factory.mktemp("streams")
    key = root / "key.info"
    (root / "a.key").write_bytes(bytes(range(16)))
    key.write_text(f"a.key\n{root / 'a.key'}\n")
    kinds: dict[str, list[str]] = {
        "ts": [],
        "fmp4": ["-hls_segment_type", "fmp4"],
        "ranges": ["-hls_flags", "single_file"],
        "franges": ["-hls_segment_type", "fmp4", "-hls_flags", "single_file"],
        "crypt": ["-hls_key_info_file", str(key)],
    }
    for name, options in kinds.items():
        (root / name).mkdir()
        ffmpeg("-i", str(media.video), "-c", "copy", "-f", "hls", "-hls_time", "2", "-hls_list_size", "0",
               *options, str(root / name / "a.m3u8"))  # fmt: skip
    shutil.copytree(root / "ranges", root / "unplaced")
    listed = root / "unplaced" / "a.m3u8"
    listed.write_text(re.sub(r"(#EXT-X-BYTERANGE:\d+)@\d+", r"\1", listed.read_text()))
    (root / "crypt" / "a.key").write_bytes(bytes(range(16)))
    (root / "master").mkdir()
    ffmpeg(*TONE, *PICTURE, *H264, "-map", "1:v", "-map", "0:a", "-c:a", "aac", "-f", "hls", "-hls_time", "2",
           "-hls_list_size", "0", "-var_stream_map", "v:0,agroup:g a:0,agroup:g,default:yes,language:da",
           "-master_pl_name", "master.m3u8", str(root / "master" / "s%v.m3u8"))  # fmt: skip
    return root


@pytest.fixture
def fetched(web: Web, settings: Settings, tmp_path: Path) -> Fetch:
    def run(url: str) -> Path:
        recording = Recording("moede-1", 1, RecordingKind.HLS, url, 0.0)
        (tmp_path / "work").mkdir(exist_ok=True)
        return fetch(recording, tmp_path / "work", web, settings, nothing).file

    return run


@pytest.mark.parametrize("kind", ["ts", "fmp4", "ranges", "unplaced", "franges", "crypt", "master"])
def test_a_stream_becomes_one_file(
    streams: Path, site: Site, fetched: Fetch, web: Web, settings: Settings, tmp_path: Path, kind: str
) -> None:
    site.add_folder(streams / kind)
    url = site.address + ("/master.m3u8" if kind == "master" else "/a.m3u8")
    assert register(url, 1, "moede", 0.0, web, settings).kind is RecordingKind.HLS
    file = fetched(url)
    info = probe(file)
    assert (info.video, info.audio) == ("h264", "aac")
    assert info.duration == pytest.approx(10, abs=0.3)
    assert extract_audio(file, tmp_path / "a.flac", nothing, 24) == pytest.approx(10, abs=0.3)
    assert loudness(samples(tmp_path / "a.flac"), 0.5, 9.5) > 1000


def test_of_several_pictures_one_that_a_citizen_s_line_carries(
    streams: Path, site: Site, fetched: Fetch
) -> None:
    site.add_folder(streams)
    rows = [(500_000, "320x180", "ts/a"), (900_000, "1280x720", "fmp4/a"), (9_000_000, "3840x2160", "none/a")]
    site.files["/m.m3u8"] = "".join(
        ["#EXTM3U\n", *(f"#EXT-X-STREAM-INF:BANDWIDTH={b},RESOLUTION={r}\n{u}.m3u8\n" for b, r, u in rows)]
    ).encode()
    fetched(site.address + "/m.m3u8")
    paths = {path for path, _ in site.asked}
    assert any(p.startswith("/fmp4") for p in paths) and not any(
        p.startswith(("/ts", "/none")) for p in paths
    )


def test_a_picture_before_sound_alone(streams: Path, site: Site, fetched: Fetch) -> None:
    """Encoders list the sound as a variant of its own, now and then with the larger figure."""
    site.add_folder(streams / "master")
    site.files["/m.m3u8"] = (
        b'#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="g",NAME="a",DEFAULT=YES,URI="s1.m3u8"\n'
        b'#EXT-X-STREAM-INF:BANDWIDTH=9,CODECS="avc1.42c00a,mp4a.40.2",AUDIO="g"\ns0.m3u8\n'
        b'#EXT-X-STREAM-INF:BANDWIDTH=99,CODECS="mp4a.40.2",AUDIO="g"\ns1.m3u8\n'
    )
    info = probe(fetched(site.address + "/m.m3u8"))
    assert (info.video, info.audio) == ("h264", "aac")


def test_missing_segments_are_counted_and_placed(streams: Path, site: Site, fetched: Fetch) -> None:
    site.add_folder(streams / "ts")
    del site.files["/a1.ts"], site.files["/a3.ts"]
    with pytest.raises(SourceError, match=r"2 of 5 segments are missing") as refused:
        fetched(site.address + "/a.m3u8")
    assert "0:00:02, 0:00:06" in str(refused.value)
    assert len(str(refused.value).splitlines()) <= 2


def test_a_stream_with_holes_keeps_the_times_of_what_is_there(
    media: Media, site: Site, web: Web, settings: Settings, tmp_path: Path
) -> None:
    """A minute of a low, then a high tone, of which 14 s in the middle are gone."""
    (tmp_path / "long").mkdir()
    tones = "aevalsrc='0.3*sin(2*PI*t*(300+3000*gt(t\\,30)))':d=60"
    ffmpeg("-f", "lavfi", "-i", tones, "-f", "lavfi", "-i", "testsrc=d=60:s=160x90:r=5", *H264, "-c:a", "aac",
           "-f", "hls", "-hls_time", "2", "-hls_list_size", "0", str(tmp_path / "long" / "a.m3u8"))  # fmt: skip
    site.add_folder(tmp_path / "long")
    for number in range(5, 12):
        del site.files[f"/a{number}.ts"]
    recording = Recording("m-1", 1, RecordingKind.HLS, site.address + "/a.m3u8")
    with pytest.raises(SourceError, match="7 of 30 segments are missing"):
        fetch(recording, tmp_path / "w", web, settings, nothing)
    came = fetch(recording, tmp_path / "w", web, settings, nothing, holes=True)
    assert came.incomplete == "7 of 30 segments are missing, at 0:00:10, 0:00:12, 0:00:14, 0:00:16, 0:00:18 …"
    assert extract_audio(came.file, tmp_path / "a.flac", nothing, 24) == pytest.approx(60, abs=0.3)
    heard = samples(tmp_path / "a.flac")
    assert loudness(heard, 1, 9) > 1000 and loudness(heard, 11, 23) < 50 and loudness(heard, 25, 59) > 1000
    crossings = [
        sum(a * b < 0 for a, b in zip(part, part[1:], strict=False))
        for part in (heard[28 * 16000 : 29 * 16000], heard[31 * 16000 : 32 * 16000])
    ]
    assert crossings[0] < 1000 < crossings[1]  # the tone changes at 30 s, where it did


def test_it_goes_on_with_what_is_there(streams: Path, site: Site, fetched: Fetch) -> None:
    site.add_folder(streams / "ts")
    kept = site.files.pop("/a4.ts")
    with pytest.raises(SourceError):
        fetched(site.address + "/a.m3u8")
    site.files["/a4.ts"] = kept
    site.asked.clear()
    assert probe(fetched(site.address + "/a.m3u8")).duration == pytest.approx(10, abs=0.3)
    assert [path for path, _ in site.asked] == ["/a.m3u8", "/a.m3u8", "/a4.ts"]


def test_an_error_page_in_place_of_a_segment_is_not_kept(streams: Path, site: Site, fetched: Fetch) -> None:
    site.add_folder(streams / "ts")
    whole = site.files["/a3.ts"]
    site.files["/a3.ts"] = b"<html><title>502 Bad Gateway</title></html>"
    with pytest.raises(SourceError, match=r"1 of 5 segments are missing, at 0:00:06"):
        fetched(site.address + "/a.m3u8")
    site.files["/a3.ts"] = whole
    assert probe(fetched(site.address + "/a.m3u8")).duration == pytest.approx(10, abs=0.3)


def test_a_stream_that_is_much_shorter_than_announced(
    streams: Path, site: Site, web: Web, settings: Settings, tmp_path: Path
) -> None:
    site.add_folder(streams / "ts")
    site.files["/a4.ts"] = site.files["/a4.ts"][:188]
    site.files["/a3.ts"] = site.files["/a3.ts"][:188]
    came = fetch(
        Recording("m-1", 1, RecordingKind.HLS, site.address + "/a.m3u8"),
        tmp_path / "w",
        web,
        settings,
        nothing,
    )
    assert came.announced == pytest.approx(10, abs=0.3) and came.measured == pytest.approx(6, abs=0.3)
    assert came.incomplete == "only 0:00:06 of 0:00:10 is there"


def test_a_playlist_of_whole_seconds_may_announce_more_than_it_has(
    streams: Path, site: Site, web: Web, settings: Settings, tmp_path: Path
) -> None:
    site.add_folder(streams / "ts")
    site.files["/a.m3u8"] = re.sub(
        rb"EXTINF:[^,]*", b"EXTINF:3", site.files["/a.m3u8"].replace(b"VERSION:3", b"VERSION:2")
    )
    recording = Recording("m-1", 1, RecordingKind.HLS, site.address + "/a.m3u8")
    came = fetch(recording, tmp_path / "w", web, settings, nothing)
    assert (came.announced, came.incomplete) == (15.0, "")


def test_links_that_expire_are_asked_for_anew(
    streams: Path, site: Site, web: Web, settings: Settings, tmp_path: Path
) -> None:
    """Each playlist's links are good for three segments; a second run, too, goes on with what is there."""
    site.add_folder(streams / "ts")
    whole, signed = site.files.pop("/a.m3u8").decode(), [0]

    def playlist() -> bytes:
        signed[0] += 1
        return re.sub(r"(a\d.ts)", rf"\1?s={signed[0]}", whole).encode()

    site.made["/a.m3u8"] = playlist
    site.signed_for = 3
    recording = Recording("m-1", 1, RecordingKind.HLS, site.address + "/a.m3u8")
    came = fetch(recording, tmp_path / "w", web, settings, nothing)
    assert came.incomplete == "" and came.measured == pytest.approx(10, abs=0.3)
    segments = [path for path, _ in site.asked if path.endswith(".ts")]
    assert len(segments) == 6 and signed[0] == 4  # the manifest and its playlist, and both once anew


def test_links_that_never_work_are_missing_segments(streams: Path, site: Site, fetched: Fetch) -> None:
    site.add_folder(streams / "ts")
    site.statuses = {f"/a{n}.ts": 403 for n in (1, 3)}
    with pytest.raises(SourceError, match="2 of 5 segments are missing, at 0:00:02, 0:00:06"):
        fetched(site.address + "/a.m3u8")


def test_a_playlist_that_moved_on_does_not_mix_up_what_is_there(
    streams: Path, site: Site, fetched: Fetch
) -> None:
    """Between two runs the server forgot the first segment: numbers shift, addresses do not."""
    site.add_folder(streams / "ts")
    whole = site.files["/a.m3u8"].decode()
    kept = site.files.pop("/a4.ts")
    with pytest.raises(SourceError):
        fetched(site.address + "/a.m3u8")
    site.files["/a4.ts"] = kept
    site.files["/a.m3u8"] = re.sub(r"#EXTINF[^\n]*\na0.ts\n", "", whole).encode()
    site.asked.clear()
    assert probe(fetched(site.address + "/a.m3u8")).duration == pytest.approx(8, abs=0.3)
    assert [path for path, _ in site.asked if path.endswith(".ts")] == ["/a4.ts"]


def test_a_server_that_goes_away_is_not_asked_for_every_segment(site: Site, fetched: Fetch) -> None:
    rows = "".join(f"#EXTINF:2,\nhttp://127.0.0.1:1/{n}.ts\n" for n in range(2000))
    site.files["/a.m3u8"] = f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n{rows}#EXT-X-ENDLIST\n".encode()
    with pytest.raises(SourceError, match="broke off|answer"):
        fetched(site.address + "/a.m3u8")


def test_a_meeting_that_is_still_being_broadcast(streams: Path, site: Site, fetched: Fetch) -> None:
    site.add_folder(streams / "ts")
    whole = site.files["/a.m3u8"]
    site.files["/a.m3u8"] = whole.replace(b"#EXT-X-ENDLIST", b"")
    with pytest.raises(SourceError, match="still being broadcast"):
        fetched(site.address + "/a.m3u8")
    site.files["/a.m3u8"] = whole
    assert fetched(site.address + "/a.m3u8").is_file()


@pytest.mark.parametrize(
    "manifest",
    [
        b"#EXTM3U\n",
        b"#EXTM3U\n#EXT-X-ENDLIST\n",
        b"#EXTM3U\n#EXTINF:abc,\nx.ts\n#EXT-X-ENDLIST\n",
        b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=x\n",
        b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n",
        b"#EXTM3U\n#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"k\"\n#EXTINF:2,\na.ts\n#EXT-X-ENDLIST\n",
        b"#EXTM3U\n#EXT-X-KEY\n#EXT-X-MAP\n#EXT-X-BYTERANGE:x\n#EXTINF:2,\na.ts\n#EXT-X-ENDLIST\n",
        b"#EXTM3U\n#EXTINF:nan,\na.ts\n#EXT-X-ENDLIST\n",
        b"#EXTM3U\n#EXTINF:2,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"#EXTM3U\n#EXTINF:2,\na.ts\n#EXT-X-ENDLIST\n",
        b"#EXTM3U\n" + b"#EXTINF:1,\na.ts\n" * 50_001 + b"#EXT-X-ENDLIST\n",
        b"\xff\xfe#EXTM3U",
    ],
)  # fmt: skip
def test_malformed_manifests(site: Site, fetched: Fetch, manifest: bytes) -> None:
    site.files |= {"/a.m3u8": manifest, "/a.ts": b"no media"}
    with pytest.raises((SourceError, InputError)) as refused:
        fetched(site.address + "/a.m3u8")
    assert len(str(refused.value).splitlines()) <= 2


def test_a_manifest_does_not_lead_to_files_here(
    media: Media, streams: Path, site: Site, fetched: Fetch, tmp_path: Path
) -> None:
    """By a tag that is handed on, by a segment that is itself a playlist."""
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(media.video.read_bytes())
    inner = f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{secret}\n#EXT-X-ENDLIST\n"
    (tmp_path / "inner.m3u8").write_text(inner)
    site.files["/a.ts"] = inner.encode()
    tags = [
        "",
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="g",NAME="n",DEFAULT=YES,URI="{tmp_path}/inner.m3u8"\n',
        f'#EXT-X-SESSION-KEY:METHOD=AES-128,URI="{secret}"\n',
    ]
    for tag in tags:
        text = f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n{tag}#EXTINF:10,\na.ts\n#EXT-X-ENDLIST\n"
        site.files["/a.m3u8"] = text.encode()
        with pytest.raises(SourceError):
            fetched(site.address + "/a.m3u8")
    local = "\n".join(file.read_text() for file in tmp_path.rglob("local.m3u8"))
    assert str(tmp_path) not in local


def test_a_segment_at_a_private_address(site: Site, guarded: Web, settings: Settings, tmp_path: Path) -> None:
    recording = Recording("moede-1", 1, RecordingKind.HLS, site.address + "/a.m3u8", 0.0)
    with pytest.raises(Exception, match="private"):
        fetch(recording, tmp_path, guarded, settings, nothing)


def test_all_segments_together_are_bounded(
    streams: Path, site: Site, web: Web, settings: Settings, tmp_path: Path
) -> None:
    site.add_folder(streams / "ts")
    size = sum(len(data) for path, data in site.files.items() if path.endswith(".ts"))
    small = settings.model_copy(update={"max_download_bytes": size - 1})
    with pytest.raises(SourceError, match="larger"):
        fetch(Recording("m-1", 1, RecordingKind.HLS, site.address + "/a.m3u8"), tmp_path, web, small, nothing)


def test_sound_apart_stays_with_its_picture(site: Site, fetched: Fetch, tmp_path: Path) -> None:
    """A flash and a beep at 5 s; both are there at 5 s in the file."""
    folder = tmp_path / "flash"
    folder.mkdir()
    ffmpeg("-f", "lavfi", "-i", "color=black:size=160x90:rate=10:duration=10,drawbox=t=fill:color=white:enable='between(t,5,6)'",
           "-f", "lavfi", "-i", "sine=duration=10,volume=0:enable='lt(t,5)+gt(t,6)'", *H264, "-c:a", "aac",
           "-f", "hls", "-hls_time", "2", "-hls_list_size", "0", "-var_stream_map", "v:0,agroup:g a:0,agroup:g",
           "-master_pl_name", "m.m3u8", str(folder / "s%v.m3u8"))  # fmt: skip
    site.add_folder(folder)
    file = fetched(site.address + "/m.m3u8")
    extract_audio(file, tmp_path / "a.flac", nothing, 24)
    heard = samples(tmp_path / "a.flac")
    assert loudness(heard, 4.0, 4.85) < 50 < 1000 < loudness(heard, 5.15, 5.85)
    assert brightness(file, 4.8) < 60 and brightness(file, 5.3) > 200
