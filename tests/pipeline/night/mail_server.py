"""A real SMTP server on loopback: with or without TLS, and as unwilling as a test asks."""

from __future__ import annotations

import base64
import socket
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Mailbox:
    """What came in. `refuses` are recipients that the server does not take; `answers` is what it says to `DATA`."""

    port: int = 0
    messages: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    password: str = "hemmelig"
    refuses: frozenset[str] = frozenset()
    answers: int = 354
    silent: bool = False
    encrypted: list[bool] = field(default_factory=list)


@dataclass(frozen=True)
class Certificate:
    file: Path
    key: Path

    @classmethod
    def made(cls, folder: Path, name: str) -> Certificate:
        one = cls(folder / "cert.pem", folder / "key.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
             "-addext", f"subjectAltName=DNS:{name}", "-keyout", str(one.key), "-out", str(one.file)],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        return one

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context


class _Handler(socketserver.BaseRequestHandler):
    box: Mailbox
    tls: ssl.SSLContext | None
    at_once: bool  # TLS from the first byte

    def handle(self) -> None:
        self.sock: socket.socket = self.request
        self.sock.settimeout(10)
        with suppress(OSError):
            if self.at_once and self.tls:
                self.sock = self.tls.wrap_socket(self.sock, server_side=True)
            self._talk()
        with suppress(OSError):
            self.sock.close()

    def _talk(self) -> None:
        if self.box.silent:
            self.sock.recv(1)
            return
        self._say("220 post.example ESMTP")
        self.reader = self.sock.makefile("rb")
        while line := self.reader.readline():
            word = line.decode("utf-8", "replace").strip()
            if not self._answer(word):
                break
        self.reader.close()

    def _answer(self, line: str) -> bool:
        verb = line[:4].upper()
        if verb in ("EHLO", "HELO"):
            offers = ["post.example", *(["STARTTLS"] if self.tls and not self.at_once else []), "AUTH PLAIN"]
            self._say(
                "\r\n".join(f"250{'-' if n < len(offers) else ' '}{o}" for n, o in enumerate(offers, 1))
            )
        elif verb == "STAR" and self.tls:
            self._say("220 go on")
            self.reader.close()
            self.sock = self.tls.wrap_socket(self.sock, server_side=True)
            self.reader = self.sock.makefile("rb")
        elif verb == "AUTH":
            _, user, password = base64.b64decode(line.split()[-1]).decode().split("\0")
            self.box.logins.append((user, password))
            self._say("235 yes" if password == self.box.password else "535 no, your password is wrong")
        elif verb == "RCPT":
            address = line.partition("<")[2].partition(">")[0]
            if address in self.box.refuses:
                self._say("550 nobody of that name")
            else:
                self.box.recipients.append(address)
                self._say("250 ok")
        elif verb == "DATA":
            self._data()
        elif verb == "QUIT":
            self._say("221 bye")
            return False
        else:
            self._say("250 ok")
        return True

    def _data(self) -> None:
        if self.box.answers != 354:
            self._say(f"{self.box.answers} full")
            return
        self._say("354 go ahead")
        lines = []
        while (line := self.reader.readline()) and line != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.box.messages.append(b"".join(lines))
        self.box.encrypted.append(isinstance(self.sock, ssl.SSLSocket))
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.sock.sendall(line.encode() + b"\r\n")


@contextmanager
def mail_server(certificate: Certificate | None = None, at_once: bool = False) -> Iterator[Mailbox]:
    box = Mailbox()
    tls = certificate.context() if certificate else None
    handler = type("One", (_Handler,), {"box": box, "tls": tls, "at_once": at_once})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = False
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        box.port = server.server_address[1]
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
