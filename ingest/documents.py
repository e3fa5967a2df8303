"""A small document from a file or an address, bounded."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from catalogue import InputError, Settings
from ingest.http import Web
from ingest.local_files import why_no_file


def read_document(source: str, web: Web, settings: Settings) -> tuple[bytes, str]:
    """The bytes of a file or address, and its name. Raises `InputError` for what is missing, empty or too large."""
    limit = settings.max_document_bytes
    if "://" in source:
        document = web.read(source, limit)
        return document.data, PurePosixPath(urlsplit(source).path).name or source
    path = Path(source)
    if why := why_no_file(path):
        raise InputError(why, where=source, remedy="Check the path.")
    if path.stat().st_size > limit:
        raise InputError(
            f"larger than the {limit / 1024**2:,.0f} MB that are allowed",
            where=source,
            remedy="Raise TALERSTOL_MAX_DOCUMENT_BYTES if that is right.",
        )
    return path.read_bytes(), path.name


def decode_text(data: bytes) -> str:
    """Text in the encodings that caption files come in: UTF-8, UTF-16 with its mark, else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
