"""Servers and streams that misbehave."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from catalogue import RecordingKind
from tests.pipeline.gallery.case import Case, Ends, address, stream
from tests.pipeline.gallery.world import Asked, World

PAGE = RecordingKind.PAGE
LIVE = "#EXTM3U\n#EXT-X-TARGETDURATION:6\n"


def at(path: str, answer: Callable[[World, Asked], None]) -> Callable[[World], str]:
    return lambda world: world.serve(path, partial(answer, world))


def status(code: int) -> Callable[[World], str]:
    return at(f"/{code}.mp4", lambda _, asked: asked.say(code))


def leads_to(path: str, target: str) -> Callable[[World], str]:
    return at(path, lambda world, asked: asked.say(302, Location=target.format(world.address)))


def sized(world: World, name: str, share: float) -> str:
    """The sound with a length that is a share of its own."""
    data = Path(world.sound).read_bytes()
    told = str(int(len(data) * share))
    return world.serve(name, lambda asked: asked.say(200, data, "audio/mpeg", Content_Length=told))


def once_sound(path: str, then: Callable[[World, Asked], None]) -> Callable[[World], str]:
    """An address that looks like a recording when it is added."""

    def make(world: World) -> str:
        def answer(asked: Asked) -> None:
            if asked.headers.get("Range") == "bytes=0-4095":
                asked.say(206, Path(world.sound).read_bytes()[:4096], "audio/mpeg")
            else:
                then(world, asked)

        return world.serve(path, answer)

    return make


def endless(world: World, asked: Asked) -> None:
    asked.say(200, type="audio/mpeg", Content_Length="")
    for _ in range(200):
        asked.wfile.write(bytes(1 << 20))


def drip(world: World, asked: Asked) -> None:
    asked.say(200, type="audio/mpeg", Content_Length="9999999")
    while not world.over.wait(0.1):
        asked.wfile.write(b"x")


def silent(world: World, asked: Asked) -> None:
    world.over.wait(3)


def no_http(_: World, asked: Asked) -> None:
    asked.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n" * 9)


def cut(world: World, asked: Asked) -> None:
    data = Path(world.sound).read_bytes()
    asked.say(200, data[: len(data) // 2], "audio/mpeg", Content_Length=str(len(data)))


def packed(world: World) -> str:
    bomb = gzip.compress(bytes(100_000_000), 1)
    return once_sound(
        "/pakket.mp3", lambda _, asked: asked.say(200, bomb, "audio/mpeg", Content_Encoding="gzip")
    )(world)


def page(world: World, path: str, text: str) -> str:
    return world.serve(path, f"<!doctype html><html><body>{text}</body></html>".encode(), "text/html")


def tls(world: World) -> str:
    return world.address.replace("http:", "https:") + "/optagelse.mp4"


# Streams ----------------------------------------------------------------------------------------------


def listed(path: str, text: str) -> Callable[[World], str]:
    return lambda world: world.serve(path, (LIVE + text.format(world.address)).encode())


def changed(folder: str, change: Callable[[Path], object], *options: str) -> Callable[[World], str]:
    """A good stream, served after something was done to its folder."""

    def make(world: World) -> str:
        made = world.stream(folder, *options)
        change(made)
        return world.serve_folder(made)

    return make


def rewrite(old: str, new: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        file = folder / "a.m3u8"
        text, count = re.subn(old, new, file.read_text())
        assert count, old
        file.write_text(text)

    return change


def no_more(*names: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return change


def encrypted(folder: str, key: bytes | None) -> Callable[[World], str]:
    def make(world: World) -> str:
        world.file("noegle", bytes(range(16)))
        info = world.file("noegle.info", f"noegle\n{world.folder}/noegle\n")
        made = world.stream(folder, "-hls_key_info_file", info)
        if key is not None:
            (made / "noegle").write_bytes(key)
        return world.serve_folder(made)

    return make


def never_ending_list(world: World, asked: Asked) -> None:
    asked.say(200, LIVE.encode(), "application/vnd.apple.mpegurl", Content_Length="")
    row = b"#EXTINF:6,\nsegment.ts\n" * 10_000
    for _ in range(1000):
        asked.wfile.write(row)


def segment(text: str = "a.ts", duration: str = "6") -> str:
    return f"#EXTINF:{duration},\n{text}\n#EXT-X-ENDLIST\n"


CASES = (
    Case("404", "the address is not there", address(status(404)), Ends.FAILED),
    Case("403", "the address is not for everybody", address(status(403)), Ends.FAILED),
    Case("410", "the recording has been taken away", address(status(410)), Ends.FAILED),
    Case("500", "the server fails each time", address(status(500)), Ends.FAILED),
    Case("unknown host", "a name that does not exist",
         address(lambda _: "http://findes-ikke.invalid/moede.mp4"), Ends.FAILED),
    Case("TLS with a server that has none", "https at an http server", address(tls), Ends.FAILED),
    Case("no HTTP", "a server that speaks another language", address(at("/ssh.mp4", no_http)), Ends.FAILED),
    Case("silent server", "it takes the question and never answers", address(at("/tavs.mp4", silent)), Ends.FAILED, slow=True),
    Case("dripping server", "a byte now and then, for ever", address(once_sound("/drypper.mp3", drip)), Ends.FAILED, slow=True),
    Case("redirect loop", "an address that leads to itself", address(leads_to("/rundt.mp4", "{}/rundt.mp4")), Ends.FAILED),
    Case("redirect to a private address", "an address that leads to 10.0.0.1",
         address(leads_to("/ind.mp4", "http://10.0.0.1/moede.mp4")), Ends.FAILED),
    Case("redirect to a file", "an address that leads to `file:///etc/passwd`",
         address(leads_to("/fil.mp4", "file:///etc/passwd")), Ends.FAILED),
    Case("private address", "a recording at 192.168.0.1", address(lambda _: "http://192.168.0.1/moede.mp4"), Ends.FAILED),
    Case("larger than allowed", "the server announces 99 GB", address(once_sound(
        "/stor.mp3", lambda _, asked: asked.say(200, b"", "audio/mpeg", Content_Length=str(99 << 30)))), Ends.FAILED),
    Case("endless recording", "bytes without an announced length", address(once_sound("/uendelig.mp3", endless)), Ends.FAILED, slow=True),
    Case("length too long", "twice the bytes are announced", address(lambda w: sized(w, "/lang.mp3", 2)), Ends.FAILED),
    Case("length too short", "half of the bytes are announced", address(lambda w: sized(w, "/kort.mp3", 0.5)), Ends.REVIEW),
    Case("always cut", "half of it comes, each time", address(at("/afbryder.mp3", cut)), Ends.FAILED),
    Case("gzip bomb as recording", "100 kB that unpack to 100 MB", address(packed), Ends.FAILED, slow=True),
    Case("error page with status 200", "an HTML page that says it is a video", address(once_sound(
        "/ok.mp4", lambda _, asked: asked.say(200, b"<!doctype html>Siden findes ikke", "video/mp4"))), Ends.FAILED),
    Case("login page", "the recording's page asks for a password", address(
        lambda w: page(w, "/login", '<form>Log ind <input type="password"></form>'), PAGE), Ends.FAILED),
    Case("page with two recordings", "a page with two players", address(
        lambda w: page(w, "/to", f'<video src="{w.address}/1.mp4"></video><video src="{w.address}/2.mp4"></video>'), PAGE), Ends.FAILED),
    Case("missing segments", "two of six segments are gone", stream(changed("huller", no_more("a1.ts", "a3.ts"))), Ends.FAILED),
    Case("segments that are error pages", "HTML in place of all segments", stream(changed(
        "sider", lambda f: [s.write_bytes(b"<html>502</html>") for s in f.glob("*.ts")])), Ends.FAILED),
    Case("empty segments", "segments of no bytes", stream(changed(
        "tomme", lambda f: [s.write_bytes(b"") for s in f.glob("*.ts")])), Ends.FAILED),
    Case("segment in a file", "a segment at `file:///etc/passwd`", stream(listed("/fil.m3u8", segment("file:///etc/passwd"))), Ends.FAILED),
    Case("segment at a private address", "a segment at 10.0.0.1", stream(listed("/privat.m3u8", segment("http://10.0.0.1/a.ts"))), Ends.FAILED),
    Case("master without variants", "a master playlist that names nothing",
         stream(listed("/master.m3u8", "#EXT-X-STREAM-INF:BANDWIDTH=1\n")), Ends.FAILED),
    Case("master of itself", "a master playlist whose only variant is itself",
         stream(listed("/selv.m3u8", "#EXT-X-STREAM-INF:BANDWIDTH=1\nselv.m3u8\n")), Ends.FAILED),
    Case("playlist of itself", "a playlist whose only segment is itself", stream(listed("/sig.m3u8", segment("sig.m3u8"))), Ends.FAILED),
    Case("playlist without segments", "a playlist that ends at once", stream(listed("/tom.m3u8", "#EXT-X-ENDLIST\n")), Ends.FAILED),
    Case("playlist with impossible times", "a segment of `nan` seconds", stream(listed("/nan.m3u8", segment(duration="nan"))), Ends.FAILED),
    Case("gigantic playlist", "60,000 segments", stream(
        lambda w: w.serve("/kaempe.m3u8", (LIVE + "#EXTINF:6,\na.ts\n" * 60_000 + "#EXT-X-ENDLIST\n").encode())), Ends.FAILED),
    Case("playlist of a million lines", "more lines than any recording needs", stream(
        lambda w: w.serve("/linjer.m3u8", (LIVE + "#EXTINF:6,\na.ts\n" * 500_000).encode())), Ends.FAILED, slow=True),
    Case("endless playlist", "a playlist that goes on for ever", stream(at("/uendelig.m3u8", never_ending_list)), Ends.FAILED),
    Case("still live", "a playlist that does not say that it ended", stream(changed("direkte", rewrite("#EXT-X-ENDLIST", ""))), Ends.WAITS),
    Case("key that is gone", "AES-128 whose key answers 404", stream(encrypted("uden-noegle", None)), Ends.FAILED),
    Case("wrong key", "AES-128 with another key", stream(encrypted("forkert-noegle", bytes(16))), Ends.FAILED),
    Case("key of a wrong length", "AES-128 with a key of 5 bytes", stream(encrypted("kort-noegle", b"12345")), Ends.FAILED),
    Case("protected stream", "SAMPLE-AES", stream(listed(
        "/drm.m3u8", '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://noegle"\n' + segment())), Ends.FAILED),
    Case("stream much shorter than announced", "two of six segments hold next to nothing", stream(changed(
        "kort", lambda f: [(f / n).write_bytes((f / n).read_bytes()[:188]) for n in ("a4.ts", "a5.ts")])), Ends.REVIEW),
)  # fmt: skip
