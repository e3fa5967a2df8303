"""Whatever is sent, the answer is an answer: no fault of ours, no markup from outside, no other site, nobody kept waiting."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from starlette.testclient import TestClient

from tests.web.asked import Asked, all_routes, route_of, some
from tests.web.conftest import MAIN, NASTY, Built
from tests.web.live import RawAnswer, connect, get, send, served

BREAKOUT = f"\"'><img src=x onerror=alert(1)>{NASTY}</title></textarea>{{{{7*7}}}}${{7*7}}]]>"
EVIL = "evil.example"
PARAMETERS = (
    *("q", "municipality", "body", "speaker", "party", "item", "meeting", "section", "from", "to", "sort", "page"),
    *("per_page", "why", "grouped", "t", "fra", "til", "v", "nr", "url", "format", "recording", "year", "tak", "punkt"),
    *("maxwidth", "maxheight", "unit", "besked", "text"),
)  # fmt: skip
#: Addresses that change something or start some work are asked once each, elsewhere.
NOT_TEXT = ("from", "sort", "page", "why", "format", "fra", "url")
READ = tuple(a for a in some(2) if a.method == "GET" and not a.path.startswith("/static/"))
#: An address of each route.
ONE_EACH = tuple({getattr(route_of(p, routes=all_routes()), "path", ""): p for a in READ for p in [a.path.partition("?")[0]]}.values())  # fmt: skip


def hold(path: str, status: int, headers: dict[str, str], body: bytes) -> None:
    """What must be true of every answer of the application."""
    assert status < 500 or status == 503 or (status == 501 and path.startswith("/oembed")), path
    assert headers.get("x-content-type-options") == "nosniff", path
    assert b"Traceback" not in body, path
    kind = headers.get("content-type", "").partition(";")[0]
    if status in (204, 304) or not body:
        return
    assert kind, path
    if kind == "text/html":
        assert "charset=utf-8" in headers["content-type"], path
        _hold_html(path, body)
    elif kind.endswith(("/json", "+json")):
        json.loads(body)
    elif kind.endswith(("/xml", "+xml")):
        ElementTree.fromstring(body)
    if urlsplit(path).path.startswith("/api/") and status >= 400:
        assert kind == "application/json", path
        assert set(json.loads(body)["error"]) >= {"code", "message"}, path


def _hold_html(path: str, body: bytes) -> None:
    for element in etree.HTML(body.decode("utf-8")).iter(etree.Element):
        assert element.tag not in ("object", "embed", "base", "applet"), path
        ours = str(element.get("src", "")).startswith("/static/") and not (element.text or "").strip()
        data = element.get("type") in ("application/ld+json", "application/json")
        assert element.tag != "script" or ours or data, path
        if element.tag == "img":
            assert str(element.get("src", "")).startswith("/"), path
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (path, name)
            assert name != "style", path
            if name in ("href", "src", "action", "formaction", "poster"):
                safe = not value or value.startswith(("#", "?", "https://", "http://", "mailto:", "tel:"))
                assert safe or (value.startswith("/") and not value.startswith(("//", "/\\"))), (path, value)


@pytest.fixture(scope="module")
def client(built: Built) -> TestClient:
    return TestClient(built.app, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def live(built: Built) -> Iterator[str]:
    with served(built.app) as address:
        yield address


def test_markup_from_outside_is_text_in_every_answer(client: TestClient) -> None:
    """`NASTY` stands in titles, names, captions, links and papers of the archive."""
    for asked in some(3):
        if asked.method == "GET" and not asked.path.startswith(("/static/", "/medie/")):
            answer = client.get(asked.path)
            hold(asked.path, answer.status_code, dict(answer.headers), answer.content)


def test_markup_in_any_parameter_of_any_route_is_text(client: TestClient) -> None:
    texts = [name for name in PARAMETERS if name not in NOT_TEXT]
    for path in ONE_EACH:
        for names in (texts, *([name] for name in NOT_TEXT), ["q"]):
            address = f"{path}?{urlencode([(name, BREAKOUT) for name in names])}"
            answer = client.get(address, follow_redirects=False)
            hold(address, answer.status_code, dict(answer.headers), answer.content)
            if "html" in answer.headers.get("content-type", ""):
                assert "49" not in answer.text.partition("{{7*7}}")[2][:4]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_do_nothing(client: TestClient, method: str) -> None:
    for path in sorted({a.path.partition("?")[0] for a in READ}):
        if route_of(path, method, all_routes()):
            continue
        answer = client.request(method, path, content=b"x=1")
        assert answer.status_code in (404, 405, 429), (method, path)
        assert answer.headers["x-content-type-options"] == "nosniff"


# Addresses ----------------------------------------------------------------------------------------------------

ENCODINGS = (
    *(b"%", b"%2", b"%zz", b"%00", b"%0d%0aSet-Cookie:%20a=b", b"%ff%fe", b"%c0%af", b"%c0%ae%c0%ae", b"%e0%80%af"),
    *(b"%ed%a0%80", b"%f4%90%80%80", b"%f0%9f%92%a9", b"\xc3\xa6", b"\xff\xfe", b"%u0041", b"%25%32%65", b"+", b";", b"%7f"),
    *(b"a" * 20_000, b"%e2%80%ae", b"%ef%bb%bf", b"%26%23x3c;script", b"'%20OR%201=1--", b"%2e%2e%2f" * 40),
)  # fmt: skip
PLACES = (
    *(b"/soeg?q=", b"/moeder?body=", b"/api/v1/search?q=", b"/api/v1/suggest?q=", b"/moeder/", b"/en/moeder/", b"/static/"),
    *(b"/medie/", b"/en/", b"/", b"/api/v1/meetings/", b"/soeg?page=", b"/soeg?", b"/api/v1/search?meeting="),
    f"/moeder/{MAIN}?t=".encode(),
    f"/moeder/{MAIN}?q=".encode(),
    f"/medie/{MAIN}/".encode(),
    f"/moeder/{MAIN}/undertekster/".encode(),
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=lambda p: p.decode())
def test_odd_encodings(live: str, place: bytes) -> None:
    for odd in ENCODINGS:
        answer = get(live, place + odd)
        _ours_or_refused(place + odd, answer)
        assert "set-cookie" not in answer.headers


TRICKS = (
    *("../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/%2e%2e/etc/passwd", "..\\..\\etc\\passwd"),
    *("..%5c..%5cetc%5cpasswd", "/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd", "....//....//etc/passwd", "..;/etc/passwd"),
    *("%252e%252e%252fetc%252fpasswd", "css/../../app.py", "css/%2e%2e/%2e%2e/app.py", "..%2fapp.py", "js/..%5c..%5capp.py"),
    *("%00", "css/talerstolen.css%00.png", ".", "..", "css", "css/", "~root", "C:%5cwindows", "proc/self/environ", "file:///etc/passwd"),
)  # fmt: skip


@pytest.mark.parametrize(
    "root", ["/static/", "/medie/", f"/medie/{MAIN}/", "/moeder/", "/en/", "/", "/data/"]
)
def test_path_tricks(live: str, root: str) -> None:
    for trick in TRICKS:
        answer = get(live, f"{root}{trick}".encode())
        _ours_or_refused(trick.encode(), answer)
        assert b"root:" not in answer.body
        assert b"create_app" not in answer.body
        assert answer.status in (301, 302, 307, 308, 400, 404, 405), (root, trick)


@pytest.mark.parametrize(
    "target",
    [b"http://evil.example/om", b"//evil.example/om", b"//evil.example//", b"/\\evil.example/", b"/%5cevil.example/", b"*", b"evil"],
)  # fmt: skip
def test_an_address_of_another_site_leads_nowhere(live: str, target: bytes) -> None:
    answer = get(live, target)
    assert answer.status < 500
    assert EVIL not in answer.headers.get("location", "")
    assert not answer.headers.get("location", "").startswith(("//", "/\\"))


def _ours_or_refused(target: bytes, answer: RawAnswer) -> None:
    """An answer of ours, or the server's plain refusal of what is no HTTP."""
    if answer.status == 400 and answer.body.startswith(b"Invalid HTTP request"):
        return
    assert answer.status, f"closed without a word: {target[:60]!r}"
    body = _unchunked(answer)
    hold(target.decode("latin-1"), answer.status, answer.headers, body)


