"""What is kept of a portal's answers, and how long it is waited for."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import InputError, Settings
from ingest.connections import PrivateAddress
from ingest.http import HttpFailure
from ingest.portals.kept import UNFINISHED, KeptDocuments
from ingest.portals.polite import Pauses, PortalSession, asked_wait
from tests.portal_server import portal_site

URL = "https://d.example.org/api"


def test_what_is_kept_is_whole_or_absent(tmp_path: Path) -> None:
    kept = KeptDocuments(tmp_path / "kept")
    kept.keep(URL, b"one\ntwo", '"tag"', "")
    found = kept.get(URL)
    assert found is not None
    assert (found.data, found.conditions, found.fresh) == (b"one\ntwo", {"if-none-match": '"tag"'}, False)
    [file] = (tmp_path / "kept").iterdir()
    whole = file.read_bytes()
    for broken in (whole[:-1], whole + b"x", b"", b"{}\n", b"\xff", b'{"sha256": 5}\nx'):
        file.write_bytes(broken)
        assert kept.get(URL) is None


def test_a_pass_that_was_killed_goes_on_with_what_it_has(tmp_path: Path) -> None:
    before = KeptDocuments(tmp_path)
    before.keep("old", b"1", "", "")
    hour_ago = time.time() - 3600
    os.utime(before._file("old"), (hour_ago, hour_ago))
    before.begin()
    before.keep(URL, b"2", "", "")

    after = KeptDocuments(tmp_path)
    after.begin()
    assert [kept.fresh for url in (URL, "old") if (kept := after.get(url))] == [True, False]
    after.finish(whole=True)
    assert not (tmp_path / UNFINISHED).exists()

    third = KeptDocuments(tmp_path)
    third.begin()
    assert [kept.fresh for url in (URL, "old") if (kept := third.get(url))] == [False, False]


def test_after_a_whole_pass_what_is_gone_is_let_go(tmp_path: Path) -> None:
    kept = KeptDocuments(tmp_path)
    kept.keep(URL, b"1", "", "")
    kept.keep("gone", b"2", "", "")
    again = KeptDocuments(tmp_path)
    again.begin()
    again.get(URL)
    again.finish(whole=False)
    assert KeptDocuments(tmp_path).get("gone") is not None
    again.finish(whole=True)
    assert KeptDocuments(tmp_path).get("gone") is None
    assert KeptDocuments(tmp_path).get(URL) is not None


def test_how_long_a_server_asks_to_wait() -> None:
    assert asked_wait("7") == 7
    then = datetime.now(UTC) + timedelta(seconds=60)
    assert 50 < asked_wait(format_datetime(then, usegmt=True)) <= 60
    assert asked_wait("Tue, 03 Mar 2020 10:00:00 GMT") == 0


@given(st.text())
def test_whatever_it_asks(text: str) -> None:
    assert asked_wait(text) >= 0


def test_what_cannot_be_used_is_not_kept(tmp_path: Path, settings: Settings) -> None:
    """Else a broken answer with a tag would be confirmed as unchanged for ever."""

    def refuse(_: bytes) -> None:
        raise InputError("no")

    with portal_site() as site:
        site.files["/x"] = b"broken"
        session = PortalSession(settings, 0.0, KeptDocuments(tmp_path), Pauses())
        with pytest.raises(InputError):
            session.read(site.address + "/x", refuse)
        assert session.read(site.address + "/x", bytes) == b"broken"
        assert session.read(site.address + "/x", bytes) == b"broken"
        with pytest.raises(InputError):
            session.read(site.address + "/x", refuse)  # read otherwise than when it was kept
        session.close()
        assert [a.status for a in site.asked] == [200, 200, 304, 304, 200]


def test_cookies_stay_with_one_session(tmp_path: Path, settings: Settings) -> None:
    with portal_site() as site:
        site.cookie, site.files = "front page", {"/api/x": b"{}"}
        first, second = (PortalSession(settings, 0.0, KeptDocuments(tmp_path / n), Pauses()) for n in "12")
        first.visit(site.address + "/")
        assert first.read(site.address + "/api/x", bytes) == b"{}"
        assert second.read(site.address + "/api/x", bytes).startswith(b"<!doctype")
        first.close()
        second.close()


def test_refusals_and_private_addresses(tmp_path: Path, settings: Settings) -> None:
    guarded = settings.model_copy(update={"allow_private_addresses": False})
    with portal_site() as site:
        session = PortalSession(settings, 0.0, KeptDocuments(tmp_path), Pauses())
        with pytest.raises(HttpFailure, match="404"):
            session.read(site.address + "/none", bytes)
        session.close()
        session = PortalSession(guarded, 0.0, KeptDocuments(tmp_path), Pauses())
        with pytest.raises(PrivateAddress):
            session.read(site.address + "/none", bytes)
        session.close()
