"""The report by mail, through a real server on loopback: text and HTML, safely, and honest where it fails."""

from __future__ import annotations

import email
import email.policy
import shutil
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from catalogue import InputError, Settings, load_settings
from pipeline.night import mail
from pipeline.night.mail import MailFailed, send_report
from tests.pipeline.night.mail_server import Certificate, Mailbox, mail_server
from tests.pipeline.night.test_danish import BUSY, QUIET


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    return Certificate.made(tmp_path_factory.mktemp("tls"), "localhost")


def addressed(settings: Settings, box: Mailbox, **more: Any) -> Settings:
    told: dict[str, Any] = {
        "smtp_host": "localhost", "smtp_port": box.port, "smtp_security": "none",
        "mail_from": "arkiv@tranevig.dk", "mail_to": "anne@tranevig.dk, bo@tranevig.dk",
    }  # fmt: skip
    return Settings(**settings.model_dump(exclude_unset=True), **told | more)


def read(box: Mailbox) -> EmailMessage:
    (one,) = box.messages
    return email.message_from_bytes(one, policy=email.policy.default)


def test_text_and_html_reach_everybody(settings: Settings) -> None:
    with mail_server() as box:
        send_report(BUSY, addressed(settings, box))
    message = read(box)
    assert box.recipients == ["anne@tranevig.dk", "bo@tranevig.dk"]
    assert message["Subject"] == "Talerstolen: 6 ting kræver dig (11. marts 2026)"
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None and html is not None
    assert "Optagelsen kunne ikke hentes." in " ".join(text.get_content().split())
    assert "<h1>6 ting kræver dig</h1>" in html.get_content()
    assert (message["Auto-Submitted"], box.encrypted) == ("auto-generated", [False])


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_nothing_is_said_before_the_connection_is_safe(
    settings: Settings, certificate: Certificate, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    with mail_server(certificate, at_once=security == "tls") as box:
        send_report(
            QUIET,
            addressed(settings, box, smtp_security=security, smtp_user="arkiv", smtp_password="hemmelig"),
        )
    assert (box.encrypted, box.logins) == ([True], [("arkiv", "hemmelig")])


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_nobody_vouches_for_gets_nothing(
    settings: Settings, certificate: Certificate, security: str
) -> None:
    with (
        mail_server(certificate, at_once=security == "tls") as box,
        pytest.raises(MailFailed, match="no safe connection"),
    ):
        send_report(QUIET, addressed(settings, box, smtp_security=security, smtp_user="a", smtp_password="b"))
    assert (box.messages, box.logins) == ([], [])


def test_a_server_without_tls_gets_no_password(settings: Settings) -> None:
    with mail_server() as box, pytest.raises(MailFailed, match="STARTTLS"):
        send_report(
            QUIET, addressed(settings, box, smtp_security="starttls", smtp_user="a", smtp_password="b")
        )
    assert (box.messages, box.logins) == ([], [])


def test_why_it_failed_is_said_without_what_the_server_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server() as box:
        with pytest.raises(MailFailed, match="refused the user name") as wrong:
            send_report(QUIET, addressed(settings, box, smtp_user="arkiv", smtp_password="forkert"))
        assert "forkert" not in wrong.value.sentence and "your password" not in wrong.value.sentence
        box.refuses = frozenset({"bo@tranevig.dk"})
        with pytest.raises(MailFailed, match="refused bo@tranevig.dk"):
            send_report(QUIET, addressed(settings, box))
        assert len(box.messages) == 1  # the others have it
        box.answers = 452
        with pytest.raises(MailFailed, match="answered 452"):
            send_report(QUIET, addressed(settings, box))
        box.silent = True
        monkeypatch.setattr(mail, "PATIENCE", 0.2)
        with pytest.raises(MailFailed, match="did not answer"):
            send_report(QUIET, addressed(settings, box))
    with pytest.raises(MailFailed, match="cannot be reached"):
        send_report(QUIET, addressed(settings, box))


def test_no_header_can_be_put_in(settings: Settings) -> None:
    with mail_server() as box:
        site = "Arkiv\r\nBcc: alle@example.dk"
        send_report(QUIET, addressed(settings, box, site_name=site))
    assert read(box)["Bcc"] is None
    assert box.recipients == ["anne@tranevig.dk", "bo@tranevig.dk"]
    evil = replace(BUSY.failed[0], name="x\r\nBcc: y@z.dk", message="\r\n.\r\nRCPT TO:<y@z.dk>")
    with mail_server() as box:
        send_report(replace(QUIET, failed=(evil,)), addressed(settings, box))
    assert len(box.messages) == 1 and len(box.recipients) == 2


@pytest.mark.parametrize(
    "address",
    ["anne", "@tranevig.dk", "a@b.dk\nBcc: c@d.dk", "Anne <a@b.dk>", "a@b.dk, bo", "a b@c.dk"],
)
def test_what_is_no_address_is_said_when_settings_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("TALERSTOL_HOME", str(tmp_path))
    for name in ("TALERSTOL_MAIL_TO", "TALERSTOL_MAIL_FROM"):
        monkeypatch.setenv(name, address)
        with pytest.raises(InputError, match="e-mail"):
            load_settings()
        monkeypatch.delenv(name)


def test_a_server_without_addresses_is_said(settings: Settings) -> None:
    with mail_server() as box, pytest.raises(InputError, match="TALERSTOL_MAIL_TO"):
        send_report(QUIET, addressed(settings, box, mail_to=""))