def _unchunked(answer: RawAnswer) -> bytes:
    if answer.headers.get("transfer-encoding") != "chunked":
        return answer.body
    parts, left = [], answer.body
    while left:
        size, _, left = left.partition(b"\r\n")
        parts.append(left[: int(size, 16)])
        left = left[int(size, 16) + 2 :]
    return b"".join(parts)


# Ranges -------------------------------------------------------------------------------------------------------

RANGES = (
    *("bytes=0-", "bytes=-1", "bytes=0-0", "bytes=-0", "bytes=0-99999999999999999999", "bytes=99999999999999999999-", "bytes=" + "9" * 5000 + "-"),
    *("bytes=5-1", "bytes=a-b", "bytes=", "bytes", "bytes=-", "bytes=--1", "bytes= 0-1", "octets=0-1", "bytes=0-1;2-3", "bytes=1.5-2"),
    *("bytes=" + ",".join(f"{n}-{n}" for n in range(2_000)), "bytes=" + "0-," * 1_000 + "0-", "bytes=0-,0-,0-", "bytes=0-1,-1"),
    *("bytes=١-٢", "bytes=0x0-0x9", "bytes=+0-+1", "bytes=-99999999999999999999", "bytes=0-1\tx", "Bytes=0-1"),
)  # fmt: skip


