"""A reader who never leaves: the real web server over the same home, asked again and again while all else goes wrong.

Of a meeting it may see nothing, or what an undisturbed archive shows, before or after what staff do to it; never an
error page of a fault, never what is withheld.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.chaos.commands import free_port, running
from bench.chaos.material import SECRET, TAKEN_BACK

PAUSE = 0.15  # s between two questions
UP_WITHIN = 60.0  # s


@dataclass
class Seen:
    """What may be seen of each meeting (any of these), and what was wrong."""

    allowed: dict[str, set[str]] = field(default_factory=dict)
    taken_back: set[str] = field(default_factory=set)  # meetings whose redaction is made
    wrong: list[str] = field(default_factory=list)
    asked: int = 0
    meetings_seen: set[str] = field(default_factory=set)
    away: int = 0  # answers that the search (or the catalogue, on a full disk) is away

    def complain(self, text: str) -> None:
        if len(self.wrong) < 50:
            self.wrong.append(text[:600])


class Reader:
    """Asks one server, over a connection of its own each time."""

    def __init__(self, port: int, seen: Seen) -> None:
        self.port, self.seen = port, seen

    def ask(self, path: str, **headers: str) -> tuple[int, bytes, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def page(self, path: str) -> bytes:
        status, body, _ = self.ask(path)
        self.seen.asked += 1
        if status == 503:
            self.seen.away += 1
        elif status >= 500:
            self.seen.complain(f"{path}: {status} {body[:200]!r}")
        if SECRET.encode() in body and "q=" not in path:  # what is asked for is repeated
            self.seen.complain(f"{path}: shows what was said behind closed doors")
        return body if status == 200 else b""

    def meeting(self, meeting_id: str) -> None:
        """One meeting, as data and as a page, and the files that belong to it."""
        taken_back = meeting_id in self.seen.taken_back
        data = self.page(f"/api/v1/meetings/{meeting_id}")
        if not data:
            return
        text = self.page(f"/api/v1/meetings/{meeting_id}/transcript?format=json")
        page = self.page(f"/moeder/{meeting_id}")
        if taken_back and (TAKEN_BACK.encode() in text or TAKEN_BACK.encode() in page):
            self.seen.complain(f"{meeting_id}: shows what was taken back")
        if text:
            self.seen.meetings_seen.add(meeting_id)
            shown = whole(json.loads(data), json.loads(text))
            if self.seen.allowed and shown not in self.seen.allowed[meeting_id]:
                self.seen.complain(f"{meeting_id}: half done: {shown[:500]}")
        for recording in json.loads(data)["recordings"]:
            if recording["media"]:
                path = (
                    "/" + recording["media"].split("/", 3)[-1]
                    if "://" in recording["media"]
                    else recording["media"]
                )
                self.media(path)

    def media(self, path: str) -> None:
        status, body, headers = self.ask(path, range="bytes=0-1023")
        self.seen.asked += 1
        # 404: withdrawn or made anew between our two questions.
        if status not in (206, 404, 503) or (status == 206 and (len(body) != 1024)):
            self.seen.complain(f"{path}: {status} {len(body)} bytes {headers.get('content-range')}")

    def look_around(self, chance: random.Random) -> None:
        listed = self.page("/api/v1/meetings?per_page=100")
        ids = [one["id"] for one in json.loads(listed)["meetings"]] if listed else []
        for one in chance.sample(ids, min(3, len(ids))):
            self.meeting(one)
        self.page(chance.choice(["/", "/moeder", "/sundhed", "/moeder.atom", "/api/v1/suggest?q=cyk"]))
        query = chance.choice(["cykelsti", "dagsorden", "fire millioner", "12345678", "børnene -vindmøller"])
        back = set(self.seen.taken_back)
        found = self.page(f"/api/v1/search?q={quote(query)}&per_page=100")
        for hit in json.loads(found)["hits"] if found else ():
            if SECRET in hit["text"]:
                self.seen.complain(f"search for {query}: shows what was said behind closed doors")
            if hit["meeting"]["id"] in back and TAKEN_BACK in hit["text"]:
                self.seen.complain(f"search for {query}: shows what was taken back")


def without_media(shown: str) -> str:
    """The same while the files are made anew without what was taken back: the text is there, the recording waits."""
    items, recordings, said = json.loads(shown)
    return json.dumps([items, [(seconds, False) for seconds, _ in recordings], said], ensure_ascii=False)


def whole(meeting: dict[str, Any], transcript: dict[str, Any]) -> str:
    """What a reader knows of a meeting, as text: its items with their times, its recordings, its sentences."""
    items = [(i["number"], i["title"], i["start"], i["end"], i["status"]) for i in meeting["items"]]
    recordings = [(r["duration"], bool(r["media"])) for r in meeting["recordings"]]
    said = [(s["start"], s["end"], s["text"]) for s in transcript["segments"]]
    return json.dumps([items, recordings, said], ensure_ascii=False)


def all_of(home: Path) -> dict[str, str]:
    """What may be seen of every meeting of an archive, as its server shows it."""
    with _server(home) as port:
        reader = Reader(port, Seen())
        listed = json.loads(reader.page("/api/v1/meetings?per_page=100"))["meetings"]
        shown = {}
        for one in listed:
            text = reader.page(f"/api/v1/meetings/{one['id']}/transcript?format=json")
            shown[one["id"]] = whole(
                json.loads(reader.page(f"/api/v1/meetings/{one['id']}")), json.loads(text)
            )
        assert not reader.seen.wrong, reader.seen.wrong
        return shown


@contextmanager
def watching(home: Path, seen: Seen, seed: int) -> Iterator[None]:
    """A server over this home and its reader, for as long as the block lasts."""
    stop = threading.Event()
    with _server(home) as port:
        reader = Reader(port, seen)

        def read() -> None:
            chance = random.Random(seed)
            while not stop.wait(PAUSE):
                try:
                    reader.look_around(chance)
                except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
                    if not stop.is_set():
                        seen.complain(f"the server gave no answer: {error!r}")

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(60)


@contextmanager
def _server(home: Path) -> Iterator[int]:
    port = free_port()
    with running(home, "serve", "--port", str(port)) as server:
        until = time.monotonic() + UP_WITHIN
        while True:
            try:
                if Reader(port, Seen()).ask("/sundhed")[0]:
                    break
            except OSError:
                if time.monotonic() > until or server.process.poll() is not None:
                    raise RuntimeError(f"the server does not start: {server.complaints}") from None
                time.sleep(0.1)
        yield port
        if server.process.poll() is not None:
            raise RuntimeError(f"the server ended by itself: {server.complaints}")
