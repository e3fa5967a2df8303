"""faster-whisper and CTranslate2, in one place: where there is speech, what it looks like to the model, what it says.

Only parts of faster-whisper are used (its Silero model, log-mel features, tokenizer and alignment), for its own
loops lose speech: see docs/decisions/0004.
"""

from __future__ import annotations

import importlib.util
import threading
import time
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from catalogue import EngineError, InputError
from transcribe.models import ModelFolder
from transcribe.options import DecodingOptions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.int16]  # mono, SAMPLE_RATE
    Features = NDArray[np.float32]  # (mel bins, frames)

SAMPLE_RATE = 16_000  # Hz, mono: what every Whisper model hears
FRAMES_A_SECOND = 100  # of log-mel features
LONGEST_WINDOW = 30.0  # seconds that the model sees at most
VAD_SAMPLES = 512  # Silero's step, 32 ms at 16 kHz
VAD_CONTEXT = 64  # samples of the step before that Silero wants to see
VAD_STEP = VAD_SAMPLES / SAMPLE_RATE  # seconds
PROMPT_LIMIT = (
    200  # tokens; with more, prompt and text no longer fit the model's 448 positions (asr.md, section 3)
)
# No one speaks this fast: dense Danish needs 3.1 tokens a word and 4 words a second (asr.md, section 0). A window
# that reaches it is looping or was cut too long; it is stopped there and decoded again.
TOKENS_A_SECOND = 14
SPARE_TOKENS = 16


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word with its time in seconds from the window's start, and the mean of its tokens' probabilities."""

    start: float
    end: float
    word: str
    probability: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What the model made of one window, not judged yet."""

    text: str
    words: tuple[HeardWord, ...]
    log_probability: float  # mean over the tokens, the end among them
    no_speech: float  # the model's probability that nobody speaks
    compression: float  # how much shorter zlib makes the text: loops compress well
    at_limit: bool  # the text was cut off because it reached the most tokens


@dataclass(frozen=True, slots=True)
class Way:
    """How a batch is decoded: all its windows alike."""

    beam_size: int
    repetition_penalty: float = 1.0
    no_repeat_ngram: int = 0


def is_installed() -> bool:
    return importlib.util.find_spec("faster_whisper") is not None


def require_installed() -> None:
    if not is_installed():
        raise EngineError(
            "speech recognition is not installed here",
            where="faster-whisper",
            remedy="Install it with: pip install 'talerstolen[transcribe]'.",
        )


def check_installed() -> str:
    """The versions of the speech engine, for `talerstol check`. Raises `InputError` where it is missing."""
    if not is_installed():
        raise InputError(
            "not installed",
            where="faster-whisper",
            remedy="Install it with: pip install 'talerstolen[transcribe]'.",
        )
    return ", ".join(f"{name} {number}" for name, number in tool_versions().items())


def tool_versions() -> dict[str, str]:
    return {name: version(name) for name in ("faster-whisper", "ctranslate2")}


def gpu_count() -> int:
    import ctranslate2

    return int(ctranslate2.get_cuda_device_count())


def speech_probabilities(samples: Samples) -> NDArray[np.float32]:
    """Silero's probability of speech for each 32 ms of a stretch, the last step filled up with silence."""
    import numpy as np
    from faster_whisper.vad import get_vad_model

    sound = np.pad(_floats(samples), (0, -len(samples) % VAD_SAMPLES))
    steps = sound.reshape(-1, VAD_SAMPLES)
    if not len(steps):
        return np.zeros(0, dtype=np.float32)
    context = np.zeros((len(steps), VAD_CONTEXT), dtype=np.float32)
    context[1:] = steps[:-1, -VAD_CONTEXT:]
    state = np.zeros((1, 1, 128), dtype=np.float32)
    heard, _, _ = get_vad_model().session.run(
        None, {"input": np.concatenate([context, steps], axis=1), "h": state, "c": state}
    )
    return np.asarray(heard, dtype=np.float32).reshape(-1)


