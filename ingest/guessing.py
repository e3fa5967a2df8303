"""What a file is that is no recording, by how it begins: so that a person knows what was mistaken for one."""

from __future__ import annotations

READ = 1 << 16  # bytes that are looked at
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


def what_is(start: bytes) -> str:
    """In words; "" where nothing tells."""
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:2000].lower()
    if text.startswith((b"<!doctype html", b"<html")) or b"<html" in text:
        return "it is a web page"
    if start.startswith(b"%PDF"):
        return "it is a PDF"
    if start.startswith(b"PK\x03\x04"):
        return "it is a zip archive or an Office document"
    if start.startswith(_PICTURES) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        return "it is a picture"
    if text.startswith((b"#extm3u", b"ffconcat")):
        return "it is a list that names recordings"
    if start[4:8] == b"ftyp":
        return "the file is cut off: the part that says what is in it has not come"
    if start and all(byte >= 32 or byte in b"\t\r\n" for byte in start):
        return "it is text"
    return ""
