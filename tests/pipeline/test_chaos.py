"""The short version of `make test-chaos`: a few kills in bad weather, and the archive is as if nothing had been."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.chaos.ordeal import Ordeal, beginning


@pytest.mark.chaos
@pytest.mark.timeout(3600)
def test_killed_in_bad_weather_it_ends_as_undisturbed(tmp_path: Path) -> None:
    with beginning(tmp_path, 3, None, seed=3) as (start, net):
        told = Ordeal(tmp_path, start, net, kills=8, seed=3).go(lambda _: None)
    assert told.wrong == []
    assert sum(told.kills.values()) >= 8
    assert told.asked > 0
