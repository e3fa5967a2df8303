"""The processes that prepare stretches, so that decoding, voice detection and features never hold up the model."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.process import BaseProcess
from pathlib import Path

from catalogue import EngineError
from transcribe.stretches import Stretch, prepare

MOST_BREAKS = 3  # times that processes may die before it is not put down to bad luck


class Preparers:
    """A pool of processes. They end with this one, however it ends."""

    def __init__(self, count: int) -> None:
        self._count, self._breaks = count, 0
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        # Not forked: a GPU's context and the model's threads do not survive that.
        return ProcessPoolExecutor(
            self._count, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent
        )

    def prepare(self, audio: Path, start: float, mel_bins: int) -> Future[Stretch]:
        return self._pool.submit(prepare, audio, start, mel_bins)

    def renew(self) -> None:
        """Start anew after a process died. Raises `EngineError` if that goes on."""
        self._breaks += 1
        if self._breaks > MOST_BREAKS:
            raise EngineError(
                "the processes that prepare recordings keep dying",
                where="transcribe",
                remedy="Look whether the machine is short of memory.",
            )
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._start()

    def processes(self) -> list[int]:
        """Their ids."""
        return list(self._pool._processes or ())

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, even if that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_for, args=(parent,), daemon=True).start()


def _wait_for(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
