"""One archive and what it goes through: rounds of kills, each from the same beginning, each ended and compared."""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.chaos.commands import running, said
from bench.chaos.disk import FULL, NoSmallDisk, SmallDisk, small_disk
from bench.chaos.material import TAKEN_BACK, edits_of, make_material, register
from bench.chaos.network import Network, network
from bench.chaos.state import State, state_of
from bench.chaos.watcher import Seen, all_of, watching, without_media
from catalogue import Edit, EditKind, Settings
from pipeline.archive import open_archive

# Where kills land, and how long after such a step has begun at most: about as long as it takes here.
AIMS = {
    "starting": 1.5, "fetch": 0.5, "audio": 0.6, "transcribe": 6.0, "segment": 0.1, "media": 1.0, "index": 0.15,
}  # fmt: skip
PATIENCE = 90.0  # s until what is aimed at has begun
MOST_ROUNDS_RUNS = 120  # runs in one round; more and it makes no headway
TRIES = 6  # undisturbed runs at a round's end: the first mends, the others should have nothing to do
DISK = 96  # MB


@dataclass
class Told:
    """What happened, and what was wrong."""

    kills: Counter[str] = field(default_factory=Counter)
    rounds: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    index_lost: int = 0
    disk_full: int = 0
    asked: int = 0
    away: int = 0
    wrong: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Beginning:
    """The archive with everything added and nothing done, and what it should come to."""

    home: Path
    edits: list[tuple[str, Edit]]
    end: State
    allowed: dict[str, set[str]]


@contextmanager
def beginning(
    folder: Path, meetings: int, speech: Path | None, seed: int
) -> Iterator[tuple[Beginning, Network]]:
    """Registers all, then lets a copy run undisturbed, before and after what staff do."""
    material = make_material(folder / "material", meetings, speech)
    with network(material.served, seed) as net:
        home = folder / "beginning"
        with open_archive(Settings(home=home, allow_private_addresses=True)) as archive:  # type: ignore[call-arg]
            register(archive, material, net.address, folder)
            edits = edits_of(archive.catalogue.meeting_ids())
        calm = folder / "undisturbed"
        shutil.copytree(home, calm)
        _must(said(calm, "run"))
        before = all_of(calm)
        for meeting_id, edit in edits:
            _edit(calm, meeting_id, edit)
        _must(said(calm, "run"))
        after = all_of(calm)
        # A file is away while it is made anew: because staff withheld something, or because the source had another.
        allowed = {
            one: {state for whole in (before[one], after[one]) for state in (whole, without_media(whole))}
            for one in before
        }
        yield Beginning(home, edits, state_of(calm), allowed), net


def _must(ended: tuple[int, str]) -> None:
    if ended[0]:
        raise RuntimeError(f"the undisturbed run fails: {ended[1]}")


def _edit(home: Path, meeting_id: str, edit: Edit) -> None:
    with open_archive(Settings(home=home)) as archive:  # type: ignore[call-arg]
        archive.catalogue.add_edit(meeting_id, edit)


