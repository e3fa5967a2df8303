"""From a Hugging Face folder to CTranslate2, by CTranslate2's own converter: the one module that names it.

The converter needs the extra [convert] (transformers and torch), which nothing else here does; and it runs in a
process of its own, so that neither is loaded into the command line. It runs no code that comes with a model.
"""

from __future__ import annotations

import importlib.util
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from catalogue import EngineError
from transcribe.installing.apart import end_with_parent, run_apart

PACKAGES = ("ctranslate2", "transformers", "torch", "safetensors")
QUANTIZATIONS = (
    "float16",
    "bfloat16",
    "float32",
    "int8",
    "int8_float16",
    "int8_bfloat16",
    "int8_float32",
    "int16",
)
TIED = "proj_out.weight"  # the same as the embeddings, and so never saved
# Whatever the libraries would like to ask of a network, they shall not; and they shall be quiet.
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "TOKENIZERS_PARALLELISM": "false",
}


def require_converter() -> None:
    missing = [package for package in PACKAGES if importlib.util.find_spec(package) is None]
    if missing:
        raise EngineError(
            f"what converts models is not installed here ({', '.join(missing)})",
            where="talerstol models install",
            remedy="Install it with: pip install 'talerstolen[convert]'. Or convert on another machine and copy "
            "the model's folder.",
        )


def converter_versions() -> dict[str, str]:
    return {package: version(package) for package in PACKAGES}


def convert(source: Path, target: Path, quantization: str, where: str) -> None:
    """Convert the model in `source` into the folder `target`; `where` is the model's name for an error."""
    require_converter()
    outcome = run_apart("transcribe.installing.conversion", str(source), str(target), quantization, **QUIET)
    if outcome.code:
        raise EngineError(
            f"the model could not be converted: {outcome.complaint[:300]}",
            where=where,
            remedy="Run the same command again; if it fails again, the model's files are not what they should be.",
        )


def _main() -> None:
    end_with_parent()
    source, target, quantization = sys.argv[1:]
    from ctranslate2.converters import TransformersConverter

    class Strict(TransformersConverter):  # type: ignore[misc]  # it has no types
        """Transformers fills weights that are missing with random numbers; here that is an error."""

        def load_model(self, model_class: Any, name: str, **options: Any) -> Any:
            model, found = model_class.from_pretrained(
                name, output_loading_info=True, use_safetensors=True, **options
            )
            missing = sorted(set(found["missing_keys"]) - {TIED})
            missing += [str(key) for key in found.get("mismatched_keys") or ()]
            if missing:
                raise ValueError(f"{len(missing)} weights are missing or have another shape: {missing[0]}")
            return model

    Strict(source).convert(target, quantization=quantization, force=True)


if __name__ == "__main__":
    _main()
