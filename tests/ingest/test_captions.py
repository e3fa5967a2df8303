"""Captions: what is read from them, and that nothing hostile makes time run backwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import InputError, Segment, Settings
from ingest import Web, parse_captions, read_captions
from tests.ingest.conftest import Site

VTT = """WEBVTT - optaget

NOTE intet

1
00:00:01.000 --> 00:00:02.500 align:start
<v Karen Holm (A)>Mødet &amp; <i>punktet</i> er åbnet.</v>

00:03.000 --> 00:04.000
- Værsgo
"""
SRT = "1\n00:00:01,000 --> 00:00:02,500\nMødet er åbnet.\n\n2\n00:00:03,000 --> 00:00:04,000\n<i>Værsgo</i>\n"


def test_web_vtt_with_speakers() -> None:
    first, second = parse_captions(VTT.encode(), "m.vtt")
    assert first == Segment(1.0, 2.5, "Mødet & punktet er åbnet.", "Karen Holm (A)")
    assert (second.start, second.end, second.speaker) == (3.0, 4.0, None)


def test_srt() -> None:
    assert [(s.start, s.end, s.text) for s in parse_captions(SRT.encode(), "m.srt")] == [
        (1.0, 2.5, "Mødet er åbnet."),
        (3.0, 4.0, "Værsgo"),
    ]


def test_whisper_json_with_words() -> None:
    words = [{"start": 1.0, "end": 1.5, "word": " Mødet", "probability": 0.9}]
    rows = [{"start": 1.0, "end": 2.0, "text": " Mødet er åbnet.", "speaker": "Karen", "words": words}]
    (segment,) = parse_captions(json.dumps({"language": "da", "segments": rows}).encode(), "m.json")
    assert (segment.text, segment.speaker) == ("Mødet er åbnet.", "Karen")
    assert (segment.words[0].word.strip(), segment.words[0].probability) == ("Mødet", 0.9)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings(encoding: str) -> None:
    assert parse_captions(SRT.encode(encoding), "m.srt")[0].text == "Mødet er åbnet."


def test_times_are_put_in_order_and_impossible_ones_left_out() -> None:
    times = [(5, 6), (1, 2), (4, 3), (-3, -1), (float("nan"), 1), (0, float("inf")), (1e12, 1e12), (2, 3)]
    rows = [{"start": a, "end": b, "text": f"tekst {n}"} for n, (a, b) in enumerate(times)]
    segments = parse_captions(json.dumps(rows).encode(), "m.json")
    assert [s.start for s in segments] == [1, 2, 5]


def test_rolling_captions_say_everything_once() -> None:
    text = "WEBVTT\n\n00:00.000 --> 00:02.000\nSå går vi videre\n\n00:02.000 --> 00:04.000\nSå går vi videre\ntil punkt 5\n\n"
    text += "00:04.000 --> 00:06.000\ntil punkt 5\nom cykelstier\n"
    said = " ".join(s.text for s in parse_captions(text.encode(), "m.vtt"))
    assert said == "Så går vi videre til punkt 5 om cykelstier"


def test_two_people_may_say_the_same_at_once() -> None:
    text = "WEBVTT\n\n00:00.000 --> 00:02.000\n<v A>Ja\n\n00:02.000 --> 00:04.000\n<v B>Ja\n"
    assert [(s.speaker, s.text) for s in parse_captions(text.encode(), "m.vtt")] == [("A", "Ja"), ("B", "Ja")]


def test_markup_becomes_text() -> None:
    text = "WEBVTT\n\n00:00.000 --> 00:02.000\n<c.gul>Her</c> &lt;script&gt;alert(1)&lt;/script&gt; <00:00:01.000>nu\n"
    (segment,) = parse_captions(text.encode(), "m.vtt")
    assert segment.text == "Her <script>alert(1)</script> nu"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n",
        b"\x00\x00\x00",
        b"WEBVTT\n\nnonsense",
        b"WEBVTT",
        b'{"segments": 7}',
        b'{"segments": []}',
        b"{",
        b"[" * 100_000,
        b"[" + b"9" * 5000 + b"]",
        b'[{"start":' + b"9" * 5000 + b',"end":1,"text":"x"}]',
        b'{"segments":[{"start":NaN,"end":1,"text":"x"}]}',
        b"00:00 --> backwards\nx",
        b"1\n99:99:99,999 --> 00:00:01,000\nx\n",
        b"not captions at all",
    ],
)
def test_malformed_captions(data: bytes) -> None:
    with pytest.raises(InputError) as refused:
        parse_captions(data, "broken.vtt")
    assert str(refused.value).startswith("broken.vtt: ")
    assert len(str(refused.value).splitlines()) <= 2


def test_more_cues_than_are_accepted() -> None:
    rows = [{"start": 1, "end": 2, "text": "x"}] * 200_001
    with pytest.raises(InputError, match="200"):
        parse_captions(json.dumps(rows).encode(), "m.json")


def test_from_a_file_and_from_an_address(tmp_path: Path, web: Web, settings: Settings, site: Site) -> None:
    file = tmp_path / "m.vtt"
    file.write_text(VTT, encoding="utf-8")
    site.files["/m.vtt"] = VTT.encode()
    assert read_captions(str(file), web, settings) == read_captions(site.address + "/m.vtt", web, settings)
    with pytest.raises(InputError, match="no such file"):
        read_captions(str(tmp_path / "none.vtt"), web, settings)
    small = settings.model_copy(update={"max_document_bytes": 10})
    with pytest.raises(InputError, match="larger"):
        read_captions(str(file), web, small)


def sound(segments: tuple[Segment, ...]) -> None:
    """What holds of every transcript."""
    assert segments
    assert all(a.start <= b.start for a, b in zip(segments, segments[1:], strict=False))
    for s in segments:
        assert 0 <= s.start <= s.end < 1e7
        assert s.text == s.text.strip() != ""
        assert not any(ord(c) < 32 for c in s.text)
        assert all(0 <= w.probability <= 1 and w.start <= w.end for w in s.words)
        assert all(a.start <= b.start for a, b in zip(s.words, s.words[1:], strict=False))


def only_our_errors(data: bytes) -> None:
    try:
        segments = parse_captions(data, "x")
    except InputError:
        return
    sound(segments)


clock = st.one_of(
    st.builds(
        "{:02}:{:02}:{:02}{}{:03}".format,
        *[st.integers(0, 99)] * 3,
        st.sampled_from(".,"),
        st.integers(0, 999),
    ),
    st.builds("{:02}:{:02}.{:03}".format, *[st.integers(0, 99)] * 2, st.integers(0, 999)),
    st.text("0123456789:.,- ", max_size=14),
)
cue = st.builds("{} --> {}\n{}\n\n".format, clock, clock, st.text(max_size=40))
number = st.one_of(st.floats(), st.integers(), st.none(), st.booleans(), st.text(max_size=3))
word = st.fixed_dictionaries(
    {"start": number, "end": number, "word": st.text(max_size=5), "probability": number}
)
row = st.fixed_dictionaries(
    {"start": number, "end": number, "text": st.one_of(st.text(max_size=30), number)},
    optional={
        "speaker": st.one_of(st.text(max_size=9), number),
        "words": st.one_of(st.lists(word, max_size=4), number),
    },
)
anything: Any = st.recursive(
    number, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner)
)


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    only_our_errors(data)


@given(
    st.sampled_from(["WEBVTT\n\n", "", "WEBVTT x\nNOTE\n\n", "\n1\n"]),
    st.lists(cue, max_size=6),
    st.text(max_size=20),
)
def test_any_cues(begin: str, cues: list[str], end: str) -> None:
    only_our_errors((begin + "".join(cues) + end).encode("utf-8", "surrogatepass"))


@given(st.lists(row, max_size=6) | anything)
def test_any_json(rows: Any) -> None:
    only_our_errors(json.dumps({"segments": rows}).encode())
    only_our_errors(json.dumps(rows).encode())


def test_a_name_that_is_shown_beside_the_voice_is_no_part_of_what_was_said(
    tmp_path: Path, settings: Settings
) -> None:
    file = tmp_path / "own.vtt"
    text = "<v Anna Lund>Anna Lund: Tak for ordet."
    file.write_text(f"WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n{text}\n", encoding="utf-8")
    (said,) = read_captions(str(file), Web(settings), settings)
    assert (said.speaker, said.text) == ("Anna Lund", "Tak for ordet.")
