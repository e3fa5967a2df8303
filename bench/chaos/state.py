"""All that an archive comes to, so that two of them can be compared item for item."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass, fields
from pathlib import Path

from catalogue import Settings, published_meeting
from ingest.media import program
from pipeline.archive import Archive, open_archive
from search import SearchRequest
from search.contract import LARGEST_PAGE


@dataclass(frozen=True)
class State:
    """`public`: what everybody sees of each meeting; `files`: each file's digest; `steps`: what is on record."""

    meetings: dict[str, object]
    public: dict[str, object]
    transcripts: dict[str, object]
    steps: dict[str, object]
    files: dict[str, str]
    index: dict[str, object]
    waiting: list[str]

    def differences(self, other: State) -> list[str]:
        found = []
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            if isinstance(mine, dict):
                keys = [k for k in mine.keys() | theirs.keys() if mine.get(k) != theirs.get(k)]
                found += [
                    f"{one.name}: {k}: {mine.get(k)!s:.300} / {theirs.get(k)!s:.300}" for k in sorted(keys)
                ]
            elif mine != theirs:
                found.append(f"{one.name}: {mine} / {theirs}")
        return found


def state_of(home: Path) -> State:
    with open_archive(Settings(home=home)) as archive:  # type: ignore[call-arg]
        catalogue = archive.catalogue
        ids = catalogue.meeting_ids()
        meetings = {one: catalogue.meeting(one) for one in ids}
        transcripts = {
            r.id: (r.transcript, catalogue.transcript(r.transcript).segments)
            for meeting in meetings.values()
            for r in meeting.recordings
            if r.transcript
        }
        steps = {
            f"{one} {name}": (step.state, step.fingerprint)
            for one in ids
            for name, step in catalogue.steps(one).items()
            if name != "index"  # says when it last had work, which depends on when it was killed
        }
        return State(
            meetings=dict(meetings),
            public={one: published_meeting(catalogue, one) for one in ids},
            transcripts=dict(transcripts),
            steps=dict(steps),
            files=files_of(archive),
            index=_index(archive),
            waiting=[entry.meeting_id for entry in catalogue.outbox.waiting()],
        )


def files_of(archive: Archive) -> dict[str, str]:
    root = archive.store.root
    return {
        file.relative_to(root).as_posix(): _digest(file) for file in sorted(root.rglob("*")) if file.is_file()
    }


def _digest(file: Path) -> str:
    """Of the bytes; of Matroska, into which ffmpeg writes a number of its own each time, of all packets in it."""
    if file.suffix not in (".mkv", ".webm"):
        return hashlib.sha256(file.read_bytes()).hexdigest()
    said = subprocess.run(
        [program(), "-nostdin", "-v", "error", "-i", f"file:{file}", "-map", "0", "-c", "copy", "-f", "md5", "-"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return said.stdout.strip()


def _index(archive: Archive) -> dict[str, object]:
    found: dict[str, object] = {}
    page = 1
    while hits := archive.engine.search(SearchRequest(page=page, per_page=LARGEST_PAGE)).hits:
        found |= {hit.passage.id: hit.passage for hit in hits}
        page += 1
    return found
