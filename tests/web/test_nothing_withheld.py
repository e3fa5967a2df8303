"""No route, file type, format or parameter gives away what is closed, redacted, corrected away or not public.

Every address of `tests/web/asked.py` is asked, once with the archive as it is, and once more after something was withheld
while everything that may be remembered is remembered.
"""

from __future__ import annotations

import gzip
import html
import io
import json
import logging
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from catalogue import EditKind
from tests.web.asked import Asked, all_routes, everything, route_of, some
from tests.web.conftest import MAIN, SECRETS, TEXT_ONLY, Built, edit

#: Beside the planted words: who made an edit, and where things lie on this machine.
NEVER = (*SECRETS, "kirsten", "/srv/models")
#: Routes without a good answer in the archive of the tests.
NOT_ANSWERED = frozenset(
    {
        "/moeder/{meeting_id}/klip/{name}",
        "/moeder/{meeting_id}/lyd/{ordinal}",
        "/moeder/{meeting_id}/lyd/{ordinal}.m4a",
        "/was",
        "/drift/rapport/{day}",  # the reports of the nights are written by a run
        "/data/{name}",  # tests/web/open_data makes a dump, and looks for what is withheld in it
        "/sitemap-{number:int}.xml",  # where the archive's address is set
    }
)
GOOD = range(200, 400)
HERE = ("127.0.0.1", 50_000)  # who may read the metrics


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    said: str
    tag: str


def ask(client: TestClient, asked: Asked, known: str = "") -> Answer:
    headers = {"if-none-match": known} if known else {}
    answer = client.request(
        asked.method,
        asked.path,
        headers=headers,
        data=dict(asked.form) if asked.form else None,
        follow_redirects=False,
    )
    return Answer(answer.status_code, said_in(answer), answer.headers.get("etag", ""))


def said_in(answer: Response) -> str:
    """All that an answer says, headers and whatever is packed in it, in lower case."""
    heads = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    texts = [heads, unquote_plus(heads), *_texts(answer.content)]
    return "\n".join(texts).lower()


def _texts(content: bytes) -> Iterator[str]:
    """The bytes as text in the ways that a text may be written; what is packed is opened."""
    if content.startswith(b"\x1f\x8b"):
        yield from _texts(gzip.decompress(content))
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield from _texts(archive.read(name))
    elif content.startswith(b"PAR1"):
        parquet = pytest.importorskip("pyarrow.parquet")
        yield str(parquet.read_table(io.BytesIO(content)).to_pylist())
    elif content.startswith(b"\x89PNG"):
        yield from (_inflated(part) for part in content.split(b"IDAT")[:1])
    else:
        text = content.decode("utf-8", "replace")
        yield text
        yield html.unescape(text)
        yield unquote_plus(text)
        for line in text.splitlines() if text[:1] in "{[" else ():
            try:
                yield json.dumps(json.loads(line), ensure_ascii=False)
            except ValueError:
                break


def _inflated(part: bytes) -> str:
    """What a picture says about itself before its points."""
    at = part.find(b"zTXt")
    try:
        return part.decode("latin-1") + (zlib.decompress(part[at:]).decode("latin-1") if at >= 0 else "")
    except zlib.error:
        return part.decode("latin-1")


def told(found: Iterable[tuple[str, object]]) -> str:
    return "\n".join(f"{what}: {where}" for where, what in found)


def test_every_route_is_asked() -> None:
    """A new route without an address in `tests/web/asked.py` fails here."""
    asked = list(everything())
    missing = []
    for route in all_routes():
        for method in (route.methods or {"GET"}) - {"HEAD", "OPTIONS"}:
            if not any(a.method == method and route_of(a.path, method, [route]) for a in asked):
                missing.append(f"{method} {route.path}")
    assert not missing, "\n".join(missing)


