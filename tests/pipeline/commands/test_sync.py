"""`talerstol sync` as a process of its own: what it prints, what it leaves with, and killed in the middle."""

from __future__ import annotations

import json
import time
from collections import Counter

from tests.pipeline.conftest import Talerstol
from tests.pipeline.syncing.town import ITEMS
from tests.portal_server import PAPER, Fault, PortalSite

GOOD = 'name = "Tranevig Kommune"\nportal = "firstagenda"\naddress = "{address}"\nsince = 2026-01-01\nrate = 0.0\n'


def configure(talerstol: Talerstol, *entries: str) -> None:
    talerstol.home.mkdir(exist_ok=True)
    text = "".join(f"[[municipality]]\n{entry}\n" for entry in entries)
    (talerstol.home / "municipalities.toml").write_text(text, encoding="utf-8")


def test_what_a_person_and_a_machine_read(talerstol: Talerstol, site: PortalSite) -> None:
    configure(
        talerstol,
        GOOD.format(address=site.address),
        'name = "Skovby"\nportal = "folder"\naddress = "drop"\nsince = 2026-01-01',
    )
    (talerstol.home / "drop").mkdir()
    site.publish("2026-03-04", ITEMS)
    bad = site.publish("2026-02-04", ITEMS)
    site.fail(PAPER + bad, Fault(404), Fault(404))

    said = talerstol("sync", "tranevig")
    assert said.code == 1
    assert said.out.splitlines()[0].startswith("Tranevig Kommune: 1 new, 0 changed, 0 unchanged")
    assert "FAILED Byrådet 2026-02-04" in said.out
    assert 'Then: talerstol sync "Tranevig Kommune"' in said.out
    assert said.out.rstrip().endswith("Then: talerstol run")

    said = talerstol("sync", "--json", "--dry-run")
    assert said.code == 1
    site.faults.clear()
    said = talerstol("sync", "--json")
    assert said.code == 0, said.err
    tranevig, skovby = json.loads(said.out)["municipalities"]
    assert tranevig["new"] == ["tranevig-byraadet-2026-02-04"]
    assert tranevig["unchanged"] == ["tranevig-byraadet-2026-03-04"]
    assert skovby["name"] == "Skovby"
    assert talerstol("status").code == 0


def test_a_wrong_file_is_said_with_its_place(talerstol: Talerstol) -> None:
    configure(talerstol, GOOD.format(address="dagsordener.dk"))
    said = talerstol("sync")
    assert (said.code, said.out) == (2, "")
    assert "municipalities.toml, municipality 1, address" in said.err


def test_no_file_and_no_such_municipality(talerstol: Talerstol, site: PortalSite) -> None:
    said = talerstol("sync")
    assert said.code == 2
    assert "municipalities.toml" in said.err and "[[municipality]]" in said.err
    configure(talerstol, GOOD.format(address=site.address))
    said = talerstol("sync", "Andeby")
    assert said.code == 2
    assert "Tranevig Kommune" in said.err


def test_killed_in_the_middle_it_goes_on_and_asks_for_nothing_twice(
    talerstol: Talerstol, site: PortalSite
) -> None:
    configure(talerstol, GOOD.format(address=site.address))
    days = [f"2026-02-{day:02}" for day in range(1, 21)]
    for day in days:
        site.publish(day, ITEMS)
        site.publish(day, ITEMS, name="Referat")
    site.pause = 0.05
    process = talerstol.start("sync")
    until = time.monotonic() + 60
    while site.count(PAPER) < 15 and time.monotonic() < until:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    time.sleep(0.1)  # the server may still be answering
    site.pause = 0.0

    said = talerstol("sync", "--json")
    assert said.code == 0, said.err
    report = json.loads(said.out)["municipalities"][0]
    assert report["failed"] == []
    assert len(report["new"]) + len(report["unchanged"]) == len(days)
    assert report["changed"] == []
    statuses = json.loads(talerstol("status", "--json").out)["meetings"]
    assert sorted(s["id"] for s in statuses) == [f"tranevig-byraadet-{day}" for day in days]
    assert all(s["items"] == len(ITEMS) for s in statuses)
    often = Counter(asked.path for asked in site.asked)
    assert sum(count > 1 for count in often.values()) <= 1  # what was on its way when it was killed
