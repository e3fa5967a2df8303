"""A recording becomes a transcript; and a transcript becomes text that others read."""

from transcribe.formats import clock, to_json, to_srt, to_txt, to_vtt
from transcribe.models import KNOWN, ModelFolder, ModelMissing, SpeechModel, find_model, installed_models
from transcribe.recogniser import DecodingOptions, Progress, Recogniser, check_installed

__all__ = [
    "KNOWN",
    "DecodingOptions",
    "ModelFolder",
    "ModelMissing",
    "Progress",
    "Recogniser",
    "SpeechModel",
    "check_installed",
    "clock",
    "find_model",
    "installed_models",
    "to_json",
    "to_srt",
    "to_txt",
    "to_vtt",
]