class Ordeal:
    """Goes on until so many kills are made."""

    def __init__(self, folder: Path, start: Beginning, net: Network, kills: int, seed: int) -> None:
        self._folder, self._start, self._net = folder, start, net
        self._wanted, self._chance = kills, random.Random(seed)
        self.told = Told()

    def go(self, say: Callable[[str], None]) -> Told:
        kinds = ("network", "full disk", "index", "all but the disk")
        number = 0
        while sum(self.told.kills.values()) < self._wanted:
            kind = kinds[number % len(kinds)]
            began = time.monotonic()
            made, wrong = sum(self.told.kills.values()), len(self.told.wrong)
            self._round(self._folder / f"round-{number}", kind, number)
            made = sum(self.told.kills.values()) - made
            for line in self.told.wrong[wrong : wrong + 5]:
                say(f"  {line}")
            say(
                f"round {number} ({kind}): {made} kills, {time.monotonic() - began:.0f} s, {len(self.told.wrong) - wrong} wrong"
            )
            number += 1
        self.told.faults = Counter(self._net.happened)
        return self.told

    def _round(self, home: Path, kind: str, number: int) -> None:
        with ExitStack() as stack:
            disk = None
            if kind == "full disk":
                try:
                    disk = stack.enter_context(small_disk(home, DISK))
                except NoSmallDisk as error:
                    self.told.skipped.append(str(error))
                    kind = "all but the disk"
            self.told.rounds[kind] += 1
            shutil.copytree(self._start.home, home, dirs_exist_ok=True)
            seen = Seen(self._start.allowed)
            with watching(home, seen, number):
                self._net.badness = 0.35 if kind in ("network", "all but the disk") else 0.0
                to_edit = self._disturb(home, kind, disk, seen)
                self._net.badness = 0.0
                if disk:
                    disk.clear()
                for meeting_id, edit in to_edit:
                    _edit(home, meeting_id, edit)
                self._end(home)
            self.told.asked += seen.asked
            self.told.away += seen.away
            self.told.wrong += [f"{home.name}: {one}" for one in seen.wrong]
            if not seen.meetings_seen:
                self.told.wrong.append(f"{home.name}: the reader saw no meeting")
            self._compare(home, number)
        shutil.rmtree(home, ignore_errors=True)

    def _disturb(self, home: Path, kind: str, disk: SmallDisk | None, seen: Seen) -> list[tuple[str, Edit]]:
        """Kills, until all is done or there were enough. Returns the edits that are still to be made."""
        to_edit = list(self._start.edits)
        for _ in range(MOST_ROUNDS_RUNS):
            if disk:
                self._fill(disk)
            if kind in ("index", "all but the disk") and self._chance.random() < 0.3:
                self._lose_index(home)
            done = self._run(home, home.name)
            if (done and not to_edit) or sum(self.told.kills.values()) >= self._wanted:
                break
            if to_edit and self._chance.random() < 0.5 and not (disk and self._full(disk)):
                meeting_id, edit = to_edit.pop(0)
                _edit(home, meeting_id, edit)
                if edit.kind is EditKind.REDACTION:
                    seen.taken_back.add(meeting_id)
        return to_edit

    def _run(self, home: Path, name: str) -> bool:
        """A run, killed somewhere. True: it ended by itself with nothing left to do."""
        aim = self._chance.choice(list(AIMS))
        times = 1 if aim in ("starting", "transcribe") else self._chance.randint(1, 3)
        self.told.runs += 1
        with running(home, "run") as run:
            if aim != "starting":
                run.until_step(aim, times, PATIENCE)
            time.sleep(self._chance.uniform(0, AIMS[aim]))
            step = run.step
            if run.kill():
                self.told.kills[step] += 1
            ended, complaints = run.process.returncode, run.complaints
        self.told.wrong += [f"{name}: a run says: {line[:500]}" for line in complaints if "disk" not in line]
        return ended == 0

    def _end(self, home: Path) -> None:
        """Undisturbed to the end. What failed by the network or the disk is done in the first run."""
        for _ in range(TRIES):
            code, text = said(home, "run")
            if code == 0:
                return
        why = [line[:600] for line in text.splitlines() if line and '"level": "info"' not in line]
        self.told.wrong.append(f"{home.name}: it does not come to an end: {' / '.join(why[:6])}")

    def _compare(self, home: Path, number: int) -> None:
        end = state_of(home)
        self.told.wrong += [f"{home.name}: {one}" for one in end.differences(self._start.end)]
        if any(TAKEN_BACK in str(passage) for key, passage in end.index.items() if self._redacted(key)):
            self.told.wrong.append(f"{home.name}: the index holds what was taken back")
        code, text = said(home, "check", TALERSTOL_LOG_FORMAT="text")
        problems = [line for line in text.splitlines() if line.startswith("PROBLEM") and " disk" not in line]
        self.told.wrong += [f"{home.name}: check: {line}" for line in problems]

    def _redacted(self, passage: str) -> bool:
        redacted = [m for m, edit in self._start.edits if edit.kind is EditKind.REDACTION]
        return any(passage.startswith(meeting_id) for meeting_id in redacted)

    def _lose_index(self, home: Path) -> None:
        """The search goes away between two runs: its folder is gone, or one of its files is damaged."""
        index = home / "index"
        files = [file for file in index.rglob("*") if file.is_file()] if index.is_dir() else []
        if not files:
            return
        self.told.index_lost += 1
        if self._chance.random() < 0.5:
            shutil.rmtree(index, ignore_errors=True)
            return
        file = self._chance.choice(files)
        data = bytearray(file.read_bytes())
        if data:
            data[self._chance.randrange(len(data))] ^= 0xFF
            file.write_bytes(data[: self._chance.randrange(len(data)) + 1])

    def _fill(self, disk: SmallDisk) -> None:
        if self._chance.random() < 0.6:
            disk.leave(self._chance.choice([0, 40, 120, 400, 1000, 3000]) * 1024)
            self.told.disk_full += 1
        else:
            disk.clear()

    def _full(self, disk: SmallDisk) -> bool:
        return (disk.folder / FULL).exists()
