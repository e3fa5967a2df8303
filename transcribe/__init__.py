"""A recording becomes a transcript; and a transcript becomes text that others read."""

from transcribe.captions import Cue, cues
from transcribe.checkpoint import seconds_kept
from transcribe.formats import chapters_vtt, clock, cues_srt, cues_vtt, to_json, to_srt, to_txt, to_vtt
from transcribe.gate import Doubt
from transcribe.installing import QUANTIZATIONS, Installed, Stage, Wanted, install_model
from transcribe.jobs import Failed, Finished, Job, Progress, Transcriber, silent
from transcribe.local import LocalTranscriber, load_transcriber
from transcribe.machine import Tuning, write_tuning
from transcribe.measuring import measure
from transcribe.model_record import ModelRecord
from transcribe.models import (
    KNOWN,
    ModelFolder,
    ModelMissing,
    SpeechModel,
    find_model,
    installed_models,
    model_record,
)
from transcribe.names import names_file, names_in_agenda
from transcribe.options import DecodingOptions
from transcribe.whisper import check_installed

__all__ = [
    "KNOWN",
    "QUANTIZATIONS",
    "Cue",
    "DecodingOptions",
    "Doubt",
    "Failed",
    "Finished",
    "Installed",
    "Job",
    "LocalTranscriber",
    "ModelFolder",
    "ModelMissing",
    "ModelRecord",
    "Progress",
    "SpeechModel",
    "Stage",
    "Transcriber",
    "Tuning",
    "Wanted",
    "chapters_vtt",
    "check_installed",
    "clock",
    "cues",
    "cues_srt",
    "cues_vtt",
    "find_model",
    "install_model",
    "installed_models",
    "load_transcriber",
    "measure",
    "model_record",
    "names_file",
    "names_in_agenda",
    "seconds_kept",
    "silent",
    "to_json",
    "to_srt",
    "to_txt",
    "to_vtt",
    "write_tuning",
]
