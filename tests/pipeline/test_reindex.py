"""The index is built anew only while no run is at work."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from filelock import FileLock

from catalogue import EngineError, Settings
from ingest import Progress
from pipeline.archive import open_archive
from pipeline.runner import Work, reindex_all


class Silent:
    def step(self, meeting_id: str, step: Work) -> nullcontext[Progress]:
        return nullcontext(lambda done, total: None)

    def failed(self, meeting_id: str, step: Work, message: str) -> None: ...
    def note(self, text: str) -> None: ...


def test_reindex_waits_for_no_run_and_keeps_out_of_its_way(settings: Settings) -> None:
    with open_archive(settings) as archive:
        with FileLock(settings.home / "run.lock"), pytest.raises(EngineError, match="another run"):
            reindex_all(archive, Silent())
        assert reindex_all(archive, Silent()) == 0
