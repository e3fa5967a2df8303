"""Hearing recordings on this machine: preparation in processes of its own, one model, batches over all recordings.

One thread directs (`_direct`): it asks for stretches to be prepared while there is room, keeps the model busy with
full batches, hands each window its answer, and writes a checkpoint when all windows of a stretch have theirs.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections import defaultdict
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

import structlog

from catalogue import (
    DiskFull,
    EngineError,
    Provenance,
    Settings,
    TalerstolError,
    TranscriptOrigin,
    digest,
    disk_full,
)
from transcribe.account import account
from transcribe.batches import Pending, Pool
from transcribe.checkpoint import Checkpoint, Done
from transcribe.hearing import Answer, hear
from transcribe.jobs import Failed, Finished, Job, Progress
from transcribe.machine import options_here
from transcribe.models import ModelFolder, find_model
from transcribe.names import Names
from transcribe.options import DecodingOptions
from transcribe.preparers import Preparers
from transcribe.sentences import rebuild
from transcribe.stretches import STRETCH, Stretch
from transcribe.whisper import Heard, WhisperDecoder, tool_versions

log = structlog.get_logger()

POLL = 0.2  # s between looks for new recordings while others are being heard
MOST_UNKEPT = (
    300.0  # s of a recording that a kill may cost: so much is being heard and not yet in its checkpoint
)
BATCHES_AHEAD = 4  # batches of windows that may wait, for each worker: enough that kinds fill up


@dataclass(slots=True, eq=False)
class _Part:
    """A stretch that is being heard."""

    recording: _Recording
    stretch: Stretch
    answers: list[list[Answer] | None]
    busy: float = 0.0

    @property
    def complete(self) -> bool:
        return all(answer is not None for answer in self.answers)


@dataclass(slots=True, eq=False)
class _Recording:
    job: Job
    progress: Progress
    checkpoint: Checkpoint
    names: Names
    next_start: float
    prepared_all: bool
    preparing: Future[Stretch] | None = None
    parts: list[_Part] = field(default_factory=list)

    @property
    def may_go_on(self) -> bool:
        """Whether its next stretch may be prepared."""
        unkept = self.next_start - self.checkpoint.reached
        return not self.prepared_all and unkept + STRETCH <= MOST_UNKEPT


class LocalTranscriber:
    """A `Transcriber` with one model in this process."""

    def __init__(self, decoder: WhisperDecoder, folder: ModelFolder, options: DecodingOptions) -> None:
        self._decoder, self._folder, self._options = decoder, folder, options
        self._jobs: queue.SimpleQueue[tuple[Job, Progress]] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[Finished | Failed] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._preparers = Preparers(options.preparers)
        self._workers = ThreadPoolExecutor(options.workers, thread_name_prefix="decode")
        room = options.batch_size * options.workers * BATCHES_AHEAD
        self._pool: Pool[_Part] = Pool(options.batch_size, room)
        self._begun = 0  # stretches
        self._recordings: list[_Recording] = []
        self._prepared: dict[str, float] = defaultdict(float)
        self._decoding: dict[Future[tuple[list[Heard], float]], list[Pending[_Part]]] = {}
        self._director = ThreadPoolExecutor(1, thread_name_prefix="transcribe")
        self._directing = self._director.submit(self._direct)

    def submit(self, job: Job, progress: Progress) -> None:
        self._jobs.put((job, progress))

    def collect(self, seconds: float) -> list[Finished | Failed]:
        found: list[Finished | Failed] = []
        if self._directing.done() and self._results.empty():
            self._directing.result()  # only ever ends before `close` by an error, which is raised here
        with suppress(queue.Empty):
            found.append(self._results.get(timeout=seconds) if seconds > 0 else self._results.get_nowait())
            while True:
                found.append(self._results.get_nowait())
        return found

    def provenance(self, audio_sha256: str) -> Provenance:
        return Provenance(
            origin=TranscriptOrigin.MODEL,
            source=self._folder.name,
            revision=self._folder.revision,
            options=self._options.as_json(),
            audio_sha256=audio_sha256,
            tools=json.dumps(tool_versions(), sort_keys=True),
        )

    @property
    def stages(self) -> dict[str, float]:
        """Seconds of work so far by stage, of all processes and workers together."""
        return {**self._prepared, **self._decoder.stages}

    def preparing_processes(self) -> list[int]:
        """The ids of the processes that prepare recordings."""
        return self._preparers.processes()

    def close(self) -> None:
        self._stop.set()
        self._director.shutdown()
        self._workers.shutdown()
        self._preparers.close()

    # The director's own ------------------------------------------------------------------------------

    def _direct(self) -> None:
        while not self._stop.is_set():
            self._turn()
        wait(list(self._decoding))
        self._take_decoded()

    def _turn(self) -> None:
        self._admit()
        self._prepare()
        self._decode()
        under_way: list[Future[Any]] = [
            *self._decoding,
            *(r.preparing for r in self._recordings if r.preparing),
        ]
        if under_way:
            wait(under_way, timeout=POLL, return_when=FIRST_COMPLETED)
        elif not self._recordings:
            self._stop.wait(POLL / 10)
        self._take_prepared()
        self._take_decoded()

    def _admit(self) -> None:
        """Take up new recordings, each where its checkpoint ends."""
        while True:
            try:
                job, progress = self._jobs.get_nowait()
            except queue.Empty:
                return
            try:
                checkpoint = Checkpoint(job.checkpoint, self._key(job))
            except OSError as error:
                self._results.put(Failed(job, _not_written(job, error)))
                continue
            recording = _Recording(
                job, progress, checkpoint, Names(job.names), checkpoint.reached, checkpoint.complete
            )
            self._recordings.append(recording)
            self._report(recording)
            self._finish_if_done(recording)

    def _key(self, job: Job) -> str:
        return digest([asdict(self.provenance(job.audio_sha256)), job.names])

    def _prepare(self) -> None:
        """Have the next stretches prepared while there is room for their windows; the first recordings first."""
        room = self._pool.room - len(self._pool)
        busy = sum(r.preparing is not None for r in self._recordings)
        for recording in self._recordings:
            if room <= 0 or busy >= self._options.preparers:
                return
            if recording.preparing is None and recording.may_go_on:
                try:
                    recording.preparing = self._preparers.prepare(
                        recording.job.audio, recording.next_start, self._decoder.mel_bins
                    )
                except BrokenProcessPool:
                    self._preparers.renew()
                    return
                busy += 1

    def _take_prepared(self) -> None:
        broken = False
        for recording in list(self._recordings):
            if recording.preparing is None or not recording.preparing.done():
                continue
            preparing, recording.preparing = recording.preparing, None
            error = preparing.exception()
            if isinstance(error, BrokenProcessPool):
                broken = True  # all that were being prepared are; each is asked for again
            elif error is not None:
                self._fail(recording, error)
            else:
                self._begin(recording, preparing.result())
        if broken:
            self._preparers.renew()

    def _begin(self, recording: _Recording, stretch: Stretch) -> None:
        recording.next_start, recording.prepared_all = stretch.end, stretch.last
        for stage, seconds in stretch.stages:
            self._prepared[stage] += seconds
        part = _Part(recording, stretch, [None] * len(stretch.windows))
        recording.parts.append(part)
        self._begun += 1
        for place, prepared in enumerate(stretch.windows):
            hearing = hear(prepared, self._decoder.mel_bins, self._options.beam_size, recording.names)
            self._ask(Pending(hearing, next(hearing), part, place, begun=self._begun))
        self._keep_complete(recording)

    def _ask(self, pending: Pending[_Part]) -> None:
        names = pending.question.names
        pending.prompt = self._decoder.prompt(names) if names else ()
        self._pool.add(pending)

    def _decode(self) -> None:
        """Keep every worker in batches. One that is not full goes only when no more windows are on their way."""
        while len(self._decoding) < self._options.workers + 1:
            preparing = any(r.preparing is not None for r in self._recordings)
            idle = len(self._decoding) < self._options.workers
            batch = self._pool.take(partly=idle and not preparing)
            if not batch:
                return
            self._decoding[self._workers.submit(self._decode_batch, batch)] = batch

    def _decode_batch(self, batch: list[Pending[_Part]]) -> tuple[list[Heard], float]:
        began = time.monotonic()
        first = batch[0]
        heard = self._decoder.decode([p.question.features for p in batch], first.prompt, first.question.way)
        return heard, time.monotonic() - began

    def _take_decoded(self) -> None:
        for future in [f for f in self._decoding if f.done()]:
            batch = self._decoding.pop(future)
            error = future.exception()
            if error is not None:
                for recording in {p.owner.recording for p in batch}:
                    self._fail(recording, error)
                continue
            heard, seconds = future.result()
            for pending, said in zip(batch, heard, strict=True):
                self._answer(pending, said, seconds / len(batch) / self._options.workers)

    def _answer(self, pending: Pending[_Part], heard: Heard, seconds: float) -> None:
        part = pending.owner
        if part.recording not in self._recordings:
            return
        part.busy += seconds
        try:
            pending.question = pending.hearing.send(heard)
        except StopIteration as answered:
            part.answers[pending.place] = answered.value
            self._keep_complete(part.recording)
        else:
            self._ask(pending)

    def _keep_complete(self, recording: _Recording) -> None:
        """Write down the stretches that are complete, in their order."""
        while recording.parts and recording.parts[0].complete:
            part = recording.parts.pop(0)
            answers = tuple(a for window in part.answers for a in window or ())
            busy = round(part.busy, 3)
            try:
                recording.checkpoint.add(
                    Done(part.stretch.start, part.stretch.end, part.stretch.last, busy, answers)
                )
            except OSError as error:
                self._fail(recording, _not_written(recording.job, error))
                return
            self._report(recording)
        self._finish_if_done(recording)

    def _report(self, recording: _Recording) -> None:
        reached = min(recording.checkpoint.reached, recording.job.duration)
        recording.progress(reached, recording.job.duration)

    def _finish_if_done(self, recording: _Recording) -> None:
        if not recording.checkpoint.complete or recording not in self._recordings:
            return
        self._recordings.remove(recording)
        done = recording.checkpoint.done
        answers = [answer for stretch in done for answer in stretch.answers]
        quality = account(answers, recording.checkpoint.reached, sum(stretch.busy for stretch in done))
        self._results.put(
            Finished(recording.job, rebuild(answers), quality, self.provenance(recording.job.audio_sha256))
        )

    def _fail(self, recording: _Recording, error: BaseException) -> None:
        if recording not in self._recordings:
            return
        self._recordings.remove(recording)
        self._pool.drop(recording.parts)
        if not isinstance(error, TalerstolError):
            log.error("a recording could not be heard", recording=recording.job.id, exc_info=error)
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            error = EngineError(
                f"the speech model failed ({reason})",
                where=recording.job.id,
                remedy="Run the same command again; it goes on from the last checkpoint.",
            )
        self._results.put(Failed(recording.job, error))


def _not_written(job: Job, error: OSError) -> EngineError:
    if disk_full(error):
        return DiskFull("the disk is full: what was heard cannot be kept", where=str(job.checkpoint))
    return EngineError(
        f"what was heard cannot be kept ({error.strerror})",
        where=str(job.checkpoint),
        remedy="Make room there or let it be written; then run the same command again.",
    )


def load_transcriber(settings: Settings) -> LocalTranscriber:
    """The set model, loaded, with the options that fit this machine. Raises `ModelMissing` or `EngineError`."""
    options = options_here(settings)
    folder = find_model(settings)
    return LocalTranscriber(WhisperDecoder(folder, options), folder, options)
