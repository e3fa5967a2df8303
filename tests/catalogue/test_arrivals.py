"""What a source said of a recording is kept with it, on both databases, and goes with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from catalogue import Arrival, Catalogue, Meeting, Recording, RecordingKind, Version

NOW = datetime(2026, 3, 4, 21, tzinfo=UTC)
RECORDING = Recording("m-1", 1, RecordingKind.HTTP, "https://kilde.example/a.mp4", 0.0)
MEETING = Meeting("m", "Møde", date(2026, 3, 4), "", "", (RECORDING,))


def test_it_is_kept_with_the_recording(database_url: str) -> None:
    catalogue = Catalogue.open(database_url)
    catalogue.add_meeting(MEETING)
    assert catalogue.arrivals.of("m") == {}
    first = Arrival("m-1", Version('"a"', "Wed", 12, 60.5, True), NOW, 2, True, True, "se på den")
    catalogue.update_recording(replace(RECORDING, announced=60.5, incomplete="halvdelen mangler"), first)
    assert catalogue.arrivals.of("m") == {"m-1": first}
    again = catalogue.meeting("m").recordings[0]
    assert (again.announced, again.incomplete) == (60.5, "halvdelen mangler")
    later = Arrival("m-1", Version(), NOW)
    catalogue.arrivals.keep(later)
    assert catalogue.arrivals.of("m") == {"m-1": later}
    assert catalogue.arrivals.of("another") == {}
    revision = catalogue.revision("m")
    catalogue.arrivals.keep(replace(later, tries=1, note="se på den"))
    assert catalogue.revision("m") == revision
    for growing in (True, False):  # readers are told
        catalogue.arrivals.keep(replace(later, growing=growing))
        assert (revision := (revision or 0) + 1) == catalogue.revision("m")
    catalogue.close()
