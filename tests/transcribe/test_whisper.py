"""The real model: what it says of a window is the window's own affair."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue import Settings
from transcribe.machine import options_here
from transcribe.models import find_model
from transcribe.stretches import prepare
from transcribe.whisper import Heard, Way, WhisperDecoder


@pytest.fixture(scope="module")
def decoder(tmp_path_factory: pytest.TempPathFactory) -> WhisperDecoder:
    settings = Settings(home=tmp_path_factory.mktemp("home"))  # type: ignore[call-arg]
    return WhisperDecoder(find_model(settings), options_here(settings))


def test_text_and_times_do_not_depend_on_the_company_in_a_batch(
    decoder: WhisperDecoder, joined: Callable[[float, int], Path]
) -> None:
    """Else a run that was killed would end with another transcript than an undisturbed one."""
    by_length: dict[int, list[Any]] = defaultdict(list)
    for window in prepare(joined(60, 4), 0.0, decoder.mel_bins).windows:
        by_length[window.features.shape[1]].append(window.features)
    together = max(by_length.values(), key=len)
    assert len(together) > 1

    def heard(windows: list[Any], size: int) -> list[Heard]:
        batches = [windows[n : n + size] for n in range(0, len(windows), size)]
        return [said for batch in batches for said in decoder.decode(batch, (), Way(beam_size=2))]

    alone = heard(together, 1)
    assert heard(together, len(together)) == alone
    order = random.Random(1).sample(range(len(together)), len(together))
    assert heard([together[n] for n in order], 2) == [alone[n] for n in order]
    assert all(said.words for said in alone)
