"""`kill -9` at any moment, and the next run ends in the archive that an undisturbed one makes."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable

from catalogue import Catalogue, PublishedMeeting, published_meeting
from tests.pipeline.conftest import Material, Talerstol

DAYS = ("2025-09-24", "2025-10-01")


def fill(talerstol: Talerstol, material: Material) -> None:
    for day in DAYS:
        source = str(material.video if day == DAYS[0] else material.sound)
        said = talerstol(
            "add", source, "--agenda", str(material.agenda(day)), "--transcript", str(material.captions)
        )
        assert said.code == 0, said.err


def public(talerstol: Talerstol) -> list[PublishedMeeting | None]:
    catalogue = Catalogue.open(f"sqlite:///{talerstol.home / 'catalogue.sqlite'}")
    views = [published_meeting(catalogue, identity) for identity in catalogue.meeting_ids()]
    catalogue.close()
    return views


def test_killed_and_run_again_it_ends_in_the_same_archive(
    another: Callable[..., Talerstol], material: Material
) -> None:
    undisturbed, killed = another("undisturbed"), another("killed")
    fill(undisturbed, material)
    began = time.monotonic()
    assert undisturbed("run").code == 0
    whole = time.monotonic() - began
    fill(killed, material)

    dice = random.Random(8)
    for _ in range(6):
        process = killed.start("run")
        time.sleep(dice.uniform(0.3, 0.9) * whole)
        process.kill()
        process.communicate()
        for view in public(killed):  # nothing half done was ever visible
            assert view is None or (view.sentences and all(r.playable for r in view.recordings))
    assert killed("run").code == 0

    assert public(killed) == public(undisturbed)
    query = ("search", "cykelsti", "--sort", "newest", "--json")
    assert json.loads(killed(*query).out) == json.loads(undisturbed(*query).out)
    kept = [
        sorted(p.relative_to(t.home).as_posix() for p in (t.home / "media").rglob("*") if p.is_file())
        for t in (killed, undisturbed)
    ]
    assert kept[0] == kept[1]
