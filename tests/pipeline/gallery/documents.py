"""Captions and agendas that are broken, odd, or none."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from tests.pipeline.conftest import AGENDA, CAPTIONS
from tests.pipeline.gallery.case import Case, Ends, Given, agenda, captions
from tests.pipeline.gallery.world import World

ENTITIES = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">{}]><{}>&z;</{}>'
BOMB = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">'
    for before, name in zip("abcdefghijy", "bcdefghijyz", strict=True)
)


def written(name: str, text: str | bytes) -> Callable[[World], str]:
    return lambda world: world.file(name, text)


def whisper(name: str, *rows: tuple[Any, Any, str]) -> Callable[[World], str]:
    """Whisper's JSON, with numbers as Python writes them: also `NaN`."""
    segments = [{"start": start, "end": end, "text": text} for start, end, text in rows]
    return written(name, json.dumps({"segments": segments}))


def vtt(name: str, *cues: str) -> Callable[[World], str]:
    return written(name, "WEBVTT\n\n" + "\n\n".join(cues) + "\n")


def docx(world: World, name: str, size: int) -> str:
    """A Word document whose one part unpacks to that many bytes."""
    path = world.folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(size))
    return str(path)


def items(name: str, rows: Sequence[Any], **facts: str) -> Callable[[World], str]:
    return written(name, json.dumps({"items": rows, **facts}))


def packed(path: str) -> Callable[[World], str]:
    """An address whose small answer unpacks to 60 MB."""

    def make(world: World) -> str:
        data = gzip.compress(b"WEBVTT\n\n" + b" " * 60_000_000, 9)
        return world.serve(path, lambda asked: asked.say(200, data, "text/vtt", Content_Encoding="gzip"))

    return make