@pytest.mark.parametrize("path", [f"/medie/{MAIN}/1", "/static/css/talerstolen.css"])
def test_odd_ranges(client: TestClient, path: str) -> None:
    whole = len(client.get(path, headers={"accept-encoding": "identity"}).content)
    for asked in RANGES:
        answer = client.get(path, headers={b"range": asked.encode(), b"accept-encoding": b"identity"})
        assert answer.status_code in (200, 206, 400, 416), asked[:40]
        # Overlapping ranges are not a way to be sent a file many times over.
        assert len(answer.content) <= 2 * whole + 200_000, asked[:40]


# Headers ------------------------------------------------------------------------------------------------------

POISON = {
    "host": EVIL,
    "x-forwarded-host": EVIL,
    "x-forwarded-proto": "javascript",
    "x-forwarded-prefix": f"/{EVIL}",
    "x-forwarded-for": EVIL,
    "x-forwarded-port": "1",
    "forwarded": f"host={EVIL};proto=http",
    "x-original-url": f"/{EVIL}",
    "x-rewrite-url": f"/{EVIL}",
    "x-host": EVIL,
    "x-http-method-override": "DELETE",
    "x-method-override": "DELETE",
    "accept-language": "en",
    "accept": f"text/{EVIL}",
    "referer": f"https://{EVIL}/",
    "origin": f"https://{EVIL}",
    "cookie": f"lang=en; session={EVIL}",
    "user-agent": NASTY,
    "content-type": "application/json",
    "x-requested-with": EVIL,
    "authorization": "Basic ZXZpbDpldmls",
    "te": "trailers",
    "upgrade-insecure-requests": "1",
}


def test_no_header_of_the_reader_gets_into_an_answer(client: TestClient) -> None:
    """What a cache keeps for everybody is the same for everybody."""
    for path in ONE_EACH:
        if path == "/metrics":
            continue  # it counts
        usual = client.get(path, follow_redirects=False)
        for headers in ({"host": EVIL}, {n: v for n, v in POISON.items() if n != "host"}):
            answer = client.get(path, headers=headers, follow_redirects=False)
            assert answer.status_code in (usual.status_code, 429), path
            if answer.status_code == usual.status_code:
                assert answer.content == usual.content, path
            assert EVIL not in str(answer.headers), path


def test_a_redirect_stays_on_the_site(client: TestClient) -> None:
    for path in ("/moeder/", "/en", "/om/", f"/moeder/{MAIN}/", "/soeg/?q=a%2F%2Fb"):
        answer = client.get(path, headers={"host": EVIL, "x-forwarded-proto": "ftp"}, follow_redirects=False)
        location = answer.headers.get("location", "")
        assert answer.status_code in (301, 307, 308, 404)
        assert not location or (location.startswith("/") and not location.startswith("//")), location


SMUGGLED = b"GET /smuglet HTTP/1.1\r\nHost: x\r\n\r\n"
ODD_REQUESTS = {
    "two lengths": b"GET /om HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 35\r\nConnection: close\r\n\r\n" + SMUGGLED,
    "length and chunked": b"POST /om HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked, written oddly": b"POST /om HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\nConnection: close\r\n\r\n" + SMUGGLED,
    "chunked twice": b"POST /om HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nConnection: close\r\n\r\n" + SMUGGLED,
    "a bad chunk": b"POST /om HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\nabc\r\n",
    "a huge chunk": b"POST /om HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + b"f" * 40 + b"\r\nabc\r\n",
    "a negative length": b"POST /om HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\nConnection: close\r\n\r\n",
    "a huge length": b"POST /om HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\nConnection: close\r\n\r\nabc",
    "a folded header": b"GET /om HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\nConnection: close\r\n\r\n",
    "a space before the colon": b"GET /om HTTP/1.1\r\nHost : x\r\nConnection: close\r\n\r\n",
    "NUL in a header": b"GET /om HTTP/1.1\r\nHost: x\r\nX-A: b\x00c\r\nConnection: close\r\n\r\n",
    "bytes in a header": b"GET /om HTTP/1.1\r\nHost: \xff\xfe\r\nAccept-Language: \xe6\r\nConnection: close\r\n\r\n",
    "bare line feeds": b"GET /om HTTP/1.1\nHost: x\nConnection: close\n\n",
    "no host": b"GET /om HTTP/1.1\r\nConnection: close\r\n\r\n",
    "two hosts": b"GET /om HTTP/1.1\r\nHost: a\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "a thousand headers": b"GET /om HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(1000)) + b"Connection: close\r\n\r\n",
    "a header of 200 kB": b"GET /om HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 200_000 + b"\r\nConnection: close\r\n\r\n",
    "an address of 200 kB": b"GET /soeg?q=" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "an unknown method": b"FOO /om HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "connect": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\nConnection: close\r\n\r\n",
    "HTTP/0.9": b"GET /om\r\n\r\n",
    "HTTP/1.0": b"GET /om HTTP/1.0\r\n\r\n",
    "HTTP/9.9": b"GET /om HTTP/9.9\r\nHost: x\r\nConnection: close\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "an upgrade": b"GET /om HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Version: 13\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    "noise": bytes(range(256)) * 4 + b"\r\n\r\n",
    "nothing": b"",
}  # fmt: skip


