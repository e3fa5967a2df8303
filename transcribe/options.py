"""What decides a transcript beside the model and the sound."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from catalogue import Settings


@dataclass(frozen=True, slots=True)
class DecodingOptions:
    """Stored with every transcript. The last four decide only how fast it is."""

    language: str = "da"
    beam_size: int = 5
    compute_type: str = "auto"
    device: str = "auto"
    batch_size: int = 8
    workers: int = 1  # batches decoded at the same time
    threads: int = 0  # CPU threads a batch; 0 leaves it to CTranslate2
    preparers: int = 1  # processes that prepare recordings

    @classmethod
    def from_settings(cls, settings: Settings) -> DecodingOptions:
        return cls(beam_size=settings.beam_size, compute_type=settings.compute_type, device=settings.device)

    def as_json(self) -> str:
        """What decides the text, and nothing that only decides the speed."""
        deciding = {"language", "beam_size", "compute_type", "device"}
        kept = {name: value for name, value in asdict(self).items() if name in deciding}
        return json.dumps(kept | {"method": METHOD_VERSION}, sort_keys=True)


METHOD_VERSION = "3"  # raised whenever windows, gate, times or sentences would come out otherwise
