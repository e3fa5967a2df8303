"""Whatever a manifest says, it is read or refused with a sentence."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import SourceError
from ingest.guessing import what_is
from ingest.manifests import parse, read_pieces, told_by

URL = "https://kilde.example/m/a.m3u8"
TAGS = st.sampled_from(
    ["#EXTINF:", "#EXT-X-KEY:", "#EXT-X-MAP:", "#EXT-X-BYTERANGE:", "#EXT-X-STREAM-INF:", "#EXT-X-MEDIA:", "#EXT-X-ENDLIST",
     "#EXT-X-VERSION:", "#EXT-X-MEDIA-SEQUENCE:", "#EXT-X-DISCONTINUITY", "#EXT-X-PROGRAM-DATE-TIME:", "#EXT-X-DEFINE:",
     "#EXT-X-DATERANGE:", "#EXT-X-PART:", "#EXT-X-SKIP:", "#EXT-X-PLAYLIST-TYPE:", "#EXT-X-TARGETDURATION:", "#EXT-X-GAP"]
)  # fmt: skip
VALUES = st.sampled_from(
    ["", "6,", "nan,", "inf,", "-1,", "1e308,", "x", 'METHOD=AES-128,URI="k"', 'METHOD=NONE', "METHOD=AES-128", 'URI="h",BYTERANGE="9@0"',
     "BANDWIDTH=1", "BANDWIDTH=x", "12@0", "99999999999999999999", "VOD", "2026-13-99T99:99", 'TYPE=AUDIO,GROUP-ID="a"', "3", "0x", "=,=,", '"']
)  # fmt: skip
LINES = st.one_of(
    st.builds("{}{}".format, TAGS, VALUES),
    st.sampled_from(["a.ts", "../b.ts?x=1", "file:///etc/passwd", "//h", "\0"]),
    st.text(max_size=20),
)


@settings(max_examples=300)
@given(st.lists(LINES, max_size=30))
def test_a_manifest_is_read_or_refused(lines: list[str]) -> None:
    data = "\n".join(["#EXTM3U", *lines]).encode("utf-8", "replace")
    try:
        playlist = parse(data, URL, URL)
        pieces = read_pieces(playlist, URL)
        told = told_by(playlist, pieces)
    except SourceError as error:
        assert URL in str(error) and len(str(error).splitlines()) <= 2
    else:
        assert math.isfinite(told.seconds) and told.seconds >= 0
        assert all("\n" not in piece.url for piece in pieces)


@given(st.binary(max_size=300))
def test_whatever_a_file_is_there_are_words_for_it_or_none(start: bytes) -> None:
    said = what_is(start)
    assert said == "" or said.isprintable()


@pytest.mark.parametrize(
    ("start", "says"),
    [(b"%PDF-1.7", "PDF"), (b"PK\x03\x04\x14", "zip"), (b"\x89PNG\r\n", "picture"), (b"  <!DOCTYPE html>", "web page"),
     (b"\x00\x00\x00\x20ftypisom", "cut off"), ("Referat på æøå".encode(), "text"), (b"#EXTM3U\n", "list"), (b"\x00\x01", "")],
)  # fmt: skip
def test_what_it_is(start: bytes, says: str) -> None:
    assert says in what_is(start)


@given(
    st.lists(st.tuples(st.sampled_from(["a.ts", "b.ts"]), st.integers(1, 99), st.booleans()), min_size=1),
    st.integers(0, 1),
)
def test_a_range_without_a_place_follows_the_one_before(
    ranges: list[tuple[str, int, bool]], first: int
) -> None:
    """Ranges that follow each other in two files by turns; some say where they lie. A part of a stream whose first does
    not is refused (RFC 8216, section 4.3.2.2)."""
    lines, where, before = [f"#EXT-X-MEDIA-SEQUENCE:{first}"], [], ("", 0)
    for name, length, placed in ranges:
        offset = before[1] if before[0] == name else 0
        before = name, offset + length
        where.append(f"{length}@{offset}")
        lines += ["#EXTINF:2,", f"#EXT-X-BYTERANGE:{where[-1] if placed else length}", name]
    playlist = parse("\n".join(["#EXTM3U", *lines, ""]).encode(), URL, URL)
    if first and not ranges[0][2]:
        with pytest.raises(SourceError):
            read_pieces(playlist, URL)
    else:
        assert [piece.span for piece in read_pieces(playlist, URL)] == where
