"""How old the newest backup is, as far as this home knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ingest import Progress
from pipeline.archive import Archive
from pipeline.backups.last import last_backup
from pipeline.backups.manifest import is_backup
from pipeline.health.finding import Finding

SUBJECT = "backups"
OLD = timedelta(days=7)
MAKE_ONE = "Make one with `talerstol backup DIR`, every night by cron or a systemd timer."
FIND_IT = "Attach the disk that it is on and look again; if it is gone, make one with `talerstol backup DIR`."


def backups(archive: Archive, _: Progress) -> Iterator[Finding]:
    last = last_backup(archive.settings.home)
    if last is None:
        # Whoever copies the archive by other means has no fault.
        text = f"none by `talerstol backup` is on record in {archive.settings.home}"
        yield Finding(SUBJECT, True, text, MAKE_ONE)
        return
    age = archive.now() - last.made
    text = f"the newest was made {_ago(age)}, in {last.folder}"
    if not is_backup(last.folder):
        yield Finding(SUBJECT, False, f"{text}, and is not there now", FIND_IT)
    elif age > OLD:
        yield Finding(SUBJECT, False, text, MAKE_ONE)
    else:
        yield Finding(SUBJECT, True, text)


def _ago(age: timedelta) -> str:
    if age.days < 1:
        return "less than a day ago"
    return "1 day ago" if age.days == 1 else f"{age.days} days ago"
