"""The index is built anew beside a run that is at work, and by one at a time."""

from __future__ import annotations

import pytest

from catalogue import EngineError, Settings
from pipeline.archive import open_archive
from pipeline.index import indexing
from pipeline.index.indexing import reindex_all
from pipeline.runs.locks import alone, writing_index
from pipeline.terminal.reporter import Silent


def test_reindex_goes_on_beside_a_run(settings: Settings) -> None:
    with open_archive(settings) as archive, alone(archive):
        assert reindex_all(archive, Silent()) == 0


def test_reindex_waits_for_another_writer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "PATIENCE", 0.1)
    with open_archive(settings) as archive:
        with writing_index(archive), pytest.raises(EngineError, match="another process is writing"):
            reindex_all(archive, Silent())
        assert reindex_all(archive, Silent()) == 0
