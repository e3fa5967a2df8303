"""The machine: its clock, and who may read the keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest import Progress
from pipeline.archive import Archive
from pipeline.health.finding import Finding


def clock(archive: Archive, _: Progress) -> Iterator[Finding]:
    now = archive.now()
    ahead = [
        result.finished
        for meeting_id in archive.catalogue.meeting_ids()
        for result in archive.catalogue.steps(meeting_id).values()
        if result.finished > now
    ]
    if ahead:
        text = f"it is {now:%Y-%m-%d %H:%M}, but work was done as late as {max(ahead):%Y-%m-%d %H:%M}"
        yield Finding("clock", False, text, "Set this machine's clock (NTP) before the next run.")


def secrets(archive: Archive, _: Progress) -> Iterator[Finding]:
    file = archive.settings.home / "talerstol.toml"
    if file.is_file() and file.stat().st_mode & 0o004 and _holds_secret(file):
        yield Finding(
            "secrets", False, f"{file.name} holds keys that every user may read", f"chmod 640 {file}"
        )


def _holds_secret(file: Path) -> bool:
    words = ("_key", "_token", "password", "database_url")
    return any(word in file.read_text("utf-8").lower() for word in words)