def pdf(name: str, encrypted: bool = False, drawn: bool = False) -> Callable[[World], str]:
    """A PDF of one page: without text, or locked with a password."""
    stream = b"0 0 m 100 100 l S" if drawn else b"BT /F 12 Tf 50 700 Td (Punkt 1) Tj ET"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Filter/Standard/V 1/R 2/O(%s)/U(%s)/P -44>>" % (b"o" * 32, b"u" * 32),
    ]
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, part in enumerate(parts, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj%s endobj\n" % (number, part))
    table = out.tell()
    out.write(b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places))
    lock = b"/Encrypt 6 0 R/ID[(a)(a)]" if encrypted else b""
    out.write(b"trailer<</Size 7/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (lock, table))
    return written(name, out.getvalue())


def other_day(world: World) -> Given:
    made = json.dumps({"items": AGENDA["items"], "title": "Møde", "date": "9999-12-31"})
    return Given(world.sound, agenda=world.file("aar-9999.json", made), transcript=world.captions)


def titled(title: str) -> Callable[[World], Given]:
    return lambda world: Given(
        world.sound, agenda=world.agenda, transcript=world.captions, title=title, day=date(2026, 3, 4)
    )


def long_captions(world: World) -> str:
    return world.file("laengere.vtt", CAPTIONS + "\n01:30:00.000 --> 01:30:05.000\nMødet er hævet.\n")


CUE = "00:00:0{}.000 --> 00:00:0{}.000\n{}"
CASES = (
    Case("captions out of order", "cues from the last to the first", captions(vtt(
        "baglaens.vtt", *[CUE.format(n, n + 1, f"Sætning {n} om cykelstien.") for n in range(8, 0, -1)])), Ends.REVIEW),
    Case("captions over each other", "cues that last until the end of all", captions(vtt(
        "oveni.vtt", *[f"00:00:0{n}.000 --> 00:00:10.000\nPunkt {n}, ny cykelsti." for n in range(1, 8)])), Ends.REVIEW, slow=True),
    Case("captions before zero", "Whisper JSON with times below zero", captions(whisper(
        "minus.json", (-9.0, -5.0, "Før mødet."), (1.0, 3.0, "Punkt 1, godkendelse af dagsorden."))), Ends.REVIEW),
    Case("captions with NaN and 1e308", "Whisper JSON whose times are none", captions(whisper(
        "nan.json", (float("nan"), 2.0, "Nej."), (1e308, 1e308, "Nej."), (float("inf"), 3, "Nej."))), Ends.REFUSED),
    Case("captions that end before they begin", "SRT whose times run backwards", captions(written(
        "omvendt.srt", "1\n00:00:09,000 --> 00:00:02,000\nNej.\n")), Ends.REFUSED),
    Case("captions in another language", "German", captions(vtt(
        "tysk.vtt", CUE.format(1, 3, "Wir kommen zum ersten Tagesordnungspunkt."))), Ends.REVIEW, slow=True),
    Case("empty captions", "no bytes", captions(written("tom.vtt", "")), Ends.REFUSED),
    Case("captions without words", "cues of blanks", captions(vtt("blank.vtt", CUE.format(1, 2, "  "))), Ends.REFUSED),
    Case("captions of one line of 100 MB", "a line without an end", captions(
        lambda w: w.file("linje.vtt", b"WEBVTT " + b"x" * 100_000_000)), Ends.REFUSED, slow=True),
    Case("captions of one line of 30 MB", "one cue", captions(
        lambda w: w.file("cue.vtt", CAPTIONS.encode() + b"\n00:00:10.000 --> 00:00:11.000\n" + b"ja " * 10_000_000)), Ends.FINE, slow=True),
    Case("captions in Latin-1", "WebVTT in ISO 8859-1", captions(lambda w: w.file("latin.vtt", CAPTIONS.encode("latin-1"))), Ends.FINE),
    Case("captions in UTF-16", "WebVTT in UTF-16", captions(lambda w: w.file("utf16.vtt", CAPTIONS.encode("utf-16"))), Ends.FINE, slow=True),
    Case("captions with NUL bytes", "WebVTT with a NUL behind each word", captions(
        lambda w: w.file("nul.vtt", CAPTIONS.replace("Strandvejen", "Strandvejen\0"))), Ends.FINE, slow=True),
    Case("captions that are a Word document", "a docx that unpacks to 200 MB",
         captions(lambda w: docx(w, "referat.docx", 200_000_000)), Ends.REFUSED),
    Case("captions that are a web page", "HTML", captions(written("side.vtt", "<!doctype html><p>Log ind</p>")), Ends.REFUSED),
    Case("captions that unpack to 60 MB", "a gzip bomb at an address", captions(packed("/bombe.vtt")), Ends.REFUSED, slow=True),
    Case("captions with an XML bomb", "TTML with entities of entities",
         captions(written("bombe.ttml", ENTITIES.format(BOMB, "tt", "tt"))), Ends.REFUSED),
    Case("captions nested without end", "JSON of 100,000 brackets", captions(written("dyb.json", "[" * 100_000)), Ends.REFUSED),
    Case("captions with 250,000 cues", "more than 20 hours have words", captions(vtt(
        "mange.vtt", *[f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}.000 --> 99:00:00.000\nja" for n in range(250_000)])), Ends.REFUSED, slow=True),
    Case("captions at 999 hours", "SRT whose hours are no meeting's", captions(written(
        "sent.srt", "1\n999:00:00,000 --> 999:00:02,000\nNej.\n")), Ends.REVIEW),
    Case("captions longer than the recording", "a cue an hour and a half after the end", captions(long_captions), Ends.REVIEW),
    Case("captions with scripts", "cues of HTML and control characters", captions(vtt(
        "script.vtt", CUE.format(1, 2, "<script>alert(1)</script><b>Punkt 1"), CUE.format(3, 4, "\x1b[31mrød\u202eom\x07"))), Ends.REVIEW),
    Case("agenda of another meeting", "items that nobody spoke of", agenda(items(
        "andet.json", [{"number": str(n), "title": f"Lokalplan {n}00 for Havnekvarteret"} for n in range(1, 5)])), Ends.REVIEW),
    Case("agenda without items", "an empty list", agenda(items("ingen.json", [])), Ends.REFUSED),
    Case("empty agenda", "no bytes", agenda(written("tom.json", "")), Ends.REFUSED),
    Case("agenda of 5,000 items", "more than a year has", agenda(items(
        "stor.json", [{"number": str(n), "title": f"Sag {n} om vej {n}"} for n in range(5_000)])), Ends.REFUSED),
    Case("agenda with the same number twice", "three items with number 2", agenda(items(
        "dublet.json", [*AGENDA["items"][:2], *[{"number": "2", "title": f"Tillæg {n}"} for n in "ab"]])), Ends.REVIEW, slow=True),
    Case("agenda that is a login page", "HTML with a password field", agenda(written(
        "login.html", "<!doctype html><html><body><h1>Log ind</h1><form><input type=password></form></body></html>")), Ends.REFUSED),
    Case("agenda that is gone", "an address that answers 404", agenda(lambda w: f"{w.address}/dagsorden.json"), Ends.REFUSED),
    Case("agenda in a locked PDF", "a PDF with a password", agenda(pdf("laast.pdf", encrypted=True)), Ends.REFUSED),
    Case("agenda in a PDF without text", "a scanned page", agenda(pdf("scannet.pdf", drawn=True)), Ends.REFUSED),
    Case("agenda in half a PDF", "the beginning of a PDF", agenda(written("halv.pdf", b"%PDF-1.7\n1 0 obj<</Type/Cat")), Ends.REFUSED),
    Case("agenda with an XML bomb", "entities of entities", agenda(written("bombe.xml", ENTITIES.format(BOMB, "agenda", "agenda"))), Ends.REFUSED),
    Case("agenda that reads a file", "an XML entity of `/etc/passwd`", agenda(written(
        "fil.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY z SYSTEM "file:///etc/passwd">]><a>&z;</a>')), Ends.REFUSED),
    Case("agenda in a Word document", "a docx that unpacks to 200 MB",
         agenda(lambda w: docx(w, "dagsorden.docx", 200_000_000)), Ends.REFUSED),
    Case("agenda nested without end", "JSON of 100,000 brackets", agenda(written("dyb-dagsorden.json", '{"items":' * 100_000)), Ends.REFUSED),
    Case("agenda with a title of 5 MB", "one item", agenda(items("titel.json", [{"title": "punkt " * 900_000}])), Ends.FINE, slow=True),
    Case("meeting in the year 9999", "an agenda that says so", other_day, Ends.FINE),
    Case("title with control characters", "escape, bell, a line's end and a turned direction",
         titled("Byråd\x1b[31m\x07\n\u202etsrof 🏛️"), Ends.FINE),
    Case("title of nothing but emoji", "no letter to make an id of", titled("🏛️🗳️"), Ends.FINE, slow=True),
)  # fmt: skip