@pytest.mark.parametrize("name", ODD_REQUESTS)
def test_odd_requests(live: str, name: str) -> None:
    answer = send(live, ODD_REQUESTS[name], patience=1.0)
    assert answer.status < 500 or answer.status == 501
    refused = answer.body.count(b"Invalid HTTP request received.")
    assert answer.answers - refused <= 1, "what was smuggled in was answered"
    assert b"Traceback" not in answer.body
    assert EVIL not in str(answer.headers)
    assert get(live, b"/sundhed").status == 200


# Floods -------------------------------------------------------------------------------------------------------

FLOOD, AT_ONCE = 2_000, 40


def test_a_flood_is_answered_or_refused_and_passes(live: str) -> None:
    host, _, port = live.removeprefix("http://").partition(":")

    async def reader(count: int, statuses: list[int]) -> None:
        answers, asks = await asyncio.open_connection(host, int(port))
        for n in range(count):
            path = ("/om", "/sundhed", "/soeg?q=cykelstien", "/nej", "/api/v1/meetings")[n % 5]
            asks.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            head = (await answers.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            statuses.append(int(head.split(" ")[1]))
            length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
            await answers.readexactly(length)
        asks.close()
        await asks.wait_closed()

    async def flood() -> list[int]:
        statuses: list[int] = []
        async with asyncio.timeout(60), asyncio.TaskGroup() as readers:
            for _ in range(AT_ONCE):
                readers.create_task(reader(FLOOD // AT_ONCE, statuses))
        return statuses

    statuses = asyncio.run(flood())
    assert len(statuses) == FLOOD
    assert set(statuses) <= {200, 404, 429}
    assert get(live, b"/sundhed").status == 200


def test_who_says_nothing_keeps_nobody_waiting(live: str) -> None:
    """Fifty connections that never finish what they ask: everybody else is answered at once."""
    with ExitStack() as held:
        slow = [held.enter_context(connect(live)) for _ in range(50)]
        for n, wire in enumerate(slow):
            wire.sendall((b"", b"G", b"GET /om HTTP/1.1\r\nHost: x\r\nX-A: ")[n % 3])
        for letter in (b"a", b"b", b"c"):
            for wire in slow[2::3]:
                wire.sendall(letter)
            began = time.monotonic()
            assert get(live, b"/om").status in (200, 429)
            assert time.monotonic() - began < 5


# Fuzz ---------------------------------------------------------------------------------------------------------

_ODD_TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from((BREAKOUT, NASTY, "-1", "0", "1e309", "nan", "٣", "9" * 400, "\x00", "'", '"', '"-"', "-", "a" * 3000)),
    st.floats().map(str),
    st.integers().map(str),
    st.dates().map(str),
)  # fmt: skip


@st.composite
def requests(draw: st.DrawFn) -> Asked:
    """Any route, its path filled in with what is there or with anything, and any parameters."""
    known = draw(st.sampled_from(READ)).path.partition("?")[0]
    parts = known.split("/")
    if draw(st.booleans()) and len(parts) > 2:
        at = draw(st.integers(2, len(parts) - 1))
        parts[at] = quote(draw(_ODD_TEXT), safe="", errors="replace")
    pairs = draw(st.lists(st.tuples(st.sampled_from(PARAMETERS), _ODD_TEXT), max_size=4))
    query = urlencode(pairs, errors="replace")
    return Asked("/".join(parts) + (f"?{query}" if query else ""))


@given(asked=requests())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_request_is_too_odd(client: TestClient, asked: Asked) -> None:
    answer = client.get(asked.path, follow_redirects=False)
    assert answer.status_code != 503
    hold(asked.path, answer.status_code, dict(answer.headers), answer.content)
