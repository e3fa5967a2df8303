"""Our windows against faster-whisper's own batch: speed, and words that differ from hearing each clip alone.

    python -m bench.transcription ../shared/data/speech            # this machine's CPU, Whisper base
    python -m bench.transcription ../shared/data/speech --device cuda --model large-v3-turbo --recordings 10
    python -m bench.transcription ../shared/data/speech --device cuda --random-turbo --recordings 10

Both get the same joined recordings, model, beam 5 and word times, and run in turn. The batch gets its best size;
ours reads its recordings as a queue, as a night does. `--random-turbo` makes weights of large-v3-turbo's size where
the real ones cannot be had: its text means nothing, only the time of both ways through it does.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.material import Joined, difference, join, read_clips, words
from bench.random_model import Size, make_turbo
from catalogue import Settings
from transcribe import Failed, Finished, Job, LocalTranscriber, find_model, silent
from transcribe.machine import options_here
from transcribe.stretches import PADDING
from transcribe.whisper import WhisperDecoder

DANISH = 6.0  # tokens a second: 2.3 a word, 2.6 words a second


def main() -> None:
    arguments = _arguments()
    settings = Settings(  # type: ignore[call-arg]
        home=arguments.home,
        model=arguments.model,
        device=arguments.device,
        compute_type=arguments.compute_type,
    )
    with tempfile.TemporaryDirectory() as folder:
        if arguments.random_turbo:
            base = find_model(settings.model_copy(update={"model": "base"})).path
            turbo = make_turbo(Path(folder) / "turbo", base, Size(*arguments.random_size))
            settings = settings.model_copy(update={"model": str(turbo)})
            _say_a_fixed_number_of_words()
        clips = read_clips(arguments.clips)
        recordings = [
            join(clips, arguments.minutes * 60, seed, Path(folder) / f"{seed}.flac")
            for seed in range(arguments.seed, arguments.seed + arguments.recordings)
        ]
        _compare(arguments, settings, clips, recordings, Path(folder))


def _compare(
    arguments: Any, settings: Settings, clips: dict[str, Any], recordings: list[Joined], folder: Path
) -> None:
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    options = replace(options_here(settings), **_given(arguments))
    model = find_model(settings)
    theirs = WhisperModel(str(model.path), device=options.device, compute_type=options.compute_type)
    ours = LocalTranscriber(WhisperDecoder(model, options), model, options)
    # CTranslate2 gives half of what it is allowed to the text (asr.md, section 3).
    most = 2 * round(30 * DANISH) - 4 if arguments.random_turbo else None
    alone = {name: _alone(theirs, clip) for name, clip in clips.items()}
    references = [words(" ".join(alone[name] for name, _ in r.clips)) for r in recordings]
    total = sum(r.seconds for r in recordings)
    speeds: dict[str, list[float]] = defaultdict(list)
    differs: dict[str, list[float]] = defaultdict(list)
    stages: dict[str, float] = {}
    for size in arguments.batch_sizes:
        _batched(BatchedInferencePipeline(theirs), recordings[0].file, size, most)  # warm
    _queue(ours, recordings[:1], folder / "warm")
    for turn in range(arguments.turns):
        for size in arguments.batch_sizes:
            began = time.perf_counter()
            texts = [_batched(BatchedInferencePipeline(theirs), r.file, size, most) for r in recordings]
            name = f"BatchedInferencePipeline, batch {size}"
            speeds[name] += [total / (time.perf_counter() - began)]
            differs[name] = [difference(ref, words(t)) for ref, t in zip(references, texts, strict=True)]
        began = time.perf_counter()
        heard = _queue(ours, recordings, folder / f"turn-{turn}")
        name = f"Talerstolen, batch {options.batch_size} × {options.workers}"
        speeds[name] += [total / (time.perf_counter() - began)]
        texts = [" ".join(s.text for s in h.segments) for h in heard]
        differs[name] = [difference(ref, words(t)) for ref, t in zip(references, texts, strict=True)]
        stages = dict(ours.stages)
    ours.close()
    best = max((n for n in speeds if n.startswith("Batched")), key=lambda n: statistics.median(speeds[n]))
    print(f"{len(recordings)} recordings, {total / 60:.0f} min; {options}")
    print("| way | × real time (median, range) | words that differ (mean, range) |\n|---|---|---|")
    for name in speeds:
        s, d = speeds[name], differs[name]
        print(
            f"| {name} | {statistics.median(s):.1f} ({min(s):.1f}–{max(s):.1f}) | "
            f"{statistics.mean(d):.3f} ({min(d):.3f}–{max(d):.3f}) |"
        )
    mine = list(speeds)[-1]
    faster = statistics.median(speeds[mine]) / statistics.median(speeds[best])
    fewer = 1 - statistics.mean(differs[mine]) / max(1e-9, statistics.mean(differs[best]))
    print(f"speed {faster:.2f} × the best batch; {fewer:.0%} less difference")
    print("seconds of work by stage, all turns:", {k: round(v, 1) for k, v in stages.items()})
    for h in heard:
        q = h.quality
        print(
            f"covered {q.covered:.4f}, gaps {len(q.gaps)}, doubtful {len(q.doubtful)}, windows {q.windows}, "
            f"again {dict(q.decoded_again)}"
        )


def _say_a_fixed_number_of_words() -> None:
    """Random weights never end a text: both ways are stopped at what Danish needs, and nothing is judged."""
    import transcribe.hearing
    import transcribe.whisper

    transcribe.whisper.token_limit = lambda seconds, prompt: round((seconds - PADDING) * DANISH)
    transcribe.hearing.doubts = lambda *_: ()  # type: ignore[assignment]


def _alone(model: Any, clip: Any) -> str:
    heard, _ = model.transcribe(clip, language="da", beam_size=5, condition_on_previous_text=False)
    return " ".join(segment.text for segment in heard)


def _batched(pipeline: Any, file: Path, size: int, most: int | None) -> str:
    heard, _ = pipeline.transcribe(
        str(file), language="da", beam_size=5, word_timestamps=True, batch_size=size, max_new_tokens=most
    )
    return " ".join(segment.text for segment in heard)


def _queue(transcriber: LocalTranscriber, recordings: list[Joined], folder: Path) -> list[Finished]:
    for n, r in enumerate(recordings):
        transcriber.submit(Job(str(n), r.file, str(n), r.seconds, folder / f"{n}.jsonl"), silent)
    done: dict[str, Finished] = {}
    while len(done) < len(recordings):
        for result in transcriber.collect(seconds=5.0):
            if isinstance(result, Failed):
                raise result.error
            done[result.job.id] = result
    return [done[str(n)] for n in range(len(recordings))]


def _given(arguments: Any) -> dict[str, int]:
    names = ("batch_size", "workers", "threads", "preparers")
    return {name: getattr(arguments, name) for name in names if getattr(arguments, name) is not None}


def _arguments() -> Any:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clips", type=Path)
    parser.add_argument("--home", type=Path, default=Path("talerstol-data"))
    parser.add_argument("--model", default="base")
    parser.add_argument("--random-turbo", action="store_true")
    parser.add_argument("--random-size", type=int, nargs=5, default=[32, 4, 20, 1280, 128])
    parser.add_argument("--device", default="auto")
    parser.add_argument("--compute-type", default="auto")
    parser.add_argument("--recordings", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=6.2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[4, 8, 16])
    for name in ("batch-size", "workers", "threads", "preparers"):
        parser.add_argument(f"--{name}", type=int)
    return parser.parse_args()


if __name__ == "__main__":
    main()
