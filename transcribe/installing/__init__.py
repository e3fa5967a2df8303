"""A published speech model becomes one that we can decode with: fetched, converted, mended, tried, put in its place."""

from transcribe.installing.conversion import QUANTIZATIONS
from transcribe.installing.install import Installed, Stage, install_model
from transcribe.installing.wanted import Wanted

__all__ = ["QUANTIZATIONS", "Installed", "Stage", "Wanted", "install_model"]
