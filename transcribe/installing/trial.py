"""Whether a model decodes on this machine: a second of silence, in a process that may crash without harm."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import asdict
from pathlib import Path

from catalogue import EngineError, TalerstolError
from transcribe.installing.apart import end_with_parent, run_apart
from transcribe.models import ModelFolder
from transcribe.options import DecodingOptions
from transcribe.whisper import SAMPLE_RATE, Way, WhisperDecoder, log_mel


def try_model(folder: Path, options: DecodingOptions, mel_bins: int, where: str) -> None:
    """Raises `EngineError` unless the model loads with these options and decodes sound of so many mel bins."""
    outcome = run_apart("transcribe.installing.trial", str(folder), json.dumps(asdict(options)))
    heard = json.loads(outcome.said) if not outcome.code else {}
    if outcome.code:
        problem = outcome.complaint[:300]
    elif heard["mel_bins"] != mel_bins:
        problem = f"it hears {heard['mel_bins']} mel bins, its files say {mel_bins}"
    elif not math.isfinite(heard["log_probability"]):
        problem = "it answers with no number (try --quantization float32 or bfloat16)"
    else:
        return
    raise EngineError(
        f"the model does not decode on this machine: {problem}",
        where=where,
        remedy=f"It was tried on {options.device} with {options.compute_type}: see TALERSTOL_DEVICE and "
        "TALERSTOL_COMPUTE_TYPE.",
    )


def _main() -> None:
    end_with_parent()
    import numpy as np

    folder, options = Path(sys.argv[1]), DecodingOptions(**json.loads(sys.argv[2]))
    try:
        decoder = WhisperDecoder(ModelFolder(folder.name, folder, ""), options)
    except TalerstolError as error:
        sys.exit(error.what)
    silence = log_mel(np.zeros(SAMPLE_RATE, dtype=np.int16), 1.0, decoder.mel_bins)
    heard = decoder.decode([silence], (), Way(beam_size=1))[0]
    sys.stdout.write(json.dumps({"mel_bins": decoder.mel_bins, "log_probability": heard.log_probability}))


if __name__ == "__main__":
    _main()
