"""Ray, in one place: hearing recordings on many machines, an actor for each GPU (or core), all on one media folder.

Only paths and text go through Ray, never sound: every machine sees the same `TALERSTOL_HOME`. A worker that dies
leaves its checkpoint behind, and another takes its recordings up from there.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import queue
import threading
import time
from dataclasses import dataclass, replace
from typing import Any

import structlog

from catalogue import EngineError, Provenance, Settings
from transcribe import Failed, Finished, Job, Progress, load_transcriber

log = structlog.get_logger()

AT_ONCE = 4  # recordings that a worker hears together, so that its batches stay full at a recording's end
MOST_DEATHS = 3  # workers that one recording may outlive before it is held to blame
START_SECONDS = 600.0  # for a worker to load its model


class _Worker:
    """What runs in an actor: a transcriber of its own. `hear` is called from `AT_ONCE` threads."""

    def __init__(self, settings: Settings) -> None:
        self._transcriber = load_transcriber(settings)
        self._done: dict[str, Finished | Failed] = {}
        self._reached: dict[str, float] = {}
        self._lock = threading.Lock()

    def provenance(self, audio_sha256: str) -> Provenance:
        return self._transcriber.provenance(audio_sha256)

    def process(self) -> int:
        """The process id, by which an operator finds it."""
        return os.getpid()

    def reached(self) -> dict[str, float]:
        """How many seconds of each recording have been heard."""
        return dict(self._reached)

    def hear(self, job: Job) -> Finished | Failed:
        self._transcriber.submit(job, lambda done, _: self._reached.__setitem__(job.id, done))
        while True:
            for result in self._transcriber.collect(seconds=0.2):
                with self._lock:
                    self._done[result.job.id] = result
            with self._lock:
                if job.id in self._done:
                    self._reached.pop(job.id, None)
                    return self._done.pop(job.id)


@dataclass(slots=True, eq=False)
class _Handed:
    """A recording that a worker is hearing."""

    job: Job
    progress: Progress
    worker: Any
    deaths: int = 0


class RayTranscriber:
    """A `Transcriber` whose work is done by Ray actors."""

    def __init__(self, settings: Settings) -> None:
        self._ray = _connect(settings)
        self._settings = settings
        self._workers: list[Any] = []
        self._handed: dict[Any, _Handed] = {}  # by Ray's reference of the result
        self._waiting: queue.SimpleQueue[_Handed] = queue.SimpleQueue()
        count = settings.ray_workers or max(1, int(self._capacity()))
        for _ in range(count):
            self._start_worker()
        self._provenance: Provenance | None = None

    def _capacity(self) -> float:
        have = self._ray.cluster_resources()
        return float(have.get("GPU", 0) or have.get("CPU", 1))

    def _start_worker(self) -> None:
        gpus = 1 if self._ray.cluster_resources().get("GPU") else 0
        actor = self._ray.remote(_Worker).options(
            num_cpus=max(1, self._settings.cpu_threads), num_gpus=gpus, max_concurrency=AT_ONCE + 2
        )
        # Without a number of its own a worker would take all cores of its machine, and so would the one beside it.
        threads = max(1, self._settings.cpu_threads)
        secrets = {"meili_key": None, "database_url": None}  # a worker needs neither
        settings = self._settings.model_copy(update={"cpu_threads": threads, **secrets})
        self._workers.append(actor.remote(settings))

    def submit(self, job: Job, progress: Progress) -> None:
        self._waiting.put(_Handed(job, progress, None))
        self._hand_out()

    def _hand_out(self) -> None:
        """Give waiting recordings to the workers with the fewest, as long as they have room."""
        while not self._waiting.empty() and self._workers:
            load = {w: sum(h.worker is w for h in self._handed.values()) for w in self._workers}
            worker = min(self._workers, key=lambda w: load[w])
            if load[worker] >= AT_ONCE:
                return
            handed = replace(self._waiting.get(), worker=worker)
            self._handed[worker.hear.remote(handed.job)] = handed

    def collect(self, seconds: float) -> list[Finished | Failed]:
        found: list[Finished | Failed] = []
        until = time.monotonic() + seconds
        while True:
            self._hand_out()
            if not self._handed:
                return found
            left = max(0.0, until - time.monotonic())
            ready, _ = self._ray.wait(list(self._handed), num_returns=1, timeout=left)
            for reference in ready:
                found += self._take(reference, self._handed.pop(reference))
            if found or not ready and left <= 0:
                self._show_progress()
                return found

    def _take(self, reference: Any, handed: _Handed) -> list[Finished | Failed]:
        try:
            result: Finished | Failed = self._ray.get(reference)
        except self._ray.exceptions.RayActorError as error:
            return self._after_death(handed, error)
        except self._ray.exceptions.RayTaskError as error:
            return [Failed(handed.job, _broken(handed.job, error))]
        handed.progress(handed.job.duration, handed.job.duration)
        return [result]

    def _after_death(self, handed: _Handed, error: Exception) -> list[Finished | Failed]:
        if handed.worker in self._workers:
            self._workers.remove(handed.worker)
            log.warning("a worker died; others take over", recording=handed.job.id)
        if handed.deaths + 1 >= MOST_DEATHS:
            return [Failed(handed.job, _broken(handed.job, error))]
        if not self._workers:
            self._start_worker()
        self._waiting.put(replace(handed, worker=None, deaths=handed.deaths + 1))
        return []

    def _show_progress(self) -> None:
        asked = {w: w.reached.remote() for w in {h.worker for h in self._handed.values()}}
        answered, _ = (
            self._ray.wait(list(asked.values()), num_returns=len(asked), timeout=0.5) if asked else ([], [])
        )
        for worker, reference in asked.items():
            if reference not in answered:
                continue
            try:
                reached: dict[str, float] = self._ray.get(reference)
            except self._ray.exceptions.RayError:
                continue  # a dead worker is noticed by its recordings
            for handed in self._handed.values():
                if handed.worker is worker and handed.job.id in reached:
                    handed.progress(reached[handed.job.id], handed.job.duration)

    def provenance(self, audio_sha256: str) -> Provenance:
        if self._provenance is None:
            try:
                asked = self._workers[0].provenance.remote("")
                self._provenance = self._ray.get(asked, timeout=START_SECONDS)
            except self._ray.exceptions.RayError as error:
                raise _no_worker(error) from error
        return replace(self._provenance, audio_sha256=audio_sha256)

    def processes(self) -> list[int]:
        """The process ids of the workers, each on its own machine."""
        asked = [worker.process.remote() for worker in self._workers]
        found: list[int] = self._ray.get(asked, timeout=START_SECONDS)
        return found

    def close(self) -> None:
        for worker in self._workers:
            self._ray.kill(worker)
        self._ray.shutdown()


def _connect(settings: Settings) -> Any:
    if importlib.util.find_spec("ray") is None:
        raise EngineError(
            "Ray is not installed here",
            where="--executor ray",
            remedy="Install it with: pip install 'talerstolen[ray]', or leave the option out.",
        )
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing leaves the machine unless it is set to
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    import ray

    try:
        if settings.ray_address:
            ray.init(address=settings.ray_address, log_to_driver=False, logging_level=logging.ERROR)
        else:
            ray.init(
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
                num_cpus=settings.ray_workers or None,
                _node_ip_address="127.0.0.1",
            )
    except (ConnectionError, RuntimeError, OSError) as error:
        raise EngineError(
            f"the Ray cluster does not answer ({str(error).splitlines()[0]})",
            where=settings.ray_address or "this machine",
            remedy="Look at TALERSTOL_RAY_ADDRESS, or leave it unset for a cluster on this machine alone.",
        ) from error
    return ray


def _broken(job: Job, error: Exception) -> EngineError:
    return EngineError(
        f"the workers that heard it failed ({type(error).__name__})",
        where=job.id,
        remedy="Run the same command again; it goes on from the last checkpoint.",
    )


def _no_worker(error: Exception) -> EngineError:
    return EngineError(
        f"no Ray worker could start ({type(error).__name__})",
        where="--executor ray",
        remedy="Look whether every machine has the model, the same Talerstolen and TALERSTOL_HOME.",
    )
