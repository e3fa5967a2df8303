"""A whole run and two nights with failures, asked for every detail: nothing that opens something is told anywhere, and
nothing that is withheld."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler

from sqlalchemy import create_engine, text

from catalogue import Edit, EditKind, RecordingKind, Settings
from pipeline.add import Registration, add_meeting
from pipeline.archive import open_archive
from tests.pipeline.conftest import Material, Said, Talerstol
from tests.pipeline.night.mail_server import mail_server
from tests.pipeline.sources import listening

TOKEN, PASSWORD, SMTP, METRICS = "tok-4711", "pa55word", "post-0815", "maal-1234"
CLOSED = ("Granvænget", "fire millioner")  # the title of a closed item, and what was said under it
REDACTED = "folkeskolen"
WITHHELD = (*CLOSED, REDACTED)
SECRETS = (TOKEN, PASSWORD, SMTP, METRICS, *WITHHELD)


class Source(BaseHTTPRequestHandler):
    """A recording and a stream that are not for everybody any more, once they are registered."""

    open = True
    segments = (f"/0.ts?sig={TOKEN}", f"http://anne:{PASSWORD}@127.0.0.1/1.ts?sig={TOKEN}")

    def do_GET(self) -> None:
        stream, elsewhere = "a.m3u8" in self.path, "elsewhere" in self.path and not self.open
        rows = "".join(f"#EXTINF:2.0,\n{segment}\n" for segment in self.segments)
        playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n{rows}#EXT-X-ENDLIST\n".encode()
        data = playlist if stream else b"ID3" if self.open else b""
        self.send_response(302 if elsewhere else 200 if data else 403)
        if elsewhere:
            self.send_header("Location", f"http://anne:{PASSWORD}@127.0.0.1/moede.mp3?token={TOKEN}")
        self.send_header("Content-Type", "application/vnd.apple.mpegurl" if stream else "audio/mpeg")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def fill(talerstol: Talerstol, material: Material, address: str) -> None:
    """Three meetings whose sources refuse, one with a closed item and a redaction, and one whose row is damaged."""
    host = address.removeprefix("http://")
    refused = (
        f"{address}/moede.mp3?token={TOKEN}",
        f"{address}/elsewhere.mp3?x=1;sig={TOKEN}",
        f"{address}/a.m3u8?token={TOKEN}",
        f"{address}/b/a.m3u8?token={TOKEN}",
    )
    settings = Settings(home=talerstol.home, allow_private_addresses=True)  # type: ignore[call-arg]
    with open_archive(settings) as archive:
        captions = (str(material.captions),)
        sources = [*refused, str(material.sound), "-"]
        ids = [
            add_meeting(
                archive, Registration((source,), str(material.agenda(f"2026-03-{day:02}")), captions)
            ).meeting_id
            for day, source in enumerate(sources, start=1)
        ]
        # Nobody may register such an address: one from elsewhere.
        told = archive.catalogue.meeting(ids[4])
        one = replace(told.recordings[0], id="laast-1", kind=RecordingKind.HTTP, transcript=None,
                      source=f"http://anne:{PASSWORD}@{host}/moede.mp3?token={TOKEN}")  # fmt: skip
        archive.catalogue.add_meeting(replace(told, id="laast", recordings=(one,)))
        now = datetime(2026, 3, 9, tzinfo=UTC)
        archive.catalogue.add_edit(ids[4], Edit(EditKind.REDACTION, "Karen", f"om {REDACTED}", now, 4.0, 6.0))


def damage(talerstol: Talerstol) -> None:
    """Have the database refuse the newest meeting's items, with the words that placed them in what it says."""
    engine = create_engine(f"sqlite:///{talerstol.home}/catalogue.sqlite")
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER nej BEFORE UPDATE OF segmentation ON meetings WHEN new.id LIKE '%-06' "
                "BEGIN SELECT RAISE(ABORT, 'fire millioner'); END"
            )
        )
    engine.dispose()


def ask(talerstol: Talerstol, *words: str) -> Said:
    """Called by itself, it fails where the log has something unexpected."""
    process = talerstol.start(*words)
    out, err = process.communicate(timeout=120)
    return Said(process.returncode, out, err)


def test_nothing_is_told_that_opens_something_or_is_withheld(
    another: Callable[..., Talerstol], material: Material
) -> None:
    Source.open = True
    with listening(Source) as address, mail_server() as box:
        box.password = SMTP
        settings = {
            "TALERSTOL_LOG_FORMAT": "json",
            "TALERSTOL_LOG_LEVEL": "debug",
            "TALERSTOL_SMTP_HOST": "127.0.0.1",
            "TALERSTOL_SMTP_PORT": str(box.port),
            "TALERSTOL_SMTP_SECURITY": "none",
            "TALERSTOL_SMTP_USER": "arkiv",
            "TALERSTOL_MAIL_FROM": "arkiv@tranevig.dk",
            "TALERSTOL_MAIL_TO": "anne@tranevig.dk",
            "TALERSTOL_METRICS_TOKEN": METRICS,
        }
        talerstol = another(**settings, TALERSTOL_SMTP_PASSWORD=SMTP)
        fill(talerstol, material, address)
        Source.open = False
        damage(talerstol)
        refused = another(**settings, TALERSTOL_SMTP_PASSWORD=f"{SMTP}-nej")
        said = {
            "run": ask(talerstol, "run", "--json"),
            "night": ask(talerstol, "night", "--json"),
            "night without mail": ask(refused, "night"),
            "status": ask(talerstol, "status", "--json"),
        }
    codes = {name: one.code for name, one in said.items()}
    assert codes == {"run": 1, "night": 1, "night without mail": 1, "status": 0}
    told = {name: one.out + one.err for name, one in said.items()}
    told |= {file.name: file.read_text("utf-8") for file in (talerstol.home / "reports").iterdir()}
    (letter,) = box.messages
    told["letter"] = " ".join(
        part.get_content()
        for part in message_from_bytes(letter, policy=policy.default).walk()
        if not part.is_multipart()
    )
    leaks = {(name, secret) for name, text in told.items() for secret in SECRETS if secret in text}
    assert not leaks
    for message in ("the server answers 403", "an address may not hold", "This is a fault in Talerstolen"):
        assert message in said["run"].out  # all went wrong that was to
    for line in said["run"].err.splitlines():
        assert json.loads(line)["event"]