def test_no_secret_in_any_answer(built: Built, caplog: pytest.LogCaptureFixture) -> None:
    client = TestClient(built.app, raise_server_exceptions=False, client=HERE)
    leaked, broken, good = [], [], set()
    never = (*NEVER, str(built.settings.home).lower())
    with capture_logs() as logged, caplog.at_level(logging.DEBUG):
        for asked in everything():
            answer = ask(client, asked)
            leaked += [(str(asked), word) for word in never if word.lower() in answer.said]
            full = answer.status == 503 and asked.method == "POST"  # nobody cuts clips here
            if answer.status >= 500 and answer.status != 501 and not full:
                broken.append((str(asked), answer.status))
            if answer.status in GOOD and (route := route_of(asked.path, asked.method, all_routes())):
                good.add(route.path)
    assert not leaked, told(leaked)
    assert not broken, told(broken)
    assert {route.path for route in all_routes()} - good - NOT_ANSWERED == set()
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    logs = (str(logged) + str(ours)).lower()
    assert [word for word in NEVER if word.lower() in logs] == []
    # An address holds what somebody searched for.
    assert "cykelstien" not in logs


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_not_found_by_who_knows_it(client: TestClient, secret: str) -> None:
    """Who asks for it gets back their own word, and the same otherwise as for a word that nobody said."""
    for path in ("/api/v1/search?q={}", "/api/v1/search?q=%22{}%22", "/soeg.json?q={}", "/soeg.csv?q={}"):
        answer = client.get(path.format(secret))
        if answer.status_code == 404:
            continue
        # Its own word comes back in the query and its address; elsewhere there is nothing with it.
        hits = answer.json().get("hits", []) if "json" in answer.headers["content-type"] else []
        assert [hit for hit in hits if secret.lower() in json.dumps(hit, ensure_ascii=False).lower()] == []
    assert f"{secret[1:].lower()}" not in client.get(f"/api/v1/suggest?q={secret[:3]}").text.lower()
    for path in (f"/moeder/{MAIN}?q={secret}", f"/soeg?q={secret}&meeting={MAIN}"):
        page = client.get(path).text.lower()
        marks = [part.partition("</mark>")[0] for part in page.split("<mark>")[1:]]
        assert [mark for mark in marks if secret.lower() in mark] == []


#: Public until they are withheld, and by what.
WITHHELD_LATER = {
    "bænke": (MAIN, edit(EditKind.REDACTION, 7.0, 8.0)),
    "godkendelse af dagsorden": (MAIN, edit(EditKind.CLOSE, None, None, item="1")),
    "velkommen til mødet": (MAIN, edit(EditKind.CLOSE, None, None, item="1")),
    "museet": (TEXT_ONLY, edit(EditKind.CLOSE, None, None, item="1")),
    "søndagen": (TEXT_ONLY, edit(EditKind.CLOSE, None, None, item="1")),
}


def test_what_is_withheld_later_is_gone_from_every_answer(own: Built) -> None:
    """Also from what was made and remembered before, and from what a browser asks about again."""
    client = TestClient(own.app, raise_server_exceptions=False, client=HERE)
    asked = [a for a in some() if not any(_asks_for(a, word) for word in WITHHELD_LATER)]
    before = {str(a): ask(client, a) for a in asked}
    for word in WITHHELD_LATER:
        assert sum(word in answer.said for answer in before.values()) > 3, f"{word} was not to be seen"
    for meeting, laid in {(meeting, laid) for meeting, laid in WITHHELD_LATER.values()}:
        own.catalogue.add_edit(meeting, laid)
    leaked, kept = [], []
    for a in asked:
        fresh = ask(client, a)
        leaked += [(str(a), word) for word in WITHHELD_LATER if word in fresh.said]
        if (tag := before[str(a)].tag) and a.method == "GET":
            again = ask(client, a, tag)
            old = before[str(a)].said if again.status == 304 else again.said
            kept += [(str(a), word) for word in WITHHELD_LATER if word in old]
    assert not leaked, told(leaked)
    assert not kept, f"the browser was told that what it has is still good:\n{told(kept)}"


def _asks_for(asked: Asked, word: str) -> bool:
    return word in unquote_plus(asked.path).lower()
