"""Where municipalities publish: which meetings there are, and what their papers say."""

from __future__ import annotations

from pathlib import Path

from catalogue import Settings
from ingest.pages import Listed
from ingest.portals.first_agenda import FirstAgenda
from ingest.portals.folder import FolderPortal
from ingest.portals.kept import KeptDocuments
from ingest.portals.koebenhavn import Koebenhavn
from ingest.portals.municipalities import MUNICIPALITIES, Municipality, load_municipalities
from ingest.portals.polite import Pauses, PortalSession
from ingest.portals.portal import Listing, Paper, Portal, Reference
from ingest.portals.recordings import listed_for, listed_recordings, recording_at

__all__ = [
    "MUNICIPALITIES",
    "KeptDocuments",
    "Listed",
    "Listing",
    "Municipality",
    "Paper",
    "Pauses",
    "Portal",
    "PortalSession",
    "Reference",
    "listed_for",
    "listed_recordings",
    "load_municipalities",
    "open_portal",
    "recording_at",
]


def open_portal(municipality: Municipality, session: PortalSession, settings: Settings) -> Portal:
    """The portal of a municipality, asked through that session."""
    if municipality.portal == "folder":
        return FolderPortal(Path(municipality.address), municipality.bodies, settings)
    kind = Koebenhavn if municipality.portal == "koebenhavn" else FirstAgenda
    return kind(municipality.address, municipality.bodies, session)
