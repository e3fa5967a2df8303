"""The report by mail: text and HTML in one message, through the mail server that is set."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from catalogue import EngineError, InputError, Settings
from pipeline.night.as_html import as_html
from pipeline.night.as_text import as_text
from pipeline.night.danish import page
from pipeline.night.names import long_day
from pipeline.night.report import NightReport

PATIENCE = 30.0  # s that the mail server may stay silent
REMEDY = "Look at TALERSTOL_SMTP_… and TALERSTOL_MAIL_… (docs/settings.md)."


class MailFailed(EngineError):
    """The report could not be mailed. It lies in the data folder all the same."""

    def __init__(self, what: str, settings: Settings) -> None:
        super().__init__(what, where=f"{settings.smtp_host}:{settings.smtp_port}", remedy=REMEDY)


def wants_mail(settings: Settings) -> bool:
    return bool(settings.smtp_host)


def send_report(report: NightReport, settings: Settings) -> None:
    """Send it to everybody named. Raises `MailFailed`, and `InputError` where addresses are missing."""
    message = _message(report, settings)
    recipients = _recipients(settings)
    try:
        with _connect(settings) as server:
            if settings.smtp_user:
                secret = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
                server.login(settings.smtp_user, secret)
            refused = server.send_message(message, settings.mail_from.strip(), recipients)
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(_why(error), settings) from error
    if refused:
        raise MailFailed(f"the mail server refused {', '.join(sorted(refused))}", settings)


def _recipients(settings: Settings) -> list[str]:
    return [one for part in settings.mail_to.split(",") if (one := part.strip())]


def _message(report: NightReport, settings: Settings) -> EmailMessage:
    sender, recipients = settings.mail_from.strip(), _recipients(settings)
    for name, value in (("TALERSTOL_MAIL_FROM", sender), ("TALERSTOL_MAIL_TO", recipients)):
        if not value:
            raise InputError("is not set, and TALERSTOL_SMTP_HOST is", where=name, remedy=REMEDY)
    told = page(report)
    message = EmailMessage()
    # The addresses are checked where they are set, and the library refuses a header with a line's end in it.
    message["From"], message["To"] = sender, ", ".join(recipients)
    site = " ".join(settings.site_name.split())
    message["Subject"] = f"{site}: {told.headline} ({long_day(report.morning)})"
    message["Date"] = format_datetime(report.ended or report.began)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers it
    message.set_content(as_text(told))
    message.add_alternative(as_html(told, settings.base_url), subtype="html")
    return message


def _connect(settings: Settings) -> smtplib.SMTP:
    """To a server that shows a certificate for its name, unless `none` is set."""
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, timeout=PATIENCE)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server


def _why(error: Exception) -> str:
    """What went wrong, without what the server said: that may be anything."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "the mail server refused the user name or the password"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "the mail server cannot do what is set (STARTTLS, login, or letters in the address)"
    if isinstance(error, ssl.SSLError):
        return f"no safe connection to the mail server ({error.reason or type(error).__name__})"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"the mail server refused {', '.join(sorted(error.recipients))}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server answered {error.smtp_code}"
    if isinstance(error, (TimeoutError, smtplib.SMTPServerDisconnected)):
        return "the mail server did not answer, or broke off"
    return f"the mail server cannot be reached ({type(error).__name__})"