def log_mel(samples: Samples, seconds: float, mel_bins: int) -> Features:
    """What the model sees of a window that is filled up with silence to `seconds`."""
    import numpy as np

    frames = round(seconds * FRAMES_A_SECOND)
    sound = _floats(samples)[: frames * SAMPLE_RATE // FRAMES_A_SECOND]
    filled = np.pad(sound, (0, max(0, frames * SAMPLE_RATE // FRAMES_A_SECOND - len(sound))))
    features: Features = _extractor(mel_bins)(filled)[:, :frames]
    return np.ascontiguousarray(features, dtype=np.float32)


@cache
def _extractor(mel_bins: int) -> Any:
    from faster_whisper.feature_extractor import FeatureExtractor

    return FeatureExtractor(feature_size=mel_bins)


def _floats(samples: Samples) -> NDArray[np.float32]:
    import numpy as np

    return samples.astype(np.float32) / 32768.0


class WhisperDecoder:
    """A loaded speech model. `decode` may be called from `options.workers` threads at once."""

    def __init__(self, folder: ModelFolder, options: DecodingOptions) -> None:
        require_installed()
        from faster_whisper import WhisperModel
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import get_suppressed_tokens

        try:
            self._whisper: Any = WhisperModel(
                str(folder.path),
                device=options.device,
                compute_type=options.compute_type,
                cpu_threads=options.threads,
                num_workers=options.workers,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineError(
                f"the speech model cannot be loaded ({str(error).splitlines()[0]})",
                where=str(folder.path),
                remedy="Check TALERSTOL_MODEL, TALERSTOL_DEVICE and TALERSTOL_COMPUTE_TYPE.",
            ) from error
        self.mel_bins: int = self._whisper.model.n_mels
        self.stages: dict[str, float] = defaultdict(float)  # seconds of work in each, of all workers together
        self._lock = threading.Lock()
        self._tokenizer = Tokenizer(
            self._whisper.hf_tokenizer,
            self._whisper.model.is_multilingual,
            task="transcribe",
            language=options.language,
        )
        self._suppressed = get_suppressed_tokens(self._tokenizer, [-1])

    def prompt(self, words: Sequence[str]) -> tuple[int, ...]:
        """The tokens that whisper these words to the model, as many whole words as fit."""
        tokens: list[int] = []
        for n, word in enumerate(words):
            more = self._tokenizer.encode(" " + word + (", " if n + 1 < len(words) else "."))
            if len(tokens) + len(more) > PROMPT_LIMIT:
                break
            tokens += more
        return tuple(tokens)

    def decode(self, batch: Sequence[Features], prompt: tuple[int, ...], way: Way) -> list[Heard]:
        """What each window says. All of them have the same number of frames."""
        import numpy as np

        began = time.monotonic()
        frames = batch[0].shape[1]
        seen = self._whisper.encode(np.stack(batch))
        limit = token_limit(frames / FRAMES_A_SECOND, len(prompt))
        results = self._whisper.model.generate(
            seen,
            [self._start(prompt)] * len(batch),
            beam_size=way.beam_size,
            repetition_penalty=way.repetition_penalty,
            no_repeat_ngram_size=way.no_repeat_ngram,
            max_length=2 * limit,  # CTranslate2 gives half of it to the text
            suppress_blank=True,
            suppress_tokens=self._suppressed,
            return_scores=True,
            return_no_speech_prob=True,
        )
        texts = [[t for t in r.sequences_ids[0] if t < self._tokenizer.eot] for r in results]
        decoded = time.monotonic()
        times = self._align(seen, texts, frames)
        with self._lock:
            self.stages["decode"] += decoded - began
            self.stages["align"] += time.monotonic() - decoded
        return [
            self._heard(r, text, words, limit) for r, text, words in zip(results, texts, times, strict=True)
        ]

    def _start(self, prompt: tuple[int, ...]) -> list[int]:
        before = [self._tokenizer.sot_prev, *prompt] if prompt else []
        return [*before, *self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]

    def _align(self, seen: Any, texts: list[list[int]], frames: int) -> list[list[dict[str, Any]]]:
        """The words of each window with their times.

        Texts of one length go together: CTranslate2 fills shorter ones up and takes the filling into its averages
        (over tokens, as in openai/whisper timing.py), so a window's times would depend on its company.
        """
        import ctranslate2
        import numpy as np
        from faster_whisper.transcribe import merge_punctuations

        found: list[list[dict[str, Any]]] = [[] for _ in texts]
        by_length: dict[int, list[int]] = defaultdict(list)
        for place, text in enumerate(texts):
            by_length[len(text)].append(place)
        by_length.pop(0, None)
        if not by_length:
            return found
        everything = np.asarray(seen.to(ctranslate2.DataType.float32).to_device(ctranslate2.Device.cpu))
        for places in by_length.values():
            part = ctranslate2.StorageView.from_array(everything[places])
            aligned = self._whisper.find_alignment(
                self._tokenizer, [texts[place] for place in places], part, frames
            )
            for place, words in zip(places, aligned, strict=True):
                merge_punctuations(words, "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、%")
                found[place] = words
        return found

    def _heard(self, result: Any, tokens: list[int], words: list[dict[str, Any]], limit: int) -> Heard:
        text = " ".join(self._tokenizer.decode(tokens).split())
        length = len(result.sequences_ids[0])
        return Heard(
            text=text,
            words=tuple(
                HeardWord(float(w["start"]), float(w["end"]), w["word"].strip(), float(w["probability"]))
                for w in words
                if w["word"].strip()
            ),
            log_probability=float(result.scores[0]) * length / (length + 1),
            no_speech=float(result.no_speech_prob),
            compression=compression(text),
            at_limit=length >= limit - 1,
        )


def token_limit(seconds: float, prompt: int) -> int:
    """The most tokens that a window of this length may say."""
    room = 448 - prompt - 5  # the prompt's mark and the four tokens of the start
    return min(round(seconds * TOKENS_A_SECOND) + SPARE_TOKENS, 224, room)


def compression(text: str) -> float:
    """The bytes of a text over those that zlib needs for it (as OpenAI's Whisper measures loops)."""
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) if raw else 0.0
