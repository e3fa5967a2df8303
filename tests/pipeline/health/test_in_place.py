"""Each part that is looked at in seconds; the disk goes by the setting at which work really stops."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from catalogue import Settings, free_bytes
from pipeline.archive import open_archive
from pipeline.health import Finding, check_archive
from pipeline.night import hold_night
from pipeline.terminal.reporter import Silent

GIB = 1024**3


def _disk(settings: Settings) -> Finding:
    with open_archive(settings) as archive:
        (found,) = (finding for finding in check_archive(archive) if finding.subject == "disk")
    return found


def _little_at_night(settings: Settings) -> bool:
    with open_archive(settings) as archive:
        report = hold_night(archive, Silent(), archive.now() + timedelta(hours=9), False)
    assert report.disk is not None
    return report.disk.little


@pytest.mark.parametrize(("more", "well"), [(-2 * GIB, True), (2 * GIB, False)])
def test_the_disk_is_small_where_less_is_free_than_is_to_stay_free(
    settings: Settings, tmp_path: Path, more: int, well: bool
) -> None:
    keeping = settings.model_copy(update={"keep_free_bytes": max(0, free_bytes(tmp_path) + more)})
    found = _disk(keeping)
    assert found.ok is well, found
    assert ("TALERSTOL_KEEP_FREE_BYTES" in found.remedy) is not well
    assert _little_at_night(keeping) is not well
