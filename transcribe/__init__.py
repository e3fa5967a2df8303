"""A recording becomes a transcript; and a transcript becomes text that others read."""

from transcribe.formats import clock, to_json, to_srt, to_txt, to_vtt
from transcribe.gate import Doubt
from transcribe.jobs import Failed, Finished, Job, Progress, Transcriber, silent
from transcribe.local import LocalTranscriber, load_transcriber
from transcribe.machine import Tuning, write_tuning
from transcribe.measuring import measure
from transcribe.models import KNOWN, ModelFolder, ModelMissing, SpeechModel, find_model, installed_models
from transcribe.names import names_file, names_in_agenda
from transcribe.options import DecodingOptions
from transcribe.whisper import check_installed

__all__ = [
    "KNOWN",
    "DecodingOptions",
    "Doubt",
    "Failed",
    "Finished",
    "Job",
    "LocalTranscriber",
    "ModelFolder",
    "ModelMissing",
    "Progress",
    "SpeechModel",
    "Transcriber",
    "Tuning",
    "check_installed",
    "clock",
    "find_model",
    "installed_models",
    "load_transcriber",
    "measure",
    "names_file",
    "names_in_agenda",
    "silent",
    "to_json",
    "to_srt",
    "to_txt",
    "to_vtt",
    "write_tuning",
]
