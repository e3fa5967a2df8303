"""faster-whisper, in one place: audio in, segments with word times and the model's own probabilities out."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from catalogue import EngineError, InputError, Provenance, Segment, Settings, TranscriptOrigin, Word
from transcribe.models import ModelFolder, find_model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Progress = Callable[[float, float | None], None]  # seconds of audio done, seconds in all

SAMPLE_RATE = 16_000  # Hz, mono: what every Whisper model hears
RANDOM_SEED = (
    1  # the decoder samples when it falls back to a higher temperature; the same audio gives the same text
)
# A pause this long ends a stretch of speech; silence is not shown to the model, which would make up words there.
VAD_MIN_SILENCE_MS = 500


@dataclass(frozen=True, slots=True)
class DecodingOptions:
    """What decides the text beside the model and the audio. Stored with every transcript."""

    language: str = "da"
    beam_size: int = 5
    compute_type: str = "auto"
    device: str = "auto"
    word_timestamps: bool = True
    vad_filter: bool = True
    condition_on_previous_text: bool = False  # carried text makes one mistake into many (asr.md, section 3)

    @classmethod
    def from_settings(cls, settings: Settings) -> DecodingOptions:
        return cls(beam_size=settings.beam_size, compute_type=settings.compute_type, device=settings.device)

    def as_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


class Recogniser:
    """A loaded speech model. Load one, use it for many recordings."""

    def __init__(self, folder: ModelFolder, options: DecodingOptions, cpu_threads: int = 0) -> None:
        if importlib.util.find_spec("faster_whisper") is None:
            raise EngineError(
                "speech recognition is not installed here",
                where="faster-whisper",
                remedy="Install it with: pip install 'talerstolen[transcribe]'.",
            )
        import ctranslate2
        from faster_whisper import WhisperModel

        self._folder, self._options = (
            folder,
            _on_this_machine(options, bool(ctranslate2.get_cuda_device_count())),
        )
        ctranslate2.set_random_seed(RANDOM_SEED)
        try:
            self._model: Any = WhisperModel(
                str(folder.path),
                device=self._options.device,
                compute_type=self._options.compute_type,
                cpu_threads=cpu_threads,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineError(
                f"the speech model cannot be loaded ({str(error).splitlines()[0]})",
                where=str(folder.path),
                remedy="Check TALERSTOL_MODEL, TALERSTOL_DEVICE and TALERSTOL_COMPUTE_TYPE.",
            ) from error

    @classmethod
    def load(cls, settings: Settings) -> Recogniser:
        return cls(find_model(settings), DecodingOptions.from_settings(settings), settings.cpu_threads)

    def provenance(self, audio_sha256: str) -> Provenance:
        """How a transcript made now comes to be."""
        tools = {name: version(name) for name in ("faster-whisper", "ctranslate2")}
        return Provenance(
            origin=TranscriptOrigin.MODEL,
            source=self._folder.name,
            revision=self._folder.revision,
            options=self._options.as_json(),
            audio_sha256=audio_sha256,
            tools=json.dumps(tools, sort_keys=True),
        )

    def transcribe(self, audio: Iterable[bytes], progress: Progress) -> tuple[Segment, ...]:
        """The segments of one recording, given as chunks of 16 kHz mono signed 16-bit samples.

        Times are seconds on the recording's clock and never run backwards.
        """
        samples = _samples(audio)
        duration = len(samples) / SAMPLE_RATE
        if not duration:
            return ()
        options = self._options
        heard, _ = self._model.transcribe(
            samples,
            language=options.language,
            task="transcribe",
            beam_size=options.beam_size,
            word_timestamps=options.word_timestamps,
            vad_filter=options.vad_filter,
            vad_parameters={"min_silence_duration_ms": VAD_MIN_SILENCE_MS},
            condition_on_previous_text=options.condition_on_previous_text,
        )
        return tuple(_in_order(_reported(heard, duration, progress), duration))


def _on_this_machine(options: DecodingOptions, has_gpu: bool) -> DecodingOptions:
    """The options with "auto" decided: half precision on a GPU, 8-bit integers on a CPU (asr.md, section 8)."""
    device = options.device if options.device != "auto" else ("cuda" if has_gpu else "cpu")
    chosen = (
        options.compute_type
        if options.compute_type != "auto"
        else ("float16" if device == "cuda" else "int8")
    )
    return replace(options, device=device, compute_type=chosen)


def _samples(chunks: Iterable[bytes]) -> NDArray[np.float32]:
    import numpy as np

    pcm = np.frombuffer(b"".join(chunks), dtype=np.int16)
    return pcm.astype(np.float32) / 32768.0


def _reported(heard: Iterable[Any], duration: float, progress: Progress) -> Iterator[Any]:
    for segment in heard:
        progress(min(segment.end, duration), duration)
        yield segment
    progress(duration, duration)


def _in_order(heard: Iterable[Any], duration: float) -> Iterator[Segment]:
    """Our records of what was heard, with times kept inside the recording and in order."""
    clock = 0.0
    for segment in heard:
        text = " ".join(segment.text.split())
        if not text:
            continue
        words = []
        for word in segment.words or ():
            start = min(max(word.start, clock), duration)
            clock = min(max(word.end, start), duration)
            words.append(
                Word(round(start, 3), round(clock, 3), word.word.strip(), round(word.probability, 4))
            )
        start = words[0].start if words else min(max(segment.start, clock), duration)
        clock = words[-1].end if words else min(max(segment.end, start), duration)
        yield Segment(round(start, 3), round(clock, 3), text, words=tuple(words))


def check_installed() -> str:
    """The versions of the speech engine, for `talerstol check`. Raises `InputError` where it is missing."""
    if importlib.util.find_spec("faster_whisper") is None:
        raise InputError(
            "not installed",
            where="faster-whisper",
            remedy="Install it with: pip install 'talerstolen[transcribe]'.",
        )
    return f"faster-whisper {version('faster-whisper')}, CTranslate2 {version('ctranslate2')}"
