"""Names and places that are traps, and files that do not stay."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.pipeline.gallery.case import Case, Ends, Given, address, recording
from tests.pipeline.gallery.world import World


def copy(world: World, name: str) -> Path:
    made = world.folder / name
    made.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(world.sound, made)
    return made


def link(world: World, name: str, target: str) -> str:
    made = world.folder / name
    made.symlink_to(target)
    return str(made)


def fifo(world: World) -> str:
    made = world.folder / "roer.mp4"
    os.mkfifo(made)
    return str(made)


def vanishing(world: World) -> Given:
    made = copy(world, "forsvinder.mp3")
    return Given(str(made), agenda=world.agenda, transcript=world.captions, then=made.unlink)


def replaced(world: World) -> Given:
    made = copy(world, "udskiftet.mp3")
    return Given(
        str(made),
        agenda=world.agenda,
        transcript=world.captions,
        then=lambda: made.write_text("Her var en optagelse."),
    )


def emptied(world: World) -> Given:
    made = copy(world, "toemt.mp3")
    return Given(
        str(made), agenda=world.agenda, transcript=world.captions, then=lambda: made.write_bytes(b"")
    )


def becomes_a_folder(world: World) -> Given:
    made = copy(world, "bliver-mappe.mp3")

    def change() -> None:
        made.unlink()
        made.mkdir()

    return Given(str(made), agenda=world.agenda, transcript=world.captions, then=change)


def round_about(world: World) -> str:
    link(world, "ring-a.mp4", str(world.folder / "ring-b.mp4"))
    return link(world, "ring-b.mp4", str(world.folder / "ring-a.mp4"))


CASES = (
    Case("no such file", "a path that leads nowhere", recording(lambda w: str(w.folder / "findes-ikke.mp4")), Ends.FAILED),
    Case("folder as recording", "a directory", recording(lambda w: str(w.folder)), Ends.FAILED),
    Case("file that vanishes", "deleted between `add` and `run`", vanishing, Ends.FAILED),
    Case("file that is replaced", "text in its place between `add` and `run`", replaced, Ends.FAILED),
    Case("file that is emptied", "no bytes left between `add` and `run`", emptied, Ends.FAILED),
    Case("file that becomes a folder", "between `add` and `run`", becomes_a_folder, Ends.FAILED),
    Case("link to a recording", "a symbolic link", recording(lambda w: link(w, "genvej.mp3", w.sound)), Ends.FINE, slow=True),
    Case("link to nothing", "a symbolic link", recording(lambda w: link(w, "loes.mp3", "intet.mp3")), Ends.FAILED),
    Case("links in a ring", "two symbolic links", recording(round_about), Ends.FAILED),
    Case("pipe", "a fifo that nobody writes to", recording(fifo), Ends.FAILED),
    Case("device", "`/dev/zero`", recording(lambda _: "/dev/zero"), Ends.FAILED),
    Case("file of the kernel", "`/proc/self/mem`", recording(lambda _: "/proc/self/mem"), Ends.FAILED),
    Case("name with a line's end", "a name of two lines", recording(lambda w: str(copy(w, "to\nlinjer.mp3"))), Ends.FINE),
    Case("name that looks like an option", "`-y.mp3`", recording(lambda w: str(copy(w, "-y.mp3"))), Ends.FINE),
    Case("name that looks like a pattern", "`a%03d*.mp3`", recording(lambda w: str(copy(w, "a%03d*?[x].mp3"))), Ends.FINE, slow=True),
    Case("path that climbs", "`a/../god.mp3`", recording(
        lambda w: str(copy(w, "mappe/x.mp3").parent / ".." / Path(w.sound).name)), Ends.FINE, slow=True),
    Case("name of 5,000 characters", "longer than any disk keeps", recording(lambda _: "x" * 5000 + ".mp4"), Ends.FAILED),
    Case("name with a NUL", "a name that no disk keeps", recording(lambda w: str(w.folder / "a\0b.mp4")), Ends.REFUSED),
    Case("ffmpeg's own protocol", "`concat:a.mp3|b.mp3`", recording(lambda _: "concat:a.mp3|b.mp3"), Ends.FAILED),
    Case("address of a file", "`file:///etc/passwd`", address(lambda _: "file:///etc/passwd"), Ends.FAILED),
    Case("address of another protocol", "`ftp://`", address(lambda _: "ftp://kilde.example/moede.mp4"), Ends.FAILED),
    Case("address with a password", "`https://navn:kode@…`", address(lambda _: "https://navn:kode@kilde.example/moede.mp4"), Ends.FAILED),
    Case("missing name of two lines", "a name with a line's end and a turned direction",
         recording(lambda w: str(w.folder / "to\nlinjer\u202e.mp4")), Ends.FAILED),
)  # fmt: skip
