"""Recordings that are broken, odd, or none."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

from tests.pipeline.gallery.case import Case, Ends, recording
from tests.pipeline.gallery.world import H264, PICTURE, TONE, World

CRYPT = (
    "-encryption_scheme",
    "cenc-aes-ctr",
    "-encryption_key",
    "0" * 31 + "1",
    "-encryption_kid",
    "0" * 31 + "2",
)


def half(world: World, name: str, *how: str) -> str:
    whole = Path(world.made(f"hel-{name}", "-i", world.good, "-c", "copy", *how)).read_bytes()
    return world.file(name, whole[: len(whole) // 2])


def patched(world: World, name: str, old: bytes, new: bytes) -> str:
    """The good recording with one word of its table of contents changed."""
    return world.file(name, Path(world.good).read_bytes().replace(old, new))


def wav(rate: int, seconds: float, channels: int = 1) -> bytes:
    data = bytes(2 * channels * int(max(rate, 8000) * seconds))
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, 2 * channels * rate, 2 * channels, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + len(data))
        + b"WAVE"
        + head
        + b"data"
        + struct.pack("<I", len(data))
        + data
    )


def lying(world: World, name: str, seconds: int) -> str:
    """A FLAC file whose header announces that many seconds, with 12 in it."""
    data = bytearray(Path(world.made(f"sand-{name}", *TONE, "-ar", "16000")).read_bytes())
    samples = 16_000 * seconds
    data[21] = data[21] & 0xF0 | samples >> 32
    data[22:26] = struct.pack(">I", samples & 0xFFFF_FFFF)
    return world.file(name, bytes(data))


def corrupted(world: World, name: str) -> str:
    data = bytearray(Path(world.made(f"hel-{name}", "-i", world.good, "-c", "copy")).read_bytes())
    middle = len(data) // 2
    data[middle : middle + len(data) // 10] = bytes(n * 37 % 256 for n in range(len(data) // 10))
    return world.file(name, bytes(data))


def begins_anew(world: World) -> str:
    once = Path(world.made("en.ts", "-i", world.good, "-c", "copy")).read_bytes()
    return world.file("forfra.ts", once * 2)


def zipped(world: World) -> str:
    path = world.folder / "optagelse.zip.mp4"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("moede.mp4", bytes(1_000_000))
    return str(path)


def many_tracks(world: World) -> str:
    return world.made("mange.mka", *TONE, *["-map", "0:a"] * 70, "-c:a", "pcm_u8", "-ar", "8000", "-t", "1")


def twenty_hours(world: World) -> str:
    silence = ("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "3600")
    hour = world.made("time.opus", *silence, "-c:a", "libopus", "-b:a", "6k", "-frame_duration", "60")
    return world.made("doegn.opus", "-stream_loop", "19", "-i", hour, "-c", "copy")


CASES = (
    Case("mp4 without its table of contents", "the first half of an mp4 whose `moov` is at its end",
         recording(lambda w: half(w, "afbrudt.mp4")), Ends.FAILED),
    Case("mp4 cut in the middle", "the first half of an mp4 whose `moov` is at its beginning",
         recording(lambda w: half(w, "halv.mp4", "-movflags", "+faststart")), Ends.REVIEW),
    Case("mkv cut in the middle", "the first half of an mkv", recording(lambda w: half(w, "halv.mkv")), Ends.REVIEW, slow=True),
    Case("ts cut in the middle", "the first half of a transport stream, which announces nothing",
         recording(lambda w: half(w, "halv.ts")), Ends.FINE),
    Case("empty file", "no bytes", recording(lambda w: w.file("tom.mp4")), Ends.FAILED),
    Case("text named .mp4", "a line of text", recording(lambda w: w.file("tekst.mp4", "Referat følger.\n" * 99)), Ends.FAILED),
    Case("error page named .mp4", "a web server's error page", recording(
        lambda w: w.file("fejl.mp4", "<!doctype html><title>502 Bad Gateway</title>")), Ends.FAILED),
    Case("PDF named .mp4", "the beginning of a PDF", recording(lambda w: w.file("pdf.mp4", b"%PDF-1.7\n" + bytes(500))), Ends.FAILED),
    Case("zip named .mp4", "a zip archive with a recording in it", recording(zipped), Ends.FAILED),
    Case("random bytes", "100 kB of noise", recording(
        lambda w: w.file("stoej.mp4", bytes(n * n * 31 % 251 for n in range(100_000)))), Ends.FAILED),
    Case("sound under a wrong name", "an mp4 whose sound is said to be `zzzz`",
         recording(lambda w: patched(w, "ukendt-lyd.mp4", b"mp4a", b"zzzz")), Ends.FINE, slow=True),
    Case("picture of an unknown kind", "an mp4 whose picture is said to be `zzzz`",
         recording(lambda w: patched(w, "ukendt-billede.mp4", b"avc1", b"zzzz")), Ends.FINE),
    Case("encrypted recording", "an mp4 with Common Encryption and no key", recording(
        lambda w: w.made("krypteret.mp4", "-i", w.good, "-c", "copy", *CRYPT)), Ends.FAILED),
    Case("no sound", "a picture alone", recording(lambda w: w.made("stum.mp4", *PICTURE, *H264)), Ends.FAILED),
    Case("no picture", "sound alone", recording(lambda w: w.sound), Ends.FINE),
    Case("cover in place of a picture", "an mp3 with a cover", recording(lambda w: w.made(
        "omslag.mp3", *TONE, *PICTURE, "-map", "0:a", "-map", "1:v", "-frames:v", "1", "-c:v", "png",
        "-disposition:v", "attached_pic")), Ends.FINE, slow=True),
    Case("variable frame rate", "an mp4 with frames left out at random", recording(lambda w: w.made(
        "ujaevn.mp4", *TONE, *PICTURE, "-vf", "select='gt(random(1),0.5)'", "-fps_mode", "vfr", *H264)), Ends.FINE),
    Case("12 channels", "a wav of twelve channels", recording(lambda w: w.file("tolv.wav", wav(8000, 12, 12))), Ends.FINE),
    Case("odd sample rate", "a wav of 11,027 Hz", recording(lambda w: w.made("skaev.wav", *TONE, "-ar", "11027")), Ends.FINE, slow=True),
    Case("very high sample rate", "a wav of 192 kHz", recording(lambda w: w.made("hoej.wav", *TONE, "-ar", "192000")), Ends.FINE, slow=True),
    Case("0 Hz", "a wav whose header says 0 Hz", recording(lambda w: w.file("nul.wav", wav(0, 2))), Ends.FAILED),
    Case("0 seconds", "a wav with a header and no sound", recording(lambda w: w.file("intet.wav", wav(16_000, 0))), Ends.FAILED),
    Case("sound that begins late", "a picture whose sound comes after 5 s", recording(lambda w: w.made(
        "sent.mkv", *PICTURE, "-itsoffset", "5", *TONE, *H264, "-c:a", "aac")), Ends.FINE, slow=True),
    Case("times below zero", "an mkv that begins 5 s before zero", recording(lambda w: w.made(
        "negativ.ts", "-i", w.good, "-c", "copy", "-output_ts_offset", "-5")), Ends.FINE, slow=True),
    Case("times that begin anew", "a transport stream behind itself", recording(begins_anew), Ends.FINE, slow=True),
    Case("corrupted in the middle (mp4)", "a tenth of the bytes overwritten",
         recording(lambda w: corrupted(w, "oedelagt.mp4")), Ends.FINE, slow=True),
    Case("corrupted in the middle (ts)", "a tenth of the bytes overwritten",
         recording(lambda w: corrupted(w, "oedelagt.ts")), Ends.FINE, slow=True),
    Case("picture as recording", "a png", recording(lambda w: w.made("billede.png", *PICTURE, "-frames:v", "1")), Ends.FAILED),
    Case("70 sound tracks", "an mka of 70 tracks", recording(many_tracks), Ends.FAILED),
    Case("picture of odd size", "an mkv of 17 × 17 points", recording(lambda w: w.made(
        "lille.mkv", *TONE, *PICTURE, "-vf", "scale=17:17", "-c:v", "ffv1", "-c:a", "pcm_s16le")), Ends.FINE, slow=True),
    Case("header that announces too much", "a flac that says 2 hours and holds 12 s",
         recording(lambda w: lying(w, "to-timer.flac", 7200)), Ends.REVIEW),
    Case("longer than allowed", "a flac that says 30 hours", recording(lambda w: lying(w, "lang.flac", 108_000)), Ends.FAILED),
    Case("playlist in a file", "a local m3u8 that names `/etc/passwd`", recording(lambda w: w.file(
        "liste.m3u8", "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")), Ends.FAILED),
    Case("script for ffmpeg", "a concat script that names `/etc/passwd`", recording(lambda w: w.file(
        "script.mp4", "ffconcat version 1.0\nfile /etc/passwd\n")), Ends.FAILED),
    Case("20 hours of silence", "an opus file without a sound", recording(twenty_hours), Ends.FINE, slow=True),
)  # fmt: skip
