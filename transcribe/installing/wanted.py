"""Which model is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from catalogue import InputError
from transcribe.installing.conversion import QUANTIZATIONS
from transcribe.installing.hub import HUB_ID
from transcribe.models import BASE, KNOWN, known_model

NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A model to install. What is left out is decided by the model."""

    name: str  # one we know, a hub id, or with a folder any name
    folder: Path | None = None  # where its files are, instead of the hub
    revision: str = ""  # commit, tag or branch at the hub
    quantization: str = ""

    @property
    def hub_id(self) -> str:
        known = known_model(self.name)
        return known.hub_id if known else self.name


def checked(wanted: Wanted) -> Wanted:
    """The same with its own name and the folder's whole path, or an `InputError` that says what cannot be."""
    known = known_model(wanted.name)
    name = known.name if known else wanted.name
    if not (NAME.fullmatch(name) or HUB_ID.fullmatch(name)):
        raise InputError("is no name of a model", where=name, remedy=_known())
    if wanted.quantization and wanted.quantization not in QUANTIZATIONS:
        raise InputError(
            "is no way to store weights",
            where=wanted.quantization,
            remedy=f"It can be {', '.join(QUANTIZATIONS)}.",
        )
    if name == BASE and (wanted.folder or wanted.revision or wanted.quantization):
        raise InputError(
            "comes with the extra [demo], as it is",
            where=BASE,
            remedy="Another model from a folder needs another name.",
        )
    if wanted.folder and wanted.revision:
        raise InputError(
            "is of the hub, and the model comes from a folder", where="--revision", remedy="Leave it out."
        )
    if not wanted.folder:
        return replace(wanted, name=name)
    folder = wanted.folder.expanduser().resolve()
    if not folder.is_dir():
        raise InputError(
            "there is no such folder",
            where=str(wanted.folder),
            remedy="Give the folder that holds the model's files.",
        )
    return replace(wanted, name=name, folder=folder)


def require_source(wanted: Wanted) -> None:
    """Raises `InputError` where it is not known what to fetch."""
    if not wanted.folder and not HUB_ID.fullmatch(wanted.hub_id):
        raise InputError("is no model that we know", where=wanted.name, remedy=_known())


def _known() -> str:
    names = ", ".join(model.name for model in KNOWN if model.hub_id)
    return f"Known are {names}; others by their hub id (owner/name), or with --from FOLDER by any name."
