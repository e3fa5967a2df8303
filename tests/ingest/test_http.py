"""The way out to the network: what is refused, what is bounded, and transfers that go on."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from catalogue import InputError, Settings, SourceError
from ingest import Web
from tests.ingest.conftest import Site, nothing

BODY = bytes(range(256)) * 8000  # 2 MB
LIMIT = 10_000_000


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/x.mp4",
        "http://10.1.2.3/",
        "http://192.168.1.1/",
        "http://172.16.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://[::1]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[2002:7f00:1::]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b:1::7f00:1]/",
        "http://[fec0::1]/",
        "http://[::127.0.0.1]/",
        "http://[::ffff:0:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://localhost/",
    ],
)
def test_a_private_address_is_refused(guarded: Web, address: str) -> None:
    with pytest.raises(InputError, match="private") as refused:
        guarded.check(address)
    assert "TALERSTOL_ALLOW_PRIVATE_ADDRESSES" in str(refused.value)
    with pytest.raises(InputError, match="private"):
        guarded.head(address)


def test_a_name_that_leads_inside_is_refused(guarded: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, ["93.184.216.34", "10.0.0.5"])
    with pytest.raises(InputError, match="private"):
        guarded.check("http://moeder.example.dk/")


def test_a_name_that_resolves_otherwise_the_second_time_is_refused(
    guarded: Web, monkeypatch: pytest.MonkeyPatch, site: Site
) -> None:
    port = int(site.address.rpartition(":")[2])
    turns = iter([["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]])
    real = socket.getaddrinfo

    def resolver(host: str, *args: Any, **kwargs: Any) -> Any:
        return [entry for address in next(turns) for entry in real(address, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    with pytest.raises(InputError, match="private"):
        guarded.read(f"http://moeder.example.dk:{port}/x", LIMIT)
    assert site.asked == []


def test_a_redirect_inside_is_refused(
    guarded: Web, monkeypatch: pytest.MonkeyPatch, new_site: Callable[[], Site]
) -> None:
    """The first server stands for a public one: only its own address is let through."""
    outside, inside = new_site(), new_site()
    inside.files["/secret"] = b"secret"
    outside.redirects["/x"] = inside.address.replace("127.0.0.1", "127.0.0.2") + "/secret"
    monkeypatch.setattr("ingest.connections._is_public", lambda address: address == "127.0.0.1")
    with pytest.raises(InputError, match="private"):
        guarded.read(outside.address + "/x", LIMIT)
    assert outside.asked and not inside.asked


@pytest.mark.parametrize(
    "address",
    ["ftp://example.dk/x", "file:///etc/passwd", "http://", "http://a:b@example.dk/", "http://x:99999/"],
)
def test_what_is_no_web_address(web: Web, address: str) -> None:
    with pytest.raises(InputError) as refused:
        web.check(address)
    assert "a:b" not in str(refused.value)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_a_redirect_to_another_scheme(web: Web, site: Site, target: str) -> None:
    site.redirects["/x"] = target
    with pytest.raises((SourceError, InputError)):
        web.read(site.address + "/x", LIMIT)


def test_redirects_are_followed_a_few_times(web: Web, site: Site) -> None:
    site.files["/b"] = b"here"
    site.redirects |= {"/a": "/b", "/round": "/round"}
    found = web.read(site.address + "/a", LIMIT)
    assert (found.data, found.url) == (b"here", site.address + "/b")
    with pytest.raises(SourceError, match="redirect"):
        web.read(site.address + "/round", LIMIT)


def test_a_404_and_a_server_that_is_not_there(web: Web, site: Site) -> None:
    for ask in (lambda u: web.read(u, LIMIT), web.head):
        with pytest.raises(SourceError, match="404"):
            ask(site.address + "/none.mp4")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(SourceError):
        web.read(f"http://127.0.0.1:{port}/", LIMIT)


def test_documents_are_bounded_also_when_compressed(web: Web, site: Site) -> None:
    site.files |= {
        "/large": b"x" * 20_001,
        "/bomb": gzip.compress(b"x" * 50_000_000),
        "/fine": gzip.compress(b"ja"),
    }
    site.headers |= {"/bomb": {"Content-Encoding": "gzip"}, "/fine": {"Content-Encoding": "gzip"}}
    for path in ("/large", "/bomb"):
        with pytest.raises(SourceError, match="larger"):
            web.read(site.address + path, 20_000)
    assert web.read(site.address + "/fine", 20_000).data == b"ja"


def test_a_transient_failure_is_tried_again(web: Web, site: Site) -> None:
    site.files["/agenda"] = b"x" * 5000
    site.cuts, site.cut_after = 1, 100
    assert web.read(site.address + "/agenda", LIMIT).data == b"x" * 5000


def test_the_head_of_a_source(web: Web, site: Site) -> None:
    site.files["/v"], site.types["/v"] = BODY, "video/mp4; x=y"
    head = web.head(site.address + "/v")
    assert (head.content_type, head.length, head.start) == ("video/mp4", len(BODY), BODY[:4096])


def test_a_cut_download_goes_on_where_it_stopped(web: Web, site: Site, tmp_path: Path) -> None:
    site.files["/v.mp4"] = BODY
    site.cuts, site.cut_after = 2, 700_000
    told: list[float] = []
    web.download(site.address + "/v.mp4", tmp_path / "v", LIMIT, lambda done, _: told.append(done))
    assert (tmp_path / "v").read_bytes() == BODY
    first, *again = [int(wanted.strip("bytes=-") or 0) for _, wanted in site.asked]
    assert first == 0 and len(again) == 2 and again[0] >= 500_000 and again[1] >= 1_000_000
    assert told == sorted(told)
    assert [file.name for file in tmp_path.iterdir()] == ["v"]


def test_a_second_call_goes_on_too(web: Web, site: Site, tmp_path: Path) -> None:
    site.files["/v.mp4"] = BODY
    site.cuts, site.cut_after = 3, 300_000
    with pytest.raises(SourceError):
        web.download(site.address + "/v.mp4", tmp_path / "v", LIMIT, nothing)
    assert not (tmp_path / "v").exists()
    web.download(site.address + "/v.mp4", tmp_path / "v", LIMIT, nothing)
    assert (tmp_path / "v").read_bytes() == BODY
    assert int(site.asked[-1][1].strip("bytes=-")) >= 3 * 250_000


def test_a_file_that_changed_meanwhile_is_fetched_anew(web: Web, site: Site, tmp_path: Path) -> None:
    site.files["/v.mp4"] = BODY
    site.cuts, site.cut_after = 3, 300_000
    with pytest.raises(SourceError):
        web.download(site.address + "/v.mp4", tmp_path / "v", LIMIT, nothing)
    site.files["/v.mp4"], site.etag = BODY[::-1], '"two"'
    web.download(site.address + "/v.mp4", tmp_path / "v", LIMIT, nothing)
    assert (tmp_path / "v").read_bytes() == BODY[::-1]


def test_a_file_that_changed_meanwhile_at_a_server_that_goes_on_regardless(
    web: Web, site: Site, tmp_path: Path
) -> None:
    """It heeds no If-Range: the rest that it sends is of another file, and its name says so."""
    site.files["/v.mp4"], site.if_range = BODY, False
    site.cuts, site.cut_after = 3, 300_000
    with pytest.raises(SourceError):
        web.download(site.address + "/v.mp4", tmp_path / "v", LIMIT, nothing)
    site.files["/v.mp4"], site.etag = BODY[::-1], '"two"'
    version = web.download(site.address + "/v.mp4", tmp_path / "v", LIMIT, nothing)
    assert (tmp_path / "v").read_bytes() == BODY[::-1]
    assert (version.tag, version.length) == ('"two"', len(BODY))


def test_a_long_transfer_may_be_cut_as_often_as_each_cut_brings_something(
    web: Web, site: Site, tmp_path: Path
) -> None:
    site.files["/v.mp4"] = BODY * 8
    site.cuts, site.cut_after = 40, 900_000
    web.download(site.address + "/v.mp4", tmp_path / "v", 2 * LIMIT, nothing)
    assert (tmp_path / "v").read_bytes() == BODY * 8
    assert len(site.asked) > 10


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_source_that_drips_is_given_up(
    settings: Settings, drip: str, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.http.SLOWEST", 1)
    web = Web(settings.model_copy(update={"http_timeout": 1.0}))
    for ask in (web.head, lambda url: web.download(url, tmp_path / "v", LIMIT, nothing)):
        with pytest.raises(SourceError, match="less than 1 kB a second") as refused:
            ask(f"{drip}/{where}")
        assert drip in str(refused.value)


@pytest.fixture
def drip() -> Iterator[str]:
    """A server that sends a byte now and then, for as long as anybody listens."""
    ended = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            asked = connection.recv(4096)
            connection.sendall(
                b"HTTP/1.1 200 OK\r\n" + b"" if b"/headers" in asked else b"HTTP/1.1 200 OK\r\n\r\n"
            )
            while not ended.wait(0.03):
                connection.sendall(b"x")

    def accept() -> None:
        while not ended.is_set():
            with contextlib.suppress(TimeoutError):
                threads.append(threading.Thread(target=serve, args=(server.accept()[0],)))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        threads = [threading.Thread(target=accept)]
        threads[0].start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        ended.set()
        for thread in list(threads):
            thread.join()


@pytest.mark.parametrize("ranges", [False, True])
def test_a_server_that_cannot_go_on(web: Web, site: Site, tmp_path: Path, ranges: bool) -> None:
    site.files["/v.mp4"] = BODY
    site.ranges, site.etag = ranges, ""
    site.cuts, site.cut_after = 1, 300_000
    web.download(site.address + "/v.mp4", tmp_path / "v", LIMIT, nothing)
    assert (tmp_path / "v").read_bytes() == BODY


def test_an_answer_to_another_range_is_not_appended(web: Web, site: Site, tmp_path: Path) -> None:
    site.files["/v.mp4"] = BODY
    site.cuts, site.cut_after = 1, 300_000
    site.headers["/v.mp4"] = {}
    with pytest.raises(SourceError):
        site.cuts = 3
        web.download(site.address + "/v.mp4", tmp_path / "v", LIMIT, nothing)
    part = next(tmp_path.glob("v.part"))
    part.write_bytes(part.read_bytes()[:100])  # the disk lost some of it
    web.download(site.address + "/v.mp4", tmp_path / "v", LIMIT, nothing)
    assert (tmp_path / "v").read_bytes() == BODY


def test_a_part_that_was_whole_when_killed_is_taken(web: Web, site: Site, tmp_path: Path) -> None:
    site.files["/v.mp4"] = BODY
    site.cuts, site.cut_after = 3, 300_000
    with pytest.raises(SourceError):
        web.download(site.address + "/v.mp4", tmp_path / "v", LIMIT, nothing)
    (tmp_path / "v.part").write_bytes(BODY)
    web.download(site.address + "/v.mp4", tmp_path / "v", LIMIT, nothing)
    assert (tmp_path / "v").read_bytes() == BODY


def test_a_download_is_bounded(web: Web, site: Site, tmp_path: Path) -> None:
    site.files["/v.mp4"] = BODY
    with pytest.raises(SourceError, match="larger"):
        web.download(site.address + "/v.mp4", tmp_path / "v", 1000, nothing)
    assert not (tmp_path / "v").exists()


def test_progress_is_told_a_few_times_a_second_and_at_the_end(web: Web, site: Site, tmp_path: Path) -> None:
    site.files["/v"] = bytes(30_000_000)
    told: list[tuple[float, float | None]] = []
    web.download(site.address + "/v", tmp_path / "v", 40_000_000, lambda d, t: told.append((d, t)))
    assert told[-1] == (30_000_000, 30_000_000)
    assert len(told) < 20


def answers(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> None:
    """Let every name resolve to these."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
